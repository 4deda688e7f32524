"""Where a falling function crosses zero, for many functions side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cat.errors import DidNotConverge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# (theta (m,), which (m,)) -> value and slope (m,) of the functions `which` at theta.
Function = Callable[[Floats, Ints], tuple[Floats, Floats]]

# A step this small against 1 + |theta| is the last: the next would be about its square.
_TOLERANCE = 1e-9
# Halving alone closes a bracket of 1e6 to the tolerance in 50 steps; more than twice that, since
# Newton may waste every other one.
_MOST_STEPS = 120


def of_falling(
    function: Function, low: Floats, high: Floats, start: Floats, exact_slope: bool = True
) -> Floats:
    """Zero of each of M functions that are positive at `low` and negative at `high`.

    low, high, start : (M,) brackets and a first guess inside each.
    exact_slope : whether the slopes that `function` gives are derivatives; if they only resemble
        them, they start the search, and secants through the last two points go on.

    A step that leaves the bracket or is not half as long as the one before is replaced by halving
    the bracket, so that every search ends.

    Returns (M,). Raises DidNotConverge with `which` and `theta`.
    Press et al. (2007), Numerical Recipes, 3rd ed., section 9.4, done for all M at once.
    """
    low, high, theta = low.copy(), high.copy(), start.copy()
    active, length = np.arange(len(theta)), high - low
    here, value = theta, np.full(len(theta), np.nan)
    for _ in range(_MOST_STEPS):
        if not len(active):
            return theta
        before, value_before = here, value
        here = theta[active]
        value, slope = function(here, active)
        low[active] = bottom = np.where(value >= 0, here, low[active])
        high[active] = top = np.where(value <= 0, here, high[active])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if not exact_slope:
                secant = (value - value_before) / (here - before)
                slope = np.where(np.isfinite(secant), secant, slope)
            ahead = here - value / slope
        # Comparisons with NaN are false: a slope of zero leads to halving.
        sound = (ahead >= bottom) & (ahead <= top) & (np.abs(ahead - here) <= length / 2)
        theta[active] = ahead = np.where(sound, ahead, (bottom + top) / 2)
        length = np.abs(ahead - here)
        # A value that is no number has no zero near it, however short the step.
        going = ~((length <= _TOLERANCE * (1 + np.abs(ahead))) & np.isfinite(value))
        active, length, here, value = active[going], length[going], here[going], value[going]
    raise DidNotConverge(
        f"no zero within {_MOST_STEPS} steps for {len(active)} of {len(theta)};"
        f" the first is number {active[0]}, near theta = {theta[active[0]]}",
        which=active,
        theta=theta[active],
    )
