"""Do two programs measure the same people equally well?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.work import Floats, Outcome

NOISE = 3.0  # standard errors by which mean squared errors may differ through luck alone


@dataclass(frozen=True)
class Agreement:
    """One program beside ours on the same simulees.

    rmse, rmse_ours : of theta against the truth, logits. bias : mean error, logits.
    z : mean squared error of theirs less ours, in standard errors of that difference, paired by
        simulee.
    same_tests : share of simulees who got the items of the exact rule, in its order.
    shared_items : mean share of the exact rule's items that a simulee got, in any order.
    """

    rmse: float
    rmse_ours: float
    bias: float
    z: float
    same_tests: float
    shared_items: float

    @property
    def verdict(self) -> str:
        """Which of the two measures better, as far as these simulees can tell."""
        if abs(self.z) < NOISE:
            return "equal within noise"
        return "ours better" if self.z > 0 else "ours WORSE"


def compare(theta: Floats, theirs: Outcome, ours: Outcome, exact: Outcome) -> Agreement:
    """Set a program's outcome beside ours.

    theta : (J,) truth. theirs : of the first of these simulees, or of all.
    ours, exact : of all; exact by a program that computes every item's information at the very
        estimate.
    """
    count = len(theirs.theta)
    truth, rule = theta[:count], exact.items[:count]
    squares, our_squares = (theirs.theta - truth) ** 2, (ours.theta[:count] - truth) ** 2
    difference = squares - our_squares
    spread = difference.std(ddof=1) / np.sqrt(count)
    shared = [len(np.intersect1d(*pair)) for pair in zip(theirs.items, rule, strict=True)]
    return Agreement(
        rmse=float(np.sqrt(squares.mean())),
        rmse_ours=float(np.sqrt(our_squares.mean())),
        bias=float((theirs.theta - truth).mean()),
        z=float(difference.mean() / spread) if spread > 0 else 0.0,
        same_tests=float((theirs.items == rule).all(axis=1).mean()),
        shared_items=float(np.mean(shared) / rule.shape[1]),
    )
