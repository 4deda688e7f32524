"""The SKD ranking of one formasi by the rules of its year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.exam.state import Phase
from cat.ketentuan.ambang_batas import Comparison, compare
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.peringkat import rank_skd
from cat.ketentuan.ruleset import RuleSet
from web.tables import Formasi, Peserta, Sesi, Sitting


@dataclass(frozen=True)
class Ranked:
    """One participant in the ranking.

    rank : 1 for the first, equal for equals in total and all parts; 0 when not ranked.
    comparisons : each minimum of the rule against the nilai; empty for the absent.
    kode, arti : result code of the year and its meaning. goes_on : whether to SKB.
    """

    sitting: Sitting
    nilai: dict[str, int]
    total: int
    rank: int
    comparisons: tuple[Comparison, ...]
    kode: str
    arti: str
    goes_on: bool

    @property
    def kode_arti(self) -> tuple[str, str]:
        """Result code with its meaning."""
        return self.kode, self.arti


def rank_formasi(session: Session, formasi: Formasi, rules: RuleSet) -> list[Ranked]:
    """Everybody of a formasi whose sesi is over: the ranked, then those below, then the absent."""
    sittings = _sittings(session, formasi)
    if not sittings:
        return []
    nilai = np.array([[_nilai(s).get(part, 0) for part in PARTS] for s in sittings])
    present = np.array([s.phase == Phase.FINISHED.value for s in sittings])
    row = rules.get_ambang_batas(formasi.jenis_kebutuhan)
    reasons = [
        compare(_nilai(s), row) if here else () for s, here in zip(sittings, present, strict=True)
    ]
    passes = np.array([bool(each) and all(c.met for c in each) for each in reasons])
    ranking = rank_skd(
        np.zeros(len(sittings), dtype=np.int64),
        nilai,
        passes,
        present,
        np.array([formasi.kebutuhan]),
        rules,
    )
    meanings = {row.kode: row.arti for row in rules.kode_hasil}
    ranked = [
        Ranked(
            sitting=sitting,
            nilai=_nilai(sitting),
            total=int(nilai[i].sum()),
            # "1, 1, 3": the place in the list, not the number of different results before it.
            rank=int(ranking.ahead[i]) + 1 if ranking.rank[i] else 0,
            comparisons=reasons[i],
            kode=str(ranking.kode[i]),
            arti=meanings[str(ranking.kode[i])],
            goes_on=bool(ranking.goes_on[i]),
        )
        for i, sitting in enumerate(sittings)
    ]
    return sorted(ranked, key=_place)


def _place(row: Ranked) -> tuple[bool, int, bool, int, str]:
    absent = row.sitting.phase != Phase.FINISHED.value
    return (not row.rank, row.rank, absent, -row.total, row.sitting.peserta.nomor)


def _sittings(session: Session, formasi: Formasi) -> Sequence[Sitting]:
    """Sittings that count: finished ones, and those of a closed sesi that never were."""
    return session.scalars(
        select(Sitting)
        .join(Sitting.peserta)
        .join(Sitting.sesi)
        .where(
            Peserta.formasi_id == formasi.id,
            (Sitting.phase == Phase.FINISHED.value) | Sesi.is_closed.is_(True),
        )
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            selectinload(Sitting.results),
        )
        .order_by(Sitting.id)
    ).all()


def _nilai(sitting: Sitting) -> dict[str, int]:
    return {result.part: result.nilai for result in sitting.results}
