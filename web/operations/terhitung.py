"""Which sittings count for a result? Those of the right test that were not called off."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from web.tables import Sitting

SKD = "skd"


def counts(ujian: str = SKD) -> ColumnElement[bool]:
    """Whether a sitting may count for a test. ujian : skd, or the kode of another test form."""
    return and_(Sitting.ujian == ujian, Sitting.is_void.is_(False))
