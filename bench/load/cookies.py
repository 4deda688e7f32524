"""Cookies of people who are logged in, signed as the platform signs them.

Logging fifty thousand people in through the login page would measure the login; that is done where
it matters, see `start_minute`.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from web.config import derive

CSRF = "0" * 40  # one secret for all: it is compared, never guessed, by a load generator
NAME = "catcpns"


class Signer:
    """Signs with the keys of a platform. secret : what CATCPNS_SECRET is there."""

    def __init__(self, secret: str) -> None:
        app = Flask("cookies")
        app.secret_key = derive(secret.encode(), "cookies").hex()
        self._cookie = SecureCookieSessionInterface().get_signing_serializer(app)
        self._token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")

    def cookie(self, sitting_id: str, masuk_id: str | None) -> str:
        """What the browser of a candidate sends."""
        content = {"sitting_id": sitting_id, "csrf_token": CSRF}
        if masuk_id:
            content["masuk_id"] = masuk_id
        return f"{NAME}={self._cookie.dumps(content)}"

    def cookies(self, logins: Iterable[tuple[str, str | None]]) -> list[str]:
        """Cookies of many: sitting and login of each."""
        return [self.cookie(sitting, login) for sitting, login in logins]

    def token(self) -> str:
        """What pages carry in their forms and scripts send as X-CSRFToken."""
        return str(self._token.dumps(CSRF))
