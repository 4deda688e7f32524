"""Competency profiles: one sitting, one person, the evidence, and the norm groups."""

from __future__ import annotations

from web.staff.profil import views_bukti, views_norma  # noqa: F401
from web.staff.profil.views import bp

__all__ = ["bp"]
