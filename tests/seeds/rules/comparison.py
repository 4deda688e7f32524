"""Is a claim about two quantities true in the cases that its rule allows?

`x` and `y` are computed over all `peubah` that meet `syarat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from tests.seeds.rules.arithmetic import Values, compute, holds
from tests.seeds.rules.indonesian_numbers import givens


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
