"""Expressions of item models: exact, and unable to do anything else."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadItem
from cat.itembank.models.expressions import MOST_BITS, evaluate, names_in, number, truth

NUMBERS = {"p": Fraction(3, 4), "q": Fraction(-5), "r": Fraction(12)}
VALUES = {**NUMBERS, "t": (Fraction(2), Fraction(7)), "k": {"nama": "tangki"}, "s": "nama"}
leaves = st.integers(0, 50).map(str) | st.sampled_from(sorted(NUMBERS))
sums = st.recursive(
    leaves,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=8,
)


def by_python(expression: str) -> Fraction:
    """The same arithmetic by Python itself, with every number written as a fraction."""
    fractions = re.sub(r"\d+", r"Fraction(\g<0>)", expression)
    return eval(fractions, {"Fraction": Fraction, **NUMBERS})


@given(sums)
def test_arithmetic_is_exactly_that_of_fractions(expression):
    try:
        wanted = by_python(expression)
    except ZeroDivisionError:
        with pytest.raises(BadItem, match="pembagian dengan nol"):
            number(expression, VALUES)
        return

    assert number(expression, VALUES) == wanted


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0 < p < 1 and not q > 0", True),
        ("'nol' if r == 0 else 'isi'", "isi"),
        ("t[1] % 4 in (1, 3)", True),
        ("k.nama == 'tangki' and k[s] == k.nama", True),
        ("p == 3 / 4 or 1 / 0 > 1", True),  # what need not be computed is not
        ("komb(5, 2) + perm(5, 2) + fakt(3)", Fraction(36)),
        ("akar(9 / 16) * akar(27, 3)", Fraction(9, 4)),
        ("kpk(4, 6) - fpb(12, 18)", Fraction(6)),
        ("rata(t) + median(1, 9, 2) + jumlah(t) + banyak(t)", Fraction(35, 2)),
        ("bulat(r / 5) == desimal(r / 5, 0)", True),
        ("2 ** -3 + (-7) % 4", Fraction(9, 8)),
    ],
)
def test_an_expression_has_this_value(expression, value):
    assert evaluate(expression, VALUES) == value


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("__import__('os')", "tidak dikenal"),
        ("().__class__", "isian '__class__' tidak ada"),
        ("k.__class__", "isian '__class__' tidak ada"),
        ("open('rahasia')", "tidak dikenal"),
        ("[x for x in t]", "tidak dikenal"),
        ("(lambda: 1)()", "tidak dikenal"),
        ("f'{p}'", "tidak dikenal"),
        ("(z := 3)", "tidak dikenal"),
        ("0.1 + p", "tidak dikenal"),
        ("p; q", "bukan ungkapan"),
        ("tanpa_nama + 1", "nama 'tanpa_nama' tidak dikenal"),
        ("'a' * 9", "perlu bilangan"),
        ("p + True", "perlu bilangan"),
        ("p and q", "benar atau salah"),
        ("akar(2)", "tidak tepat"),
        ("akar(-4)", "tidak ada"),
        ("fakt(p)", "bilangan bulat"),
        ("min()", "min"),
        ("t[2]", "unsur ke-2 tidak ada"),
        ("t[p]", "unsur ke-3/4 tidak ada"),
        ("9 ** 9 ** 9", "pangkat harus bulat"),
        ("(10 ** 200) ** 200", "terlalu besar"),
        ("p / (r - 12)", "pembagian dengan nol"),
        ("0 ** -1", "pembagian dengan nol"),
        ("1 + " * 300 + "1", "paling panjang"),
    ],
)
def test_an_expression_is_refused_by_its_rule(expression, rule):
    with pytest.raises(BadItem, match=rule):
        evaluate(expression, VALUES)


def test_repeated_multiplication_stops_before_it_costs_memory():
    values = {"x": Fraction(2) ** (MOST_BITS - 2)}

    with pytest.raises(BadItem, match="terlalu besar"):
        number("x * x", values)


def test_a_condition_must_be_true_or_false():
    with pytest.raises(BadItem, match="benar atau salah"):
        truth("p + 1", VALUES)


def test_the_names_of_an_expression_are_those_it_asks_for():
    assert names_in("p + k.nama * t[s]") == {"p", "k", "t", "s"}
