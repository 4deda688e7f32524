"""Personal data: the register, who looked, what people ask for, what must go."""

from __future__ import annotations

from web.staff.pelindungan.views import bp

__all__ = ["bp"]
