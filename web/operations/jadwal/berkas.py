"""A file of participants: what its header must say, and what stands in each line."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from cat.errors import FileRefused
from web.operations.peserta import Entry
from web.operations.seleksi.lembar import Baris, Temuan, as_csv, as_xlsx, read_table

REQUIRED = (
    *("nomor_peserta", "nik", "nama", "tanggal_lahir", "jenis_kelamin"),
    *("formasi", "jenis_kebutuhan", "netra", "akomodasi"),
)
OPTIONAL = ("titik_lokasi", "sesi", "kursi")
COLUMNS = REQUIRED + OPTIONAL
MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 20_000
_ALIASES = {
    "nomor": "nomor_peserta",
    "no_peserta": "nomor_peserta",
    "nama_lengkap": "nama",
    "tgl_lahir": "tanggal_lahir",
    "jk": "jenis_kelamin",
    "kode_formasi": "formasi",
    "lokasi": "titik_lokasi",
    "no_kursi": "kursi",
    "nomor_kursi": "kursi",
}
_FORMULA = re.compile(rb"""<c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[\s/>]""")
_STARTS = ("=", "+", "@")
_YES, _NO = ("ya", "y", "1", "true"), ("", "tidak", "t", "0", "false", "-")
_SEX = {"L": "L", "P": "P", "LAKI-LAKI": "L", "PEREMPUAN": "P", "PRIA": "L", "WANITA": "P"}
_EXAMPLES = (
    (
        *("24993020110000001", "9999010101900001", "Nama Contoh Satu", "01-01-1990", "L"),
        *("F99-01", "umum", "tidak", "", "", "", ""),
    ),
    (
        *("24993020120000002", "9999014202910002", "Nama Contoh Dua", "02-02-1991", "P"),
        *("F99-05", "disabilitas", "ya", "pembaca_layar; pendamping", "", "", "12"),
    ),
)


@dataclass(frozen=True)
class Isian:
    """One line that could be read. formasi : "" for none. kursi : None to be given one."""

    baris: int
    entry: Entry
    jenis_kebutuhan: str
    akomodasi: tuple[str, ...]
    titik_lokasi: str
    sesi: str
    kursi: int | None

    def breach(self, column: str, value: object, rule: str) -> Temuan:
        """Something wrong with this line."""
        return Temuan(self.baris, self.entry.nomor, column, str(value)[:60], rule)


def read_people(content: bytes) -> tuple[list[Isian], list[Temuan]]:
    """The lines of a file, and what could not be read, each with its line and column.

    Raises FileRefused for what is wrong with the file as a whole: type, size, formulas, header.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(f"Berkas terlalu besar: paling banyak {MOST_BYTES // 1024**2} MB.")
    table = read_table(content)
    if content[:2] == b"PK":
        _refuse_formulas(content)
    if not table:
        raise FileRefused("Berkas kosong: baris pertama harus berisi nama kolom.")
    places = _places(table[0])
    lines = [_line(number, row, places) for number, row in enumerate(table[1:], start=2)]
    lines = [line for line in lines if any(line.cells.values())]
    if not lines:
        raise FileRefused("Berkas tidak berisi baris peserta.")
    if len(lines) > MOST_ROWS:
        raise FileRefused(f"Paling banyak {MOST_ROWS} peserta dalam satu berkas.")
    read, problems = [], []
    for line in lines:
        isian, found = _isian(line)
        problems += found
        if isian is not None:
            read.append(isian)
    return read, problems


def template(kind: str) -> bytes:
    """A file to fill in, "xlsx" or "csv", with two invented people to replace."""
    make = as_xlsx if kind == "xlsx" else as_csv
    return make(COLUMNS, _EXAMPLES)


