"""Expected a posteriori ability on fixed quadrature nodes.

Everything but `score` uses only products, quotients and sums in a fixed order, so that the same
answers give the same bits on every machine and in every batch size: the audit by replay rests on
it. `score` works in logarithms, because hundreds of answers may be scored at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import LARGEST, number, numbers, positive
from cat.irt.arguments import count as whole
from cat.irt.items import Items
from cat.irt.responses import checked_responses
from cat.scoring.beliefs import checked_posterior, checked_weights
from cat.scoring.estimate import Estimate, in_blocks
from cat.scoring.likelihood import log_likelihood

Floats = NDArray[np.float64]

# Weights that add to 1 this closely are left as they are: stored ones must keep their bits.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Quadrature:
    """Nodes of the ability scale and the prior weight of each.

    nodes : (Q,) abilities, logits, ascending.
    weights : (Q,) prior probabilities, >= 0; made to add to 1.

    Raises BadInput, naming the node and the value.
    """

    nodes: Floats
    weights: Floats

    def __post_init__(self) -> None:
        nodes, weights = numbers("nodes", self.nodes), numbers("weights", self.weights)
        if nodes.ndim != 1 or len(nodes) < 2 or weights.shape != nodes.shape:
            raise BadInput(
                "nodes and weights must both be (Q,) with Q >= 2;"
                f" got shapes {nodes.shape} and {weights.shape}"
            )
        _refuse("nodes must be finite", nodes, np.isfinite(nodes))
        _refuse(f"nodes must be at most {LARGEST:g} in size", nodes, np.abs(nodes) <= LARGEST)
        _refuse("nodes must ascend", nodes, np.append(True, np.diff(nodes) > 0))
        _refuse("weights must be finite and >= 0", weights, np.isfinite(weights) & (weights >= 0))
        with np.errstate(over="ignore"):
            total = weights.sum()
        if not 0 < total < np.inf:
            raise BadInput(f"weights must add to more than 0 and not overflow; the sum is {total}")
        if abs(total - 1) > _ROUNDING:
            weights = weights / total
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "weights", weights)


def normal_quadrature(
    count: int = 61, reach: float = 6.0, mean: float = 0.0, sd: float = 1.0
) -> Quadrature:
    """Equally spaced nodes under a normal prior.

    count : number of nodes, >= 2.
    reach : how far the nodes go to either side of the mean, in units of sd, > 0.
    mean, sd : of the prior, logits; sd > 0.

    Returns Quadrature; the usual one has 61 nodes on [-6, 6], which serve as long as standard
    errors stay above 0.15. Raises BadInput.
    Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444.
    """
    count = whole("count", count, least=2)
    reach, mean, sd = positive("reach", reach), number("mean", mean), positive("sd", sd)
    standard = np.linspace(-reach, reach, count)
    density = np.exp(-(standard**2) / 2)
    return Quadrature(mean + sd * standard, density / density.sum())


def require_quadrature(quadrature: object) -> None:
    """Raise BadInput unless it is a Quadrature."""
    if not isinstance(quadrature, Quadrature):
        raise BadInput(f"quadrature must be a Quadrature; got {type(quadrature).__name__}")


def start(quadrature: Quadrature, persons: int) -> Floats:
    """Posterior of persons who have answered nothing: the prior of the quadrature.

    persons : J, >= 0. Returns (J, Q). Raises BadInput.
    """
    require_quadrature(quadrature)
    return np.repeat(quadrature.weights[None, :], whole("persons", persons), axis=0)


def update(posterior: Floats, likelihood: Floats) -> Floats:
    """Posterior after one more answer each.

    posterior : (J, Q), adding to 1 over Q.
    likelihood : (J, Q), chance of the answer given at each node, > 0 where the posterior is.

    Returns (J, Q), adding to 1 over Q. Raises BadInput, naming the person.
    """
    likelihood = numbers("likelihood", likelihood, "(J, Q)")
    posterior = checked_weights("posterior", posterior, likelihood.shape[1])
    if posterior.shape != likelihood.shape:
        raise BadInput(f"likelihood must be {posterior.shape}; got shape {likelihood.shape}")
    product = checked_weights("posterior * likelihood", posterior * likelihood, likelihood.shape[1])
    return np.asarray(product / product.sum(axis=1, keepdims=True))


def estimate(posterior: Floats, quadrature: Quadrature) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each posterior: theta and its standard error.

    posterior : (J, Q) over the nodes of the quadrature, adding to 1 over Q.

    Returns (J,) and (J,), logits. Raises BadInput, naming the person.
    """
    require_quadrature(quadrature)
    posterior = checked_posterior("posterior", posterior, len(quadrature.nodes))
    theta = (posterior * quadrature.nodes).sum(axis=1)
    spread = (quadrature.nodes - theta[:, None]) ** 2
    return theta, np.sqrt((posterior * spread).sum(axis=1))


def score(
    responses: ArrayLike, items: Items, quadrature: Quadrature, prior: ArrayLike | None = None
) -> Estimate:
    """Posterior mean of each person, with the posterior standard deviation as standard error.

    responses : (J, I) categories, -1 where not presented.
    items : the I items, of any models.
    quadrature : Q nodes with the prior weight of each; the integrals are sums over them.
    prior : (J, Q) weights of each person's own prior, such as `linked_prior.prior_after`; the
        weights of the quadrature when left out.

    Returns Estimate, always finite; without answers it is the prior. Raises BadInput.
    Bock & Mislevy (1982).
    """
    require_quadrature(quadrature)
    answers = checked_responses(responses, items)
    shape = (len(answers), len(quadrature.nodes))
    weights = np.broadcast_to(
        quadrature.weights if prior is None else _checked_prior(prior, shape), shape
    )

    def score_some(some: NDArray[np.int64], items: Items, rows: slice) -> Estimate:
        with np.errstate(divide="ignore"):
            height = log_likelihood(some, items, quadrature.nodes) + np.log(weights[rows])
        top = height.max(axis=1, keepdims=True)
        if not np.isfinite(top).all():
            person = rows.start + int(np.argmin(np.isfinite(top)))
            raise BadInput(
                f"the answers of person {person} are impossible at every node that has weight",
                person=person,
            )
        posterior = np.exp(height - top)
        return Estimate(*estimate(posterior / posterior.sum(axis=1, keepdims=True), quadrature))

    return in_blocks(answers, items, shape[1], score_some)


def _checked_prior(prior: ArrayLike, shape: tuple[int, int]) -> Floats:
    weights = checked_weights("prior", prior, shape[1])
    if weights.shape != shape:
        raise BadInput(f"prior must be (J, Q) = {shape}; got shape {weights.shape}")
    return weights


def _refuse(rule: str, values: Floats, legal: NDArray[np.bool_]) -> None:
    if not legal.all():
        node = int(np.argmin(legal))
        raise BadInput(f"{rule}; number {node} is {values[node]}", node=node, value=values[node])
