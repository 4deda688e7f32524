"""Keys of programs, as staff keep them."""

from __future__ import annotations

from web.staff.api.views import bp

__all__ = ["bp"]
