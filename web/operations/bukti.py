"""Entering evidence of competency, and deciding about it: rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from cat.kompetensi.aturan_bukti import AturanBukti, JenisBukti
from cat.kompetensi.kaitan_tkp import JENIS as TKP
from cat.kompetensi.kamus import LEVELS, Kamus
from web.operations import audit
from web.operations.data_kompetensi import get_aturan_bukti, get_kamus
from web.operations.kompetensi import (
    BERLAKU,
    DITARIK,
    DITOLAK,
    MENUNGGU,
    SETUJU,
    TARIK,
    TOLAK,
    standing,
)
from web.tables import BuktiKompetensi, KeputusanBukti, Person

LONGEST_ASAL, LONGEST_ALASAN = 200, 300
_WORDS = {
    BERLAKU: "berlaku tanpa orang kedua atau sudah disetujui",
    MENUNGGU: "menunggu orang kedua",
    DITOLAK: "ditolak",
    DITARIK: "ditarik",
}


@dataclass(frozen=True)
class Isian:
    """One piece of evidence as somebody enters it.

    berlaku_sampai : last day on which it counts; None for what the rules say of its kind.
    asal : who established the level and where it is written; alasan : why it is entered.
    """

    person_id: int
    kompetensi: str
    jenis: str
    level: int
    tanggal: date
    berlaku_sampai: date | None
    asal: str
    alasan: str

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two entries the same."""
        return (
            *(self.person_id, self.kompetensi, self.jenis, self.level),
            *(self.tanggal, self.asal.strip()),
        )


@dataclass(frozen=True)
class Meja:
    """What entries are checked against.

    born : person id -> date of birth. entered : what stands or waits already, by `Isian.key`.
    """

    rules: AturanBukti
    kamus: Kamus
    born: Mapping[int, date]
    entered: Mapping[tuple[object, ...], BuktiKompetensi]
    today: date

    def problems(self, isian: Isian) -> list[tuple[str, str]]:
        """What forbids an entry: (field, rule in Indonesian) pairs; empty when nothing does."""
        kinds = [each.kode for each in kinds_to_enter(self.rules)]
        born, until = self.born.get(isian.person_id), isian.berlaku_sampai
        checks = [
            ("orang", born is not None, "tidak dikenal"),
            ("kompetensi", isian.kompetensi in self.kamus, "tidak ada dalam kamus kompetensi"),
            ("jenis", isian.jenis in kinds, f"harus salah satu dari {', '.join(kinds)}"),
            ("level", 1 <= isian.level <= LEVELS, f"harus 1 sampai {LEVELS}"),
            ("tanggal", isian.tanggal <= self.today, "tidak boleh setelah hari ini"),
            ("tanggal", born is None or isian.tanggal > born, "harus setelah tanggal lahir"),
            (
                "berlaku_sampai",
                until is None or until >= isian.tanggal,
                "tidak boleh sebelum tanggal bukti",
            ),
        ]
        for name, words, longest in (
            ("asal", isian.asal.strip(), LONGEST_ASAL),
            ("alasan", isian.alasan.strip(), LONGEST_ALASAN),
        ):
            checks.append((name, bool(words), "wajib diisi"))
            checks.append((name, len(words) <= longest, f"paling banyak {longest} huruf"))
        return [(name, rule) for name, holds, rule in checks if not holds]


def kinds_to_enter(rules: AturanBukti) -> list[JenisBukti]:
    """The kinds that people enter; TKP comes from sittings and from nowhere else."""
    return [each for each in rules.jenis if each.kode != TKP]


def open_desk(
    session: Session, person_ids: Iterable[int], today: date, *, lock: bool = False
) -> Meja:
    """What entries about these people are checked against. lock : let nobody else enter any."""
    ids = set(person_ids)
    chosen = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    people = session.scalars(chosen.with_for_update() if lock else chosen).all()
    rules = get_aturan_bukti(session)
    rows = session.scalars(
        select(BuktiKompetensi)
        .where(BuktiKompetensi.person_id.in_(ids))
        .options(selectinload(BuktiKompetensi.keputusan))
        .execution_options(populate_existing=True)
    )
    return Meja(
        rules=rules,
        kamus=get_kamus(session),
        born={person.id: person.tanggal_lahir for person in people},
        entered={_key(row): row for row in rows if standing(row, rules) in (BERLAKU, MENUNGGU)},
        today=today,
    )


