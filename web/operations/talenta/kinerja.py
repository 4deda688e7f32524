"""Yearly performance: two ratings of each employee, entered one by one or many at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.kompetensi.kinerja import RATING, AturanKinerja
from web.operations import audit
from web.tables import Kinerja, Pegawai

COLUMNS = ("nip", "tahun", "hasil_kerja", "perilaku_kerja", "target", "capaian")
MOST_ROWS = 5000
FIRST_YEAR, LAST_YEAR = 2000, 2100
_HUNDREDTH = Decimal("0.01")
_MOST = Decimal("9999.99")


@dataclass(frozen=True)
class Nilai:
    """What is known of one year: ratings of RATING, and the SKP in per cent where on file."""

    hasil_kerja: str
    perilaku_kerja: str
    target: Decimal | None = None
    capaian: Decimal | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a file: whose year, and what is known of it."""

    nip: str
    tahun: int
    nilai: Nilai


def record(
    session: Session,
    pegawai: Pegawai,
    tahun: int,
    nilai: Nilai,
    rule: AturanKinerja,
    *,
    by: str,
    now: int,
    alasan: str = "",
) -> Kinerja:
    """Store a year's performance; the same again changes nothing. Flushes.

    alasan : why a year that is already on file changes; required then.

    The employee's `predikat_kinerja` follows the newest year. Raises BadInput.
    """
    if not FIRST_YEAR <= tahun <= LAST_YEAR:
        raise BadInput(f"tahun {tahun} harus antara {FIRST_YEAR} dan {LAST_YEAR}")
    predikat = rule.predicate(nilai.hasil_kerja, nilai.perilaku_kerja).kode
    row = session.scalar(
        select(Kinerja)
        .where(Kinerja.pegawai_id == pegawai.id, Kinerja.tahun == tahun)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is not None and _known(row) == nilai:
        return row
    before = None if row is None else _known(row)
    if before is not None and not alasan.strip():
        raise BadInput(f"Kinerja {tahun} sudah tercatat; perubahannya memerlukan alasan.")
    if row is None:
        row = Kinerja(pegawai_id=pegawai.id, tahun=tahun)
        session.add(row)
    row.hasil_kerja, row.perilaku_kerja = nilai.hasil_kerja, nilai.perilaku_kerja
    row.target, row.capaian, row.predikat = nilai.target, nilai.capaian, predikat
    row.recorded_at, row.recorded_by = now, by
    session.flush()
    pegawai.predikat_kinerja = _newest_predicate(session, pegawai.id)
    audit.record(
        session,
        at=now,
        by=by,
        act="catat kinerja" if before is None else "ubah kinerja",
        subject=pegawai.nip,
        tahun=tahun,
        predikat=predikat,
        alasan=alasan,
        sebelumnya=None if before is None else [before.hasil_kerja, before.perilaku_kerja],
    )
    return row


def read_file(text: str) -> tuple[list[Entry], list[str]]:
    """Entries of a CSV text with the columns COLUMNS, and what is wrong with it, line by line."""
    reader = csv.DictReader(StringIO(text.strip()), delimiter=_delimiter(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        return [], [f"Baris 1: judul kolom harus {', '.join(COLUMNS)}."]
    entries, problems = [], []
    for number, row in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            return [], [f"Paling banyak {MOST_ROWS} baris sekali impor."]
        try:
            entries.append(_entry(row))
        except BadInput as error:
            problems.append(f"Baris {number}: {error}")
    seen: set[tuple[str, int]] = set()
    for each in entries:
        if (each.nip, each.tahun) in seen:
            problems.append(f"NIP {each.nip} tahun {each.tahun} tertulis lebih dari sekali.")
        seen.add((each.nip, each.tahun))
    return entries, problems


def percent(text: str, name: str) -> Decimal | None:
    """A percentage written with comma or point, or None where blank; raises BadInput."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise BadInput(f"{name} {text[:20]!r} harus angka") from error
    if not value.is_finite() or not 0 <= value <= _MOST or value != value.quantize(_HUNDREDTH):
        raise BadInput(f"{name} {text[:20]!r} harus 0 sampai {_MOST}, paling banyak dua desimal")
    return value.quantize(_HUNDREDTH)


def check(session: Session, entries: Sequence[Entry]) -> tuple[dict[str, Pegawai], list[str]]:
    """Employees by NIP, and what stands in the way of storing the entries."""
    found = {
        row.nip: row
        for start in range(0, len(entries), 500)
        for row in session.scalars(
            select(Pegawai).where(Pegawai.nip.in_([e.nip for e in entries[start : start + 500]]))
        )
    }
    problems = [f"NIP {e.nip} tidak ada." for e in entries if e.nip not in found]
    stored = {
        (row.pegawai_id, row.tahun): _known(row)
        for row in _stored(session, [each.id for each in found.values()])
    }
    for each in entries:
        if each.nip in found:
            old = stored.get((found[each.nip].id, each.tahun))
            if old is not None and old != each.nilai:
                problems.append(
                    f"NIP {each.nip} tahun {each.tahun} sudah tercatat dengan nilai lain;"
                    " ubahlah satu per satu dengan alasan."
                )
    return found, problems


def import_entries(
    session: Session, entries: Sequence[Entry], rule: AturanKinerja, *, by: str, now: int
) -> int:
    """Store all entries or none; returns how many were new. Flushes. Raises BadInput."""
    people, problems = check(session, entries)
    if problems:
        raise BadInput(" ".join(problems[:5]), problems=problems)
    known = {
        (row.pegawai_id, row.tahun)
        for row in _stored(session, [each.id for each in people.values()])
    }
    new = [each for each in entries if (people[each.nip].id, each.tahun) not in known]
    for each in new:
        record(session, people[each.nip], each.tahun, each.nilai, rule, by=by, now=now)
    return len(new)


def latest(session: Session, pegawai_ids: Iterable[int]) -> dict[int, Kinerja]:
    """Employee id -> the newest year on file."""
    rows = sorted(_stored(session, list(pegawai_ids)), key=lambda row: row.tahun)
    return {row.pegawai_id: row for row in rows}


def _stored(session: Session, ids: Sequence[int]) -> Iterable[Kinerja]:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        yield from session.scalars(select(Kinerja).where(Kinerja.pegawai_id.in_(chunk)))


def _newest_predicate(session: Session, pegawai_id: int) -> str | None:
    return session.scalar(
        select(Kinerja.predikat)
        .where(Kinerja.pegawai_id == pegawai_id)
        .order_by(Kinerja.tahun.desc())
        .limit(1)
    )


def _known(row: Kinerja) -> Nilai:
    return Nilai(row.hasil_kerja, row.perilaku_kerja, row.target, row.capaian)


def _delimiter(text: str) -> str:
    return ";" if ";" in text.strip().partition("\n")[0] else ","


def _entry(row: dict[str | None, str | None]) -> Entry:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if None in row:
        raise BadInput("terlalu banyak kolom")
    if not (values["nip"].isdecimal() and len(values["nip"]) == 18):
        raise BadInput(f"nip {values['nip'][:30]!r} harus 18 angka")
    year = values["tahun"]
    if not (year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise BadInput(f"tahun {year[:10]!r} harus antara {FIRST_YEAR} dan {LAST_YEAR}")
    for name in ("hasil_kerja", "perilaku_kerja"):
        if values[name] not in RATING:
            raise BadInput(
                f"{name} {values[name][:20]!r} harus salah satu dari {', '.join(RATING)}"
            )
    return Entry(
        values["nip"],
        int(year),
        Nilai(
            values["hasil_kerja"],
            values["perilaku_kerja"],
            percent(values["target"], "target"),
            percent(values["capaian"], "capaian"),
        ),
    )
