"""Abilities of the groups: normal on a grid, with a mean and a log sd that may be free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.spec import Quadrature

Floats = NDArray[np.float64]

_MOST_STEPS = 30


@dataclass(frozen=True)
class Population:
    """One group's abilities.

    theta : (Q,) nodes. log_prior : (Q,) logarithms of weights that add to 1.
    score : (2, Q) slopes of log_prior in mean and log sd, up to a constant.
    information : (2, 2, Q) minus its second derivatives.
    """

    theta: Floats
    log_prior: Floats
    score: Floats
    information: Floats


def population(quadrature: Quadrature, mean: float, log_sd: float) -> Population:
    """The grid of a group under this mean and log sd."""
    sd = np.exp(log_sd)
    theta = quadrature.positions
    if quadrature.follows:
        theta = mean + sd * theta
    return weighed(theta, mean, log_sd)


def weighed(theta: Floats, mean: float, log_sd: float) -> Population:
    """Normal weights at given nodes, made to add to 1."""
    sd = np.exp(log_sd)
    z = (theta - mean) / sd
    log_density = -0.5 * z**2
    prior = np.exp(log_density - log_density.max())
    log_prior = log_density - log_density.max() - np.log(prior.sum())
    prior = np.exp(log_prior)
    score = np.stack([z / sd, z**2])
    score -= (score @ prior)[:, None]
    bend = np.empty((2, 2, len(theta)))
    bend[0, 0], bend[1, 1] = 1 / sd**2, 2 * z**2
    bend[0, 1] = bend[1, 0] = 2 * z / sd
    # The normalising sum bends as well; it matters where a grid cuts the tails off.
    spread = (score * prior) @ score.T
    bend += (spread - bend @ prior)[:, :, None]
    return Population(theta, log_prior, score, bend)


def best_normal(
    theta: Floats, mass: Floats, mean: float, log_sd: float, free: tuple[bool, bool]
) -> tuple[float, float]:
    """Mean and log sd under which expected persons (Q,) at the nodes are likeliest; Newton."""
    which = np.flatnonzero(free)
    values = np.array([mean, log_sd])
    if not len(which) or mass.sum() <= 0:
        return mean, log_sd
    share = mass / mass.sum()
    if len(which) == 2:  # the moments: exact up to what the grid cuts off
        values[0] = share @ theta
        values[1] = 0.5 * np.log(share @ (theta - values[0]) ** 2)
    for _ in range(_MOST_STEPS):
        now = weighed(theta, *values)
        slope = now.score @ share
        bend = now.information @ share
        step = np.linalg.solve(bend[np.ix_(which, which)], slope[which])
        values[which] += np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-12:
            break
    return float(values[0]), float(values[1])
