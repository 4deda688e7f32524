"""A year's selection as staff see it: from finished sesi to announcements and objections."""

from __future__ import annotations

from web.staff.seleksi import (
    nilai_lama_views,
    pengumuman_views,
    sanggah_views,
    skb_views,
    views,
)
from web.staff.seleksi.blueprint import bp

__all__ = ["bp", "nilai_lama_views", "pengumuman_views", "sanggah_views", "skb_views", "views"]
