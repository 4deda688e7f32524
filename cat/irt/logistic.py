"""One- to four-parameter logistic models for items that are right or wrong.

P = c + (d - c) L(a(theta - b)), L the logistic function. d = 1 gives the 3PL, c = 0 as well the
2PL, one a for all items the 1PL. Curves and information are written in L and 1 - L, each computed
on its own, because 1 - L loses all its digits once L rounds to 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from cat.irt.curves import Curves
from cat.irt.parameters import (
    check_asymptotes,
    check_discrimination,
    check_finite,
    checked_theta,
    for_each_item,
)

Floats = NDArray[np.float64]


def probability(
    theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0
) -> Floats:
    """Chance that each person answers each item right.

    theta : (J,) abilities, logits.
    a, b : (I,) discrimination (a > 0), difficulty (logits).
    c, d : (I,) lower and upper asymptote, 0 <= c < d <= 1.

    Returns (J, I). Raises BadInput, BadParameters.
    Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, chs 17-20;
    d: Barton & Lord (1981), ETS Research Report 81-20.
    """
    theta = checked_theta(theta)
    a, b, c, d = _checked(a, b, c, d)
    return np.asarray(c + (d - c) * expit(a * (theta[:, None] - b)))


def category_probability(
    theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0
) -> Floats:
    """Chance of each category, wrong (0) and right (1); neither is got by taking from 1.

    theta, a, b, c, d : as for `probability`.

    Returns (J, I, 2). Raises BadInput, BadParameters.
    """
    theta = checked_theta(theta)
    _, _, right, wrong = _parts(theta, *_checked(a, b, c, d))
    return np.stack([wrong, right], axis=-1)


def information(
    theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0
) -> Floats:
    """Fisher information that each item carries about each ability.

    theta, a, b, c, d : as for `probability`.

    Returns (J, I), in 1/logit**2; add over items for test information. Raises BadInput,
    BadParameters. Birnbaum (1968), equation 20.4.16; with d, Magis (2013), Applied Psychological
    Measurement 37, 304-315.
    """
    theta = checked_theta(theta)
    a, b, c, d = _checked(a, b, c, d)
    up, down, right, wrong = _parts(theta, a, b, c, d)
    return np.asarray(
        (a * (d - c)) ** 2 * up * down * _over(up, right, d) * _over(down, wrong, 1 - c)
    )


def curves(
    theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0
) -> Curves:
    """Probability, score and observed information of the categories wrong (0) and right (1).

    theta, a, b, c, d : as for `probability`.

    Returns Curves of (J, I, 2). Raises BadInput, BadParameters.
    """
    theta = checked_theta(theta)
    a, b, c, d = _checked(a, b, c, d)
    up, down, right, wrong = _parts(theta, a, b, c, d)
    rise, fall = (d - c) * _over(up, right, d), (d - c) * _over(down, wrong, 1 - c)
    # The share of each probability that owes nothing to ability; 0 where the asymptote is.
    guess, slip = _over(c, right, np.inf), _over(1 - d, wrong, np.inf)
    return Curves(
        p=np.stack([wrong, right], axis=-1),
        score=np.stack([-a * up * fall, a * down * rise], axis=-1),
        observed=np.stack(
            [
                a**2 * up * fall * (slip * (down - up) + down * fall),
                a**2 * down * rise * (guess * (up - down) + up * rise),
            ],
            axis=-1,
        ),
    )


def _parts(
    theta: Floats, a: Floats, b: Floats, c: Floats, d: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """L, 1 - L, and the chances of right and wrong, each (J, I)."""
    z = a * (theta[:, None] - b)
    up, down = np.asarray(expit(z)), np.asarray(expit(-z))
    return up, down, c + (d - c) * up, (1 - d) + (d - c) * down


def _over(part: Floats, whole: Floats, asymptote: Floats | float) -> Floats:
    """part / whole; where both have vanished, its limit 1 / asymptote."""
    limit = np.broadcast_to(1.0 / np.asarray(asymptote), whole.shape).copy()
    return np.divide(part, whole, out=limit, where=whole > 0)


def _checked(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, c, d = for_each_item(a=a, b=b, c=c, d=d)
    check_discrimination(a)
    check_finite("b", b)
    check_asymptotes(c, d)
    return a, b, c, d
