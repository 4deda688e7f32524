"""Is there one ability? Eigenvalues of the items' correlations beside those of unrelated items.

Parallel analysis: Horn (1965), Psychometrika 30, 179-185; with the 95th percentile, Glorfeld
(1995), Educational and Psychological Measurement 55, 377-393. Unrelated items are made by
shuffling each item's own answers among those who answered it, so that difficulties, categories
and gaps stay as they are.

Correlations are Pearson's, or tetrachoric and polychoric ones (two steps: Olsson, 1979,
Psychometrika 44, 443-460). Pearson's are lower where items differ in difficulty, which can look
like a further dimension; the others are noisy where a category is rare. Each pair is taken over
the persons who answered both; sets with pairs too few persons have in common are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cat.calibration.answers import Answers
from cat.errors import BadInput

Floats = NDArray[np.float64]
SmallInts = NDArray[np.int16]
Kind = Literal["pearson", "polychoric"]

FEWEST_COMMON = 100
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_STEPS = 40
_MOST = 0.999


@dataclass(frozen=True)
class Dimensionality:
    """kind : of correlation. eigenvalues : (I,) falling. reference : (I,) percentile of unrelated.

    dimensions : eigenvalues from the first on that exceed their reference, 0 for none at all.
    first_to_second : ratio of the first two eigenvalues. first_share : part of the total variance.
    shuffles, percentile : how the reference was made. persons : with an answer.
    was_smoothed : whether pairwise correlations did not fit together (an eigenvalue below 0).
    """

    kind: Kind
    eigenvalues: tuple[float, ...]
    reference: tuple[float, ...]
    dimensions: int
    first_to_second: float
    first_share: float
    shuffles: int
    percentile: float
    persons: int
    was_smoothed: bool


def parallel_analysis(
    answers: Answers,
    rng: np.random.Generator,
    *,
    kind: Kind = "pearson",
    shuffles: int = 20,
    percentile: float = 95.0,
    fewest: int = FEWEST_COMMON,
) -> Dimensionality:
    """Compare the items' eigenvalues with those of `shuffles` shuffled copies.

    rng : shuffles the answers. percentile : of the shuffled eigenvalues that must be exceeded.
    fewest : persons whom every pair of items must have in common.

    Raises BadInput for items that nobody answers differently and pairs with too few persons.
    Weights are not used: how many dimensions there are is asked of those who answered.
    """
    table = answers.matrix()
    _check(answers, table, fewest)
    own = np.sort(np.linalg.eigvalsh(correlations(table, kind)))[::-1]
    made = np.array(
        [
            np.sort(np.linalg.eigvalsh(correlations(_shuffled(table, rng), kind)))[::-1]
            for _ in range(shuffles)
        ]
    )
    reference = np.percentile(made, percentile, axis=0)
    above = own > reference
    return Dimensionality(
        kind=kind,
        eigenvalues=tuple(own.tolist()),
        reference=tuple(reference.tolist()),
        dimensions=int(np.argmin(above)) if not above.all() else len(own),
        first_to_second=float(own[0] / own[1]),
        first_share=float(own[0] / len(own)),
        shuffles=shuffles,
        percentile=percentile,
        persons=int((table >= 0).any(axis=1).sum()),
        was_smoothed=bool(own[-1] < 0),
    )


def correlations(table: SmallInts, kind: Kind) -> Floats:
    """(I, I) correlations of the categories (J, I), -1 where not answered, pair by pair."""
    return polychoric(table) if kind == "polychoric" else pearson(table)


def pearson(table: SmallInts) -> Floats:
    """(I, I) product-moment correlations over the persons of each pair."""
    there = (table >= 0).astype(float)
    x = np.where(table >= 0, table, 0).astype(float)
    count = there.T @ there
    sums, squares, products = x.T @ there, (x**2).T @ there, x.T @ x
    mean, other = sums / count, sums.T / count
    spread = (squares / count - mean**2) * (squares.T / count - other**2)
    found = (products / count - mean * other) / np.sqrt(spread)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def polychoric(table: SmallInts) -> Floats:
    """(I, I) correlations of the normal variables that the categories are thought to cut up.

    Thresholds come from each item alone; each correlation then maximises the likelihood of the
    pair's table. An empty cell gets half a person, without which a 2 x 2 table has no maximum.
    """
    count = table.shape[1]
    width = int(table.max()) + 1
    cuts = np.array([_thresholds(table[:, i], width) for i in range(count)])
    first, second = np.triu_indices(count, 1)
    tables = _pair_tables(table, width)[first, second]
    used = (table[:, :, None] == np.arange(width)).any(axis=0)
    real = used[first][:, :, None] & used[second][:, None, :]
    tables = np.where(real & (tables == 0), 0.5, tables)
    found = np.eye(count)
    found[first, second] = found[second, first] = _likeliest(tables, cuts[first], cuts[second])
    return np.asarray(found)


def _thresholds(column: SmallInts, width: int) -> Floats:
    """(width + 1,) normal cut points, infinite at the ends."""
    shares = np.bincount(column[column >= 0], minlength=width) / (column >= 0).sum()
    below = np.concatenate([[0.0], np.cumsum(shares)])
    return np.asarray(np.clip(ndtri(np.clip(below, 0, 1)), -9.0, 9.0))


def _pair_tables(table: SmallInts, width: int) -> Floats:
    """(I, I, width, width) counts of every two answers."""
    shown = (table[:, :, None] == np.arange(width)).reshape(len(table), -1).astype(float)
    counts = (shown.T @ shown).reshape(table.shape[1], width, table.shape[1], width)
    return np.asarray(counts.transpose(0, 2, 1, 3))


def _likeliest(tables: Floats, rows: Floats, columns: Floats) -> Floats:
    """(P,) correlations of P tables by golden section: the likelihood has one top."""
    low, high = np.full(len(tables), -_MOST), np.full(len(tables), _MOST)
    golden = (np.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = (_log_likelihood(tables, rows, columns, r) for r in (left, right))
    for _ in range(_STEPS):
        better = at_left > at_right
        high, low = np.where(better, right, high), np.where(better, low, left)
        left, right = high - golden * (high - low), low + golden * (high - low)
        at_left, at_right = (_log_likelihood(tables, rows, columns, r) for r in (left, right))
    return np.asarray((low + high) / 2)


def _log_likelihood(tables: Floats, rows: Floats, columns: Floats, r: Floats) -> Floats:
    corner = bivariate_normal(rows[:, :, None], columns[:, None, :], r[:, None, None])
    cells = np.diff(np.diff(corner, axis=1), axis=2)
    return np.asarray((tables * np.log(np.maximum(cells, 1e-12))).sum(axis=(1, 2)))


def bivariate_normal(h: Floats, k: Floats, r: Floats) -> Floats:
    """Chance that two standard normal variables with correlation r lie below h and k.

    The integral over the correlation from 0 to r; Drezner & Wesolowsky (1990), Journal of
    Statistical Computation and Simulation 35, 101-107. h, k within 9 and |r| < 1.
    """
    angle = np.arcsin(r)[..., None] * (_NODES + 1) / 2
    sine, square = np.sin(angle), np.cos(angle) ** 2
    h, k = h[..., None], k[..., None]
    exponent = (h * k * sine - (h**2 + k**2) / 2) / square
    inner = (np.exp(exponent) @ _WEIGHTS) * np.arcsin(r) / 2 / (2 * np.pi)
    return np.asarray(ndtr(h[..., 0]) * ndtr(k[..., 0]) + inner)


def _shuffled(table: SmallInts, rng: np.random.Generator) -> SmallInts:
    found = table.copy()
    for i in range(table.shape[1]):  # each item has gaps of its own
        rows = np.flatnonzero(table[:, i] >= 0)
        found[rows, i] = table[rng.permutation(rows), i]
    return found


def _check(answers: Answers, table: SmallInts, fewest: int) -> None:
    if len(answers.items) < 3:
        raise BadInput("dimensions can be counted from three items on", rule="items")
    for i, name in enumerate(answers.items):
        if len(np.unique(table[:, i][table[:, i] >= 0])) < 2:
            raise BadInput(
                f"item {name} has the same answer from everybody", rule="items", item=name
            )
    there = (table >= 0).astype(float)
    common = there.T @ there
    if common.min() < fewest:
        i, j = divmod(int(common.argmin()), len(common))
        raise BadInput(
            f"items {answers.items[i]} and {answers.items[j]} were answered together by"
            f" {common[i, j]:g} persons, fewer than {fewest}: correlations need items that many"
            " persons share",
            rule="common",
            item=answers.items[i],
        )
