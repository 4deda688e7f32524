"""The pages and acts of candidates, gathered: importing them adds their routes."""

from __future__ import annotations

from web.candidate import acts, bundle, entry, pages, practice, seat
from web.candidate.blueprint import bp

__all__ = ["acts", "bp", "bundle", "entry", "pages", "practice", "seat"]
