"""Settings: from the environment, with defaults that are safe for production."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from web.operations.sittings import Keys


def settings(instance: Path) -> dict[str, Any]:
    """Flask settings. The environment changes them: docs/pemasangan.md lists its variables.

    instance : folder for what a machine must keep: the embedded database and the secret.
    """
    secret = _secret(instance)
    plain_http = os.environ.get("CATCPNS_PLAIN_HTTP") == "1"
    database = os.environ.get("CATCPNS_DATABASE_URL")
    return {
        "SECRET_KEY": derive(secret, "cookies").hex(),
        "KEYS": Keys(
            record=derive(secret, "records"),
            pin=derive(secret, "pins"),
            signing=derive(secret, "signatures"),
        ),
        "SQLALCHEMY_DATABASE_URI": database or f"sqlite:///{instance / 'catcpns.sqlite'}",
        # Printed on documents: where the public finds the page that checks them.
        "PUBLIC_URL": os.environ.get("CATCPNS_PUBLIC_URL", "http://127.0.0.1:8000"),
        # Public keys of earlier secrets, under which documents were signed that still hold.
        "TRUSTED_KEYS": tuple(os.environ.get("CATCPNS_TRUSTED_KEYS", "").split()),
        # Which part of the platform this process serves: semua, or ujian.
        "BAGIAN": os.environ.get("CATCPNS_BAGIAN", "semua"),
        "SESSION_COOKIE_NAME": "catcpns",
        "SESSION_COOKIE_SECURE": not plain_http,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # an exam outlasts the usual hour; the session bounds it
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
        "RATELIMIT_STORAGE_URI": "basisdata://",  # see web/layanan/batas.py
        "RATELIMIT_HEADERS_ENABLED": False,
        # How many proxies of ours stand in front: only what they add about the client is believed.
        "PROXIES": int(os.environ.get("CATCPNS_PROXIES", "0")),
        "METRIK_TOKEN": os.environ.get("CATCPNS_METRIK_TOKEN", ""),
        **_security(secret),
    }


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that one that leaks does not open the others."""
    return hmac.new(secret, f"catcpns {purpose}".encode(), hashlib.sha256).digest()


def _security(secret: bytes) -> dict[str, Any]:
    wrong = ("Nama pengguna atau kata sandi salah.", "error")
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": derive(secret, "passwords").hex(),
        "SECURITY_URL_PREFIX": "/petugas",
        "SECURITY_LOGIN_URL": "/masuk",
        "SECURITY_LOGOUT_URL": "/keluar",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/login.html",
        "SECURITY_POST_LOGIN_VIEW": "/petugas/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": lambda name: str(name).strip(), "case_insensitive": True}}
        ],
        "SECURITY_USERNAME_ENABLE": False,
        # One sentence whatever was wrong, so that nobody can list the accounts.
        "SECURITY_MSG_USER_DOES_NOT_EXIST": wrong,
        "SECURITY_MSG_INVALID_PASSWORD": wrong,
        "SECURITY_MSG_PASSWORD_NOT_PROVIDED": ("Kata sandi belum diisi.", "error"),
        "SECURITY_MSG_DISABLED_ACCOUNT": wrong,
        "SECURITY_MSG_UNAUTHENTICATED": ("Silakan masuk dahulu.", "info"),
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
    }


def _secret(instance: Path) -> bytes:
    given = os.environ.get("CATCPNS_SECRET")
    if given:
        return given.encode()
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip().encode()
