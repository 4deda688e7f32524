"""The records as they stood at one moment, so that an old announcement can be worked out again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from cat.exam.state import Phase
from web.tables import Sesi, Sitting


@dataclass(frozen=True)
class AsOf:
    """Which records count.

    at : those written until then, microseconds; None for all there are.
    closed : ids of the sesi that were closed then; None for those that are closed now.
    """

    at: int | None = None
    closed: Collection[int] | None = None

    def written(self, moment: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
        """The condition on the moment at which a row was written; none where all rows count."""
        return [] if self.at is None else [moment <= self.at]

    def is_finished(self, sitting: Sitting) -> bool:
        """Whether the exam had ended."""
        ended = sitting.phase == Phase.FINISHED.value
        return ended and (self.at is None or sitting.last_at <= self.at)

    def is_closed(self, sesi: Sesi) -> bool:
        """Whether nobody could sit in the sesi any more."""
        return sesi.is_closed if self.closed is None else sesi.id in self.closed


NOW = AsOf()
