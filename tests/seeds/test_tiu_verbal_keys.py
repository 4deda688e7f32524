"""The key of every syllogism and every analytical item follows from its machine-readable rule.

The two languages of the rules are described at the head of the item files. Nothing is sampled:
assignments are enumerated one by one, and syllogisms are decided over every model, that is every
way in which the 2**n regions of n classes can be occupied. This is complete for monadic logic
without identity: a formula cannot count the members of a region, only see whether it has any.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import seeds.bank
from cat.itembank.content import LETTERS, ItemContent

FOLDER = Path(seeds.bank.__file__).parent / "bank" / "tiu"
SYLLOGISMS = seeds.bank.read_file(FOLDER / "silogisme.toml")
PUZZLES = seeds.bank.read_file(FOLDER / "analitis.toml")


def code(item: ItemContent) -> str:
    return item.code


# --- Assignments: expressions over the variables of a puzzle ---------------------------------

COMPARISONS = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}


@cache
def read_expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def evaluate(node: ast.expr, assignment: Mapping[str, Any]) -> Any:
    """Value of an expression; whatever the language does not have is refused, never executed."""
    match node:
        case ast.Constant(value=int() | str() as constant):
            return constant
        case ast.Name(id=name) if name in assignment:
            return assignment[name]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(evaluate_each(parts, assignment))
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(evaluate_each(parts, assignment))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not evaluate(part, assignment)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return evaluate(left, assignment) + evaluate(right, assignment)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return evaluate(left, assignment) - evaluate(right, assignment)
        case ast.Call(func=ast.Name(id="abs"), args=[part], keywords=[]):
            return abs(evaluate(part, assignment))
        case ast.Compare(left=left, ops=signs, comparators=rest) if all(
            type(sign) in COMPARISONS for sign in signs
        ):
            values = evaluate_each([left, *rest], assignment)
            pairs = zip(signs, values, values[1:], strict=False)
            return all(COMPARISONS[type(sign)](one, other) for sign, one, other in pairs)
    raise ValueError(f"not in the language of the rules: {ast.unparse(node)}")


def evaluate_each(nodes: Sequence[ast.expr], assignment: Mapping[str, Any]) -> list[Any]:
    """All values, without short cuts, so that no part of a rule goes unread."""
    return [evaluate(node, assignment) for node in nodes]


def claims(text: str, assignment: Mapping[str, Any]) -> bool:
    """Truth of a whole condition or claim, which must be a yes or a no."""
    value = evaluate(read_expression(text), assignment)
    if not isinstance(value, bool):
        raise ValueError(f"neither true nor false: {text}")
    return value


def assignments(rule: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way to give each variable a value of its domain, distinct within a `berbeda` group."""
    names = list(rule["variabel"])
    rivals = {
        name: [other for group in rule.get("berbeda", []) if name in group for other in group]
        for name in names
    }

    def extend(chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if len(chosen) == len(names):
            yield dict(chosen)
            return
        name = names[len(chosen)]
        taken = [chosen[other] for other in rivals[name] if other in chosen]
        for value in rule["variabel"][name]:
            if value not in taken:
                yield from extend({**chosen, name: value})

    yield from extend({})


def solutions(rule: Mapping[str, Any], conditions: Sequence[str]) -> list[dict[str, Any]]:
    """The assignments that meet all conditions."""
    return [each for each in assignments(rule) if meets(conditions, each)]


def meets(conditions: Sequence[str], assignment: Mapping[str, Any]) -> bool:
    return all(claims(text, assignment) for text in conditions)


def answers_to_puzzle(rule: Mapping[str, Any]) -> set[str]:
    """Letters of the options that answer the question which the rule asks."""
    found = solutions(rule, rule["syarat"])
    if not found:
        raise ValueError("no assignment meets all conditions")
    true_in = {
        letter: sum([claims(claim, each) for each in found])
        for letter, claim in rule["pilihan"].items()
    }
    asked = {
        "pasti": lambda count: count == len(found),
        "mungkin": lambda count: count > 0,
        "tidak_mungkin": lambda count: count == 0,
    }[rule["tanya"]]
    return {letter for letter, count in true_in.items() if asked(count)}


# --- Syllogisms: monadic sentences and propositions ------------------------------------------

Formula = tuple[Any, ...]


def read_formula(text: str) -> Formula:
    words = iter(text.split())
    try:
        formula = _read_formula(words)
    except StopIteration:
        raise ValueError(f"the sentence breaks off: {text}") from None
    if rest := list(words):
        raise ValueError(f"words left over in {text!r}: {rest}")
    return formula


def _read_formula(words: Iterator[str]) -> Formula:
    match next(words):
        case ("semua" | "sebagian") as quantifier:
            return (quantifier, next(words), next(words))
        case "tidak" if next(words) == "ada":
            return ("bukan", ("sebagian", next(words), next(words)))
        case "bukan":
            return ("bukan", _read_formula(words))
        case ("dan" | "atau" | "jika") as connective:
            return (connective, _read_formula(words), _read_formula(words))
        case name if name[0].isupper():
            return ("anggota", name, next(words))
        case proposition if proposition.isalpha():
            return ("proposisi", proposition)
        case word:
            raise ValueError(f"not a word of the language: {word!r}")


def literals(term: str) -> list[tuple[str, bool]]:
    """Classes of a term and whether each is affirmed: "kinerja&!usulan" names two."""
    found = [(part.removeprefix("!"), not part.startswith("!")) for part in term.split("&")]
    if not all(name.isalpha() and name.islower() for name, _ in found):
        raise ValueError(f"not a class: {term!r}")
    return found


@dataclass(frozen=True)
class Vocabulary:
    """The words of a syllogism, each kind in order."""

    classes: tuple[str, ...]
    people: tuple[str, ...]
    propositions: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """One state of affairs.

    Region r of the classes holds what belongs to exactly those classes whose bit is set in r.
    occupied : bit r is set when region r has a member.
    home : name of a person -> the one bit of the region where that person is.
    truth : proposition -> whether it holds.
    """

    classes: tuple[str, ...]
    occupied: int
    home: Mapping[str, int]
    truth: Mapping[str, bool]


@cache
def extension(term: str, classes: tuple[str, ...]) -> int:
    """Bits of the regions that a term covers."""
    wanted = [(classes.index(name), affirmed) for name, affirmed in literals(term)]
    return sum(
        1 << region
        for region in range(2 ** len(classes))
        if all(bool(region >> place & 1) == affirmed for place, affirmed in wanted)
    )


def holds(formula: Formula, model: Model) -> bool:
    match formula:
        case ("semua", subject, predicate):
            inside = extension(subject, model.classes) & model.occupied
            return inside & ~extension(predicate, model.classes) == 0
        case ("sebagian", subject, predicate):
            inside = extension(subject, model.classes) & model.occupied
            return inside & extension(predicate, model.classes) != 0
        case ("anggota", name, term):
            return model.home[name] & extension(term, model.classes) != 0
        case ("proposisi", name):
            return model.truth[name]
        case ("bukan", inner):
            return not holds(inner, model)
        case ("dan", left, right):
            return holds(left, model) and holds(right, model)
        case ("atau", left, right):
            return holds(left, model) or holds(right, model)
        case ("jika", left, right):
            return not holds(left, model) or holds(right, model)
    raise ValueError(f"not a formula: {formula}")


def vocabulary(formulas: Sequence[Formula]) -> Vocabulary:
    classes, people, propositions = set(), set(), set()

    def walk(formula: Formula) -> None:
        match formula:
            case ("semua" | "sebagian", subject, predicate):
                classes.update(name for term in (subject, predicate) for name, _ in literals(term))
            case ("anggota", name, term):
                people.add(name)
                classes.update(name for name, _ in literals(term))
            case ("proposisi", name):
                propositions.add(name)
            case (_, *inner):
                for each in inner:
                    walk(each)

    for formula in formulas:
        walk(formula)
    return Vocabulary(*(tuple(sorted(words)) for words in (classes, people, propositions)))


def models(words: Vocabulary) -> Iterator[Model]:
    """Every state of affairs that the words can tell apart; classes may be empty."""
    regions = [1 << region for region in range(2 ** len(words.classes))]
    for occupied in range(1, 2 ** len(regions)):
        homes = [bit for bit in regions if bit & occupied]
        for home in product(homes, repeat=len(words.people)):
            for truth in product((True, False), repeat=len(words.propositions)):
                yield Model(
                    words.classes,
                    occupied,
                    dict(zip(words.people, home, strict=True)),
                    dict(zip(words.propositions, truth, strict=True)),
                )


def as_written(premises: Sequence[Formula]) -> list[Formula]:
    """The convention of the item file: classes may be empty, "sebagian" is at least one."""
    return list(premises)


def with_members(premises: Sequence[Formula]) -> list[Formula]:
    """Existential import: every class that the premises name has a member."""
    inhabited = [("sebagian", name, name) for name in vocabulary(premises).classes]
    return [*premises, *inhabited]


def as_in_conversation(premises: Sequence[Formula]) -> list[Formula]:
    """What everyday speech adds: members, "sebagian" is not all, "atau" is not both."""
    added: list[Formula] = []
    for premise in premises:
        match premise:
            case ("sebagian", subject, predicate):
                added.append(("bukan", ("semua", subject, predicate)))
            case ("atau", left, right):
                added.append(("bukan", ("dan", left, right)))
    return [*with_members(premises), *added]


READINGS = [as_written, with_members, as_in_conversation]


def conclusions_that_follow(rule: Mapping[str, Any], reading: Any = as_written) -> set[str]:
    """Letters of the conclusions that hold in every model of the premises."""
    premises = reading([read_formula(text) for text in rule["premis"]])
    conclusions = {letter: read_formula(text) for letter, text in rule["simpulan"].items()}
    following, has_model = set(conclusions), False
    for model in models(vocabulary([*premises, *conclusions.values()])):
        if all(holds(premise, model) for premise in premises):
            has_model = True
            following = {letter for letter in following if holds(conclusions[letter], model)}
    if not has_model:
        raise ValueError("the premises contradict each other")
    return following


def follows(conclusion: str, *premises: str, reading: Any = as_written) -> bool:
    rule = {"premis": premises, "simpulan": {"A": conclusion}}
    return conclusions_that_follow(rule, reading) == {"A"}


# --- Wording beside rule: crude signs that both say the same ----------------------------------


def names_in(expression: str) -> list[str]:
    """Variables of an expression."""
    nodes = ast.walk(read_expression(expression))
    return [node.id for node in nodes if isinstance(node, ast.Name) and node.id != "abs"]


OPENINGS = {"setiap": "semua", "hanya": "semua"}


def shape_of_sentence(sentence: str) -> tuple[str, int]:
    """Quantifier or "jika" that opens an Indonesian sentence, and how many negations it has."""
    words = sentence.lower().replace(",", " ").rstrip(".").split()
    opening = OPENINGS.get(words[0], words[0])
    return _opening(opening), sum(word in {"tidak", "bukan", "tanpa"} for word in words)


def shape_of_formula(formula: str) -> tuple[str, int]:
    """The same of a formula, where "!" negates as well."""
    words = formula.lower().split()
    return _opening(words[0]), sum(word in {"tidak", "bukan"} for word in words) + formula.count(
        "!"
    )


def _opening(word: str) -> str:
    return word if word in {"semua", "sebagian", "tidak", "jika"} else "lainnya"


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
    missing = [name for name in item.rule["variabel"] if name.lower() not in item.stem.lower()]

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


# --- The checkers themselves ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conclusion", "premises", "always", "if_inhabited"),
    [
        ("semua a c", ["semua a b", "semua b c"], True, True),  # Barbara
        ("tidak ada a c", ["semua a b", "tidak ada b c"], True, True),  # Celarent
        ("sebagian a c", ["sebagian a b", "semua b c"], True, True),  # Darii
        ("sebagian a !b", ["sebagian a !c", "semua b c"], True, True),  # Baroco
        ("sebagian a c", ["semua b a", "semua b c"], False, True),  # Darapti: needs a b
        ("sebagian a c", ["semua a b", "semua b c"], False, True),  # Barbari: needs an a
        ("semua a c", ["semua a b", "semua c b"], False, False),  # undistributed middle
        ("semua b a", ["semua a b"], False, False),  # illicit conversion
        ("sebagian a c", ["sebagian a b", "sebagian b c"], False, False),  # two particulars
        ("Sokrates fana", ["semua manusia fana", "Sokrates manusia"], True, True),
        ("Damar !lulus", ["semua lulus&baik naik", "Damar baik&!naik"], True, True),
        ("bukan p", ["jika p q", "bukan q"], True, True),  # modus tollens
        ("p", ["jika p q", "q"], False, False),  # affirming the consequent
        ("bukan q", ["jika p q", "bukan p"], False, False),  # denying the antecedent
        ("q", ["atau p q", "bukan p"], True, True),  # disjunctive syllogism
    ],
)
def test_the_prover_agrees_with_the_textbook(conclusion, premises, always, if_inhabited):
    assert follows(conclusion, *premises) is always
    assert follows(conclusion, *premises, reading=with_members) is if_inhabited


