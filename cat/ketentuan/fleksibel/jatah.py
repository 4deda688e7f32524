"""How much of a unit would be away, on each day and in all, if one more person were?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.isi import HARI
from cat.ketentuan.fleksibel.lapisan import JatahUnit

KESELURUHAN = "keseluruhan"


@dataclass(frozen=True)
class ShareRow:
    """One count against its limit.

    kapan : a working day, or "keseluruhan". orang : how many are away, the asked-about included.
    anggota : employees of the unit. persen : the limit.
    """

    kapan: str
    orang: int
    anggota: int
    persen: int

    @property
    def is_exceeded(self) -> bool:
        """Whether more are away than the limit allows; compared in whole numbers."""
        return self.orang * 100 > self.persen * self.anggota

    @property
    def places(self) -> int:
        """The most people who may be away."""
        return self.persen * self.anggota // 100

    def to_mapping(self) -> dict[str, Any]:
        """The row as JSON holds it."""
        return fields_as_plain(self)


def unit_share(
    rule: JatahUnit, members: int, others: Sequence[tuple[str, ...]], wanted: tuple[str, ...]
) -> tuple[ShareRow, ...]:
    """The counts that one more arrangement leads to: a row for each wanted day, and one in all.

    members : employees of the unit, the asked-about included.
    others : days of each arrangement that runs in the unit at the same time, without the
        asked-about.
    wanted : days of the asked-about, at least one.
    """
    rows = standing_share(rule, members, [*others, wanted])
    return tuple(row for row in rows if row.kapan in (*wanted, KESELURUHAN))


def standing_share(
    rule: JatahUnit | None, members: int, running: Sequence[tuple[str, ...]]
) -> tuple[ShareRow, ...]:
    """The counts as they stand: a row for each working day, and one in all.

    rule : None where no share is set, which is as good as all of the unit.
    running : days of each arrangement.
    """
    together, in_all = (rule.persen_bersamaan, rule.persen_keseluruhan) if rule else (100, 100)
    rows = [ShareRow(day, sum(day in days for days in running), members, together) for day in HARI]
    return (*rows, ShareRow(KESELURUHAN, len(running), members, in_all))
