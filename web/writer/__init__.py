"""What an item writer sees and presses."""

from __future__ import annotations

from web.writer.views import bp

__all__ = ["bp"]
