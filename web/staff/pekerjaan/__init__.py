"""Background jobs as staff see them."""

from __future__ import annotations

from web.staff.pekerjaan.views import bp

__all__ = ["bp"]
