"""The browser's session in a signed cookie, which a clock that is set back does not end.

Flask refuses a cookie that was made in the future. Were the machine's clock set back by an hour,
every candidate would be logged out for that hour.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class Signer(TimestampSigner):
    """A signer to whom what it signed in the future is new. Only our own clock dates a cookie."""

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """As the ordinary one, but only what is too old has expired."""
        value, signed = super().unsign(signed_value, return_timestamp=True)
        assert isinstance(signed, datetime)
        if max_age is not None and self.get_timestamp() - signed.timestamp() > max_age:
            raise SignatureExpired("signed too long ago", payload=value, date_signed=signed)
        return (value, signed) if return_timestamp else value


class SessionCookies(SecureCookieSessionInterface):
    """Flask's own sessions with that signer."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What makes and reads the cookie."""
        usual = super().get_signing_serializer(app)
        if usual is None:
            return None
        return URLSafeTimedSerializer(
            usual.secret_keys,
            salt=usual.salt,
            serializer=usual.serializer,
            signer=Signer,
            signer_kwargs=usual.signer_kwargs,
        )
