"""Whose answers does the model not expect: copied, guessed, careless, or shifted by one line?

lz: the log-likelihood of a person's answers, standardised by its mean and variance at the person's
ability (Drasgow, Levine & Williams, 1985, British Journal of Mathematical and Statistical
Psychology 38, 67-86). An estimated ability makes answers look more likely than they are, so that
lz spreads too little; lz* takes that off (Snijders, 2001, Psychometrika 66, 331-342; ordered
categories: Sinharay, 2016, ibid. 81, 992-1013). Abilities are the modes of the posteriors.

Missing answers play no part: each person is judged by what was answered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.diagnostics.fitted import Fitted, chance_slopes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_ANSWERS = 5
# lz* below this is met by 1 person in 100 among those whom the model fits.
UNUSUAL = -2.326
_MOST_STEPS = 50


@dataclass(frozen=True, eq=False)
class PersonFit:
    """All (J,). theta : posterior modes, logits. answers : to items with curves.

    lz, lz_star : about standard normal, low where answers are unusual; NaN for persons with fewer
        than `fewest` answers.
    """

    theta: Floats
    lz: Floats
    lz_star: Floats
    answers: Ints

    @property
    def is_unusual(self) -> NDArray[np.bool_]:
        """(J,) persons whose answers should be looked at."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.lz_star < UNUSUAL)


@dataclass(frozen=True)
class Moments:
    """Of the answers of persons at given abilities, each (J,), summed over a person's items.

    level : log chance of what was answered. mean, variance : of it. slope : d level / d theta.
    together : covariance of level and slope. information : variance of the slope.
    """

    level: Floats
    mean: Floats
    variance: Floats
    slope: Floats
    together: Floats
    information: Floats


def person_fit(
    fitted: Fitted, *, theta: Floats | None = None, fewest: int = FEWEST_ANSWERS
) -> PersonFit:
    """Judge every person of the answers.

    theta : (J,) abilities that are known, not estimated from these answers; then lz* is lz.
    """
    count = np.asarray(fitted.answered.sum(axis=1)).ravel().astype(np.int64)
    pull = np.zeros(len(count))
    if theta is None:
        theta, pull = _modes(fitted)
        has_estimate = True
    else:
        has_estimate = False
    found = moments(fitted, theta)
    with np.errstate(invalid="ignore", divide="ignore"):
        lz = (found.level - found.mean) / np.sqrt(found.variance)
        if has_estimate:
            lean = found.together / found.information
            spread = found.variance - lean * found.together
            star = (found.level - found.mean + lean * pull) / np.sqrt(spread)
        else:
            star = lz
    enough = (count >= fewest) & (found.variance > 0)
    return PersonFit(theta, np.where(enough, lz, np.nan), np.where(enough, star, np.nan), count)


def moments(fitted: Fitted, theta: Floats) -> Moments:
    """What answers to a person's items do at that person's ability; theta (J,)."""
    answers = fitted.answers
    totals = np.zeros((6, len(answers.persons)))
    order = np.argsort(answers.item, kind="stable")
    ends = np.cumsum(answers.counts)
    for i in np.flatnonzero(fitted.has_curve):  # one model and one set of persons for each
        records = order[ends[i] - answers.counts[i] : ends[i]]
        who = answers.person[records]
        log_p, slope = chance_slopes(fitted.estimates[i], theta[who])
        p = np.exp(log_p)
        mean = (p * log_p).sum(axis=0)
        used = np.array(fitted.estimates[i].used)
        row = np.searchsorted(used, answers.category[records])
        at = np.arange(len(records))
        # Each person answers an item once, so plain assignment adds.
        totals[0, who] += log_p[row, at]
        totals[1, who] += mean
        totals[2, who] += (p * log_p**2).sum(axis=0) - mean**2
        totals[3, who] += slope[row, at]
        totals[4, who] += (p * log_p * slope).sum(axis=0)
        totals[5, who] += (p * slope**2).sum(axis=0)
    return Moments(*totals)


def _modes(fitted: Fitted) -> tuple[Floats, Floats]:
    """(J,) posterior modes, and the slope of the log prior there: the pull towards the mean."""
    known = {group.name: group for group in fitted.calibrated.groups}
    groups = [known[name] for name in fitted.answers.groups]
    mean = np.array([group.mean for group in groups])[fitted.answers.group]
    variance = np.array([group.sd**2 for group in groups])[fitted.answers.group]
    theta = fitted.eap.copy()
    for _ in range(_MOST_STEPS):
        now = moments(fitted, theta)
        step = (now.slope - (theta - mean) / variance) / (now.information + 1 / variance)
        theta += np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-8:
            break
    return theta, -(theta - mean) / variance
