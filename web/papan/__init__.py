"""The score board of a sesi, for a screen in the hall."""

from __future__ import annotations

from web.papan.views import bp

__all__ = ["bp"]
