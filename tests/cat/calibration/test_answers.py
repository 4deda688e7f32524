"""What may enter a calibration, from tables and from files; what may not is named."""

from __future__ import annotations

import gzip

import numpy as np
import polars as pl
import pytest

from cat.calibration.answer_data import FileShape, read_answer_data
from cat.calibration.answers import Answers
from cat.errors import BadInput

TABLE = np.array([[0, 1, -1], [2, -1, 1], [1, 1, 0]])


def long(**changes):
    given = {
        "person": [0, 0, 1],
        "item": [0, 1, 0],
        "category": [1, 0, 2],
        "items": ["p", "q"],
        "persons": ["ani", "budi"],
    }
    return Answers.of_long(**{**given, **changes})


def test_a_table_becomes_records_and_again_a_table():
    answers = Answers.of_matrix(["p", "q", "r"], TABLE)

    assert len(answers) == 7
    assert answers.categories.tolist() == [3, 2, 2]
    assert answers.counts.tolist() == [3, 2, 2]
    assert answers.starts.tolist() == [0, 2, 4, 7]
    assert (answers.matrix() == TABLE).all()
    assert not answers.category.flags.writeable


@pytest.mark.parametrize("dtype", [np.int8, np.int64, float, object])
def test_tables_of_any_number_type_are_one(dtype):
    given = TABLE.astype(dtype)
    if dtype in (float, object):
        given[given == -1] = np.nan

    assert Answers.of_matrix(["p", "q", "r"], given).sha256 == (
        Answers.of_matrix(["p", "q", "r"], TABLE).sha256
    )


def test_a_masked_answer_is_missing_even_if_a_number_hides_under_the_mask():
    masked = np.ma.masked_array(TABLE, mask=TABLE == 2)

    assert len(Answers.of_matrix(["p", "q", "r"], masked)) == 6


def test_some_items_can_be_taken_in_a_new_order():
    answers = Answers.of_matrix(["p", "q", "r"], TABLE).only_items(["r", "p"])

    assert answers.matrix().tolist() == [[-1, 0], [1, 2], [0, 1]]
    assert answers.categories.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("changes", "rule", "says"),
    [
        ({"category": [1, 0, -1]}, "category", "item p, person budi has -1"),
        ({"category": [1, 0.5, 0]}, "category", "item q, person ani has 0.5"),
        ({"category": [1, 0, float("nan")]}, "category", "person budi"),
        ({"category": [1, 0, 99]}, "category", "99"),
        ({"category": ["a", "b", "c"]}, "shape", "numbers"),
        ({"item": [0, 0, 0]}, "duplicate", "item p, person ani has two"),
        ({"item": [0, 2, 0]}, "item", "record 1 has 2"),
        ({"person": [0, 0, -1]}, "person", "record 2 has -1"),
        ({"person": [0, 0]}, "shape", "equally long"),
        ({"items": ["p", "p"]}, "names", "'p'"),
        ({"items": ["p", " "]}, "names", "' '"),
        ({"persons": []}, "persons", "at least one"),
        ({"group": ["a"]}, "group", "got 1"),
        ({"group": ["a", None]}, "group", "person budi"),
        ({"weight": [1, 0]}, "weight", "person budi has 0"),
        ({"weight": [1]}, "weight", "(1,)"),
        ({"categories": [2, 2]}, "categories", "category 2"),
    ],
)
def test_records_that_break_a_rule_are_refused_with_the_place(changes, rule, says):
    with pytest.raises(BadInput) as refused:
        long(**changes)

    assert refused.value.evidence["rule"] == rule
    assert says in str(refused.value)


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet"])
def test_a_row_a_person_is_read_from_any_file(tmp_path, ending):
    path = tmp_path / f"jawaban{ending}"
    text = "id,p,q,cov_umur,wilayah,bobot\nani,1,NA,20,u,1.5\nbudi,3,2,30,s,1\n"
    if ending == ".parquet":
        pl.read_csv(text.encode(), infer_schema=False).write_parquet(path)
    elif ending == ".csv":
        path.write_text(text.replace(",", ";"))
    else:
        path.write_bytes(gzip.compress(text.encode()))

    answers = read_answer_data(
        path, FileShape(person="id", group="wilayah", weight="bobot", lowest=1)
    )

    assert answers.items == ("p", "q")
    assert answers.persons == ["ani", "budi"]
    assert answers.matrix().tolist() == [[0, -1], [2, 1]]
    assert answers.groups == ("u", "s")
    assert answers.weight.tolist() == [1.5, 1]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_row_an_answer_is_read_from_any_file(tmp_path, ending):
    path = tmp_path / f"jawaban{ending}"
    table = pl.DataFrame(
        {
            "person": ["ani", "budi", "ani"],
            "item": ["q", "q", "p"],
            "category": [1, 0, 2],
            "group": ["u", "s", "u"],
            "weight": [2.0, 1.0, 2.0],
        }
    )
    table.write_csv(path) if ending == ".csv" else table.write_parquet(path)

    answers = read_answer_data(path)

    assert answers.items == ("q", "p")
    assert answers.matrix().tolist() == [[1, 2], [0, -1]]
    assert answers.groups == ("u", "s")
    assert answers.weight.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("p,q\n1,x\n", "category", "item q, person 0 has 'x'"),
        ("p,q\n1,1.5\n", "category", "'1.5'"),
        ("p,q\n1,-3\n", "category", "'-3'"),
        ("p,q\n", "file", "no rows"),
        ("", "file", "cannot be read"),
        ("person,item,category\nani,p,1\nani,p,0\n", "duplicate", "person ani"),
        ("person,item,category\nani,,1\n", "columns", "empty cell"),
        ("person,item,category,group\nani,p,1,u\nani,q,1,s\n", "group", "person ani has several"),
    ],
)
def test_files_that_break_a_rule_are_refused_with_the_place(tmp_path, text, rule, says):
    path = tmp_path / "jawaban.csv"
    path.write_text(text)

    with pytest.raises(BadInput) as refused:
        read_answer_data(path)

    assert refused.value.evidence["rule"] == rule
    assert says in str(refused.value)


def test_other_files_and_absent_columns_are_refused(tmp_path):
    path = tmp_path / "jawaban.csv"
    path.write_text("p,q\n1,0\n")

    for shape in (FileShape(group="wilayah"), FileShape(weight="bobot")):
        with pytest.raises(BadInput, match="no column"):
            read_answer_data(path, shape)
    with pytest.raises(BadInput, match="ends in"):
        read_answer_data(tmp_path / "jawaban.xls")
    with pytest.raises(BadInput, match="cannot be read"):
        read_answer_data(tmp_path / "tiada.csv")


def test_two_rows_of_one_person_are_refused(tmp_path):
    path = tmp_path / "jawaban.csv"
    path.write_text("id,p,q\nani,1,0\nani,0,0\n")

    with pytest.raises(BadInput, match="row 0 has 'ani'"):
        read_answer_data(path, FileShape(person="id"))
