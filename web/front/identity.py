"""Who sends a request, by the very cookie and token that Flask would check."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadData, URLSafeTimedSerializer

# Checking a cookie costs as much as storing an answer. So many checked ones are remembered.
REMEMBERED = 60_000


class Login(NamedTuple):
    """A sitting and the login that asks for it, see `hari_ujian.masuk`."""

    sitting_id: str
    masuk_id: str


class Identity:
    """Checks cookies and tokens against cross-site requests as the application does."""

    def __init__(self, app: Flask) -> None:
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)
        sessions = interface.get_signing_serializer(app)
        assert sessions is not None
        assert isinstance(app.secret_key, str)
        self._sessions, self._lifetime = sessions, app.permanent_session_lifetime.total_seconds()
        self._tokens = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
        self._prefix = app.config["SESSION_COOKIE_NAME"].encode() + b"="
        self._known: dict[tuple[bytes, bytes], Login] = {}

    def login(self, cookies: bytes, token: bytes | None) -> Login | None:
        """Who asks; None where Flask should look at the request.

        cookies : of the request. token : against cross-site requests; None where none is needed.
        """
        cookie = self._cookie(cookies)
        if cookie is None or token == b"":
            return None
        key = cookie, token or b""
        found = self._known.get(key)
        if found is None:
            found = self._checked(cookie, token)
            if found is not None:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[key] = found
        return found

    def _cookie(self, cookies: bytes) -> bytes | None:
        found = [
            each.strip()[len(self._prefix) :]
            for each in cookies.split(b";")
            if each.strip().startswith(self._prefix)
        ]
        return found[0] if len(found) == 1 else None

    def _checked(self, cookie: bytes, token: bytes | None) -> Login | None:
        try:
            data = self._sessions.loads(cookie.decode("latin-1"), max_age=int(self._lifetime))
            if token is not None:
                shown = self._tokens.loads(token.decode("latin-1"))
                if not hmac.compare_digest(str(data.get("csrf_token", "")), str(shown)):
                    return None
        except BadData:
            return None
        sitting_id, masuk_id = data.get("sitting_id"), data.get("masuk_id")
        if not (isinstance(sitting_id, str) and isinstance(masuk_id, str)):
            return None
        return Login(sitting_id, masuk_id)
