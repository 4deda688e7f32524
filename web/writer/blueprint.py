"""The blueprint of the bank: who may enter, whatever page they ask for."""

from __future__ import annotations

from flask import Blueprint

from web.access import ANALIS, PENELAAH, PENULIS, role_required

bp = Blueprint("writer", __name__, url_prefix="/bank")
bp.before_request(role_required(PENULIS, PENELAAH, ANALIS))
