"""How does a number series go on, and which simple rules does it obey?

`suku` lists the terms, with "?" where the candidate answers; `awal` are the first terms and `rumus`
the formulas taken in turn after them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.seeds.rules.arithmetic import compute
from tests.seeds.rules.indonesian_numbers import read_number


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
