"""Participants from a file: checked as a whole first; all of it goes in, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cat.errors import FileRefused
from web.clock import as_datetime
from web.operations import audit, peserta
from web.operations.jadwal.berkas import Isian, read_people
from web.operations.jadwal.laporan_impor import Laporan
from web.operations.jadwal.papan_sesi import Papan
from web.operations.jadwal.pelaksanaan import Kebutuhan, aturan_pelaksanaan
from web.operations.jadwal.penempatan import Penempat
from web.operations.sitting_terms import follow_facts
from web.operations.sittings import Keys
from web.tables import Akomodasi, Formasi, ImporPeserta, Peserta

DAY = 24 * 3600 * 1_000_000


def examine(session: Session, content: bytes, *, sesi_id: int | None, now: int) -> Laporan:
    """What a file would do and what forbids it; nothing is written.

    sesi_id : the sesi of lines that name none; None to register those without a seat.

    Raises FileRefused for what is wrong with the file as a whole.
    """
    lines, problems = read_people(content)
    lines = _with_education(session, lines)
    report = Laporan(jumlah=len(lines) + len({each.baris for each in problems}))
    report.masalah += problems
    _people(session, lines, report, now)
    _needs(session, lines, report, now)
    board = Papan(session, lines, sesi_id, now)
    board.place(report)
    report.masalah.sort(key=lambda each: each.baris)
    return report


def keep(
    session: Session, name: str, content: bytes, report: Laporan, *, by: str, now: int
) -> ImporPeserta:
    """Keep a file that was checked so that exactly this one can be brought in. Flushes.

    Files of people are not kept for long: those older than a day lose their content.
    """
    session.execute(update(ImporPeserta).where(ImporPeserta.at < now - DAY).values(isi=None))
    row = ImporPeserta(
        nama=name.replace("\\", "/").rsplit("/", 1)[-1][:200],
        sha256=hashlib.sha256(content).hexdigest(),
        isi=content,
        oleh=by,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act="periksa impor peserta",
        subject=f"impor peserta {row.id}",
        sha256=row.sha256,
        baris=report.jumlah,
        masalah=len(report.masalah),
    )
    return row


def apply(
    session: Session, content: bytes, *, sesi_id: int | None, by: str, now: int, keys: Keys
) -> Laporan:
    """Bring in a file; everything is checked once more. Flushes.

    Raises FileRefused when anything at all is wrong; nothing may be committed then.
    """
    report = examine(session, content, sesi_id=sesi_id, now=now)
    if report.masalah:
        raise FileRefused(f"{len(report.masalah)} isian melanggar aturan; tidak ada yang disimpan")
    lines = [each.isian for each in report.baris]
    outcomes = peserta.register(session, [each.entry for each in lines], by=by, now=now)
    if any(each.status == "ditolak" for each in outcomes):
        raise FileRefused("Data berubah sejak berkas diperiksa; periksa ulang berkasnya.")
    changed = [each.nomor for each in outcomes if each.status == "diubah"]
    follow_facts(session, changed, keys.record)
    numbers = [each.entry.nomor for each in lines]
    people = {
        each.nomor: each
        for each in session.scalars(select(Peserta).where(Peserta.nomor.in_(numbers)))
    }
    _store_needs(session, lines, people)
    _seat(session, report, people, keys)
    audit.record(
        session,
        at=now,
        by=by,
        act="impor peserta",
        subject=f"peserta {numbers[0]} dst.",
        baris=report.jumlah,
        baru=report.baru,
        diubah=report.diubah,
        ditempatkan=report.ditempatkan,
    )
    session.flush()
    return report


def apply_kept(
    session: Session, row: ImporPeserta, *, sesi_id: int | None, by: str, now: int, keys: Keys
) -> Laporan:
    """Bring in a kept file, which is not kept any longer then.

    Raises FileRefused as `apply` does, and when it was brought in or thrown away before.
    """
    session.refresh(row, with_for_update=True)
    if row.diterapkan_at is not None:
        raise FileRefused("Berkas ini sudah diterapkan.")
    if row.isi is None:
        raise FileRefused("Berkas ini tidak disimpan lagi; unggah kembali.")
    report = apply(session, row.isi, sesi_id=sesi_id, by=by, now=now, keys=keys)
    row.isi, row.diterapkan_at, row.diterapkan_oleh = None, now, by
    return report


def abandon(session: Session, row: ImporPeserta, *, by: str, now: int) -> None:
    """Throw a kept file away."""
    row.isi = None
    audit.record(
        session, at=now, by=by, act="buang impor peserta", subject=f"impor peserta {row.id}"
    )


def _with_education(session: Session, lines: Sequence[Isian]) -> list[Isian]:
    """The file does not speak of education: what is on file about it stays."""
    numbers = [each.entry.nomor for each in lines]
    rows = session.execute(
        select(Peserta.nomor, Peserta.jenjang, Peserta.ipk).where(Peserta.nomor.in_(numbers))
    )
    known = {nomor: (jenjang, ipk) for nomor, jenjang, ipk in rows}
    found = []
    for each in lines:
        jenjang, ipk = known.get(each.entry.nomor, (None, None))
        found.append(replace(each, entry=replace(each.entry, jenjang=jenjang, ipk=ipk)))
    return found


def _people(session: Session, lines: Sequence[Isian], report: Laporan, now: int) -> None:
    """What registering the people would do."""
    entries = [each.entry for each in lines]
    outcomes = peserta.register(session, entries, by="", now=now, dry_run=True)
    for line, outcome in zip(lines, outcomes, strict=True):
        for problem in outcome.problems:
            column, _, rule = problem.partition(": ")
            column = "nomor_peserta" if column == "nomor" else column
            report.masalah.append(line.breach(column, _value(line, column), rule or problem))
        for warning in outcome.warnings:
            report.peringatan.append(line.breach("nik", "", warning))
        report.count(outcome.status)


def _needs(session: Session, lines: Sequence[Isian], report: Laporan, now: int) -> None:
    """Kind of need as the formasi has it, and codes of accommodations that are known."""
    known = _known_needs(session, now)
    codes = {each.entry.formasi for each in lines if each.entry.formasi}
    kinds = dict(
        session.execute(
            select(Formasi.kode, Formasi.jenis_kebutuhan).where(Formasi.kode.in_(codes))
        ).all()
    )
    for line in lines:
        kind = kinds.get(line.entry.formasi or "")
        if kind is not None and line.jenis_kebutuhan != kind:
            rule = f"formasi {line.entry.formasi} untuk {kind}"
            report.masalah.append(line.breach("jenis_kebutuhan", line.jenis_kebutuhan, rule))
        for code in line.akomodasi:
            if code not in known:
                rule = f"tidak dikenal; yang ada: {', '.join(known)}"
                report.masalah.append(line.breach("akomodasi", code, rule))
        needs = [known[code] for code in line.akomodasi if code in known]
        named = [need.nama.lower() for need in needs if need.perlu_kursi]
        if named and line.kursi is None:
            rule = f"kursi dipilih menurut giliran, padahal perlu {', '.join(named)}: periksa"
            report.peringatan.append(line.breach("kursi", "", rule))


def _known_needs(session: Session, now: int) -> dict[str, Kebutuhan]:
    return dict(aturan_pelaksanaan(session, as_datetime(now).date()).akomodasi)


def _value(line: Isian, column: str) -> object:
    of = {"nomor_peserta": "nomor"}.get(column, column)
    value = getattr(line.entry, of, "")
    return f"{value:%d-%m-%Y}" if of == "tanggal_lahir" else value if value is not None else ""


def _store_needs(session: Session, lines: Sequence[Isian], people: dict[str, Peserta]) -> None:
    ids = [each.id for each in people.values()]
    session.execute(delete(Akomodasi).where(Akomodasi.peserta_id.in_(ids)))
    session.add_all(
        Akomodasi(peserta_id=people[line.entry.nomor].id, kode=code)
        for line in lines
        for code in line.akomodasi
    )
    session.flush()


def _seat(session: Session, report: Laporan, people: dict[str, Peserta], keys: Keys) -> None:
    seaters: dict[int, Penempat] = {}
    with session.no_autoflush:  # thousands of rows go in together at the end
        for each in report.baris:
            if each.sesi is None or each.kursi is None or each.ruang_id is None:
                continue
            if each.sesi.id not in seaters:
                seaters[each.sesi.id] = Penempat(session, each.sesi, keys)
            person = people[each.isian.entry.nomor]
            seaters[each.sesi.id].seat(person, each.kursi, each.ruang_id)
    session.flush()
