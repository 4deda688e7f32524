"""Exports as staff ask for them, and the public key that they are checked with."""

from __future__ import annotations

from web.staff.ekspor.views import bp

__all__ = ["bp"]
