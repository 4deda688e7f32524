"""How often somebody may try to log in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address)

# Only failures count: a hall of 1,400 may share one address and log in within minutes.
PER_NUMBER = "5 per 5 minutes"
PER_ADDRESS = "300 per 5 minutes"
PER_ACCOUNT = "10 per 5 minutes"


def limit_failures(
    per_subject: str, subject: Callable[[], str], view: Callable[..., Any]
) -> Callable[..., Any]:
    """A login view that may fail only so often for one subject, and for one address."""
    for rule, key in ((per_subject, subject), (PER_ADDRESS, get_remote_address)):
        view = limiter.limit(rule, key_func=key, deduct_when=_has_failed, methods=["POST"])(view)
    return view


def tried_number() -> str:
    """The nomor peserta that somebody tries, as the key of a limit."""
    return "nomor:" + request.form.get("nomor", "").strip()[:40]


def tried_account() -> str:
    """The staff account that somebody tries, as the key of a limit."""
    return "akun:" + request.form.get("username", "").strip().lower()[:80]


def _has_failed(response: Response) -> bool:
    """Whether a number, account or password was wrong; a form sent empty (422) tries nothing."""
    return response.status_code in (200, 401)
