"""Every model to nearly all digits of float64 at |theta| = 8 and a = 4.

The reference knows nothing of our formulas: it writes each model down as its author defined it, in
decimal arithmetic of 120 digits, and differentiates by finite differences of 1e-30.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

import numpy as np
import pytest

from cat.irt import items as irt
from cat.irt.families import nominal_items
from cat.irt.items import Items, Model, logistic_items, polytomous_items

THETAS = (-8.0, -3.3, -0.71, 0.43, 2.9, 8.0)
DISCRIMINATIONS = (0.2, 1.1, 4.0)
DIGITS = 120
STEP = Decimal(10) ** -30

Definition = Callable[[Decimal], list[Decimal]]


def logistic_curve(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp())


def right_or_wrong(a: float, b: float, c: float, d: float) -> Definition:
    a, b, c, d = map(Decimal, (a, b, c, d))

    def chances(theta: Decimal) -> list[Decimal]:
        right = c + (d - c) * logistic_curve(a * (theta - b))
        return [1 - right, right]

    return chances


def graded(a: float, thresholds: Sequence[float]) -> Definition:
    def chances(theta: Decimal) -> list[Decimal]:
        reached = [logistic_curve(Decimal(a) * (theta - Decimal(b))) for b in thresholds]
        return [p - q for p, q in zip([Decimal(1), *reached], [*reached, Decimal(0)], strict=True)]

    return chances


def multinomial(slopes: Sequence[Decimal], intercepts: Sequence[Decimal]) -> Definition:
    def chances(theta: Decimal) -> list[Decimal]:
        powers = [(s * theta + i).exp() for s, i in zip(slopes, intercepts, strict=True)]
        return [power / sum(powers) for power in powers]

    return chances


def partial_credit(a: float, steps: Sequence[float]) -> Definition:
    a_, intercepts = Decimal(a), [Decimal(0)]
    for step in steps:
        intercepts.append(intercepts[-1] - a_ * Decimal(step))
    return multinomial([a_ * k for k in range(len(steps) + 1)], intercepts)


def cases() -> list[tuple[str, Items, Definition]]:
    found = []
    for a in DISCRIMINATIONS:
        for c, d in ((0.0, 1.0), (0.2, 1.0), (0.0, 0.9), (0.15, 0.97)):
            name = f"logistic a={a} c={c} d={d}"
            found.append((name, logistic_items(a, 0.37, c, d), right_or_wrong(a, 0.37, c, d)))
        b = [-1.3, -0.2, 0.1, 1.7]
        found.append((f"graded a={a}", polytomous_items(Model.GRADED, a, b), graded(a, b)))
        b = [0.9, -1.4, 0.3, 1.1]
        items = polytomous_items(Model.PARTIAL_CREDIT, a, b)
        found.append((f"partial credit a={a}", items, partial_credit(a, b)))
        slopes, intercepts = [0.0, -a, 0.3 * a, a], [0.0, 0.4, -0.7, 0.2]
        options = multinomial([Decimal(x) for x in slopes], [Decimal(x) for x in intercepts])
        found.append((f"nominal a={a}", nominal_items(slopes, intercepts), options))
    return found


def exactly(definition: Definition, theta: float) -> dict[str, np.ndarray]:
    """Everything that follows from the category probabilities, rounded to float64 at the end."""
    with localcontext() as context:
        context.prec = DIGITS
        at = Decimal(theta)
        low, p, high = (definition(at + step) for step in (-STEP, Decimal(0), STEP))
        score = [(h.ln() - x.ln()) / (2 * STEP) for h, x in zip(high, low, strict=True)]
        bend = [
            -(h.ln() - 2 * x.ln() + y.ln()) / STEP**2 for h, x, y in zip(high, p, low, strict=True)
        ]
        columns = {
            "p": p,
            "score": score,
            "observed": bend,
            "slope": [(h - x) / (2 * STEP) for h, x in zip(high, low, strict=True)],
            "curvature": [(h - 2 * x + y) / STEP**2 for h, x, y in zip(high, p, low, strict=True)],
            "information": [sum(x * s * s for x, s in zip(p, score, strict=True))],
        }
        return {name: np.array([float(x) for x in values]) for name, values in columns.items()}


@pytest.mark.parametrize(
    ("items", "definition"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_curves_keep_their_digits_at_extreme_abilities(items, definition):
    for row, theta in enumerate(THETAS):
        reference = exactly(definition, theta)
        here = irt.curves(THETAS, items)

        # 1e-11 is the rounding of the exponents, up to 4 * 4 * 8 of them in size, and of a
        # subtraction near the abilities where a derivative changes its sign.
        for name in ("p", "score", "observed", "slope", "curvature"):
            ours = getattr(here, name)[row, 0]
            assert ours == pytest.approx(reference[name], rel=1e-11, abs=1e-300), (name, theta)
        assert irt.information(THETAS, items)[row] == pytest.approx(
            reference["information"], rel=1e-11, abs=1e-300
        )


def test_the_reference_would_notice_a_lost_digit():
    definition = right_or_wrong(4.0, 0.37, 0.0, 1.0)

    naive = 1 - irt.probability([8.0], logistic_items(4.0, 0.37))[0, 0, 1]

    assert naive != pytest.approx(exactly(definition, 8.0)["p"][0], rel=1e-4, abs=0)
