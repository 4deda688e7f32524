"""The blueprint of these pages: analysts only."""

from __future__ import annotations

from flask import Blueprint

from web.access import ANALIS, role_required

bp = Blueprint("kalibrasi", __name__, url_prefix="/kalibrasi")
bp.before_request(role_required(ANALIS))