def test_sebagian_means_not_all_only_in_conversation():
    assert not follows("sebagian a !b", "sebagian a b")
    assert follows("sebagian a !b", "sebagian a b", reading=as_in_conversation)


@pytest.mark.parametrize("premises", [["p", "bukan p"], ["semua a b", "sebagian a !b"]])
def test_contradictory_premises_are_refused_instead_of_proving_everything(premises):
    with pytest.raises(ValueError, match="contradict"):
        follows("q", *premises)


def test_conditions_that_nothing_meets_are_refused():
    rule = {"variabel": {"x": [1, 2]}, "syarat": ["x > 2"], "pilihan": {}, "tanya": "pasti"}

    with pytest.raises(ValueError, match="no assignment"):
        answers_to_puzzle(rule)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.bit_length() > 0",
        "max(x, 2) == 2",
        "y == 1",
        "x * 2 == 2",
        "x in [1, 2]",
        "[x for x in [1]] == [1]",
        "x == 1.0",
        "x",
    ],
)
def test_an_expression_outside_the_language_is_refused(text):
    with pytest.raises(ValueError, match=r"not in the language|neither true nor false"):
        claims(text, {"x": 1})


@pytest.mark.parametrize(
    "text", ["semua a", "semua a b c", "jika p", "tidak semua a", "sebagian a B", "p2"]
)
def test_a_sentence_outside_the_language_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        vocabulary([read_formula(text)])


@pytest.mark.parametrize(
    ("question", "answers"),
    [("pasti", {"A"}), ("mungkin", {"A", "B"}), ("tidak_mungkin", {"C"})],
)
def test_the_three_questions_are_told_apart(question, answers):
    rule = {
        "tanya": question,
        "berbeda": [["x", "y"]],
        "variabel": {"x": [1, 2, 3], "y": [1, 2, 3]},
        "syarat": ["x < y"],
        "pilihan": {"A": "x != 3", "B": "x + 1 == y", "C": "abs(x - y) == 0"},
    }

    assert answers_to_puzzle(rule) == answers


def test_a_puzzle_with_a_condition_left_out_no_longer_has_its_key():
    rule = dict(PUZZLES[-1].rule)
    rule["syarat"] = rule["syarat"][1:]

    assert answers_to_puzzle(rule) != {PUZZLES[-1].key}


def test_a_syllogism_with_a_premise_left_out_no_longer_has_its_key():
    rule = dict(SYLLOGISMS[-1].rule)
    rule["premis"] = rule["premis"][1:]

    assert conclusions_that_follow(rule) != {SYLLOGISMS[-1].key}
