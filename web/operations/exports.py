"""Results as tables for other programs: documented, stable columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO

import xlsxwriter

from cat.exam.state import Phase
from web.operations.ranking import Ranked
from web.tables import Formasi, Sitting

Cell = str | int | float
Row = Sequence[Cell]

# Column names are a promise to those who read the files: add at the end, never rename.
SESI_COLUMNS = (
    *("nomor_peserta", "nama", "kode_formasi", "jenis_kebutuhan", "kursi", "keadaan"),
    *("twk", "tiu", "tkp", "total"),
    *("theta_twk", "se_twk", "theta_tiu", "se_tiu", "theta_tkp", "se_tkp", "cara_nilai"),
)
RANKING_COLUMNS = (
    *("peringkat", "nomor_peserta", "nama", "instansi", "jabatan", "lokasi"),
    *("jenis_kebutuhan", "kebutuhan", "twk", "tiu", "tkp", "total"),
    *("memenuhi_ambang_batas", "kode_hasil", "arti", "alasan", "dasar_hukum", "cara_nilai"),
)
_HOW = "perkiraan poin pada paket acuan, tes adaptif (uji coba)"
_STANDING = {
    Phase.WAITING: "menunggu izin",
    Phase.ADMITTED: "siap mulai",
    Phase.WORKING: "mengerjakan",
    Phase.PAUSED: "dijeda",
    Phase.FINISHED: "selesai",
}
_NEVER_STARTED = {Phase.WAITING: "tidak hadir", Phase.ADMITTED: "tidak mulai"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def sesi_rows(sittings: Iterable[Sitting]) -> Iterator[Row]:
    """One row for each sitting of a sesi, in SESI_COLUMNS."""
    for sitting in sittings:
        formasi = sitting.peserta.formasi
        by_part = {result.part: result for result in sitting.results}
        nilai = [by_part[p].nilai if by_part else "" for p in ("twk", "tiu", "tkp")]
        measures = [
            value
            for part in ("twk", "tiu", "tkp")
            for value in ((by_part[part].theta, by_part[part].se) if by_part else ("", ""))
        ]
        yield (
            sitting.peserta.nomor,
            sitting.peserta.person.nama,
            formasi.kode if formasi else "",
            formasi.jenis_kebutuhan if formasi else "",
            sitting.seat,
            _standing(sitting),
            *nilai,
            sum(result.nilai for result in sitting.results) if by_part else "",
            *measures,
            _HOW if by_part else "",
        )


def ranking_rows(formasi: Formasi, ranked: Iterable[Ranked]) -> Iterator[Row]:
    """One row for each participant of a formasi, in RANKING_COLUMNS."""
    for row in ranked:
        met = all(c.met for c in row.comparisons) if row.comparisons else None
        reasons = "; ".join(
            f"{c.bagian} {c.nilai} {'>=' if c.met else '<'} {c.minimum}" for c in row.comparisons
        )
        yield (
            row.rank or "",
            row.sitting.peserta.nomor,
            row.sitting.peserta.person.nama,
            formasi.instansi.nama,
            formasi.jabatan.nama,
            formasi.lokasi,
            formasi.jenis_kebutuhan,
            formasi.kebutuhan,
            *(row.nilai.get(part, "") for part in ("twk", "tiu", "tkp")),
            row.total if row.nilai else "",
            {True: "ya", False: "tidak", None: ""}[met],
            row.kode,
            row.arti,
            reasons,
            row.comparisons[0].dasar_hukum if row.comparisons else "",
            _HOW if row.nilai else "",
        )


def as_xlsx(sheet: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """An XLSX workbook with one sheet; texts stay texts (leading zeros, formulas)."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 16)
        page.write_row(0, 0, columns, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(line, place, cell)
                else:
                    page.write_number(line, place, cell)
    return file.getvalue()


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """CSV lines (RFC 4180, UTF-8 with a byte-order mark so that Excel reads it)."""
    yield "\ufeff"
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([_harmless(cell) for cell in row])


def _standing(sitting: Sitting) -> str:
    if sitting.sesi.is_closed and sitting.phase in _NEVER_STARTED:
        return _NEVER_STARTED[Phase(sitting.phase)]
    return _STANDING[Phase(sitting.phase)]


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return cell


def _csv_line(cells: Iterable[Cell]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
