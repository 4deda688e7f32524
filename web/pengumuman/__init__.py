"""Announcements as anybody may read them, without a login."""

from __future__ import annotations

from web.pengumuman.views import bp

__all__ = ["bp"]
