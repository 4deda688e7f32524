"""S-X2: do persons with the same sum of points answer an item as its curve says?

Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64; (2003), ibid. 27, 289-298;
ordered categories: Kang & Chen (2008), Journal of Educational Measurement 45, 391-406.

Missing answers: sums are only comparable among persons who answered the same items. Observed and
expected counts are therefore computed within each such set of persons (a booklet, a group), and
the chi-squares and cells of all sets with enough persons are added; the item's parameters are
taken off the degrees of freedom once. Persons in smaller sets take no part, and an item without
any large enough set is refused with that reason. Weights count as numbers of persons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.strata import FEWEST_PERSONS, Stratum, strata
from cat.calibration.estimates import Estimate

Floats = NDArray[np.float64]

# Cells that expect fewer persons are joined with their neighbours; the value of Orlando & Thissen.
FEWEST_EXPECTED = 1.0


@dataclass(frozen=True)
class ItemFit:
    """S-X2 of one item.

    x2, df, p : p is NaN where df < 1. rmsea : sqrt(max(0, (x2 - df) / (df (N - 1)))), the misfit
    per person and degree of freedom. persons : how many took part.
    refused : why there is no figure, in Indonesian, else None.
    """

    item: str
    x2: float
    df: int
    p: float
    rmsea: float
    persons: float
    refused: str | None


def s_x2(
    fitted: Fitted, *, fewest: float = FEWEST_PERSONS, fewest_expected: float = FEWEST_EXPECTED
) -> tuple[ItemFit, ...]:
    """S-X2 of every item of the answers, in their order.

    fewest : persons that a set with the same items must have to take part.
    fewest_expected : cells that expect less are joined.
    """
    sets = strata(fitted.answers, fitted.is_counted, fewest=fewest)
    totals = np.zeros((len(fitted.answers.items), 3))  # chi-square, free cells, persons
    for one in sets:
        totals[one.items] += _of_set(fitted, one, fewest_expected)
    return tuple(
        _described(estimate, (row[0], row[1], row[2]), _parameters(fitted, estimate), fewest)
        for estimate, row in zip(fitted.estimates, totals.tolist(), strict=True)
    )


def _described(
    estimate: Estimate, totals: tuple[float, float, float], parameters: int, fewest: float
) -> ItemFit:
    nan = float("nan")
    x2, cells, persons = totals
    df = int(cells) - parameters
    refused = None
    if not estimate.b:
        refused = "butir tidak ikut dikalibrasi"
    elif persons == 0:
        refused = f"tidak ada {fewest:g} orang yang menjawab susunan butir yang sama"
    elif df < 1:
        refused = f"{int(cells)} sel bebas tidak cukup untuk {parameters} parameter"
    if refused:
        return ItemFit(estimate.item, nan, max(df, 0), nan, nan, persons, refused)
    misfit = max(0.0, (x2 - df) / (df * max(persons - 1, 1)))
    return ItemFit(
        estimate.item, x2, df, float(chdtrc(df, x2)), float(np.sqrt(misfit)), persons, None
    )


def _parameters(fitted: Fitted, estimate: Estimate) -> int:
    """How many parameters the item's curve took from these answers; 0 for a fixed item.

    A slope that all items share, or an estimated sd in its place, counts for each item: models
    that are the same but for the unit have the same degrees of freedom.
    """
    if estimate.is_fixed or not estimate.b:
        return 0
    has_slope = not estimate.model.has_unit_slope or not np.isnan(fitted.calibrated.groups[0].sd_se)
    return len(estimate.b) + has_slope + (estimate.c > 0)


def _of_set(fitted: Fitted, one: Stratum, fewest_expected: float) -> Floats:
    """(n, 3) chi-square, free cells and persons of each item of a set."""
    answers = fitted.answers
    people = fitted.populations[one.group]
    table = fitted.chances(people.theta)
    own = [table[fitted.starts[i] : fitted.starts[i + 1]] for i in one.items]
    chosen = np.asarray(
        fitted.chosen[one.persons].tocsc()[:, _cells(fitted, one)].todense(), dtype=float
    )
    points = np.concatenate([np.arange(len(rows)) for rows in own])
    score = (chosen @ points).astype(np.int64)
    weight = answers.weight[one.persons]
    prior = np.exp(people.log_prior)
    whole, rests = score_chances(own), rest_chances(own)
    by_score = np.bincount(score, weight, minlength=len(whole))
    found, first = np.zeros((len(own), 3)), 0
    for n, (rows, rest) in enumerate(zip(own, rests, strict=True)):
        mine = chosen[:, first : first + len(rows)] * weight[:, None]
        observed = np.zeros((len(whole), len(rows)))
        np.add.at(observed, score, mine)
        share = _conditional(rows, rest, whole, prior)
        inner = slice(1, len(whole) - 1)
        expected = share * by_score[:, None]
        found[n] = (*_compare(observed[inner], expected[inner], fewest_expected), weight.sum())
        first += len(rows)
    return found


def _cells(fitted: Fitted, one: Stratum) -> NDArray[np.int64]:
    return np.concatenate([np.arange(fitted.starts[i], fitted.starts[i + 1]) for i in one.items])


def score_chances(items: list[Floats]) -> Floats:
    """(S, Q) chance of each sum of points; items : list of (K, Q) chances. Lord & Wingersky (1984).

    Applied Psychological Measurement 8, 453-461.
    """
    total = np.ones((1, items[0].shape[1]))
    for rows in items:
        total = _added(total, rows)
    return total


def rest_chances(items: list[Floats]) -> list[Floats]:
    """Chances of the sum without each item in turn.

    Half of the items are taken together for all items of the other half, and so on: n log n
    additions of an item instead of n * n, and no division that would lose digits.
    """

    def of(some: list[Floats], others: Floats) -> list[Floats]:
        if len(some) == 1:
            return [others]
        half = len(some) // 2
        left, right = some[:half], some[half:]
        with_right, with_left = others, others
        for rows in right:
            with_right = _added(with_right, rows)
        for rows in left:
            with_left = _added(with_left, rows)
        return of(left, with_right) + of(right, with_left)

    return of(items, np.ones((1, items[0].shape[1])))


def _added(total: Floats, rows: Floats) -> Floats:
    longer = np.zeros((len(total) + len(rows) - 1, total.shape[1]))
    for k, chance in enumerate(rows):
        longer[k : k + len(total)] += total * chance
    return longer


def _conditional(rows: Floats, rest: Floats, whole: Floats, prior: Floats) -> Floats:
    """(S, K) share of persons with each sum that is expected in each category."""
    joint = np.zeros((len(whole), len(rows)))
    for k, chance in enumerate(rows):
        joint[k : k + len(rest), k] = (rest * chance) @ prior
    return joint / np.maximum(whole @ prior, 1e-300)[:, None]


def _compare(observed: Floats, expected: Floats, fewest: float) -> tuple[float, int]:
    """Chi-square and free cells of a table of sums (rows) by categories, after joining cells."""
    rows = [(o, e) for o, e in zip(observed, expected, strict=True) if e.sum() > 0]
    if observed.shape[1] > 2:
        rows = [_joined_across(o, e, fewest) for o, e in rows]
    else:
        rows = _joined_down(rows, fewest)
    x2 = sum(float(((o - e) ** 2 / e).sum()) for o, e in rows if len(e) > 1)
    return x2, sum(len(e) - 1 for _, e in rows)


def _joined_across(o: Floats, e: Floats, fewest: float) -> tuple[Floats, Floats]:
    """Neighbouring categories of one sum joined until each expects enough persons."""
    observed, expected = list(o), list(e)
    while len(expected) > 1 and min(expected) < fewest:
        at = int(np.argmin(expected))
        few, expect = observed.pop(at), expected.pop(at)
        # After the removal, the neighbours are at - 1 and at; the one that expects less takes it.
        last = len(expected) - 1
        other = min(at, last) if at in (0, last + 1) or expected[at] < expected[at - 1] else at - 1
        observed[other] += few
        expected[other] += expect
    return np.array(observed), np.array(expected)


def _joined_down(rows: list[tuple[Floats, Floats]], fewest: float) -> list[tuple[Floats, Floats]]:
    """Neighbouring sums joined until every cell expects enough; the smaller neighbour first."""
    rows = list(rows)
    while len(rows) > 1:
        poor = [n for n, (_, e) in enumerate(rows) if (e < fewest).any()]
        if not poor:
            break
        at = poor[0]
        below = rows[at - 1][0].sum() if at else np.inf
        above = rows[at + 1][0].sum() if at + 1 < len(rows) else np.inf
        other = at - 1 if below <= above else at + 1
        rows[other] = (rows[other][0] + rows[at][0], rows[other][1] + rows[at][1])
        del rows[at]
    return rows
