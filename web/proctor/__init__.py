"""What a proctor sees and presses."""

from __future__ import annotations

from web.proctor.views import bp

__all__ = ["bp"]
