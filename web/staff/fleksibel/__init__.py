"""What BKN staff see of flexible work: checks, requests, policy versions, simulation."""

from __future__ import annotations

from web.staff.fleksibel import kebijakan_views, views  # noqa: F401 - they add routes
from web.staff.fleksibel.blueprint import bp

__all__ = ["bp"]
