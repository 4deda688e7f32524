"""The table of constraints: what a row may say, how files are read, and how a mistake is named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import Constraint, ConstraintTable

HEADER = "TYPE,WHAT,CONDITION,LB,UB\n"
BANK = Attributes(
    {
        "domain": ["verbal.analogi", "verbal.analogi", "numerik.deret"],
        "kunci": ["A", "B", ""],
        "kata": [10, 20, 30],
        "stimulus": ["S1", "S1", ""],
    }
)


def test_a_row_reads_as_it_stands_in_the_table():
    table = ConstraintTable.read_csv(
        "ID,TYPE,WHAT,CONDITION,LB,UB,ONOFF\n"
        "V1,Number,Item,domain under verbal,2,4,\n"
        "K1,sum,kata,,,900.5,OFF\n"
    )

    assert table.rows == (
        Constraint("V1", "number", "item", "domain under verbal", 2, 4),
        Constraint("K1", "sum", "kata", "", None, 900.5, active=False),
    )
    assert [row.line for row in table.rows] == [2, 3]


def test_rows_without_an_id_are_called_by_their_place():
    table = ConstraintTable.read_csv(HEADER + "number,item,,1,2\nnumber,item,kunci,0,1\n")

    assert [row.title for row in table.rows] == [
        "kendala 1 (number item)",
        "kendala 2 (number item kunci)",
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("count,item,,1,2", r"kolom TYPE: 'count' tak dikenal; pilih number, sum"),
        ("order,item,kata,,", r"kolom TYPE: 'order' tak dikenal"),
        ("number,butir,,1,2", r"kolom WHAT: 'butir'; untuk number pilih item atau stimulus atau"),
        ("number,,,1,2", r"kolom WHAT: ''"),
        ("enemy,per stimulus,kunci = A,,", r"kolom WHAT: 'per stimulus'; untuk enemy pilih item"),
        ("sum,item,,1,2", r"kolom WHAT: 'item'; untuk sum isi nama atribut bilangan"),
        ("number,item,kunci = ,1,2", r"kolom CONDITION: 'kunci =': huruf ke-8"),
        ("include,item,kunci,,", r"kolom CONDITION: 'kunci': perlu perbandingan"),
        ("number,per stimulus,kunci,1,2", r"kolom CONDITION: 'kunci': perlu perbandingan"),
        ("number,item,,dua,2", r"kolom LB: 'dua' bukan bilangan"),
        ("sum,kata,,,1.000", r"kolom UB: '1.000' bukan bilangan yang jelas"),
        ("sum,kata,,,1e3", r"kolom UB: '1e3' bukan bilangan"),
        ("sum,kata,,nan,", r"kolom LB: 'nan' bukan bilangan"),
        ("number,item,,3,2", r"kolom LB: LB 3 melebihi UB 2"),
        ("sum,kata,,10.5,10.25", r"kolom LB: LB 10.5 melebihi UB 10.25"),
        ("number,item,,-1,2", r"kolom LB: -1: jumlah harus bilangan bulat"),
        ("number,item,,1,2.5", r"kolom UB: 2.5: jumlah harus bilangan bulat"),
        ("number,item,,,", r"kolom LB: LB dan UB kosong"),
        ('enemy,item,"kunci in (A, B)",0,1', r"kolom LB: 0; enemy tidak memakai batas"),
        ("exclude,item,kunci = A,,1", r"kolom UB: 1; exclude tidak memakai batas"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_its_line_column_and_value(row, complaint):
    with pytest.raises(BadRules, match=r"baris 3 \(kendala 2\), " + complaint) as refusal:
        ConstraintTable.read_csv(f"{HEADER}number,item,,1,2\n{row}\n")

    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "tabel kendala kosong"),
        ("\n \n", "tabel kendala kosong"),
        ("TYPE,WHAT,CONDITION,LB\n", "judul kolom tidak ada: UB"),
        ("TYPE,WHAT,CONDITION,LB,UB,BOBOT\n", "judul kolom tak dikenal 'BOBOT'"),
        ("TYPE,WHAT,CONDITION,LB,UB,LB\n", "judul kolom berulang"),
        (HEADER + "enemy,item,kunci in (A, B),,\n", r"baris 2: ada 6 sel untuk 5 kolom"),
        (HEADER + 'enemy,item,"kunci in (A,,\n', r"bukan CSV yang utuh"),
        (
            "ID," + HEADER + "X,number,item,,1,2\nX,number,item,,1,3\n",
            r"baris 3 .*'X' sudah dipakai",
        ),
        ("ID," + HEADER + "=X,number,item,,1,2\n", r"baris 2 .* kolom ID: '=X'"),
        ("ONOFF," + HEADER + "maybe,number,item,,1,2\n", r"kolom ONOFF: 'MAYBE'"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(text, complaint):
    with pytest.raises(BadRules, match=complaint):
        ConstraintTable.read_csv(text)


@pytest.mark.parametrize(
    "text",
    [
        "TYPE,WHAT,CONDITION,LB,UB\nnumber,item,,1,2\n",
        "\ufefftype;what;condition;lb;ub\r\nNUMBER;Item;;1;2\r\n;;;;\r\n",
        "CONSTRAINT_ID,TYPE,WHAT,CONDITION,LB,UB,ONOFF\n1,Number,Item,,1,2,\n",
        "\n\nUB,LB,TYPE,WHAT,CONDITION\n2,1,number, item ,\n",
    ],
    ids=["plain", "Indonesian spreadsheet", "TestDesign", "other order"],
)
def test_the_dialects_of_spreadsheets_read_alike(text):
    assert ConstraintTable.read_csv(text).rows == (Constraint("1", "number", "item", "", 1, 2),)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path):
    path = tmp_path / "kendala.csv"
    path.write_bytes(HEADER.encode() + b"number,item,kunci = \xe9,1,2\n")

    with pytest.raises(BadRules, match=r"kendala\.csv: simpan berkas sebagai CSV UTF-8"):
        ConstraintTable.read_csv(path)


IDS = st.text("abc019 .-", min_size=1, max_size=6).map(lambda text: "k" + text.strip())
CONDITIONS = st.sampled_from(
    ["", "kunci = A", 'domain = "dua kata; lagi"', "not (kata > 2 and kode in (a, 'b \" c'))"]
)


@st.composite
def constraints(draw, name):
    kind = draw(st.sampled_from(["number", "sum", "enemy", "include", "exclude", "allornone"]))
    what = "kata" if kind == "sum" else draw(st.sampled_from(["item", "stimulus"]))
    bounds = [None, None]
    if kind == "number":
        bounds = sorted(draw(st.tuples(st.integers(0, 50), st.integers(0, 50))))
    elif kind == "sum":
        amount = st.integers(-40_000, 40_000).map(lambda quarter: quarter / 4)
        bounds = sorted(draw(st.tuples(amount, amount)))
    if kind in ("number", "sum") and draw(st.booleans()):
        bounds[draw(st.integers(0, 1))] = None
    return Constraint(name, kind, what, draw(CONDITIONS), *bounds, active=draw(st.booleans()))


@st.composite
def tables(draw):
    names = draw(st.lists(IDS, max_size=6, unique=True))
    return ConstraintTable(tuple(draw(constraints(name)) for name in names))


@given(tables())
def test_a_table_survives_both_csv_and_json(table):
    assert ConstraintTable.read_csv(table.to_csv()) == table
    stored = json.dumps(table.to_mapping())
    assert ConstraintTable.from_mapping(json.loads(stored)) == table
    assert json.dumps(ConstraintTable.from_mapping(json.loads(stored)).to_mapping()) == stored


def test_a_written_file_is_the_table_that_people_review(tmp_path):
    table = ConstraintTable((Constraint("1", "number", "item", "kunci in (A, B)", 2, None),))

    table.write(tmp_path / "kendala.csv")

    assert (tmp_path / "kendala.csv").read_text("utf-8") == (
        'ID,TYPE,WHAT,CONDITION,LB,UB,ONOFF\n1,number,item,"kunci in (A, B)",2,,\n'
    )
    assert ConstraintTable.read_csv(tmp_path / "kendala.csv") == table


@pytest.mark.parametrize("row", [{"LB": True}, {"LB": "x"}, {"lb": 1}, {"UB": float("inf")}])
def test_stored_data_is_held_to_the_same_rules_as_a_file(row):
    whole = {"ID": "7", "TYPE": "number", "WHAT": "item", "LB": 1, **row}

    with pytest.raises(BadRules, match="kendala 7"):
        ConstraintTable.from_mapping([whole])


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("number,item,domain under verbl,1,2", r"domain under 'verbl' \(mungkin"),
        ("number,item,domain under verbal.sinonim,1,2", "tidak ada butir dengan domain under"),
        ("sum,kata,kunci = D,1,", "tidak ada butir dengan kunci = 'D'"),
        ("exclude,item,kunci = D,,", "tidak ada butir dengan kunci = 'D'"),
        ("enemy,item,kunci = A and kata > 15,,", "tidak ada butir yang memenuhi"),
        ("number,item,warna,0,2", "atribut tak dikenal 'warna'"),
        ("number,item,warna = merah,0,2", "atribut tak dikenal 'warna'"),
    ],
)
def test_a_row_that_does_not_fit_the_bank_names_its_line_and_value(row, complaint):
    table = ConstraintTable.read_csv(f"{HEADER}{row}\n")

    with pytest.raises(BadRules, match=r"baris 2 \(kendala 1\), kolom CONDITION: .*" + complaint):
        table.rows[0].groups(BANK)


@pytest.mark.parametrize("bounds", [(0, 2), (None, 2)])
def test_a_row_without_a_minimum_may_speak_of_a_domain_that_is_still_empty(bounds):
    row = Constraint("1", "number", "item", "domain under verbal.sinonim", *bounds)

    [(_, members)] = row.groups(BANK)

    assert not members.any()
