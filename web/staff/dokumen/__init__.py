"""Official documents as staff issue, find, replace and withdraw them."""

from __future__ import annotations

from web.staff.dokumen.views import bp

__all__ = ["bp"]
