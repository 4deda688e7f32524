"""The competency profile: what a person's answers say per domain, each with its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt.arguments import numbers
from cat.scoring import eap, scale
from cat.scoring.eap import Quadrature
from cat.scoring.scale import ReferenceForm


@dataclass(frozen=True)
class DomainScore:
    """One domain of one person.

    items : how many of its items were answered.
    theta, se : ability from these items alone under the population prior, logits.
    share, share_se : points expected on the domain's items of the reference form, as a share of
        their maximum, 0 to 1.
    reliability : 1 - se**2 / prior variance: 0 when the answers say nothing, near 1 when much.
    """

    items: int
    theta: float
    se: float
    share: float
    share_se: float
    reliability: float


def domain_score(
    likelihood: NDArray[np.float64], quadrature: Quadrature, form: ReferenceForm
) -> DomainScore:
    """Score of one person in one domain.

    likelihood : (n, Q) chance of each of the person's n answers in this domain at each node.
    quadrature : the Q nodes, with the population's prior; form : the domain's items of the
        reference form.

    Returns DomainScore. Raises BadInput.

    A domain holds few items, so its theta is shrunk towards the population mean and its se is
    large; `reliability` says how much of the differences between people it can show.
    """
    posterior = eap.start(quadrature, 1)
    _, prior_sd = eap.estimate(posterior, quadrature)
    for answer in numbers("likelihood", likelihood, "(n, Q)"):
        posterior = eap.update(posterior, answer[None, :])
    theta, se = (float(x[0]) for x in eap.estimate(posterior, quadrature))
    return DomainScore(
        items=len(likelihood),
        theta=theta,
        se=se,
        share=float(scale.expected_points([theta], form)[0]) / form.maximum,
        share_se=float(scale.slope([theta], form)[0]) * se / form.maximum,
        reliability=max(0.0, 1 - se**2 / float(prior_sd[0]) ** 2),
    )
