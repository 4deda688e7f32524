"""What analysts see of calibrations and press."""

from __future__ import annotations

from web.kalibrasi import putusan, views
from web.kalibrasi.blueprint import bp

__all__ = ["bp", "putusan", "views"]
