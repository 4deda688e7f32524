"""The only door to girth: its axis order, its integer types, its bounds and its silences end here.

girth 0.8.0 was measured before it was trusted; tests/cat/calibration/test_girth_bridge.py holds
the measurements. It is right on complete data and nothing else may come through: hence `Responses`,
which `cat.calibration.responses.checked` makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from girth import pcm_mml, twopl_mml
from numpy.typing import NDArray

from cat.calibration.responses import Responses
from cat.errors import BadInput

Floats = NDArray[np.float64]

# girth does not say whether it settled. Every set measured settled within its default of 25
# passes; 100 leaves room. Its quadrature (41 nodes on -4.5..4.5 logits) stays: wider nodes move
# the estimates in the fourth digit and make girth divide 0 by 0 on easy, steep items.
_OPTIONS = {"max_iteration": 100}


@dataclass(frozen=True)
class Bounds:
    """The closed ranges in which girth searches without saying so."""

    a: tuple[float, float]
    b: tuple[float, float]


# grm_mml.py (which twopl_mml calls): fminbound(0.2, 5.0) and a table of b on (-6, 6).
BOUNDS_2PL = Bounds(a=(0.2, 5.0), b=(-6.0, 6.0))
# pcm_mml.py: fmin_slsqp(bounds=[(.25, 4)] + [(-6, 6)] * steps).
BOUNDS_PCM = Bounds(a=(0.25, 4.0), b=(-6.0, 6.0))


@dataclass(frozen=True)
class Estimates:
    """What girth found, in our shapes.

    a : (I,) discriminations, D = 1.
    steps : (I, K - 1) difficulties, logits; NaN past an item's last step.
    bounds : where the search was fenced in.
    """

    a: Floats
    steps: Floats
    bounds: Bounds


def fit_2pl(responses: Responses) -> Estimates:
    """Two-parameter logistic model by marginal maximum likelihood, abilities standard normal.

    responses : complete 0/1 answers.

    girth solves b so that the share correct under the prior equals the one observed, and maximises
    over a alone. On complete data that is close to the full maximum; on adaptive data, where every
    share tends to one half, it is wrong.
    Raises BadInput where girth's arithmetic breaks down.
    """
    return _run(twopl_mml, responses, BOUNDS_2PL)


def fit_pcm(responses: Responses) -> Estimates:
    """Generalised partial credit model by marginal maximum likelihood, abilities standard normal.

    responses : complete categories 0..K-1; K may differ between items.

    girth calls it `pcm_mml` but frees each item's a, which is Muraki's (1992) GPCM.
    Raises BadInput where girth's arithmetic breaks down.
    """
    return _run(pcm_mml, responses, BOUNDS_PCM)


def _run(
    estimator: Callable[..., Mapping[str, Any]], responses: Responses, bounds: Bounds
) -> Estimates:
    # A fresh, wide, signed array: girth marks missing answers with -99999 and indexes with it.
    items_first = np.array(responses.matrix.T, dtype=np.int64, order="C")
    try:
        # girth goes on after 0/0 and log(0) and hands back finite numbers that mean nothing.
        with np.errstate(divide="raise", invalid="raise"):
            found = estimator(items_first, dict(_OPTIONS))
    except FloatingPointError as error:
        raise _breakdown(responses, error) from error
    a = np.asarray(found["Discrimination"], dtype=float)
    steps = np.asarray(found["Difficulty"], dtype=float).reshape(len(a), -1)
    return Estimates(a, steps, bounds)


def _breakdown(responses: Responses, error: FloatingPointError) -> BadInput:
    # Seen where two in a thousand missed an item, the two weakest: without errstate girth returned
    # a = 2.03 for all twenty items of a sound test, with only a warning about NaN.
    matrix = responses.matrix
    shares = matrix.mean(axis=0) / matrix.max(axis=0)
    suspect = int(np.abs(shares - 0.5).argmax())
    return BadInput(
        f"girth's arithmetic broke down ({error}); take out the most one-sided item, "
        f"{responses.items[suspect]}, where the share is {shares[suspect]:.3f}",
        rule="arithmetic",
        item=responses.items[suspect],
        value=f"{shares[suspect]:.3f}",
    )
