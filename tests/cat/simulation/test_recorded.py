"""Real people's answers, replayed."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from cat.errors import BadInput
from cat.irt.items import logistic_items
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.simulation.study.recorded import (
    AnswerCodes,
    RecordedAnswers,
    full_bank_estimate,
    read_recorded,
)

BANK = (("A", "B"), np.array([2, 4]))


@pytest.fixture
def read(tmp_path):
    def read_text(text, banks=(BANK,), **codes):
        path = tmp_path / "jawaban.csv"
        path.write_text(text)
        return read_recorded(path, banks, AnswerCodes(**codes))

    return read_text


def test_columns_are_found_by_code_and_empty_cells_are_not_answers(read):
    (matrix,) = read("B,cov_umur,A\n3,20,1\n,35,0\n")

    assert matrix.tolist() == [[1, 3], [0, -1]]


def test_parts_share_one_file(read):
    one, other = read("x,y\n1,0\n,1\n", [(("y",), np.array([2])), (("x",), np.array([2]))])

    assert (one.tolist(), other.tolist()) == ([[0], [1]], [[1], [-1]])


def test_files_that_count_from_one_or_write_nine_for_nothing_are_understood(read):
    (matrix,) = read("A;B;no\n1;4;7\n2;9;8\n", lowest=1, missing={"9"}, ignored={"no"})

    assert matrix.tolist() == [[0, 3], [1, -1]]


def test_a_packed_file_is_unpacked(tmp_path):
    path = tmp_path / "jawaban.csv.gz"
    path.write_bytes(gzip.compress(b"A,B\n1,2\n"))

    assert read_recorded(path, [BANK], AnswerCodes())[0].tolist() == [[1, 2]]


def test_an_item_without_a_column_was_answered_by_nobody(read):
    (matrix,) = read("A\n1\n0\n")

    assert matrix.tolist() == [[1, -1], [0, -1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A,B\n1,4\n", r"jawaban\.csv baris 2, kolom B: jawaban harus 0 sampai 3.*'4'"),
        ("A,B\n0,0\n2,0\n", "baris 3, kolom A: jawaban harus 0 sampai 1"),
        ("A,B\n1,-1\n", "kolom B: jawaban harus"),
        ("A,B\n1.0,1\n", "kolom A: jawaban harus"),
        ("A,B,C\n1,1,1\n", "kolom 'C' bukan butir"),
        ("A,B\n,\n,\n", "tidak ada satu pun jawaban"),
        ("A,B\n1\n", "baris 2: ada 1 sel, seharusnya 2"),
        ("A,A\n1,1\n", "'A' kosong atau terulang"),
    ],
)
def test_a_broken_file_of_answers_is_refused_with_line_and_column(read, text, message):
    with pytest.raises(BadInput, match=message):
        read(text)


def test_only_answered_items_are_available_and_they_give_the_recorded_answer():
    answers = RecordedAnswers((np.array([[1, -1], [0, 3]], np.int8),))
    persons = np.array([1, 0])

    assert answers.unavailable(0, persons).tolist() == [[False, False], [False, True]]
    given = answers(0, np.array([1, 0]), persons, np.array([1, 1]))
    assert given.tolist() == [3, 1]


def test_the_estimate_from_all_answers_is_the_posterior_mean_of_the_answered_items():
    a, b = np.array([1.2, 0.8, 1.5]), np.array([-0.5, 0.3, 1.0])
    tables = tabulate(logistic_items(a, b), normal_quadrature(121))
    answers = np.array([[1, 0, -1], [-1, -1, -1], [1, 1, 1]], np.int8)

    theta, se = full_bank_estimate(tables, answers)

    for person, row in enumerate(answers):

        def density(x, row=row):
            p = expit(a * (x - b))
            return np.prod(np.where(row == 1, p, np.where(row == 0, 1 - p, 1.0))) * norm.pdf(x)

        total = quad(density, -8, 8)[0]
        mean = quad(lambda x: x * density(x), -8, 8)[0] / total
        spread = quad(lambda x: (x - mean) ** 2 * density(x), -8, 8)[0] / total  # noqa: B023
        # Nodes end at 6 logits, where the normal tail holds about 1e-8 of the variance.
        assert theta[person] == pytest.approx(mean, abs=1e-6)
        assert se[person] == pytest.approx(np.sqrt(spread), abs=1e-6)
