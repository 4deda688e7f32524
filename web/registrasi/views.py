"""The registration desk at a site: identity, attendance, PIN."""

from __future__ import annotations

from flask import Blueprint

from web.access import REGISTRASI, role_required

bp = Blueprint("registrasi", __name__, url_prefix="/registrasi")
bp.before_request(role_required(REGISTRASI))
