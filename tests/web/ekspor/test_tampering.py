"""A signed export says what it is, and every change to it is found and named."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import update

import web.tables
from cat.errors import BadInput
from tests.web.ekspor.packages import OTHER_SEED, PUBLIC, content_of, findings, manifest_of
from web.operations import signing
from web.operations.ekspor.checking import check
from web.operations.ekspor.formats import FORMATS
from web.operations.ekspor.packing import MANIFEST, ROW_PRINTS, as_text, signed


def test_the_manifest_says_what_whence_when_and_by_whom(package):
    told = manifest_of(package("hasil-bagian", "csv", sesi=1))

    assert (told["himpunan"], told["saringan"], told["baris"]) == ("hasil-bagian", {"sesi": 1}, 81)
    assert told["dibuat_pada"] == "2026-11-18T18:06:40.123456+07:00"
    assert told["dibuat_oleh"] == "staf"
    assert (told["pool"], told["ketentuan"]) == (["a" * 64], ["b" * 64])
    assert told["kunci_publik"] == PUBLIC
    assert [file["nama"] for file in told["berkas"]] == ["hasil-bagian.csv", ROW_PRINTS]


@pytest.mark.parametrize("code", FORMATS)
def test_an_untouched_export_holds_as_zip_and_as_folder(package, small_blocks, tmp_path, code):
    made = package("hasil-sesi", code)
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path / "dibuka")

    assert findings(made) == []
    assert findings(tmp_path / "dibuka") == []


def edited(package: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The package with some of its files changed."""
    with zipfile.ZipFile(package) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = package.with_name("diubah.zip")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out


def in_rows(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        name = next(iter(files))
        assert files[name].count(old) == 1
        files[name] = files[name].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("csv", b"000000000023,002400000023,", b"000000000023,002400000099,"),
        ("csv-id", b"000000000023;002400000023;", b"000000000023;002400000099;"),
    ],
)
def test_one_cell_of_a_csv_is_found_by_row_and_column(package, small_blocks, code, old, new):
    made = package("hasil-bagian", code)
    first = content_of(made).split(old)[0].count(b"\r\n")  # rows before it, with the header
    changed = edited(made, lambda files: _replace_first(files, old, new))

    assert findings(changed) == [
        "hasil-bagian.csv: berkas diubah (SHA-256)",
        f"hasil-bagian.csv: baris {first} (00000000-0000-4000-8000-000000000023) berubah, "
        "kolom nomor_peserta",
    ]


def _replace_first(files: dict[str, bytes], old: bytes, new: bytes) -> None:
    name = next(iter(files))
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)


@pytest.mark.parametrize("code", ["json", "jsonl"])
def test_one_value_of_a_json_is_found_by_row_and_column(package, small_blocks, code):
    change = in_rows(b'"ipk":3.57', b'"ipk":3.97')  # person 17, so row 18

    assert findings(edited(package("peserta", code), change)) == [
        f"peserta.{code}: berkas diubah (SHA-256)",
        f"peserta.{code}: baris 18 (002400000017) berubah, kolom ipk",
    ]


def test_one_cell_of_a_parquet_is_found_by_row_and_column(package, small_blocks):
    def change(files: dict[str, bytes]) -> None:
        frame = pl.read_parquet(files["hasil-sesi.parquet"])
        frame[25, "twk"] = 150
        out = io.BytesIO()
        frame.write_parquet(out)
        files["hasil-sesi.parquet"] = out.getvalue()

    found = findings(edited(package("hasil-sesi", "parquet"), change))

    assert found[0].startswith("hasil-sesi.parquet: berkas diubah")
    assert found[1:] == ["hasil-sesi.parquet: baris 26 (002400000025) berubah, kolom twk"]


def resaved(content: bytes, change: Callable[[int, int, object], object]) -> bytes:
    """A workbook as a spreadsheet program would save it again, with cells changed on the way.

    change : from sheet, row (0 is the header) and cell to the new cell.
    """
    book, out = CalamineWorkbook.from_filelike(io.BytesIO(content)), io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as copy:
        day = copy.add_format({"num_format": "dd-mm-yyyy"})
        moment = copy.add_format({"num_format": "dd-mm-yyyy hh:mm:ss"})
        for number, name in enumerate(book.sheet_names):
            sheet = copy.add_worksheet(name)
            for line, row in enumerate(book.get_sheet_by_name(name).to_python()):
                for place, cell in enumerate(row):
                    new = change(number, line, cell)
                    if isinstance(new, datetime):
                        sheet.write_datetime(line, place, new, moment)
                    elif isinstance(new, date):
                        sheet.write_datetime(line, place, new, day)
                    elif new != "":
                        sheet.write(line, place, new)
    return out.getvalue()


def test_one_cell_of_an_xlsx_that_excel_saved_again_is_found_by_row_and_column(
    package, small_blocks
):
    def change(files: dict[str, bytes]) -> None:
        files["hasil-sesi.xlsx"] = resaved(
            files["hasil-sesi.xlsx"],
            # the second sheet starts with row 22 of the table; line 4 there is row 25, total 255
            lambda sheet, line, cell: 999 if (sheet, line, cell) == (1, 4, 255) else cell,
        )

    found = findings(edited(package("hasil-sesi", "xlsx"), change))

    assert found[1:] == ["hasil-sesi.xlsx: baris 25 (002400000024) berubah, kolom total"]


