"""Recomputes the key of every numeric TIU item from its rule, without looking at the key.

A rule (`[butir.aturan]`) is one of four kinds:

    hitung        `nilai`, an exact expression over the numbers named in `diketahui`
    ekstrem       the largest or smallest of the five options
    deret         `suku` with "?" where the candidate answers; `awal` terms, `rumus` taken in turn
    perbandingan  `x` and `y` over all `peubah` that meet `syarat`, and one claim per option

Numbers in `diketahui` and options are written as candidates read them: 1.250,5 or 37,5% or 06.15.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest

from cat.itembank.content import LETTERS, ItemContent
from seeds.bank import BANK, read_file

FILES = {
    "berhitung": ("TIU-HIT", 12),
    "deret_angka": ("TIU-DER", 12),
    "perbandingan_kuantitatif": ("TIU-PRB", 11),
    "soal_cerita": ("TIU-CRT", 12),
}
ITEMS = [item for name in FILES for item in read_file(BANK / "tiu" / f"{name}.toml")]


def of_kind(*kinds: str):
    """Parametrization over the items whose rule is of one of these kinds."""
    chosen = [item for item in ITEMS if item.rule.get("jenis") in kinds]
    return pytest.mark.parametrize("item", chosen, ids=lambda item: item.code)


# --- a small exact evaluator -----------------------------------------------------------------

Values = Mapping[str, Fraction]
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_COMPARISONS = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
}


def exact_root(value: Fraction, degree: Fraction) -> Fraction:
    """The rational root; ValueError when there is none, so that nothing is ever rounded."""
    top, bottom = (round(part ** (1 / float(degree))) for part in value.as_integer_ratio())
    if Fraction(top, bottom) ** int(degree) != value:
        raise ValueError(f"{value} has no exact root of degree {degree}")
    return Fraction(top, bottom)


_FUNCTIONS = {
    "akar": exact_root,
    "kpk": lambda *numbers: Fraction(math.lcm(*map(int, numbers))),
    "median": lambda *numbers: statistics.median(numbers),
}


def compute(expression: str, values: Values) -> Fraction:
    """Exact value of an arithmetic expression; refuses every name that is not given."""
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Values) -> Fraction:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return Fraction(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=base, op=ast.Pow(), right=power):
            exponent = _value(power, values)
            if exponent.denominator != 1 or abs(exponent) > 100:
                raise ValueError(f"exponent {exponent} is not a small whole number")
            return _value(base, values) ** exponent.numerator
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(arg, values) for arg in args))
    raise ValueError(f"not arithmetic over given names: {ast.dump(node)}")


def holds(comparison: str, values: Values) -> bool:
    """Whether a chain such as `y < x < 2*y` is true."""
    node = ast.parse(comparison, mode="eval").body
    if not isinstance(node, ast.Compare):
        raise ValueError(f"not a comparison: {comparison}")
    sides = [_value(side, values) for side in (node.left, *node.comparators)]
    return all(
        _COMPARISONS[type(op)](left, right)
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
    )


def constants(*expressions: str) -> set[Fraction]:
    """The numbers written out in expressions."""
    nodes = (node for each in expressions for node in ast.walk(ast.parse(each, mode="eval")))
    return {Fraction(node.value) for node in nodes if isinstance(node, ast.Constant)}


# --- numbers as the candidate reads them -------------------------------------------------------

MINUS = "\N{MINUS SIGN}"
_DECIMAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_CLOCK = r"\d\d\.\d\d(?!\d)"
_NUMBER = re.compile(rf"{_CLOCK}|(?:\d+ )?\d+/\d+|{_DECIMAL}%?")


def read_number(text: str) -> Fraction:
    """1.250,5 and 3/8 and 2 1/3; a percentage as its hundredths; a time of day in minutes."""
    text = text.strip().replace(MINUS, "-")
    if re.fullmatch(_CLOCK, text):
        return Fraction(text[:2]) * 60 + Fraction(text[3:])
    if mixed := re.fullmatch(r"(\d+) (\d+/\d+)", text):
        return Fraction(mixed[1]) + Fraction(mixed[2])
    if fraction := re.fullmatch(r"-?\d+/\d+", text):
        return Fraction(fraction[0])
    if decimal := re.fullmatch(rf"(-?{_DECIMAL})(%?)", text):
        number = Fraction(decimal[1].replace(".", "").replace(",", "."))
        return number / 100 if decimal[2] else number
    raise ValueError(f"not a number in Indonesian notation: {text!r}")


def read_option(text: str, rule: Mapping) -> Fraction:
    """The number of an option in the unit of its rule: `awalan` before it, `akhiran` after it."""
    before, after = rule.get("awalan", ""), rule.get("akhiran", "")
    if not (text.startswith(before) and text.endswith(after)):
        raise ValueError(f"{text!r} lacks its unit {before!r} or {after!r}")
    return read_number(text[len(before) : len(text) - len(after)])


def numbers_in(stem: str) -> list[str]:
    """Every number printed in a stem, with LaTeX fractions and decimals in plain notation."""
    plain = stem.replace("{,}", ",")
    plain = re.sub(r"(\d)\\frac\{(\d+)\}\{(\d+)\}", r"\1 \2/\3", plain)
    plain = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", plain)
    return _NUMBER.findall(plain)


def givens(rule: Mapping) -> dict[str, Fraction]:
    return {name: read_number(text) for name, text in rule.get("diketahui", {}).items()}


# --- what each kind of rule says of the options ------------------------------------------------


def right_letters(item: ItemContent) -> list[str]:
    """Letters that the rule of an item makes right; never reads the key."""
    verdicts = _VERDICTS[item.rule["jenis"]](item)
    return [letter for letter, right in zip(LETTERS, verdicts, strict=True) if right]


def _calculated(item: ItemContent) -> list[bool]:
    wanted = compute(item.rule["nilai"], givens(item.rule))
    return [read_option(text, item.rule) == wanted for text in item.options]


def _extreme(item: ItemContent) -> list[bool]:
    values = [read_option(text, item.rule) for text in item.options]
    wanted = {"terbesar": max, "terkecil": min}[item.rule["cari"]](values)
    return [value == wanted for value in values]


def _continued(item: ItemContent) -> list[bool]:
    terms = generate(item.rule, len(item.rule["suku"]))
    return [complete(item.rule["suku"], answers(text)) == terms for text in item.options]


def _compared(item: ItemContent) -> list[bool]:
    points = list(cases(item.rule))
    return [claim_is_true(claim, points) for claim in item.rule["klaim"]]


_VERDICTS = {
    "hitung": _calculated,
    "ekstrem": _extreme,
    "deret": _continued,
    "perbandingan": _compared,
}


def generate(rule: Mapping, length: int) -> list[Fraction]:
    """Terms of a series; after the first terms the formulas are taken in turn."""
    terms = [read_number(text) for text in rule["awal"]]
    formulas, start = rule["rumus"], len(rule["awal"])
    for n in range(start + 1, length + 1):
        values = {"n": Fraction(n)}
        values |= {name: terms[-k] for k, name in ((1, "prev"), (2, "prev2")) if len(terms) >= k}
        terms.append(compute(formulas[(n - start - 1) % len(formulas)], values))
    return terms


def answers(option: str) -> list[Fraction]:
    """The terms that an option fills in, such as `83 dan 249`."""
    return [read_number(text) for text in option.split(" dan ")]


def complete(shown: Sequence[str], filled: Sequence[Fraction]) -> list[Fraction]:
    """The series with its gaps filled, in order; the number of answers must be that of the gaps."""
    assert shown.count("?") == len(filled), "an option must fill every gap, no more and no less"
    rest = iter(filled)
    return [next(rest) if text == "?" else read_number(text) for text in shown]


def cases(rule: Mapping) -> Iterator[dict[str, Fraction]]:
    """Every sampled case that meets the conditions, with its x and y."""
    ranges = {name: _steps(*map(Fraction, span)) for name, span in rule.get("peubah", {}).items()}
    for combination in product(*ranges.values()):
        values = givens(rule) | dict(zip(ranges, combination, strict=True))
        if all(holds(condition, values) for condition in rule.get("syarat", [])):
            yield values | {name: compute(rule[name], values) for name in ("x", "y")}


def _steps(first: Fraction, last: Fraction, step: Fraction) -> list[Fraction]:
    return [first + k * step for k in range(int((last - first) / step) + 1)]


def claim_is_true(claim: str, points: Sequence[Values]) -> bool:
    """Whether every part of a claim holds: `selalu` (also when unsaid) in all cases, `ada` in some.

    `p setara q` holds in a case where both sides hold or neither does.
    """
    return all(_part_is_true(part.strip(), points) for part in claim.split(";"))


def _part_is_true(part: str, points: Sequence[Values]) -> bool:
    word, _, rest = part.partition(" ")
    quantifier, body = {"selalu": (all, rest), "ada": (any, rest)}.get(word, (all, part))
    sides = body.split(" setara ")
    if len(sides) == 2:
        return quantifier(holds(sides[0], case) == holds(sides[1], case) for case in points)
    return quantifier(holds(body, case) for case in points)


# --- simple rules that a series must not follow by accident ------------------------------------


def simple_rules(terms: Sequence[Fraction]) -> set[str]:
    """Names of the simplest rules that a whole series obeys."""
    second = _differences(_differences(terms))
    found = {
        "constant difference": _is_arithmetic(terms),
        "constant ratio": _is_geometric(terms),
        "constant second difference": len(set(second)) == 1,
        "differences in constant ratio": _is_geometric(_differences(terms)),
        "sum of the two previous": all(
            c == a + b for a, b, c in zip(terms, terms[1:], terms[2:], strict=False)
        ),
        "two interleaved series": all(
            _is_arithmetic(part) or _is_geometric(part) for part in (terms[::2], terms[1::2])
        ),
    }
    return {name for name, obeyed in found.items() if obeyed}


def _differences(terms: Sequence[Fraction]) -> list[Fraction]:
    return [after - before for before, after in pairwise(terms)]


def _is_arithmetic(terms: Sequence[Fraction]) -> bool:
    return len(set(_differences(terms))) == 1


def _is_geometric(terms: Sequence[Fraction]) -> bool:
    return 0 not in terms and len({b / a for a, b in pairwise(terms)}) == 1


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
    printed = numbers_in(item.stem)
    named = givens(item.rule)

    assert set(item.rule.get("diketahui", {}).values()) <= set(printed)
    assert {read_number(text) for text in printed} <= {
        *named.values(),
        *constants(item.rule["nilai"]),
    }
    used = {n.id for n in ast.walk(ast.parse(item.rule["nilai"])) if isinstance(n, ast.Name)}
    assert set(named) <= used


@of_kind("perbandingan")
def test_the_givens_of_a_comparison_are_printed_in_its_stem(item):
    assert set(item.rule.get("diketahui", {}).values()) <= set(numbers_in(item.stem))


@of_kind("deret")
def test_a_series_is_printed_as_its_rule_lists_it(item):
    shown = ", ".join("..." if text == "?" else text for text in item.rule["suku"])

    assert shown in item.stem


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


# --- the checks themselves are checked ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250,5", Fraction(2501, 2)),
        ("12.500", Fraction(12500)),
        (f"{MINUS}41", Fraction(-41)),
        ("37,5%", Fraction(3, 8)),
        ("2 1/3", Fraction(7, 3)),
        ("0,0144", Fraction(144, 10000)),
        ("06.15", Fraction(375)),
    ],
)
def test_a_number_is_read_in_indonesian_notation(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["1,250.5", "12 500", "1.25.000", "Rp500", ""])
def test_a_number_in_another_notation_is_refused(text):
    with pytest.raises(ValueError, match="Indonesian notation"):
        read_number(text)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "p", "[1][0]", "'a' * 3", "1.5", "True"]
)
def test_the_evaluator_refuses_everything_but_arithmetic_over_given_names(text):
    with pytest.raises(ValueError, match="not arithmetic"):
        compute(text, {"q": Fraction(1)})


@pytest.mark.parametrize("code", ["TIU-HIT-001", "TIU-DER-007", "TIU-CRT-008"])
def test_an_item_whose_key_has_a_slip_of_the_pen_has_no_right_option(code):
    item = next(each for each in ITEMS if each.code == code)
    at = LETTERS.index(item.key)
    slipped = item.options[at][:-1] + str((int(item.options[at][-1]) + 1) % 10)

    spoiled = replace(item, options=(*item.options[:at], slipped, *item.options[at + 1 :]))

    assert right_letters(spoiled) == []


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("selalu x > y", False),
        ("x >= 0", True),
        ("ada x > y; ada x < y", True),
        ("ada x > y; ada x > 9", False),
        ("selalu x > y setara x > 1", True),
        ("selalu x > y setara x > 0", False),
    ],
)
def test_a_claim_holds_only_when_each_of_its_parts_does(claim, verdict):
    points = [{"x": Fraction(x), "y": Fraction(3, 2)} for x in (1, 2, 3)]

    assert claim_is_true(claim, points) is verdict


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ([2, 4, 6, 8], "constant difference"),
        ([2, 4, 8, 16], "constant ratio"),
        ([1, 3, 6, 10], "constant second difference"),
        ([1, 3, 7, 15], "differences in constant ratio"),
        ([1, 2, 3, 5, 8], "sum of the two previous"),
        ([1, 9, 2, 3, 3, 1], "two interleaved series"),
    ],
)
def test_a_series_that_follows_a_simple_rule_is_recognised(terms, rule):
    assert rule in simple_rules([Fraction(term) for term in terms])
