"""The blueprint that both view modules add to."""

from __future__ import annotations

from flask import Blueprint

from web.access import STAF, role_required

bp = Blueprint("fleksibel", __name__, url_prefix="/staf")
bp.before_request(role_required(STAF))