def test_an_xlsx_that_was_only_saved_again_is_told_apart_from_one_with_other_cells(package):
    def change(files: dict[str, bytes]) -> None:
        files["peserta.xlsx"] = resaved(files["peserta.xlsx"], lambda sheet, line, cell: cell)

    found = findings(edited(package("peserta", "xlsx"), change))

    assert found[1:] == [
        "peserta.xlsx: semua baris masih sama; berkas disimpan ulang atau yang diubah bukan isi "
        "tabel"
    ]


def drop_line(files: dict[str, bytes]) -> None:
    lines = files["peserta.jsonl"].splitlines(keepends=True)
    files["peserta.jsonl"] = b"".join(lines[:12] + lines[13:])


def repeat_line(files: dict[str, bytes]) -> None:
    lines = files["peserta.jsonl"].splitlines(keepends=True)
    new = lines[3].replace(b"Contoh", b"Palsu").replace(b"002400000003", b"002400009999")
    files["peserta.jsonl"] = b"".join([*lines[:3], new, *lines[3:]])


def swap_lines(files: dict[str, bytes]) -> None:
    lines = files["peserta.jsonl"].splitlines(keepends=True)
    files["peserta.jsonl"] = b"".join([lines[1], lines[0], *lines[2:]])


def rename_column(files: dict[str, bytes]) -> None:
    files["peserta.jsonl"] = files["peserta.jsonl"].replace(b'"ipk"', b'"ip"')


def break_line(files: dict[str, bytes]) -> None:
    files["peserta.jsonl"] = files["peserta.jsonl"][:-30]


def drop_file(files: dict[str, bytes]) -> None:
    del files["peserta.jsonl"]


def add_file(files: dict[str, bytes]) -> None:
    files["tambahan.csv"] = b"x"


def other_prints(files: dict[str, bytes]) -> None:
    files[ROW_PRINTS] = files[ROW_PRINTS][:-1] + b"?"


def claim_fewer(files: dict[str, bytes]) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b'"baris": 50', b'"baris": 49')


def rehash(files: dict[str, bytes]) -> None:
    """A clever one: changes the file, and its hash in the manifest as well."""
    import hashlib

    old = hashlib.sha256(files["peserta.jsonl"]).hexdigest().encode()
    files["peserta.jsonl"] = files["peserta.jsonl"].replace(b"3.57", b"3.97")
    new = hashlib.sha256(files["peserta.jsonl"]).hexdigest().encode()
    files[MANIFEST] = files[MANIFEST].replace(old, new)


def resign(files: dict[str, bytes]) -> None:
    """The cleverest: changes all of it and signs with a key of its own."""
    rehash(files)
    told = json.loads(files[MANIFEST])
    told = {k: v for k, v in told.items() if k not in ("tanda_tangan", "kunci_publik")}
    files[MANIFEST] = as_text(signed(told, OTHER_SEED)).encode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop_line, "peserta.jsonl: baris 13 dari ekspor asli hilang"),
        (repeat_line, "peserta.jsonl: baris 4 tidak ada dalam ekspor asli"),
        (swap_lines, "peserta.jsonl: urutan baris diubah"),
        (rename_column, "peserta.jsonl: kolom tidak sama dengan manifest"),
        (break_line, "peserta.jsonl: tidak dapat dibaca sebagai jsonl"),
        (drop_file, "peserta.jsonl: tidak ada dalam paket"),
        (add_file, "tambahan.csv: tidak disebut dalam manifest"),
        (other_prints, "sidik-baris.bin: berkas diubah (SHA-256)"),
        (claim_fewer, "manifest.json: tanda tangan tidak cocok, isi manifest diubah"),
        (rehash, "manifest.json: tanda tangan tidak cocok, isi manifest diubah"),
        (resign, "manifest.json: tidak ditandatangani dengan kunci"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_way_of_tampering_is_caught_with_its_message(package, small_blocks, change, message):
    found = findings(edited(package("peserta", "jsonl"), change))

    assert any(each.startswith(message) for each in found), found


def test_a_second_file_of_the_same_name_is_not_hidden_behind_the_first(package):
    made = package("peserta", "csv")
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("peserta.csv", b"palsu")

    assert "peserta.csv: ada 2 kali dalam paket" in findings(made)


def test_an_export_of_somebody_else_does_not_hold_under_our_key(package):
    found = findings(package("peserta", "csv"), signing.public_key(OTHER_SEED))

    assert len(found) == 1
    assert found[0].startswith("manifest.json: tidak ditandatangani dengan kunci")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"bukan zip", "bukan ZIP yang utuh"),
        ({}, "manifest.json tidak ada"),
        ({MANIFEST: b"{"}, "manifest.json tidak dapat dibaca"),
        ({MANIFEST: b"[]"}, "manifest.json tidak dapat dibaca"),
        (
            {MANIFEST: b'{"jenis": "lain", "versi": 1, "berkas": []}'},
            "jenis 'lain' versi 1 tidak dikenal",
        ),
    ],
)
def test_what_is_no_export_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "x.zip"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, inside in content.items():
                archive.writestr(name, inside)

    with pytest.raises(BadInput, match=message):
        check(path, PUBLIC)


def test_the_same_rows_give_the_same_package_byte_for_byte(package):
    assert package("peserta", "xlsx").read_bytes() == package("peserta", "xlsx").read_bytes()


def test_a_changed_database_gives_another_package(package, session):
    before = content_of(package("peserta", "csv"))
    session.execute(
        update(web.tables.Peserta).where(web.tables.Peserta.id == 1).values(netra=False)
    )

    assert content_of(package("peserta", "csv")) != before
