"""The score board of a sesi, for a screen in the hall."""

from __future__ import annotations

from flask import Blueprint

from web.access import PENGAWAS, STAF, role_required

bp = Blueprint("papan", __name__, url_prefix="/papan")
bp.before_request(role_required(PENGAWAS, STAF))
