"""A bank in a CSV file: what is read, in which dialects, and how a slip of the pen is answered."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput, BadParameters
from cat.irt.items import Model
from cat.itembank.item_file import read_items

PLAIN = """kode,domain,model,a,b1,b2,c,d,kunci,stimulus,kata,detik,penulis,tingkat
T1,verbal,logistic,1.2,-0.5,,0.2,0.98,A,S1,40,60,Ani,1
T2,verbal,,0.8,0.25,,,,B,S1,35,55.5,Budi,2

T3,numerik,graded,1,-1,1.5,,,,,20,30,,3
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="butir.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_parameters_and_attributes_are_read_in_the_order_of_the_rows(write):
    file = read_items(write(PLAIN))

    assert file.items.model == (Model.LOGISTIC, Model.LOGISTIC, Model.GRADED)
    np.testing.assert_array_equal(file.items.a, [1.2, 0.8, 1.0])
    np.testing.assert_array_equal(file.items.b, [[-0.5, np.nan], [0.25, np.nan], [-1, 1.5]])
    np.testing.assert_array_equal(file.items.c, [0.2, 0, 0])
    np.testing.assert_array_equal(file.items.d, [0.98, 1, 1])
    columns = file.attributes.columns
    assert " ".join(columns) == "kode domain kunci stimulus kata detik penulis tingkat"
    assert columns["kode"].tolist() == ["T1", "T2", "T3"]
    assert columns["stimulus"].tolist() == ["S1", "S1", ""]
    np.testing.assert_array_equal(columns["detik"], [60, 55.5, 30])
    assert columns["penulis"].tolist() == ["Ani", "Budi", ""]
    np.testing.assert_array_equal(columns["tingkat"], [1, 2, 3])


def test_code_discrimination_and_difficulty_are_enough(write):
    file = read_items(write("kode,a,b1\n7,1,0\n"))

    assert file.items.model == (Model.LOGISTIC,)
    assert file.attributes.columns["kode"].tolist() == ["7"]


def test_a_spreadsheet_under_indonesian_settings_writes_semicolons_and_decimal_commas(write):
    text = "\ufeff" + PLAIN.replace(".", "#").replace(",", ";").replace("#", ",")

    ours, theirs = read_items(write(PLAIN)), read_items(write(text, "lain.csv"))

    np.testing.assert_array_equal(ours.items.b, theirs.items.b)
    for name, column in ours.attributes.columns.items():
        np.testing.assert_array_equal(column, theirs.attributes.columns[name])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.25", "seperempat", r"butir\.csv, baris 3, kolom b1: 'seperempat'"),
        ("0.25", "", r"baris 3 \(butir T2\): parameter tidak sah; b must be finite"),
        ("0.25", "nan", "baris 3, kolom b1"),
        ("0.25", "1e999", "baris 3, kolom b1"),
        ("55.5", "", "baris 3, kolom detik: ''"),
        ("55.5", "1.200.000", "kolom detik: '1.200.000'"),
        ("graded", "nominal", "baris 5, kolom model: 'nominal' tak dikenal; pilih logistic"),
        ("T2", "", "baris 3, kolom kode: tidak boleh kosong"),
        ("T2", "T1", r"butir\.csv: kode butir harus unik; T1"),
        ("Budi,2", "Budi", "baris 3: ada 13 sel untuk 14 kolom"),
        ("kata", "detik", "baris 1: judul kolom .* 'detik'"),
        ("penulis", "and", r"butir\.csv: nama kolom 'and'"),
        ("kode", "nama", "kolom kode tidak ada; ada nama"),
        ("b1,b2", "b1,b3", "kolom b2 tidak ada, padahal ada b3"),
        ("Ani", '"Ani', "bukan CSV utuh"),
    ],
)
def test_a_slip_is_named_by_file_line_column_and_value(write, old, new, words):
    with pytest.raises(BadInput, match=words):
        read_items(write(PLAIN.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "0.8",
            "-0.8",
            r"butir\.csv, baris 3 \(butir T2\): parameter tidak sah; a must be positive.*-0\.8",
        ),
        (
            "0.2,",
            "1.02,",
            r"baris 2 \(butir T1\): parameter tidak sah; c must lie in \[0, 1\).*1\.02",
        ),
        ("-1,1.5", "1.5,-1", r"baris 5 \(butir T3\): parameter tidak sah; b must increase"),
    ],
)
def test_a_parameter_out_of_range_is_named_by_file_line_item_and_value(write, old, new, words):
    with pytest.raises(BadParameters, match=words) as refused:
        read_items(write(PLAIN.replace(old, new, 1)))

    assert refused.value.evidence["parameter"] in "abc"


@pytest.mark.parametrize("text", ["", "kode,a,b1\n", "\n\n"])
def test_a_file_without_items_is_refused(write, text):
    with pytest.raises(BadInput, match="paling sedikit satu butir"):
        read_items(write(text))


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(write, tmp_path):
    with pytest.raises(BadInput, match="tidak dapat dibaca"):
        read_items(tmp_path / "tidak-ada.csv")
    with pytest.raises(BadInput, match="UTF-8"):
        read_items(write("kode,a,b1\né,1,0\n", encoding="latin-1"))
