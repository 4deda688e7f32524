"""Documents by the thousand, as a background job: issue what is missing, then pack them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.errors import CannotBePrinted, NotDue
from cat.exam.state import Phase
from web.dokumen.factory import Factory
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet
from web.operations import jobs
from web.operations.dokumen import hasil
from web.operations.dokumen.issuing import (
    Desk,
    Issued,
    compose,
    issue,
    reserve,
    results_in_force,
    store,
)
from web.operations.dokumen.subjects import Subject
from web.operations.terhitung import counts
from web.tables import Dokumen, DokumenPdf, Hasil, Peserta, Sitting

MANY, ONE = "dokumen_hasil", "dokumen_satu"
ZIP, INDEX = "dokumen.zip", "indeks.csv"
CHUNK = 200
MOST_NUMBERS = 5_000
# Replaying one record takes about 40 ms, setting a page of a list about 100 ms.
LONG_SESI, LONG_LIST = 50, 1_000
INDEX_COLUMNS = ("nomor", "kode_periksa", "nomor_peserta", "berkas", "sha256", "keterangan")
_OTHER = "dokumen yang berlaku berbeda dari hasil sekarang; terbitkan ulang dengan alasan"
_VOID = "tidak diterbitkan: ujian ini dibatalkan"


def select_results(
    session: Session,
    *,
    sesi_id: int | None = None,
    pengumuman_id: int | None = None,
    nomor: Sequence[str] = (),
) -> list[str]:
    """Ids of finished sittings: of a sesi, of everybody in an announcement, or of some numbers."""
    wanted = (
        select(Sitting.id)
        .join(Sitting.peserta)
        .where(Sitting.phase == Phase.FINISHED.value, counts())
        .order_by(Peserta.nomor, Sitting.id)
    )
    if sesi_id is not None:
        wanted = wanted.where(Sitting.sesi_id == sesi_id)
    if pengumuman_id is not None:
        listed = select(Hasil.peserta_id).where(Hasil.pengumuman_id == pengumuman_id)
        wanted = wanted.where(Sitting.peserta_id.in_(listed))
    if nomor:
        wanted = wanted.where(Peserta.nomor.in_(nomor))
    return list(session.scalars(wanted))


def read_numbers(text: str) -> list[str]:
    """Participants' numbers in a text, split at blanks, commas and semicolons, each once."""
    return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def run(context: jobs.Context) -> dict[str, Any]:
    """Issue the result of every sitting that has none in force, then offer all of them as a ZIP.

    Parameters: `pilihan` as `select_results` takes it, `alamat` of the public page. What was
    issued before an interruption is in force and not issued again. Raises NotDue for no sittings.
    """
    with context.session() as session:
        sitting_ids = select_results(session, **context.params["pilihan"])
    if not sitting_ids:
        raise NotDue("Tidak ada ujian selesai yang cocok dengan pilihan itu.")
    total = 2 * len(sitting_ids)
    refused: dict[str, str] = {}
    done = 0
    with Factory() as factory:
        for chunk in _chunks(sitting_ids):
            refused |= _issue(context, factory, chunk)
            done += len(chunk)
            context.progress(done, total, f"menerbitkan {done} dari {len(sitting_ids)}")
    packed = _pack(context, sitting_ids, refused, total)
    return {"berkas": [ZIP, INDEX], "dokumen": packed, "tidak_terbit": len(refused)}


def is_long(session: Session, subject: Subject) -> bool:
    """Whether a document takes too long to make while somebody waits for the page."""
    if subject.jenis is Jenis.BERITA_ACARA:
        seats = select(func.count()).where(Sitting.sesi_id == subject.sesi_id)
        return (session.scalar(seats) or 0) > LONG_SESI
    if subject.jenis is Jenis.PERINGKAT:
        rows = select(func.count()).where(Hasil.pengumuman_id == subject.pengumuman_id)
        return (session.scalar(rows) or 0) > LONG_LIST
    return False


def run_one(context: jobs.Context) -> dict[str, Any]:
    """Issue one document and offer it.

    Parameters: `pokok` as `Subject.to_mapping` writes it, `alamat`, and to replace a document
    `menggantikan` (its id) and `alasan`. Raises as `issue` does.
    """
    subject, replaced = Subject.from_mapping(context.params["pokok"]), None
    with context.session() as session:
        if context.params["menggantikan"] is not None:
            replaced = session.get_one(Dokumen, context.params["menggantikan"])
        sheet = compose(session, subject, context.keys)
    row = issue(
        desk_of(context), subject, sheet, replaces=replaced, alasan=context.params["alasan"]
    )
    with context.session() as session:
        pdf = session.get_one(DokumenPdf, row.id).pdf
    name = f"{row.nomor}.pdf"
    (context.folder / name).write_bytes(pdf)
    return {"berkas": [name], "dokumen": 1}


