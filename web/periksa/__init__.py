"""The public check of documents: no login, only what a document may show to anybody."""

from __future__ import annotations

from web.periksa.views import bp

__all__ = ["bp"]
