"""A prior for the next part from what an earlier, correlated part has shown.

Abilities in two parts are taken to be bivariate normal with a known correlation. Each node of the
earlier part then has its own distribution over the nodes of the next, and the prior of a person is
their mixture, weighted by the person's posterior.

Both factors of the mixture are whole numbers of units of 2**-26. Products and partial sums are then
whole numbers below 2**53, exact in float64 whatever the order of summation, the batch size or the
linear-algebra library: a person's prior is the same to the last bit alone and in a cohort.
van der Linden (1999), Applied Psychological Measurement 23, 21-29, on empirical initialisation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.irt.arguments import numbers, real
from cat.scoring import eap
from cat.scoring.beliefs import checked_posterior
from cat.scoring.eap import Quadrature

Floats = NDArray[np.float64]

UNIT = 2.0**-26


def transition(quadrature: Quadrature, correlation: float) -> Floats:
    """Distribution of ability in the next part at each ability in the earlier one.

    quadrature : nodes that both parts use, and the prior of either.
    correlation : of the two abilities in the population, strictly between -1 and 1.

    Returns (Q, Q), in whole UNITs; row q adds to 1 / UNIT but for rounding. Under a normal prior
    with mean m and standard deviation s it is normal with mean m + correlation * (node_q - m) and
    standard deviation s * sqrt(1 - correlation**2). No entry is 0 but where the prior is: a part
    can make an ability improbable in the next one, never impossible. Raises BadInput.
    """
    eap.require_quadrature(quadrature)
    correlation = real("correlation", correlation)
    if not abs(correlation) < 1:
        raise BadInput(
            f"correlation must lie strictly between -1 and 1; got {correlation}", value=correlation
        )
    mean, sd = eap.estimate(eap.start(quadrature, 1), quadrature)
    standard = (quadrature.nodes - mean) / sd
    # The prior times the ratio of the joint normal density to the product of its margins: that
    # needs no assumption about the spacing of the nodes, and at 0 it is the prior itself.
    squares = np.add.outer(standard**2, standard**2)
    products = np.multiply.outer(standard, standard)
    exponent = correlation * (2 * products - correlation * squares) / (2 * (1 - correlation**2))
    with np.errstate(divide="ignore"):
        exponent = exponent + np.log(quadrature.weights)
    density = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    share = density / density.sum(axis=1, keepdims=True)
    return np.where(quadrature.weights > 0, np.maximum(np.rint(share / UNIT), 1.0), 0.0)


def prior_after(posterior: Floats, transition: Floats) -> Floats:
    """Prior of each person for the next part.

    posterior : (J, Q) after the earlier part, adding to 1 over Q.
    transition : (Q, Q), as `transition` returns it.

    Returns (J, Q), adding to 1 over Q, positive wherever the prior is. Raises BadInput.
    """
    posterior, transition = numbers("posterior", posterior), numbers("transition", transition)
    if posterior.ndim != 2 or transition.shape != (posterior.shape[1],) * 2:
        raise BadInput(
            "posterior must be (J, Q) and transition (Q, Q);"
            f" got shapes {posterior.shape} and {transition.shape}"
        )
    posterior = checked_posterior("posterior", posterior, len(transition))
    if not ((transition >= 0).all() and (transition.sum(axis=1) > 0).all()):
        raise BadInput("transition must be >= 0, and positive somewhere in every row")
    mixture = np.rint(posterior / UNIT) @ transition
    return np.asarray(mixture / mixture.sum(axis=1, keepdims=True))
