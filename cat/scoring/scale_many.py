"""The nilai of many persons at once, each equal to what `scale` gives for one, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.arguments import numbers, whole_numbers
from cat.scoring.scale import ReferenceForm, expected_points, slope

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The curve is laid out this far to either side, at steps in which even the steepest item bends
# little. What falls outside is computed without it.
_REACH, _STEP, _BEND = 8.0, 1 / 64, 0.25
# Computed points carry rounding errors around 1e-13; this is far above them.
_ROUNDING = 1e-9
_CELLS = 2**20


class PointsCurve:
    """Expected points on a reference form, laid out once to read the nilai of millions.

    Between the nodes the curve is interpolated by cubics (Hermite). Where that comes so close to a
    half point that its error could round the wrong way, the points are computed exactly, so that
    every nilai is the one that `scale.nilai` gives.
    """

    def __init__(self, form: ReferenceForm) -> None:
        self.form = form
        self._step = min(_STEP, _BEND / float(np.nanmax(form.items.a)))
        count = int(np.ceil(2 * _REACH / self._step)) + 1
        self._nodes = np.linspace(-_REACH, _REACH, count)
        self._step = float(self._nodes[1] - self._nodes[0])
        self._height = _points(self._nodes, form)
        self._rise = np.concatenate([slope(some, form) for some in _blocks(self._nodes, form)])
        middles = (self._nodes[:-1] + self._nodes[1:]) / 2
        # The error of a cubic is largest in the middle; the factor leaves room for what is not.
        error = np.abs(self._read(middles) - _points(middles, form)).max()
        self.margin = 8 * float(error) + _ROUNDING

    def nilai(self, theta: ArrayLike, answered: ArrayLike, length: ArrayLike) -> Ints:
        """The nilai of each person; see `scale.nilai`.

        theta : (J,) logits. answered, length : (J,) items answered, and items that the part has,
            0 <= answered <= length, length >= 1.

        Returns (J,) points. Raises BadInput, naming the person.
        """
        theta = numbers("theta", theta, "(J,)")
        answered = whole_numbers("answered", answered, "(J,)")
        length = whole_numbers("length", length, "(J,)")
        _check(theta, answered, length)
        inside = np.abs(theta) <= _REACH
        points = self._read(np.where(inside, theta, 0.0)) * answered / length + 0.5
        whole = np.floor(points)
        doubtful = ~inside | (np.abs(points - np.rint(points)) <= self.margin)
        who = np.flatnonzero(doubtful)
        exact = _points(theta[who], self.form) * answered[who] / length[who]
        whole[who] = np.floor(exact + 0.5)
        return np.asarray(whole.astype(np.int64))

    def _read(self, theta: Floats) -> Floats:
        place = (theta + _REACH) / self._step
        at = np.minimum(place.astype(np.int64), len(self._nodes) - 2)
        t = place - at
        low, high = self._height[at], self._height[at + 1]
        rise, fall = self._rise[at] * self._step, self._rise[at + 1] * self._step
        bend = low - high
        cubic = t * (rise + t * (-3 * bend - 2 * rise - fall + t * (2 * bend + rise + fall)))
        return np.asarray(low + cubic)


def nilai_se_of_many(
    theta: ArrayLike, se: ArrayLike, form: ReferenceForm, answered: ArrayLike, length: ArrayLike
) -> Floats:
    """Standard error of each person's nilai in points; see `scale.nilai_se`.

    theta, se : (J,) logits, se >= 0. answered, length : (J,) as in `PointsCurve.nilai`.

    Returns (J,). Raises BadInput, naming the person.
    """
    theta, se = numbers("theta", theta, "(J,)"), numbers("se", se, "(J,)")
    answered = whole_numbers("answered", answered, "(J,)")
    length = whole_numbers("length", length, "(J,)")
    _check(theta, answered, length)
    if se.shape != theta.shape or not (se >= 0).all():
        raise BadInput("se must be (J,) and >= 0")
    return np.asarray(_slope(theta, form) * se * answered / length)


def _points(theta: Floats, form: ReferenceForm) -> Floats:
    parts = [expected_points(some, form) for some in _blocks(theta, form)]
    return np.concatenate(parts) if parts else np.empty(0)


def _slope(theta: Floats, form: ReferenceForm) -> Floats:
    """`scale.slope` of each person alone: a product with one row rounds unlike one with many."""
    weights = np.arange(form.items.shape[1], dtype=float)
    parts = [
        form.points_per_category
        * (irt.curves(some, form.items).slope.sum(axis=1)[:, None, :] @ weights)[:, 0]
        for some in _blocks(theta, form)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _blocks(theta: Floats, form: ReferenceForm) -> Iterator[Floats]:
    """So few persons at a time that (J, I, K) stays small."""
    rows, columns = form.items.shape
    size = max(1, _CELLS // (rows * columns))
    return (theta[start : start + size] for start in range(0, len(theta), size))


def _check(theta: Floats, answered: NDArray[np.integer], length: NDArray[np.integer]) -> None:
    if theta.ndim != 1 or answered.shape != theta.shape or length.shape != theta.shape:
        raise BadInput("theta, answered and length must all be (J,)")
    legal = np.isfinite(theta) & (answered >= 0) & (answered <= length) & (length >= 1)
    if not legal.all():
        person = int(np.argmin(legal))
        raise BadInput(
            "theta must be finite and 0 <= answered <= length, length >= 1; person"
            f" {person} has {theta[person]}, {answered[person]} of {length[person]}",
            person=person,
        )
