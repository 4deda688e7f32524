"""What a model or a file may say without stopping the program: each refused at once, in words."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cat.errors import BadItem, BadRules
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.spreadsheet.rows import _whole as whole_of_row
from cat.itembank.exchange.spreadsheet.tao import _integer, _score
from cat.itembank.exchange.spreadsheet.tao import _whole as whole_of_tao
from cat.itembank.models import parse_model
from cat.itembank.models.expressions import MOST_ELEMENTS, evaluate
from cat.itembank.models.template import MOST_WRITTEN, fill
from cat.ketentuan.toml_text import read_as
from seeds.load import MODELS

TEXT = sorted(MODELS.glob("*.toml"))[0].read_text(encoding="utf-8")


def with_line(name: str, value: str) -> str:
    return re.sub(rf"(?m)^{name} *=.*", f"{name} = {value}", TEXT, count=1)


@pytest.mark.parametrize(
    "number",
    ["1e1000000000", '"1e1000000000"', "1e-100", "nan", "inf", "9" * 5000, "9" * 60],
)
def test_a_number_beyond_all_measure_is_refused_before_it_is_computed(number):
    with pytest.raises(BadItem):
        parse_model(with_line("detik", number))


@pytest.mark.parametrize("text", ["a=" + "[" * 5000, "kode = 0x" + "f" * 9000, "a=" + "{a=" * 3000])
def test_nesting_and_digits_without_end_are_no_model(text):
    with pytest.raises(BadItem):
        parse_model(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [("kode", '"MDL/1"'), ("kode", f'"{"K" * 36}"'), ("awalan_kode", '"TIU <b>"')],
)
def test_codes_of_models_fit_addresses_and_the_bank(name, value):
    with pytest.raises(BadItem, match=name):
        parse_model(with_line(name, value))


def test_tuples_of_tuples_stop_doubling():
    twice = (Fraction(1),) * (MOST_ELEMENTS // 2)

    assert len(evaluate("(t, t)", {"t": twice})) == 2
    with pytest.raises(BadItem, match=f"paling banyak {MOST_ELEMENTS}"):
        evaluate("((t, t), 1)", {"t": twice})


def test_what_a_function_gives_is_bounded_too():
    with pytest.raises(BadItem, match="terlalu besar"):
        evaluate("kpk(t)", {"t": tuple(Fraction(n) for n in range(10**9 - 600, 10**9))})


@pytest.mark.parametrize("inner", ["[u]" * 2000, "x[u]" * 2000])
def test_texts_within_texts_stop_multiplying(inner):
    with pytest.raises(BadItem, match=f"paling banyak {MOST_WRITTEN}"):
        fill("[t]" * 2000, {"t": inner, "u": ""})


@pytest.mark.parametrize("text", ["a." * 60_000 + "b = 1", "c = 1\n" + '"a b" . ' * 20_000 + "b=1"])
def test_a_key_of_many_steps_is_refused_before_it_is_read(text):
    with pytest.raises(BadRules) as refused:
        read_as(text, dict)
    assert refused.value.evidence["line"] == text.count("\n") + 1


def test_numbers_of_a_sheet_that_no_float_holds_are_named():
    for read in (
        lambda: whole_of_row({"poin_a": "9" * 5000}, "poin_a", 0),
        lambda: whole_of_tao({"max": "9" * 5000}, "max"),
        lambda: _integer(_score("inf", "choice_1_score")),
        lambda: _integer(_score("nan", "choice_1_score")),
    ):
        with pytest.raises(CannotKeep):
            read()
