"""What a candidate sees and presses."""

from __future__ import annotations

from web.candidate.views import bp

__all__ = ["bp"]
