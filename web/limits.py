"""How often somebody may try to log in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.layanan import batas  # noqa: F401 - the counts that all processes share

limiter = Limiter(get_remote_address)

# Only failures count: a hall of 1,400 may share one address and log in within minutes.
# A number is tried by one computer only so often, so that nobody can lock out somebody else's
# number from another place; the wider limit stops guessing from many places at once.
PER_SUBJECT_HERE = {"nomor": "5 per 5 minutes", "akun": "10 per 5 minutes"}
PER_SUBJECT = "50 per 5 minutes"
PER_ADDRESS = "300 per 5 minutes"


@cache  # the limiter outlives applications; wrapping a view again would count each failure twice
def limit_failures(kind: str, field: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """A login view that may fail only so often.

    kind : what is tried, "nomor" or "akun"; field : the form's field that names it.
    """

    def subject() -> str:
        return f"{kind}:{request.form.get(field, '').strip().lower()[:80]}"

    def subject_here() -> str:
        return f"{subject()}@{get_remote_address()}"

    for rule, key in (
        (PER_SUBJECT_HERE[kind], subject_here),
        (PER_SUBJECT, subject),
        (PER_ADDRESS, get_remote_address),
    ):
        view = limiter.limit(rule, key_func=key, deduct_when=_has_failed, methods=["POST"])(view)
    return view


def _has_failed(response: Response) -> bool:
    """Whether a number, account or password was wrong; a form sent empty (422) tries nothing."""
    return response.status_code in (200, 401)
