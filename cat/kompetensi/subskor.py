"""Whether a part's domains say more than the part's total, and their best estimates.

A sub-score is worth reporting only when it predicts the true sub-score better than the total does:
proportional reduction in mean squared error, PRMSE. Haberman (2008), When can subscores have
value?, Journal of Educational and Behavioral Statistics 33, 204-229. The same idea where each
person has met other items, with an own precision: Haberman & Sinharay (2010), Psychometrika 75,
209-227.

The model here: a person's true domain abilities are normal with the group's mean and covariance,
and the answers in a domain measure its ability with a known precision (information, 1/logit**2).
Domains without answers have information 0. The total is the sum of all that the answers say, which
is what the part's own theta is made of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput, DidNotConverge
from cat.irt.arguments import numbers

Floats = NDArray[np.float64]

_TOLERANCE = 1e-5
_MOST_STEPS = 5000
# Below this share of its variance, what the total holds beyond one domain is rounding.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Measures:
    """What the answers of J persons say of D domains.

    information : (J, D) precision of each domain's answers, 1/logit**2, >= 0.
    pull : (J, D) information times the ability that the answers point to, 1/logit.
    """

    information: Floats
    pull: Floats


@dataclass(frozen=True)
class Group:
    """How true domain abilities are spread in a group: mean (D,), covariance (D, D), logits."""

    mean: Floats
    covariance: Floats


@dataclass(frozen=True)
class Worth:
    """PRMSE of each domain, (D,) each, 0 to 1, from its own answers, the total, and both."""

    own: Floats
    total: Floats
    augmented: Floats


def measures(theta: ArrayLike, se: ArrayLike, prior_mean: float, prior_sd: float) -> Measures:
    """What domain scores say once their prior is taken out again.

    theta, se : (J, D) EAP and posterior sd, logits, se > 0.
    prior_mean, prior_sd : of the normal prior behind all of them, logits, sd > 0.

    A posterior wider than its prior carries no information. Returns Measures. Raises BadInput.
    """
    estimates, errors = numbers("theta", theta, "(J, D)"), numbers("se", se, "(J, D)")
    if errors.shape != estimates.shape or not (errors > 0).all():
        raise BadInput(f"se must be > 0 and {estimates.shape}; got shape {errors.shape}")
    information = np.maximum(errors**-2 - prior_sd**-2, 0.0)
    pull = estimates * errors**-2 - prior_mean * prior_sd**-2
    return Measures(information, np.where(information > 0, pull, 0.0))


def fit_group(given: Measures) -> Group:
    """Mean and covariance of the true abilities behind the measures of J persons, by EM.

    Maximum likelihood for normal abilities and normal errors of known precision. Raises BadInput
    for fewer persons than domains; DidNotConverge.
    """
    persons, domains = given.information.shape
    if not domains or persons <= domains:
        raise BadInput(f"more persons than domains are needed; got {persons} and {domains}")
    group = Group(np.zeros(domains), 0.5 * np.eye(domains) + 0.5)
    for _ in range(_MOST_STEPS):
        expected, spread = estimate(given, group)
        mean = expected.mean(axis=0)
        off = expected - mean
        covariance = (spread.sum(axis=0) + off.T @ off) / persons
        moved = max(abs(mean - group.mean).max(), abs(covariance - group.covariance).max())
        group = Group(mean, covariance)
        if moved < _TOLERANCE:
            return group
    raise DidNotConverge(f"domain covariances still move by {moved:g} after {_MOST_STEPS} steps")


def estimate(given: Measures, group: Group) -> tuple[Floats, Floats]:
    """Augmented estimates: each domain from its own answers and from all the others.

    Returns (J, D) means and (J, D, D) posterior covariances, logits; without any answers they are
    the group's. Wainer, Vevea, Camacho, Reeve, Rosa, Nelson, Swygert & Thissen (2001), in Thissen &
    Wainer, Test Scoring, ch. 9.
    """
    one = np.eye(len(group.mean))
    # covariance (I + P covariance)^-1 stays defined for singular covariances and empty domains.
    scaled = one + given.information[:, :, None] * group.covariance
    spread = np.linalg.solve(
        scaled.transpose(0, 2, 1), np.broadcast_to(group.covariance, scaled.shape)
    )
    spread = (spread + spread.transpose(0, 2, 1)) / 2
    surprise = given.pull - given.information * group.mean
    return group.mean + np.einsum("jde,je->jd", spread, surprise), spread


def worth(information: ArrayLike, group: Group) -> Worth:
    """PRMSE of every domain in a group whose persons were measured with this information.

    information : (J, D), 1/logit**2, >= 0.

    Each is averaged over the persons. With the same information for everybody these are the
    formulas of Haberman (2008, section 2). A domain that does not vary has PRMSE 0.
    Raises BadInput.
    """
    given = numbers("information", information, "(J, D)")
    variance = np.diag(group.covariance)
    with_total = given @ group.covariance  # cov(true domain, total), (J, D)
    own_error = given**2 * variance + given  # variance of the own pull
    total = (given * with_total).sum(axis=1, keepdims=True) + given.sum(axis=1, keepdims=True)
    shared = given * (with_total + 1)  # cov(own pull, total)
    own = _explained(given * variance, own_error)
    by_total = _explained(with_total, total)
    left = with_total - _ratio(shared * given * variance, own_error)
    left_total = total - _ratio(shared**2, own_error)
    both = own + np.where(left_total > _NOTHING * total, _explained(left, left_total), 0.0)
    scale = np.where(variance > 0, variance, np.inf)
    return Worth(*(each.mean(axis=0) / scale for each in (own, by_total, both)))


def _explained(covariance: Floats, variance: Floats) -> Floats:
    return _ratio(covariance**2, variance)


def _ratio(above: Floats, below: Floats) -> Floats:
    """above / below, and 0 where below is 0: what was never measured explains nothing."""
    below = np.broadcast_to(below, above.shape)
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))
