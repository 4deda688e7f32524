"""The key of every syllogism and every analytical item follows from its machine-readable rule.

The two languages of the rules are described at the head of the item files, and decided in
`rules/syllogism.py` and `rules/assignment.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import seeds.bank
from cat.itembank.content import LETTERS, ItemContent
from tests.seeds.rules.assignment import answers_to_puzzle, names_in, solutions
from tests.seeds.rules.syllogism import READINGS, conclusions_that_follow, follows
from tests.seeds.rules.wording import shape_of_formula, shape_of_sentence

FOLDER = Path(seeds.bank.__file__).parent / "bank" / "tiu"
SYLLOGISMS = seeds.bank.read_file(FOLDER / "silogisme.toml")
PUZZLES = seeds.bank.read_file(FOLDER / "analitis.toml")


def code(item: ItemContent) -> str:
    return item.code


# --- The promises of the bank -----------------------------------------------------------------


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("item", SYLLOGISMS, ids=code)
def test_the_key_of_a_syllogism_is_the_only_conclusion_that_follows(item, reading):
    assert conclusions_that_follow(item.rule, reading) == {item.key}


@pytest.mark.parametrize("item", SYLLOGISMS, ids=code)
def test_no_single_premise_is_enough_for_the_key_of_a_syllogism(item):
    conclusion = item.rule["simpulan"][item.key]

    enough = [premise for premise in item.rule["premis"] if follows(conclusion, premise)]

    assert enough == []


@pytest.mark.parametrize("item", PUZZLES, ids=code)
def test_the_key_of_a_puzzle_is_the_only_option_that_answers_its_question(item):
    assert answers_to_puzzle(item.rule) == {item.key}


@pytest.mark.parametrize("item", PUZZLES, ids=code)
def test_every_condition_of_a_puzzle_excludes_something_that_the_others_allow(item):
    conditions = item.rule["syarat"]
    kept = len(solutions(item.rule, conditions))

    idle = [
        text
        for place, text in enumerate(conditions)
        if len(solutions(item.rule, conditions[:place] + conditions[place + 1 :])) == kept
    ]

    assert idle == []


@pytest.mark.parametrize("item", PUZZLES, ids=code)
def test_a_puzzle_names_in_its_stem_every_variable_of_its_rule(item):
    missing = [
        name for name in item.rule["variabel"] if name.lower() not in item.shown_stem.lower()
    ]

    assert missing == []


@pytest.mark.parametrize("item", PUZZLES, ids=code)
def test_a_puzzle_asks_in_its_stem_the_question_of_its_rule(item):
    said = {"tidak_mungkin": "tidak mungkin", "mungkin": "yang mungkin"}.get(item.rule["tanya"])

    if said is None:
        assert "mungkin" not in item.stem
    else:
        assert said in item.stem


@pytest.mark.parametrize("item", PUZZLES, ids=code)
def test_an_option_of_a_puzzle_names_every_variable_of_its_claim(item):
    missing = [
        (letter, name)
        for letter, option in zip(LETTERS, item.options, strict=True)
        for name in names_in(item.rule["pilihan"][letter])
        if name.lower() not in option.lower()
    ]

    assert missing == []


@pytest.mark.parametrize("item", SYLLOGISMS, ids=code)
def test_a_sentence_and_its_formula_open_alike_and_negate_equally_often(item):
    sentences = [*item.stem.split("\n\n")[0].splitlines(), *item.options]
    formulas = [*item.rule["premis"], *item.rule["simpulan"].values()]

    different = [
        (sentence, formula)
        for sentence, formula in zip(sentences, formulas, strict=True)
        if shape_of_sentence(sentence) != shape_of_formula(formula)
    ]

    assert different == []


@pytest.mark.parametrize("item", [*SYLLOGISMS, *PUZZLES], ids=code)
def test_every_item_with_a_rule_claims_something_for_each_of_its_five_letters(item):
    kind, field = {
        "tiu.verbal.silogisme": ("silogisme", "simpulan"),
        "tiu.verbal.analitis": ("penugasan", "pilihan"),
    }[item.domain]

    assert item.rule["jenis"] == kind
    assert list(item.rule[field]) == list(LETTERS)


# --- A spoiled item is noticed -----------------------------------------------------------------


def test_a_puzzle_with_a_condition_left_out_no_longer_has_its_key():
    rule = dict(PUZZLES[-1].rule)
    rule["syarat"] = rule["syarat"][1:]

    assert answers_to_puzzle(rule) != {PUZZLES[-1].key}


def test_a_syllogism_with_a_premise_left_out_no_longer_has_its_key():
    rule = dict(SYLLOGISMS[-1].rule)
    rule["premis"] = rule["premis"][1:]

    assert conclusions_that_follow(rule) != {SYLLOGISMS[-1].key}
