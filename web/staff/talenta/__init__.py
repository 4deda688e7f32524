"""Talent management: standards, JPM, gaps, training, nine boxes, IP ASN, populations."""

from __future__ import annotations

from web.staff.talenta import views_kinerja, views_pelatihan, views_standar  # noqa: F401
from web.staff.talenta.views import bp

__all__ = ["bp"]
