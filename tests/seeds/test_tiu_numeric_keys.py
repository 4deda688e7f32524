"""The key of every numeric TIU item is recomputed from its rule, without looking at the key.

The four kinds of rule are described in `rules/numeric_verdict.py`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest

from cat.itembank.content import LETTERS
from seeds.bank import BANK, read_file
from tests.seeds.rules.arithmetic import constants
from tests.seeds.rules.comparison import cases
from tests.seeds.rules.indonesian_numbers import MINUS, givens, numbers_in, read_number, read_option
from tests.seeds.rules.numeric_verdict import right_letters
from tests.seeds.rules.series import answers, complete, generate, simple_rules

FILES = {
    "berhitung": ("TIU-HIT", 36),
    "deret_angka": ("TIU-DER", 40),
    "perbandingan_kuantitatif": ("TIU-PRB", 31),
    "soal_cerita": ("TIU-CRT", 56),
}
ITEMS = [item for name in FILES for item in read_file(BANK / "tiu" / f"{name}.toml")]


def of_kind(*kinds: str):
    """Parametrization over the items whose rule is of one of these kinds."""
    chosen = [item for item in ITEMS if item.rule.get("jenis") in kinds]
    return pytest.mark.parametrize("item", chosen, ids=lambda item: item.code)


# --- the promises ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_its_domain_with_codes_counted_from_one(name):
    prefix, count = FILES[name]

    items = [item for item in ITEMS if item.domain == f"tiu.numerik.{name}"]

    assert [item.code for item in items] == [f"{prefix}-{n:03}" for n in range(1, count + 1)]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_the_rule_of_an_item_makes_its_key_right_and_nothing_else(item):
    assert right_letters(item) == [item.key]


@of_kind("hitung", "ekstrem")
def test_five_options_are_five_different_numbers_in_one_unit(item):
    assert len({read_option(text, item.rule) for text in item.options}) == len(LETTERS)


@of_kind("hitung")
def test_a_calculation_uses_the_numbers_of_its_stem_and_the_stem_no_others(item):
    printed = numbers_in(item.shown_stem)
    named = givens(item.rule)

    assert set(item.rule.get("diketahui", {}).values()) <= set(printed)
    if not item.stimulus:  # a shared table holds numbers for other items too
        assert {read_number(text) for text in printed} <= {
            *named.values(),
            *constants(item.rule["nilai"]),
        }
    used = {n.id for n in ast.walk(ast.parse(item.rule["nilai"])) if isinstance(n, ast.Name)}
    assert set(named) <= used


@of_kind("perbandingan")
def test_the_givens_of_a_comparison_are_printed_in_its_stem(item):
    assert set(item.rule.get("diketahui", {}).values()) <= set(numbers_in(item.shown_stem))


@of_kind("deret")
def test_a_series_is_printed_as_its_rule_lists_it(item):
    shown = ", ".join("..." if text == "?" else text for text in item.rule["suku"])

    assert shown in item.shown_stem


@of_kind("deret")
def test_a_rule_generates_every_term_that_a_series_shows(item):
    shown = item.rule["suku"]

    terms = generate(item.rule, len(shown))

    assert [term for term, text in zip(terms, shown, strict=True) if text != "?"] == [
        read_number(text) for text in shown if text != "?"
    ]


@of_kind("deret")
def test_the_formulas_of_a_series_are_checked_by_more_terms_than_they_are_fitted_to(item):
    rule = item.rule

    checked = len([text for text in rule["suku"] if text != "?"]) - len(rule["awal"])

    assert checked > len(rule["rumus"])


@of_kind("deret")
def test_no_simple_rule_explains_a_series_that_ends_in_a_wrong_option(item):
    wrong = [text for text, points in zip(item.options, item.points, strict=True) if not points]

    explained = {text: simple_rules(complete(item.rule["suku"], answers(text))) for text in wrong}

    assert explained == {text: set() for text in wrong}


@of_kind("perbandingan")
def test_a_comparison_of_unknowns_is_sampled_and_meets_its_conditions(item):
    points = list(cases(item.rule))

    assert len(points) >= (1 if not item.rule.get("peubah") else 2)


@of_kind("perbandingan")
def test_an_option_written_in_symbols_says_what_its_claim_says(item):
    for option, claim in zip(item.options, item.rule["klaim"], strict=True):
        if re.fullmatch(rf"[\dxy\s=<>≥≤+{MINUS}:]+", option):
            assert in_python(option) == claim.replace(" ", ""), option


def in_python(option: str) -> str:
    """An option such as `y < x < 2y` or `x : y = 6 : 5` as the evaluator writes it."""
    text = option.replace(" ", "").replace("=", "==").replace("≥", ">=").replace("≤", "<=")
    text = text.replace(MINUS, "-").replace(":", "/")
    return re.sub(r"(\d)([xy])", r"\1*\2", text)


# --- A spoiled item is noticed -----------------------------------------------------------------


@pytest.mark.parametrize("code", ["TIU-HIT-001", "TIU-DER-007", "TIU-CRT-008"])
def test_an_item_whose_key_has_a_slip_of_the_pen_has_no_right_option(code):
    item = next(each for each in ITEMS if each.code == code)
    at = LETTERS.index(item.key)
    slipped = item.options[at][:-1] + str((int(item.options[at][-1]) + 1) % 10)

    spoiled = replace(item, options=(*item.options[:at], slipped, *item.options[at + 1 :]))

    assert right_letters(spoiled) == []
