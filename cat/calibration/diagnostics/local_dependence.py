"""Do two items share more than the ability? Pairs that are more alike than the model lets them be.

X2 of Chen & Thissen (1997), Journal of Educational and Behavioral Statistics 22, 265-289, compares
the table of every two items with the one that is expected over the population. Q3 of Yen (1984),
Applied Psychological Measurement 8, 125-145, correlates what is left of answers once the chance at
the person's EAP is taken away.

Missing answers: each pair is judged by the persons who answered both. X2 needs those to be a
random part of their group (booklets given at random); after adaptive selection they are not, and
only Q3 remains. Pairs with fewer than `fewest` common persons have no figures (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import chdtrc

from cat.calibration.diagnostics.fitted import Fitted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_COMMON = 100
# Q3 above the average of all pairs by this much: the rule that Christensen, Makransky & Horton
# (2017, Applied Psychological Measurement 41, 178-194) found to fit most test lengths.
Q3_FLAG = 0.2
# Standard errors (1 / sqrt(persons)) that 3 in a million independent pairs exceed: banks have
# hundreds of thousands of pairs, each answered by a few hundred persons.
_CHANCE = 4.5


@dataclass(frozen=True, eq=False)
class LocalDependence:
    """items : I names. All arrays (I, I), symmetric, NaN on the diagonal and where not judged.

    persons : sums of weights of those who answered both.
    x2, df, p : Chen & Thissen's statistic; df = (K - 1)(K' - 1).
    v : Cramer's V with the sign of the residual association.
    q3 : correlation of residuals.
    """

    items: tuple[str, ...]
    persons: Floats
    x2: Floats
    df: Floats
    p: Floats
    v: Floats
    q3: Floats

    @property
    def q3_mean(self) -> float:
        """Mean over pairs; about -1 / (I - 1) where all is well."""
        return float(np.nanmean(self.q3)) if np.isfinite(self.q3).any() else float("nan")

    @property
    def q3_flag(self) -> NDArray[np.bool_]:
        """(I, I) pairs whose Q3 lies above the mean by Q3_FLAG and by more than chance does."""
        chance = _CHANCE / np.sqrt(np.maximum(self.persons, 1.0))
        with np.errstate(invalid="ignore"):
            return np.asarray(self.q3 - self.q3_mean >= np.maximum(Q3_FLAG, chance))

    def partners(self, item: str) -> list[tuple[str, float]]:
        """Items that depend on this one by Q3, with their Q3, strongest first."""
        i = self.items.index(item)
        found = [(self.items[j], float(self.q3[i, j])) for j in np.flatnonzero(self.q3_flag[i])]
        return sorted(found, key=lambda pair: -pair[1])


def local_dependence(fitted: Fitted, *, fewest: float = FEWEST_COMMON) -> LocalDependence:
    """Judge every pair of items. fewest : persons who answered both."""
    persons = _common(fitted)
    known = (persons >= fewest) & np.outer(fitted.has_curve, fitted.has_curve)
    np.fill_diagonal(known, False)
    x2, df, v = _tables(fitted, known)
    with np.errstate(invalid="ignore"):
        p = np.where(known, chdtrc(df, x2), np.nan)
    return LocalDependence(fitted.answers.items, persons, x2, df, p, v, _q3(fitted, known, persons))


def _common(fitted: Fitted) -> Floats:
    weight = fitted.answers.weight
    both = fitted.answered.T @ fitted.answered.multiply(weight[:, None]).tocsr()
    return np.asarray(both.todense(), dtype=float)


def _tables(fitted: Fitted, known: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """(I, I) X2, degrees of freedom and signed V."""
    observed, expected = _pair_counts(fitted)
    counted = expected > 0  # categories that nobody chose, and items without curves, are not
    x2 = _block_sums(
        np.where(counted, (observed - expected) ** 2 / np.where(counted, expected, 1.0), 0.0),
        fitted,
    )
    free = np.array([max(len(one.used) - 1, 0) for one in fitted.estimates])
    persons = np.maximum(_block_sums(observed, fitted), 1e-300)
    narrow = np.maximum(np.minimum(free[:, None], free), 1)
    leaning = _correlations(observed, fitted) - _correlations(expected, fitted)
    v = np.copysign(np.sqrt(x2 / (persons * narrow)), leaning)
    df = np.where(known, np.outer(free, free), np.nan)
    return np.where(known, x2, np.nan), df, np.where(known, v, np.nan)


def _block_sums(cells: Floats, fitted: Fitted) -> Floats:
    """(I, I) sums over the cells (C, C) of every two items."""
    first = fitted.starts[:-1]
    return np.asarray(np.add.reduceat(np.add.reduceat(cells, first, axis=0), first, axis=1))


def _correlations(cells: Floats, fitted: Fitted) -> Floats:
    """(I, I) correlations of the category numbers in every table, whose signs say how it leans."""
    points = np.concatenate([np.arange(k, dtype=float) for k in fitted.categories])
    n = np.maximum(_block_sums(cells, fitted), 1e-300)
    mean = _block_sums(cells * points[:, None], fitted) / n
    square = _block_sums(cells * points[:, None] ** 2, fitted) / n
    product = _block_sums(cells * np.outer(points, points), fitted) / n
    spread = np.maximum(square - mean**2, 1e-100)
    return np.asarray((product - mean * mean.T) / np.sqrt(spread * spread.T))


def _pair_counts(fitted: Fitted) -> tuple[Floats, Floats]:
    """(C, C) observed and expected counts of every two cells, over those who answered both."""
    answers, cells = fitted.answers, int(fitted.starts[-1])
    item_of = np.repeat(np.arange(len(answers.items)), fitted.categories)
    observed, expected = np.zeros((cells, cells)), np.zeros((cells, cells))
    for g, people in enumerate(fitted.populations):
        persons = np.flatnonzero(answers.group == g)
        weight = answers.weight[persons][:, None]
        chose, saw = fitted.chosen[persons], fitted.answered[persons]
        observed += _product(chose, weight)
        table = np.nan_to_num(fitted.chances(people.theta))
        together = (table * np.exp(people.log_prior)) @ table.T
        expected += together * _product(saw, weight)[np.ix_(item_of, item_of)]
    return observed, expected


def _product(table: csr_array, weight: Floats) -> Floats:
    return np.asarray((table.T @ table.multiply(weight).tocsr()).todense(), dtype=float)


def _q3(fitted: Fitted, known: NDArray[np.bool_], persons: Floats) -> Floats:
    """(I, I) weighted correlations of residuals over the persons of each pair."""
    answers = fitted.answers
    there = fitted.is_counted
    who, what = answers.person[there], answers.item[there]
    residual = answers.category[there] - expected_points(fitted)[there]
    place = (who, what)
    shape = fitted.answered.shape
    r = csr_array((residual, place), shape=shape)
    r2 = csr_array((residual**2, place), shape=shape)
    saw = fitted.answered
    weight = answers.weight[:, None]
    sums = np.asarray((r.multiply(weight).tocsr().T @ saw).todense())  # of i where j was seen
    squares = np.asarray((r2.multiply(weight).tocsr().T @ saw).todense())
    products = np.asarray((r.T @ r.multiply(weight).tocsr()).todense())
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, mean_other = sums / persons, sums.T / persons
        spread = (squares / persons - mean**2) * (squares.T / persons - mean_other**2)
        return np.where(known, (products / persons - mean * mean_other) / np.sqrt(spread), np.nan)


def expected_points(fitted: Fitted) -> Floats:
    """(N,) expected category of each answer at the person's EAP; NaN without a curve."""
    answers = fitted.answers
    found = np.full(len(answers), np.nan)
    order = np.argsort(answers.item, kind="stable")
    ends = np.cumsum(answers.counts)
    for i in np.flatnonzero(fitted.has_curve):  # one model and one set of persons for each
        records = order[ends[i] - answers.counts[i] : ends[i]]
        theta = fitted.eap[answers.person[records]]
        own = fitted.item_chances(int(i), theta)
        found[records] = np.arange(len(own)) @ own
    return found
