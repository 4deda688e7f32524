"""How often somebody may try to log in."""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address)

# Only failures count: a hall of 1,400 may share one address and log in within minutes.
PER_NUMBER = "5 per 5 minutes"
PER_ADDRESS = "300 per 5 minutes"
PER_ACCOUNT = "10 per 5 minutes"


def tried_number() -> str:
    """The nomor peserta that somebody tries, as the key of a limit."""
    return "nomor:" + request.form.get("nomor", "").strip()[:40]


def tried_account() -> str:
    """The staff account that somebody tries, as the key of a limit."""
    return "akun:" + request.form.get("username", "").strip().lower()[:80]


def has_failed(response: Response) -> bool:
    """Whether a login attempt was refused; both login pages answer a refusal with a page."""
    return request.method == "POST" and response.status_code != 303 and response.status_code != 302
