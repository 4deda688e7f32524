"""Compiled rows: one hand-made example for each TYPE, and how a finished test is judged."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cat.assembly.draft import LENGTH, STRUCTURAL
from cat.assembly.rows import broken, compile_rows, violations
from cat.errors import BadInput, BadRules
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import Constraint, ConstraintTable

# Positions                 0       1       2       3       4       5       6       7
BANK = Attributes(
    {
        "kode": ["A0", "A1", "A2", "A3", "B4", "B5", "B6", "B7"],
        "domain": ["a.x", "a.x", "a.y", "a.y", "b", "b", "b", "b"],
        "kunci": ["A", "B", "A", "C", "A", "B", "", "B"],
        "kata": [10, 20, 30, 40, 10, 20, 30, 40],
        "detik": [30.5, 30.25, 60.0, 45.0, 30.5, 30.25, 60.0, 45.0],
        "stimulus": ["", "", "S", "S", "S", "T", "T", ""],
        "tema": ["", "", "laut", "laut", "laut", "kota", "kota", ""],
    }
)


def rows_of(*constraints, length=None):
    table = ConstraintTable(
        tuple(Constraint(str(place), *row) for place, row in enumerate(constraints, start=1))
    )
    return compile_rows(table, BANK, length)


@pytest.mark.parametrize(
    ("constraint", "test", "complaint"),
    [
        (("number", "item", "domain under a", 1, 2), [0, 3, 7], None),
        (("number", "item", "domain under a", 1, 2), [0, 1, 3], "1 sampai 2 butir; lebih 1"),
        (("number", "item", "domain under a", 1, 2), [4, 5], "1 sampai 2 butir; kurang 1"),
        (("number", "item", "domain under a", None, 0), [2], "paling banyak 0 butir; lebih 1"),
        (("number", "item", "", 3, None), [0], "paling sedikit 3 butir; kurang 2"),
        # An attribute alone bounds each of its values: one A, one or two B, one C, never "".
        (("number", "item", "kunci", 1, 2), [0, 1, 5, 3], None),
        (
            ("number", "item", "kunci", 1, 2),
            [0, 1, 5, 7, 3],
            "kunci = B: 1 sampai 2 butir; lebih 1",
        ),
        (("number", "item", "kunci", 1, 2), [0, 1, 6], "kunci = C: 1 sampai 2 butir; kurang 1"),
        # A stimulus is used as soon as one of its items is.
        (("number", "stimulus", "", 1, 1), [0, 2, 3, 4], None),
        (("number", "stimulus", "", 1, 1), [3, 5], "tepat 1 stimulus; lebih 1"),
        (("number", "stimulus", "", 1, 1), [0, 1, 7], "tepat 1 stimulus; kurang 1"),
        (("number", "stimulus", "tema = kota", 1, 1), [2], "tepat 1 stimulus; kurang 1"),
        (("number", "stimulus", "tema", 1, 1), [2, 5], None),
        (("number", "stimulus", "tema", 1, 1), [2], "tema = kota: tepat 1 stimulus; kurang 1"),
        (("number", "per stimulus", "", 2, 2), [0, 1], None),
        (("number", "per stimulus", "", 2, 2), [0, 2, 4, 5, 6], None),
        (("number", "per stimulus", "", 2, 2), [2], "stimulus S: tepat 2 butir .*; kurang 1"),
        (("number", "per stimulus", "", 2, 2), [2, 3, 4], "stimulus S: .*; lebih 1"),
        (("number", "per stimulus", "tema = kota", 2, 2), [2, 5, 6], None),
        (("number", "per stimulus", "tema = kota", 2, 2), [2, 5], "stimulus T: .*; kurang 1"),
        (("number", "per stimulus", "", None, 1), [2, 3, 5], "stimulus S: .*; lebih 1"),
        (("sum", "kata", "", 60, 70), [0, 1, 2], None),
        (("sum", "kata", "", 60, 70), [0, 1], "60 sampai 70 kata; kurang 30"),
        (("sum", "detik", "domain under b", None, 60.5), [0, 4, 5], "60.5 detik; lebih 0.25"),
        (("sum", "detik", "domain under b", None, 60.75), [0, 4, 5], None),
        (("sum", "kata", "kunci", 0, 40), [2, 0, 1, 5, 6], None),
        (("sum", "kata", "kunci", 0, 40), [1, 7], "kunci = B: 0 sampai 40 kata; lebih 20"),
        (("enemy", "item", "kode in (A0, A3, B7)"), [1, 3, 5], None),
        (("enemy", "item", "kode in (A0, A3, B7)"), [0, 3, 7], "satu butir; lebih 2"),
        (("enemy", "item", "kunci"), [0, 1, 3, 6], None),
        (("enemy", "item", "kunci"), [0, 2, 3], "kunci = A: paling banyak satu butir; lebih 1"),
        (("enemy", "stimulus", "stimulus in (S, T)"), [2, 3, 4], None),
        (("enemy", "stimulus", "stimulus in (S, T)"), [2, 5], "satu stimulus; lebih 1"),
        (("include", "item", "kode in (A0, A1)"), [0, 1, 2], None),
        (("include", "item", "kode in (A0, A1)"), [1], "2 butir harus ikut; kurang 1"),
        (("include", "stimulus", "tema = kota"), [6], None),
        (("include", "stimulus", "tema = kota"), [2], "1 stimulus harus ikut; kurang 1"),
        (("exclude", "item", "kode in (A0, A1)"), [2, 3], None),
        (
            ("exclude", "item", "kode in (A0, A1)"),
            [0, 2],
            "tidak satu butir pun boleh ikut; lebih 1",
        ),
        (("exclude", "stimulus", "tema = kota"), [5, 6], "tidak satu stimulus pun .*; lebih 1"),
        (("allornone", "item", "kode in (A0, A1, B7)"), [0, 1, 7], None),
        (("allornone", "item", "kode in (A0, A1, B7)"), [2], None),
        (
            ("allornone", "item", "kode in (A0, A1)"),
            [0],
            "butir A1 hanya bersama butir A0; kurang 1",
        ),
        (("allornone", "stimulus", ""), [2, 5], None),
        (("allornone", "stimulus", ""), [2], "stimulus T hanya bersama stimulus S; kurang 1"),
    ],
)
def test_each_type_judges_a_finished_test_by_what_it_says(constraint, test, complaint):
    rows = rows_of(constraint)

    found = violations(rows, test)

    if complaint is None:
        assert found == []
    else:
        [sentence] = found
        assert sentence.startswith("kendala 1 (")
        assert re.search(f"{complaint}$", sentence)


def test_a_row_that_is_switched_off_binds_nothing():
    off = Constraint("1", "exclude", "item", "kode = A0", active=False)

    rows = compile_rows(ConstraintTable((off,)), BANK, None)

    assert violations(rows, [0]) == []
    assert rows.fixed_upper.all()


def test_many_tests_of_different_lengths_are_judged_at_once():
    rows = rows_of(("number", "item", "domain under a", 1, 2), ("enemy", "item", "kunci"), length=3)
    tests = np.array([[0, 3, 7], [7, 0, -1], [-1, 5, 7], [0, 2, 4], [-1, -1, -1]])

    found = broken(rows, tests)

    sources = [sorted({int(s) for s in rows.source[row]}) for row in found]
    assert sources == [[], [LENGTH], [LENGTH, 0, 1], [1], [LENGTH, 0]]
    assert list(rows.accepted(tests)) == [True, True, False, False, False]


def test_a_length_row_of_the_table_is_the_length_too():
    rows = rows_of(("number", "item", "", 3, 3), ("number", "item", "", 2, 3), length=3)

    assert list(rows.accepted([[0, 1, -1], [0, -1, -1]])) == [True, False]
    assert len(violations(rows, [0, 1])) == 2


def test_a_sum_that_happens_to_equal_the_number_of_items_is_not_the_length():
    table = ConstraintTable((Constraint("1", "sum", "kata", "", 3, 3),))

    rows = compile_rows(table, Attributes({"kata": [0, 1, 2]}), 2)

    assert list(rows.accepted([[1, 2], [0, 1], [2, -1]])) == [True, False, False]


def test_an_item_named_twice_counts_once():
    rows = rows_of(("sum", "kata", "", 60, 60), length=3)

    assert violations(rows, [0, 0, 1]) == [
        "panjang tes: 3 butir; kurang 1",
        "kendala 1 (sum kata): tepat 60 kata; kurang 30",
    ]


@pytest.mark.parametrize("test", [[8], [-2], [0.5]])
def test_positions_that_no_item_has_are_refused(test):
    with pytest.raises(BadInput, match="butir terpilih"):
        violations(rows_of(("number", "item", "", 1, 2)), test)


def test_forced_items_and_stimuli_are_bounds_on_their_variables_as_well():
    rows = rows_of(("include", "item", "kode = A1"), ("exclude", "stimulus", "tema = laut"))

    assert list(np.flatnonzero(rows.fixed_lower)) == [1]
    assert list(np.flatnonzero(rows.fixed_upper == 0)) == [8]


def test_structural_rows_tie_each_item_to_its_stimulus_and_back():
    rows = rows_of(length=2)
    structural = rows.source == STRUCTURAL

    assert rows.matrix.shape == (8, 10)
    assert list(rows.stimulus) == [-1, -1, 0, 0, 0, 1, 1, -1]
    assert rows.names[0] == "butir A2 memerlukan stimulus S"
    assert rows.names[3] == "stimulus S memerlukan sedikitnya satu butirnya"
    x = np.zeros(10)
    x[2] = 1
    assert (rows.matrix @ x > rows.upper)[structural].any()
    x[8] = 1
    activity = (rows.matrix @ x)[structural]
    assert (rows.lower[structural] <= activity).all()
    assert (activity <= rows.upper[structural]).all()
    x[9] = 1
    assert (rows.matrix @ x < rows.lower)[structural].any()


@pytest.mark.parametrize(
    ("constraint", "complaint"),
    [
        (("number", "stimulus", "kunci = A", 1, 2), "kolom CONDITION: .*sebagian butir stimulus S"),
        (("number", "per stimulus", "kata > 15", 1, 2), "sebagian butir stimulus S"),
        (("number", "stimulus", "kode = A2", 0, 1), "sebagian butir stimulus S"),
        (("exclude", "stimulus", "kode = A0"), "tidak ada stimulus yang memenuhi"),
        (("sum", "kunci", "", 1, 2), "kolom WHAT: atribut 'kunci' berisi teks"),
        (("sum", "halaman", "", 1, 2), "kolom WHAT: atribut tak dikenal 'halaman'"),
        (("number", "item", "kunci = Z", 1, 2), "kolom CONDITION: .* kunci = 'Z'"),
    ],
)
def test_a_row_that_cannot_be_meant_for_this_bank_is_refused(constraint, complaint):
    with pytest.raises(BadRules, match=complaint):
        rows_of(constraint)


def test_stimuli_in_a_bank_without_that_column_are_refused():
    table = ConstraintTable((Constraint("1", "number", "per stimulus", "", 2, 3),))

    with pytest.raises(BadRules, match=r"kolom WHAT: 'per stimulus': .* kolom stimulus"):
        compile_rows(table, Attributes({"kata": [1, 2]}), 1)


@pytest.mark.parametrize("length", [0, -1, 2.5, True])
def test_a_length_that_no_test_can_have_is_refused(length):
    with pytest.raises(BadInput, match="panjang tes"):
        rows_of(length=length)


def test_nothing_asked_is_nothing_refused():
    rows = compile_rows(ConstraintTable(()), Attributes({"kata": [1, 2]}), None)

    assert rows.matrix.shape == (0, 2)
    assert violations(rows, [0]) == []
