"""Schedule of exam days: sites, rooms, sesi, participants."""

from __future__ import annotations

from flask import Blueprint

from web.access import STAF, role_required

bp = Blueprint("jadwal", __name__, url_prefix="/petugas/jadwal")
bp.before_request(role_required(STAF))
