"""The SKD ranking of formasi by the rules of their year: everybody once, each with the reason."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from cat.ketentuan.ambang_batas import Comparison, compare
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.peringkat import rank_skd
from cat.ketentuan.ruleset import RuleSet
from web.operations.seleksi import nilai_lama
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.status import SKD, Status, statuses
from web.operations.seleksi.ujian import Ujian, exams_of
from web.tables import Formasi, NilaiLama, Peserta, Sitting

Points = dict[str, int]


@dataclass(frozen=True)
class Ranked:
    """One participant in the ranking.

    sitting : the exam that counts, or for the absent the last one missed; None where an earlier
        SKD is used and no exam was ever scheduled.
    nilai : part -> points; empty for the absent.
    rank : 1 for the first, equal for equals in total and all parts; 0 when not ranked.
    ahead : how many stand strictly before; -1 when not ranked.
    comparisons : each minimum of the rule against the nilai; empty for the absent.
    kode, arti : result code of the year and its meaning. goes_on : whether to SKB.
    lama : the earlier SKD that is used, if one is. status : the code that two people gave.
    exam : all exams of the participant; None where none was ever scheduled.
    """

    peserta: Peserta
    sitting: Sitting | None
    nilai: Points
    total: int
    rank: int
    ahead: int
    comparisons: tuple[Comparison, ...]
    kode: str
    arti: str
    goes_on: bool
    lama: NilaiLama | None = None
    status: Status | None = None
    exam: Ujian | None = None

    @property
    def kode_arti(self) -> tuple[str, str]:
        """Result code with its meaning."""
        return self.kode, self.arti


@dataclass(frozen=True)
class _Entry:
    """One participant before the ranking."""

    peserta: Peserta
    exam: Ujian | None
    lama: NilaiLama | None

    @property
    def nilai(self) -> Points:
        """The points that count; empty for the absent."""
        if self.lama is not None:
            return nilai_lama.points(self.lama)
        return exam_points(self.exam)

    @property
    def sitting(self) -> Sitting | None:
        """The exam to show."""
        if self.exam is None:
            return None
        return self.exam.counted or self.exam.sittings[-1][0]


def rank_formasi(
    session: Session, formasi: Formasi, rules: RuleSet, as_of: AsOf = NOW
) -> list[Ranked]:
    """Everybody of a formasi whose exam is over: the ranked, then those below, then the absent."""
    return rank_many(session, [formasi], rules, as_of)[formasi.id]


def rank_many(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf = NOW
) -> dict[int, list[Ranked]]:
    """The ranking of each of some formasi, by id, in a handful of queries for all of them."""
    ids = [each.id for each in formasi]
    given = statuses(session, ids, rules, as_of, tahap=(SKD,))
    exams = exams_of(session, ids, as_of)
    reused = nilai_lama.reused(session, ids, as_of)
    entries = [
        (place, entry)
        for place, each in enumerate(formasi)
        for entry in _entries(exams.get(each.id, []), reused.get(each.id, []), given, rules)
    ]
    ranked: dict[int, list[Ranked]] = {each.id: [] for each in formasi}
    for place, row in _rank(entries, formasi, rules, given):
        ranked[formasi[place].id].append(row)
    return {key: sorted(rows, key=_place) for key, rows in ranked.items()}


def unfinished(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf = NOW
) -> list[Peserta]:
    """Those whom no ranking can hold yet: an exam is still open, or the only one was voided."""
    ids = [each.id for each in formasi]
    given = statuses(session, ids, rules, as_of, tahap=(SKD,))
    reused = {
        row.peserta_id for rows in nilai_lama.reused(session, ids, as_of).values() for row in rows
    }
    exams = exams_of(session, ids, as_of)
    return [
        exam.peserta
        for rows in exams.values()
        for exam in rows
        if not exam.is_over and exam.peserta.id not in reused and exam.peserta.id not in given
    ]


def exam_points(exam: Ujian | None) -> Points:
    """Part -> points of the exam that counts; empty where there is none."""
    counted = exam.counted if exam else None
    return {result.part: result.nilai for result in counted.results} if counted else {}


def _entries(
    exams: list[Ujian], reused: list[NilaiLama], given: Container[int], rules: RuleSet
) -> list[_Entry]:
    """Everybody once: with the exam that counts, or the earlier SKD that was chosen."""
    lama = {row.peserta_id: row for row in reused}
    best_counts = rules.nilai_lama is not None and rules.nilai_lama.nilai_terbaik
    entries = []
    for exam in exams:
        old = lama.pop(exam.peserta.id, None)
        if old and best_counts and sum(exam_points(exam).values()) > _total(old):
            old = None
        if exam.is_over or old or exam.peserta.id in given:
            entries.append(_Entry(exam.peserta, exam, old))
    return entries + [_Entry(row.peserta, None, row) for row in lama.values()]


def _total(row: NilaiLama) -> int:
    return sum(nilai_lama.points(row).values())


def _rank(
    entries: list[tuple[int, _Entry]],
    formasi: Sequence[Formasi],
    rules: RuleSet,
    given: dict[int, Status],
) -> list[tuple[int, Ranked]]:
    if not entries:
        return []
    reasons = [_compare(entry, formasi[place], rules) for place, entry in entries]
    out = [given.get(entry.peserta.id) for _, entry in entries]
    ranking = rank_skd(
        np.array([place for place, _ in entries]),
        np.array([[entry.nilai.get(part, 0) for part in PARTS] for _, entry in entries]),
        np.array(
            [
                status is None and bool(each) and all(c.met for c in each)
                for each, status in zip(reasons, out, strict=True)
            ]
        ),
        np.array([bool(entry.nilai) for _, entry in entries]),
        np.array([each.kebutuhan for each in formasi]),
        rules,
    )
    meanings = {row.kode: row.arti for row in rules.kode_hasil}
    rows = []
    for i, (place, entry) in enumerate(entries):
        status = out[i]
        kode = status.kode if status else str(ranking.kode[i])
        row = Ranked(
            peserta=entry.peserta,
            sitting=entry.sitting,
            nilai=entry.nilai,
            total=sum(entry.nilai.values()),
            # "1, 1, 3": the place in the list, not the number of different results before it.
            rank=int(ranking.ahead[i]) + 1 if ranking.rank[i] else 0,
            ahead=int(ranking.ahead[i]),
            comparisons=reasons[i],
            kode=kode,
            arti=meanings[kode],
            goes_on=bool(ranking.goes_on[i]),
            lama=entry.lama,
            status=status,
            exam=entry.exam,
        )
        rows.append((place, row))
    return rows


def _compare(entry: _Entry, formasi: Formasi, rules: RuleSet) -> tuple[Comparison, ...]:
    if not entry.nilai:
        return ()
    return compare(entry.nilai, rules.get_ambang_batas(formasi.jenis_kebutuhan))


def _place(row: Ranked) -> tuple[bool, int, bool, int, str]:
    return (not row.rank, row.rank, not row.nilai, -row.total, row.peserta.nomor)
