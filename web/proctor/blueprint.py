"""The proctor's blueprint and its guard; the views of each matter stand in a file of their own."""

from __future__ import annotations

from flask import Blueprint

from web.access import PENGAWAS, role_required

bp = Blueprint("proctor", __name__, url_prefix="/pengawas")
bp.before_request(role_required(PENGAWAS))
