"""What a proctor sees and presses."""

from __future__ import annotations

from web.proctor import acts, duty, feed, group, papers, views
from web.proctor.blueprint import bp

__all__ = ["acts", "bp", "duty", "feed", "group", "papers", "views"]
