"""What the PPK or head of an agency sees and decides."""

from __future__ import annotations

from web.head.views import bp

__all__ = ["bp"]
