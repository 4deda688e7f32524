"""What machines ask a web process: are you ready, and what have you counted?"""

from __future__ import annotations

import hmac
import ipaddress
import os

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from web import clock
from web.db import db
from web.layanan import kesiapan, metrik

bp = Blueprint("layanan", __name__)

# What proxies add: a request with one of these did not begin on this machine.
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@bp.before_request
def machines_only() -> None:
    """Only this machine itself, or who shows the token; anybody else finds no such page."""
    token = current_app.config["METRIK_TOKEN"]
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(shown.encode(), token.encode()):
        return
    if any(name in request.headers for name in FORWARDED) or not _is_here(request.remote_addr):
        abort(404)


@bp.get("/siap")
def ready() -> ResponseReturnValue:
    """Whether this process may be sent people: 200, or 503 with what it lacks."""
    now = clock.now()
    lacking = kesiapan.lacking(db.session(), now)
    heart = current_app.extensions.get("pulse")  # none in a process that serves nobody
    if heart is not None and not heart.is_fresh():
        lacking.append("denyut proses ini tertunda: sebentar lagi")
    if any(each.startswith("pool") for each in lacking):
        kesiapan.warm_beside(current_app._get_current_object(), now)  # type: ignore[attr-defined]
    if lacking:
        return {"status": "belum siap", "kurang": lacking}, 503
    return {"status": "siap"}


@bp.get("/metrik")
def metrics() -> ResponseReturnValue:
    """The figures for Prometheus."""
    folder = os.environ.get("CATCPNS_METRIK_FOLDER", "")
    text = metrik.exposition(db.session(), clock.now(), folder)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _is_here(address: str | None) -> bool:
    """Whether an address is this machine's own; a unix socket has none."""
    if not address:
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
