"""What item writers, reviewers and analysts see of the bank and press."""

from __future__ import annotations

from web.writer import views  # noqa: F401 - adds its pages to the blueprint
from web.writer.blueprint import bp

__all__ = ["bp"]
