"""Expected a posteriori ability on fixed quadrature nodes.

Everything here uses only products, quotients and sums in a fixed order, so that the same answers
give the same bits on every machine and in every batch size: the audit by replay rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Quadrature:
    """Nodes of the ability scale and the prior weight of each.

    nodes : (Q,) abilities, logits, ascending.
    weights : (Q,) prior probabilities, adding to 1.
    """

    nodes: Floats
    weights: Floats


def normal_quadrature(count: int = 61, reach: float = 6.0) -> Quadrature:
    """Equally spaced nodes on [-reach, reach] logits under a standard normal prior.

    Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444.
    """
    nodes = np.linspace(-reach, reach, count)
    density = np.exp(-(nodes**2) / 2)
    return Quadrature(nodes, density / density.sum())


def start(quadrature: Quadrature, persons: int) -> Floats:
    """Posterior (J, Q) of persons who have answered nothing: the prior."""
    return np.repeat(quadrature.weights[None, :], persons, axis=0)


def update(posterior: Floats, likelihood: Floats) -> Floats:
    """Posterior after one more answer each.

    posterior : (J, Q), adding to 1 over Q.
    likelihood : (J, Q), chance of the answer given at each node, > 0 somewhere.

    Returns (J, Q), adding to 1 over Q.
    """
    product = posterior * likelihood
    return np.asarray(product / product.sum(axis=1, keepdims=True))


def estimate(posterior: Floats, quadrature: Quadrature) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each posterior: theta and its standard error, (J,) logits."""
    theta = (posterior * quadrature.nodes).sum(axis=1)
    spread = (quadrature.nodes - theta[:, None]) ** 2
    return theta, np.sqrt((posterior * spread).sum(axis=1))
