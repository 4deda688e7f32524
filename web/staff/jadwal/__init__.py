"""Schedule of exam days: sites, rooms, sesi, participants, changes of plan."""

from __future__ import annotations

from web.staff.jadwal import impor_views, lokasi_views, usul_views, views
from web.staff.jadwal.blueprint import bp

__all__ = ["bp", "impor_views", "lokasi_views", "usul_views", "views"]
