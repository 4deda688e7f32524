"""The dashboard of a selection."""

from __future__ import annotations

from web.staff.dasbor.views import bp

__all__ = ["bp"]
