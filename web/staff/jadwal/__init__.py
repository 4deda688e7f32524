"""Schedule of exam days: sites, rooms, sesi, participants."""

from __future__ import annotations

from web.staff.jadwal.views import bp

__all__ = ["bp"]