def enter(
    session: Session, entries: Sequence[Isian], *, by: str, now: int, today: date
) -> list[BuktiKompetensi]:
    """Store pieces of evidence, all or none; the same again gives the row that is there.

    Returns a row for each entry, in their order. Raises BadInput, naming fields and rules. Flushes.
    """
    desk = open_desk(session, (each.person_id for each in entries), today, lock=True)
    for each in entries:
        if found := desk.problems(each):
            words = "; ".join(f"{name}: {rule}" for name, rule in found)
            raise BadInput(f"bukti kompetensi: {words}", problems=found)
    rows = dict(desk.entered)
    new = []
    for each in entries:
        if each.key not in rows:
            rows[each.key] = _row(each, desk.rules, by, now)
            new.append(rows[each.key])
    session.add_all(new)
    session.flush()
    for row in new:
        audit.record(
            session,
            at=now,
            by=by,
            act="catat bukti kompetensi",
            subject=f"bukti {row.id}",
            orang=row.person_id,
            kompetensi=row.kompetensi,
            jenis=row.jenis,
            level=row.level,
            alasan=row.alasan,
        )
    return [rows[each.key] for each in entries]


def decide(
    session: Session, bukti_id: int, keputusan: str, alasan: str, *, by: str, now: int
) -> BuktiKompetensi:
    """Agree to an entry that waits for a second person, refuse it, or withdraw an entry.

    keputusan : setuju, tolak or tarik. The same decision by the same person again changes nothing.

    Raises NeedsSecondPerson when who entered it agrees to or refuses it; AlreadyDecided when it
    does not stand where this decision begins; BadInput. Flushes.
    """
    row = session.get(BuktiKompetensi, bukti_id, with_for_update=True, populate_existing=True)
    if row is None or keputusan not in (SETUJU, TOLAK, TARIK):
        raise BadInput(f"no decision {keputusan!r} about evidence {bukti_id}")
    reason = alasan.strip()
    if not reason or len(reason) > LONGEST_ALASAN:
        raise BadInput(f"alasan: wajib diisi, paling banyak {LONGEST_ALASAN} huruf")
    if any(each.jenis == keputusan and each.by == by for each in row.keputusan):
        return row
    stands = standing(row, get_aturan_bukti(session))
    if stands not in ((BERLAKU, MENUNGGU) if keputusan == TARIK else (MENUNGGU,)):
        raise AlreadyDecided(f"bukti {bukti_id} {_WORDS[stands]}", keadaan=stands)
    if keputusan != TARIK and by == row.noted_by:
        raise NeedsSecondPerson(f"bukti {bukti_id} dicatat oleh {by}", by=by)
    row.keputusan.append(KeputusanBukti(jenis=keputusan, alasan=reason, at=now, by=by))
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act=f"{keputusan} bukti kompetensi",
        subject=f"bukti {row.id}",
        orang=row.person_id,
        alasan=reason,
    )
    return row


def _row(isian: Isian, rules: AturanBukti, by: str, now: int) -> BuktiKompetensi:
    until = isian.berlaku_sampai or rules.get_jenis(isian.jenis).valid_until(isian.tanggal)
    return BuktiKompetensi(
        person_id=isian.person_id,
        kompetensi=isian.kompetensi,
        jenis=isian.jenis,
        level=isian.level,
        tanggal=isian.tanggal,
        berlaku_sampai=until,
        asal=isian.asal.strip(),
        alasan=isian.alasan.strip(),
        noted_at=now,
        noted_by=by,
    )


def _key(row: BuktiKompetensi) -> tuple[object, ...]:
    return (row.person_id, row.kompetensi, row.jenis, row.level, row.tanggal, row.asal)
