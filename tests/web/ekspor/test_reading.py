"""Exports read back by other readers say what the tables said."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cat.errors import BadInput
from tests.web.ekspor.packages import content_of, findings
from tests.web.ekspor.rows import NAMES, PEOPLE, START
from web.operations.ekspor.columns import text
from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.formats import FORMATS, xlsx
from web.operations.ekspor.formats.texts import FORMULA
from web.operations.ekspor.frames import to_frame
from web.operations.ekspor.readback import read


def expected_people() -> list[dict]:
    """The dataset `peserta` as the tables were filled, independently of the code under test."""
    rows = []
    for n in range(PEOPLE):
        has_formasi, is_known = n % 7 != 0, n % 3 != 0
        rows.append(
            {
                "nomor_peserta": f"0024{n:08}",
                "nama": f"{NAMES[n % len(NAMES)]} {n}",
                "nik_samar": "*" * 12 + f"{n:04}",
                "tanggal_lahir": date(1999, 1, 1 + n % 28),
                "jenis_kelamin": "P",
                "netra": n % 2 == 0,
                "jenjang": "s1" if is_known else None,
                "ipk": f"{3.4 + n / 100:.2f}" if is_known else None,
                "tahun": (2024 + n % 2) if has_formasi else None,
                "kode_formasi": f"F99-0{1 + n % 2}" if has_formasi else None,
            }
        )
    return rows


def test_parquet_holds_typed_columns(package, small_blocks):
    frame = pl.read_parquet(content_of(package("peserta", "parquet")))

    assert frame.schema["netra"] == pl.Boolean
    assert frame.schema["tanggal_lahir"] == pl.Date
    assert frame.schema["ipk"] == pl.Decimal(18, 2)
    for told, row in zip(frame.iter_rows(named=True), expected_people(), strict=True):
        told["ipk"] = str(told["ipk"]) if told["ipk"] is not None else None
        assert {name: told[name] for name in row} == row


def test_parquet_holds_moments_in_utc_and_floats_to_the_last_bit(package):
    frame = pl.read_parquet(content_of(package("hasil-sesi", "parquet")))

    assert frame.schema["jadwal_mulai"] == pl.Datetime("us", "UTC")
    assert frame["jadwal_mulai"].dt.epoch("us").to_list()[0] == START + 1
    assert frame["theta_tiu"].to_list()[3] == 0.1 * 3 - 1 / 3 + 1
    assert frame["keadaan"].to_list()[9] == "tidak hadir"
    assert frame["total"].to_list()[8:10] == [3 * 60 + 3 * 8 + 3, None]


@pytest.mark.parametrize(("code", "separator"), [("csv", ","), ("csv-id", ";")])
def test_csv_reads_back_with_the_standard_library(package, small_blocks, code, separator):
    content = content_of(package("peserta", code))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == PEOPLE + 1
    for told, row in zip(rows, expected_people(), strict=True):
        name = row["nama"]
        assert told["nama"] == ("'" + name if name[0] in "='" and "=" in name else name)
        assert told["tanggal_lahir"] == row["tanggal_lahir"].isoformat()
        assert told["netra"] == ("ya" if row["netra"] else "tidak")
        ipk = row["ipk"] or ""
        assert told["ipk"] == (ipk.replace(".", ",") if separator == ";" else ipk)


def test_csv_keeps_floats_to_the_last_bit(package):
    text = content_of(package("hasil-bagian", "csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [float(row["theta"]) for row in rows[:3]] == [-1 / 3 + 1, -1 / 3 + 2, -1 / 3]


@pytest.mark.parametrize("code", ["json", "jsonl"])
def test_json_reads_back_with_the_standard_library(package, small_blocks, code):
    content = content_of(package("peserta", code))
    lines = json.loads(content) if code == "json" else map(json.loads, content.splitlines())

    for told, row in zip(lines, expected_people(), strict=True):
        wanted = {**row, "tanggal_lahir": row["tanggal_lahir"].isoformat()}
        wanted["ipk"] = float(row["ipk"]) if row["ipk"] else None
        assert {name: told[name] for name in row} == wanted


def test_xlsx_reads_back_in_another_library_sheet_by_sheet(package, small_blocks):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content_of(package("peserta", "xlsx"))))

    assert book.sheet_names == ["Data", "Data 2", "Data 3", "Keterangan"]
    lines = []
    for name in book.sheet_names[:3]:
        header, *rows = book.get_sheet_by_name(name).to_python()
        assert header == [column.name for column in DATASETS["peserta"].columns]
        lines += [dict(zip(header, row, strict=True)) for row in rows]
    for told, row in zip(lines, expected_people(), strict=True):
        assert told["nomor_peserta"] == row["nomor_peserta"]  # leading zeros: still a text
        assert told["nama"] == row["nama"]
        assert told["tanggal_lahir"] == row["tanggal_lahir"]
        assert told["ipk"] == (float(row["ipk"]) if row["ipk"] else "")


def test_a_moment_in_xlsx_is_a_date_in_the_time_of_jakarta(package):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content_of(package("hasil-sesi", "xlsx"))))
    header, first, *_ = book.get_sheet_by_index(0).to_python()

    told = first[header.index("jadwal_mulai")]
    assert isinstance(told, datetime)
    # START is 2026-11-18 11:06:40.123 UTC; Jakarta is seven hours ahead
    assert told.replace(microsecond=0) == datetime(2026, 11, 18, 18, 6, 40)  # noqa: DTZ001


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(ANYTHING, st.sampled_from(["", "=", "'=", "''", "_x0041_", "\r\n", "＝", "\x01"]))
def test_any_text_survives_every_format_and_is_never_a_formula(said, start):
    columns = (text("nama", "Nama."), text("lain", "Lain."))
    frame = to_frame([(start + said, "x")], columns)
    for each in FORMATS.values():
        read_back = list(read(each.code, io.BytesIO(_whole(each, frame, columns)), columns))
        assert read_back == [[start + said, "x"]], each.code
    line = _whole(FORMATS["csv"], frame, columns).decode("utf-8-sig").split("\r\n", 1)[1]
    cell = next(csv.reader(io.StringIO(line, newline="")))[0]
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)


def _whole(each, frame, columns) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        block, out = Path(name) / "blok", Path(name) / "berkas"
        block.write_bytes(each.block(frame, columns, 0))
        each.join([(0, block)], out, columns)
        return out.read_bytes()


def test_the_pattern_of_formulas_knows_what_spreadsheets_run():
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"):
        assert re.match(FORMULA, cell), cell
    for cell in ("Ani", "'Aisyah", " =1", "1-2", ""):
        assert not re.match(FORMULA, cell), cell


def test_a_text_too_long_for_a_cell_is_refused_by_row_and_column():
    columns = (text("nama", "Nama."), text("rincian", "Rincian."))
    frame = to_frame([("Ani", "x"), ("Budi", "x" * 32_768)], columns)

    with pytest.raises(BadInput, match="baris 102, kolom rincian: 32768 huruf"):
        xlsx.block(frame, columns, 100)


@pytest.mark.parametrize("code", FORMATS)
def test_an_export_without_rows_is_still_a_table(package, code):
    made = package("hasil-pengumuman", code)

    assert findings(made) == []
    assert (
        list(read(code, io.BytesIO(content_of(made)), DATASETS["hasil-pengumuman"].columns)) == []
    )
