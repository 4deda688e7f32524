"""Reuse of the SKD of an earlier year: on file, checked, and chosen once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import AlreadyDecided, FileRefused, NotDue, NotLawful
from cat.ketentuan.ambang_batas import reaches
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.masalah import Masalah
from cat.ketentuan.nilai_lama import check_reuse
from cat.ketentuan.ruleset import RuleSet
from web.operations import audit
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.lembar import Baris, Laporan, Temuan, as_whole, read_sheet
from web.operations.seleksi.status import formasi_of
from web.operations.seleksi.ujian import exams_of
from web.tables import Formasi, NilaiLama, Peserta

PAKAI, UJIAN = "pakai", "ujian"
COLUMNS = ("nomor_peserta", "nik", "tahun", *PARTS, "jenjang")


def import_file(
    session: Session,
    content: bytes,
    tahun: int,
    rules: RuleSet,
    *,
    by: str,
    now: int,
    dry_run: bool = False,
) -> Laporan:
    """Put on file the earlier SKD of participants of one year; all rows or none.

    The NIK is compared with the participant's and not kept. What is on file is not changed.

    Returns what was, or would be, stored. Raises FileRefused for a file that cannot be read, and
    unless dry_run where any row breaks a rule; NotLawful where the year knows no reuse.
    """
    if rules.nilai_lama is None:
        raise NotLawful(f"{rules.kode} tidak mengatur pemakaian nilai SKD tahun sebelumnya.")
    rows = read_sheet(content, COLUMNS)
    people = _people(session, tahun, [row.cells["nomor_peserta"] for row in rows])
    on_file = {each.peserta_id: each for each in _stored(session, [p.id for p in people.values()])}
    report = Laporan()
    new: dict[int, NilaiLama] = {}
    for row in rows:
        found = _read(row, people, rules, report)
        if found is None:
            continue
        stored = on_file.get(found.peserta_id) or new.get(found.peserta_id)
        if stored is None:
            found.entered_by, found.entered_at = by, now
            new[found.peserta_id] = found
        elif _content(stored) != _content(found):
            _tell(report, row, "", "", "peserta ini sudah tercatat dengan nilai lain")
        else:
            report.unchanged += 1
    report.accepted = len(new)
    if dry_run:
        return report
    if report.problems:
        raise FileRefused(f"{len(report.problems)} isian melanggar aturan.", laporan=report)
    session.add_all(new.values())
    session.flush()
    audit.record(
        session, at=now, by=by, act="impor nilai SKD lama", subject=str(tahun), baris=len(new)
    )
    return report


def choose(
    session: Session, peserta: Peserta, pilihan: str, rules: RuleSet, *, by: str, now: int
) -> NilaiLama:
    """Write down the participant's one choice: use the earlier SKD, or sit again.

    Raises NotDue where nothing is on file, AlreadyDecided for a second choice, NotLawful where a
    condition of the year is not met.
    """
    row = session.get(NilaiLama, peserta.id, with_for_update=True, populate_existing=True)
    if row is None or pilihan not in (PAKAI, UJIAN):
        raise NotDue(f"{peserta.nomor}: tidak ada nilai lama untuk dipilih.")
    if row.pilihan is not None:
        raise AlreadyDecided(f"{peserta.nomor} sudah memilih; pilihan hanya satu kali.")
    if pilihan == PAKAI and (found := obstacles(session, row, rules)):
        raise NotLawful(" ".join(each.kalimat for each in found), masalah=found)
    row.pilihan, row.chosen_at = pilihan, now
    session.flush()
    act = "pilih nilai SKD lama"
    audit.record(session, at=now, by=by, act=act, subject=peserta.nomor, pilihan=pilihan)
    return row


def obstacles(session: Session, row: NilaiLama, rules: RuleSet) -> list[Masalah]:
    """What forbids the use of an earlier SKD by the rules of this year; empty where nothing does.

    The NIK was compared when the row was put on file.
    """
    if rules.nilai_lama is None:
        raise NotLawful(f"{rules.kode} tidak mengatur pemakaian nilai SKD tahun sebelumnya.")
    formasi = formasi_of(row.peserta)
    exams = exams_of(session, [formasi.id]).get(formasi.id, [])
    minimums = rules.get_ambang_batas(formasi.jenis_kebutuhan).minimums
    return check_reuse(
        rules.nilai_lama,
        tahun=row.tahun_asal,
        same_nik=True,
        same_jenjang=row.jenjang == row.peserta.jenjang,
        reaches_now=reaches(points(row), minimums),
        sits_again=any(each.peserta.id == row.peserta_id for each in exams),
    )


def reused(
    session: Session, formasi_ids: Sequence[int], as_of: AsOf = NOW
) -> dict[int, list[NilaiLama]]:
    """Earlier SKD that participants chose to use, by formasi."""
    rows = session.scalars(
        select(NilaiLama)
        .join(NilaiLama.peserta)
        .where(
            NilaiLama.pilihan == PAKAI,
            Peserta.formasi_id.in_(formasi_ids),
            *as_of.written(NilaiLama.chosen_at),
        )
        .options(joinedload(NilaiLama.peserta).joinedload(Peserta.person))
        .order_by(NilaiLama.peserta_id)
    )
    found: dict[int, list[NilaiLama]] = {}
    for row in rows:
        found.setdefault(formasi_of(row.peserta).id, []).append(row)
    return found


def points(row: NilaiLama) -> dict[str, int]:
    """Part -> points."""
    return {part: getattr(row, part) for part in PARTS}


def _read(
    row: Baris, people: Mapping[str, Peserta], rules: RuleSet, report: Laporan
) -> NilaiLama | None:
    """One line as a row that is not stored yet; None where it broke a rule."""
    before = len(report.problems)
    cells = row.cells
    peserta = people.get(cells["nomor_peserta"])
    if peserta is None:
        _tell(report, row, "", "", "nomor peserta tidak dikenal pada tahun ini")
        return None
    if cells["nik"] != peserta.person.nik:
        _tell(report, row, "nik", "•••", "tidak sama dengan NIK peserta")
    year = as_whole(cells["tahun"])
    wanted = rules.nilai_lama.tahun_asal if rules.nilai_lama else 0
    if year != wanted:
        _tell(report, row, "tahun", cells["tahun"], f"harus {wanted}")
    if not cells["jenjang"]:
        _tell(report, row, "jenjang", "", "wajib diisi")
    nilai = {}
    for part in PARTS:
        most, value = rules.get_bagian(part).nilai_maks, as_whole(cells[part])
        if value is None or not 0 <= value <= most:
            _tell(report, row, part, cells[part], f"harus bilangan bulat 0 sampai {most}")
        nilai[part] = value
    if len(report.problems) > before:
        return None
    jenjang = cells["jenjang"].lower()
    return NilaiLama(peserta_id=peserta.id, tahun_asal=year, jenjang=jenjang, **nilai)


def _tell(report: Laporan, row: Baris, bagian: str, nilai: str, aturan: str) -> None:
    report.problems.append(Temuan(row.number, row.cells["nomor_peserta"], bagian, nilai, aturan))


def _content(row: NilaiLama) -> tuple[object, ...]:
    return (row.tahun_asal, row.twk, row.tiu, row.tkp, row.jenjang)


def _people(session: Session, tahun: int, numbers: list[str]) -> dict[str, Peserta]:
    rows = session.scalars(
        select(Peserta)
        .join(Peserta.formasi)
        .where(Peserta.nomor.in_(numbers), Formasi.tahun == tahun)
        .options(joinedload(Peserta.person))
    )
    return {row.nomor: row for row in rows}


def _stored(session: Session, ids: list[int]) -> Sequence[NilaiLama]:
    return session.scalars(select(NilaiLama).where(NilaiLama.peserta_id.in_(ids))).all()
