"""What BKN staff see and press."""

from __future__ import annotations

from web.staff.views import bp

__all__ = ["bp"]