def desk_of(context: jobs.Context) -> Desk:
    """The desk of a job: in the name of whoever asked for it."""
    return Desk(
        by=context.created_by,
        now=context.now(),
        address=context.params["alamat"],
        keys=context.keys,
        transaction=context.transaction,
    )


def _issue(context: jobs.Context, factory: Factory, chunk: Sequence[str]) -> dict[str, str]:
    """Issue what is missing; returns sitting id -> why no new document says what holds now."""
    with context.session() as session:
        sheets = hasil.compose(session, chunk)
        current = results_in_force(session, chunk)
    refused = {each: _VOID for each in chunk if each not in sheets}
    for each, row in current.items():
        if each in sheets and row.sidik_isi != sheets[each].digest:
            refused[each] = _OTHER
    wanted = {each: sheet for each, sheet in sheets.items() if each not in current}
    return refused | (_make(context, factory, wanted) if wanted else {})


def _make(context: jobs.Context, factory: Factory, wanted: dict[str, Sheet]) -> dict[str, str]:
    """Make and keep; returns sitting id -> why its document cannot be printed."""
    desk = desk_of(context)
    with context.transaction() as session:
        stamps = reserve(session, desk, Jenis.HASIL, len(wanted))
    orders = list(zip(wanted.values(), stamps, strict=True))
    issued, refused = [], {}
    for each, stamp, made in zip(
        wanted, stamps, factory.make(orders, desk.keys.signing), strict=True
    ):
        if isinstance(made, CannotBePrinted):
            refused[each] = f"tidak diterbitkan: {made}"
        else:
            issued.append(Issued(Subject(Jenis.HASIL, sitting_id=each), stamp, *made, desk.by))
    with context.transaction() as session:
        for document in issued:
            store(session, document)
    return refused


def _pack(
    context: jobs.Context, sitting_ids: Sequence[str], refused: dict[str, str], total: int
) -> int:
    """Write the ZIP and its index beside each other, whole or not at all; returns how many PDFs."""
    index, packed = StringIO(), 0
    table = csv.writer(index)
    table.writerow(INDEX_COLUMNS)
    path = context.folder / ZIP
    part = path.with_suffix(".bagian")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for done, each in enumerate(_packed(context, sitting_ids), start=1):
            note = refused.get(each.sitting_id, "")
            if each.dokumen is None:
                table.writerow(["", "", each.nomor, "", "", note])
            else:
                row, name = each.dokumen, f"{each.nomor}-{each.dokumen.nomor}.pdf"
                archive.writestr(name, each.pdf)
                table.writerow([row.nomor, row.kode, each.nomor, name, row.pdf_sha256, note])
                packed += 1
            context.progress(len(sitting_ids) + done, total, f"mengemas {done}")
        archive.writestr(INDEX, index.getvalue())
    part.replace(path)
    _write(context.folder / INDEX, index.getvalue())
    return packed


@dataclass(frozen=True)
class Packed:
    """One line of the index. nomor : of the participant; dokumen : None where none is in force."""

    sitting_id: str
    nomor: str
    dokumen: Dokumen | None
    pdf: bytes


def _packed(context: jobs.Context, sitting_ids: Sequence[str]) -> Iterator[Packed]:
    for chunk in _chunks(sitting_ids):
        with context.session() as session:
            current = results_in_force(session, chunk)
            ids = [row.id for row in current.values()]
            pdfs = session.execute(
                select(DokumenPdf.dokumen_id, DokumenPdf.pdf).where(DokumenPdf.dokumen_id.in_(ids))
            )
            pdf_of = dict(pdfs.all())
            numbers = session.execute(
                select(Sitting.id, Peserta.nomor).join(Sitting.peserta).where(Sitting.id.in_(chunk))
            )
            nomor_of = dict(numbers.all())
        for each in chunk:
            row = current.get(each)
            yield Packed(each, nomor_of[each], row, pdf_of[row.id] if row else b"")


def _chunks(sitting_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (sitting_ids[at : at + CHUNK] for at in range(0, len(sitting_ids), CHUNK))


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".bagian")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


jobs.register(MANY, run, title="Dokumen hasil peserta")
jobs.register(ONE, run_one, title="Dokumen resmi")
