"""Evidence of competency from a file: every row is checked first, and all go in or none."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import FileRefused
from web.operations.bukti import Isian, Meja, enter, open_desk
from web.operations.seleksi.lembar import Baris, Laporan, Temuan, as_whole, read_sheet
from web.tables import Pegawai

COLUMNS = ("nip", "kompetensi", "jenis", "level", "tanggal", "berlaku_sampai", "asal")

# (column, what stands there, the rule that it breaks)
Breach = tuple[str, str, str]


def check_file(session: Session, content: bytes, *, alasan: str, today: date) -> Laporan:
    """What a file would do, and what forbids it; nothing is stored. Raises FileRefused."""
    report, _ = _read(session, content, alasan, today)
    return report


def store_file(
    session: Session, content: bytes, *, alasan: str, by: str, now: int, today: date
) -> Laporan:
    """Enter every row of a file that has no problem at all; what is there already stays as it is.

    alasan : why these are entered, kept with every row. Raises FileRefused. Flushes.
    """
    report, entries = _read(session, content, alasan, today)
    if report.problems:
        raise FileRefused(f"{len(report.problems)} isian melanggar aturan; tidak ada yang disimpan")
    enter(session, entries, by=by, now=now, today=today)
    return report


def _read(
    session: Session, content: bytes, alasan: str, today: date
) -> tuple[Laporan, list[Isian]]:
    sheet = read_sheet(content, COLUMNS)
    if not sheet:
        raise FileRefused("Berkas tidak berisi baris data.")
    people = _people(session, {line.cells["nip"] for line in sheet})
    desk = open_desk(session, people.values(), today)
    report = Laporan()
    entries: dict[tuple[object, ...], Isian] = {}
    for line in sheet:
        found, isian = _isian(line, people, alasan, desk)
        if isian is not None and isian.key in entries:
            found = [("nip", line.cells["nip"], "baris yang sama sudah ada di atas")]
        report.problems += [Temuan(line.number, line.cells["nip"], *breach) for breach in found]
        if isian is not None and not found:
            entries[isian.key] = isian
            report.unchanged += isian.key in desk.entered
            report.accepted += isian.key not in desk.entered
    return report, list(entries.values())


def _people(session: Session, nips: set[str]) -> dict[str, int]:
    """NIP -> person id of those who are known."""
    chosen = select(Pegawai.nip, Pegawai.person_id).where(Pegawai.nip.in_(nips))
    return dict(session.execute(chosen).all())


def _isian(
    line: Baris, people: dict[str, int], alasan: str, desk: Meja
) -> tuple[list[Breach], Isian | None]:
    """What is wrong with a line, and what it enters where its cells can be read at all."""
    cells = line.cells
    level, tanggal = as_whole(cells["level"]), _day(cells["tanggal"])
    until = _day(cells["berlaku_sampai"])
    unreadable = [
        (name, cells[name], rule)
        for name, readable, rule in (
            ("nip", cells["nip"] in people, "tidak ada pegawai dengan NIP ini"),
            ("level", level is not None, "harus bilangan bulat"),
            ("tanggal", tanggal is not None, "harus tanggal hh-bb-tttt"),
            ("berlaku_sampai", until or not cells["berlaku_sampai"], "harus tanggal hh-bb-tttt"),
        )
        if not readable
    ]
    if unreadable or level is None or tanggal is None:
        return unreadable, None
    isian = Isian(
        person_id=people[cells["nip"]],
        kompetensi=cells["kompetensi"],
        jenis=cells["jenis"].lower(),
        level=level,
        tanggal=tanggal,
        berlaku_sampai=until,
        asal=cells["asal"],
        alasan=alasan,
    )
    return [(name, cells.get(name, ""), rule) for name, rule in desk.problems(isian)], isian


def _day(text: str) -> date | None:
    """A day written dd-mm-yyyy, or as spreadsheets write it, yyyy-mm-dd; None where it is none."""
    try:
        first, second, third = (int(part) for part in text.split(" ")[0].split("-"))
        return date(first, second, third) if first > 31 else date(third, second, first)
    except ValueError:
        return None
