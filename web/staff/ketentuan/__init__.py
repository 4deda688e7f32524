"""Rule sets: reading, proposing, approving, and what a change would change."""

from __future__ import annotations

from web.staff.ketentuan.views import bp

__all__ = ["bp"]
