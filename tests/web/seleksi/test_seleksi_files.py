"""Files that people fill in for a selection, and orders that people give: no database needed."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import FileRefused
from web.operations.seleksi.lembar import MOST_ROWS, as_csv, as_decimal, as_xlsx, read_sheet
from web.operations.seleksi.nilai_skb import as_text, read_cell
from web.operations.seleksi.urutan import settle
from web.tables import BagianRencana, NilaiSKB

COLUMNS = ("nomor_peserta", "cat")
ROWS = [("024990120110000001", "82,5"), ("024990120110000002", "")]


def part(maks: str = "500") -> BagianRencana:
    return BagianRencana(nama="SKB CAT", maks=Decimal(maks))


@pytest.mark.parametrize(
    ("typed", "maks", "value", "rule"),
    [
        ("0", "500", "0", ""),
        ("500", "500", "500", ""),
        ("82,5", "100", "82.5", ""),
        ("82.125", "100", "82.125", ""),
        ("1.000", "550", "1.000", ""),  # a thousand would lie outside: only one reading is left
        ("1.000", "1000", None, "ribuan"),
        ("TH", "100", None, ""),
        ("th", "100", None, ""),
        ("100,001", "100", None, "0 sampai 100"),
        ("-1", "100", None, "0 sampai 100"),
        ("1,2345", "100", None, "3 desimal"),
        ("1.000,5", "1000", None, "harus angka"),
        ("82;5", "100", None, "harus angka"),
        ("tidak hadir", "100", None, "harus angka"),
        ("1e2", "100", None, "harus angka"),
        ("NaN", "100", None, "harus angka"),
    ],
)
def test_a_cell_is_points_or_absence_or_names_the_rule_it_breaks(typed, maks, value, rule):
    found, broken = read_cell(typed, part(maks))

    assert found == (Decimal(value) if value else None)
    assert rule in broken
    assert bool(rule) == bool(broken)


@pytest.mark.parametrize(
    "content",
    [
        as_xlsx(COLUMNS, ROWS),
        as_csv(COLUMNS, ROWS),
        b'nomor_peserta;nama;cat\n024990120110000001;Ani;"82,5"\n\n024990120110000002;Budi;',
        b"NOMOR_PESERTA , CAT \r\n'024990120110000001,'82.5\r\n024990120110000002,\r\n",
    ],
    ids=["xlsx", "csv", "semicolons", "capitals and apostrophes"],
)
def test_every_kind_of_file_reads_the_same(content):
    rows = read_sheet(content, COLUMNS)

    assert [row.cells["nomor_peserta"] for row in rows] == [nomor for nomor, _ in ROWS]
    assert [as_decimal(row.cells["cat"]) for row in rows] == [Decimal("82.5"), None]


def test_line_numbers_are_those_of_the_spreadsheet():
    rows = read_sheet(b"nomor_peserta,cat\n1,5\n,\n3,6\n", COLUMNS)

    assert [row.number for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"nomor,cat\n1,2\n", "Kolom nomor_peserta tidak ada"),
        (b"nomor_peserta,cat,cat\n1,2,3\n", "lebih dari satu kali"),
        (b"PK\x03\x04 bukan xlsx", "XLSX tidak dapat dibaca"),
        (b"\xff\xfe\x00", "bukan CSV UTF-8"),
        (b"nomor_peserta,cat\n" + b"1,2\n" * (MOST_ROWS + 1), "Paling banyak"),
    ],
    ids=["empty", "column missing", "column twice", "broken xlsx", "other encoding", "too long"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(content, words):
    with pytest.raises(FileRefused, match=words):
        read_sheet(content, COLUMNS)


def test_a_number_that_a_spreadsheet_has_rounded_is_not_taken_for_a_nomor_peserta():
    import io

    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, (24990120110000057.0, 82.5))

    (row,) = read_sheet(file.getvalue(), COLUMNS)

    assert row.cells == {"nomor_peserta": "2.499012e+16", "cat": "82.5"}


def test_an_order_counts_for_a_group_only_if_it_names_all_of_it():
    people = [11, 12, 13]
    groups = {0: [[0, 1, 2]]}

    def blocks(places):
        return [] if places.any() else groups[0]

    assert settle(people, blocks, [[13, 11, 12]]).tolist() == [2, 3, 1]
    assert settle(people, blocks, [[13, 11]]).tolist() == [0, 0, 0]
    # The first order that names all of them is the one that was agreed last.
    assert settle(people, blocks, [[12, 13], [11, 12, 13], [13, 12, 11]]).tolist() == [1, 2, 3]


@given(st.permutations([1, 2, 3, 4, 5, 6]), st.integers(2, 6))
def test_whoever_stands_first_in_the_order_gets_the_smallest_place(order, size):
    people = sorted(order)[:size]

    def blocks(places):
        return [] if places.all() else [list(range(size))]

    places = settle(people, blocks, [order])

    assert [p for _, p in sorted(zip(places.tolist(), people, strict=True))] == [
        each for each in order if each in people
    ]


def changed_book(place: str, old: bytes, new: bytes) -> bytes:
    """A workbook with some bytes of one of its inner files exchanged, as no spreadsheet would."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(as_xlsx(COLUMNS, [("1", "82")]))) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            content = given.read(name)
            taken.writestr(name, content.replace(old, new) if place in name else content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        # One cell at the far corner: its grid would be 17 billion cells in memory.
        (changed_book("sheet1", b'r="A2"', b'r="XFD1048576"'), "kolom"),
        (changed_book("sheet1", b'r="A2"', b'r="A1048576"'), "Paling banyak"),
        (changed_book("sheet1", b"</sheetData>", b" " * 40_000_000 + b"</sheetData>"), "besar"),
        (changed_book("sheet1", b'r="A2"', b'r="ZZZZZZZZ99999999999999999999"'), "XLSX"),
        (b"nomor_peserta,cat" + b"," * 1_900_000, "kolom"),
        (b"nomor_peserta,cat\n1\x00,2\n", "tidak dapat dibaca"),
    ],
    ids=["far corner", "far row", "zip bomb", "nonsense cell", "a million columns", "nul"],
)
def test_a_file_made_to_exhaust_the_server_is_refused_in_a_few_words(content, words):
    with pytest.raises(FileRefused, match=words) as refused:
        read_sheet(content, COLUMNS)

    assert len(str(refused.value)) < 300


def test_a_number_beyond_all_measure_is_a_cell_that_breaks_a_rule_and_no_crash():
    import xlsxwriter

    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ("1", 1.5))
    made = BytesIO()
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(made, "w") as taken:
        for name in given.namelist():
            taken.writestr(name, given.read(name).replace(b"<v>1.5</v>", b"<v>1e400</v>"))

    (row,) = read_sheet(made.getvalue(), COLUMNS)

    assert "harus angka" in read_cell(row.cells["cat"], part())[1]


def test_what_is_stored_reads_the_same_again_whatever_the_full_marks():
    points = NilaiSKB(nilai=Decimal("12.345"))

    assert read_cell(as_text(points), part("1000")) == (Decimal("12.345"), "")