def _places(header: Sequence[str]) -> dict[str, int]:
    """Column -> where it stands. Raises FileRefused naming what is missing, doubled or unknown."""
    names = [_column(name) for name in header]
    shown = ", ".join(name.strip()[:24] for name in header[:12] if name.strip()) or "-"
    missing = [name for name in REQUIRED if name not in names]
    if len(missing) == len(REQUIRED):
        raise FileRefused(
            "Baris 1: tidak ada nama kolom yang dikenal. Nama kolom berbahasa Indonesia: "
            f"{', '.join(REQUIRED)}. Yang terbaca: {shown}."
        )
    if missing:
        raise FileRefused(f"Baris 1: kolom {', '.join(missing)} tidak ada. Yang terbaca: {shown}.")
    if doubled := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise FileRefused(f"Baris 1: kolom {', '.join(doubled)} tertulis lebih dari satu kali.")
    if unknown := [name for name in names if name and name not in COLUMNS]:
        raise FileRefused(
            f"Baris 1: kolom {', '.join(name[:24] for name in unknown[:5])} tidak dikenal. "
            f"Yang boleh ditambahkan: {', '.join(OPTIONAL)}."
        )
    return {name: names.index(name) for name in COLUMNS if name in names}


def _column(name: str) -> str:
    plain = re.sub(r"[\s./-]+", "_", name.strip().lower()).strip("_")
    return _ALIASES.get(plain, plain)


def _line(number: int, row: Sequence[str], places: Mapping[str, int]) -> Baris:
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
    return Baris(number, cells)


def _isian(line: Baris) -> tuple[Isian | None, list[Temuan]]:
    cells = {name: line.cells.get(name, "") for name in COLUMNS}
    born, netra = _day(cells["tanggal_lahir"]), _flag(cells["netra"])
    sex = _SEX.get(cells["jenis_kelamin"].upper())
    kursi = int(cells["kursi"]) if re.fullmatch(r"[1-9]\d{0,3}", cells["kursi"]) else None
    rules = [
        (name, "berisi rumus; tulis nilainya saja")
        for name, cell in cells.items()
        if cell.startswith(_STARTS)
    ]
    rules += [
        (name, rule)
        for name, readable, rule in (
            ("nomor_peserta", cells["nomor_peserta"], "wajib diisi"),
            ("nik", cells["nik"], "wajib diisi"),
            ("nama", cells["nama"], "wajib diisi"),
            ("tanggal_lahir", born, "harus tanggal hh-bb-tttt"),
            ("jenis_kelamin", sex, "harus L atau P"),
            ("netra", netra is not None, "harus ya atau tidak"),
            ("kursi", kursi or not cells["kursi"], "harus nomor kursi, 1 sampai 9999"),
        )
        if not readable
    ]
    nomor = cells["nomor_peserta"][:30]
    problems = [Temuan(line.number, nomor, name, cells[name][:60], rule) for name, rule in rules]
    if problems or born is None or sex is None or netra is None:
        return None, problems
    entry = Entry(
        nomor=cells["nomor_peserta"],
        nik=cells["nik"],
        nama=" ".join(cells["nama"].split()),
        tanggal_lahir=born,
        jenis_kelamin=sex,
        formasi=cells["formasi"] or None,
        netra=netra,
    )
    needs = tuple(dict.fromkeys(each.strip() for each in cells["akomodasi"].split(";")))
    return Isian(
        baris=line.number,
        entry=entry,
        jenis_kebutuhan=cells["jenis_kebutuhan"].lower(),
        akomodasi=tuple(each.lower() for each in needs if each),
        titik_lokasi=cells["titik_lokasi"],
        sesi=cells["sesi"],
        kursi=kursi,
    ), []


def _day(text: str) -> date | None:
    """A day written dd-mm-yyyy, or as spreadsheets write it, yyyy-mm-dd; None where it is none."""
    parts = re.split(r"[-/.]", text.split(" ")[0])
    try:
        first, second, third = (int(part) for part in parts)
        return date(first, second, third) if first > 31 else date(third, second, first)
    except (ValueError, OverflowError):
        return None


def _flag(text: str) -> bool | None:
    plain = text.lower()
    return True if plain in _YES else False if plain in _NO else None


def _refuse_formulas(content: bytes) -> None:
    """A formula shows what its author's spreadsheet last made of it: nobody can check that."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and (found := _FORMULA.search(archive.read(name))):
                raise FileRefused(
                    f"Sel {found[1].decode()} berisi rumus. Salin lembarnya sebagai nilai, "
                    "lalu unggah lagi."
                )
