"""Exposure control for plans that are about to be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadRules
from cat.itembank.pool import parameters_of
from cat.publication.publish import PartPlan, compile_part
from cat.scoring import linked_prior
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.policy import COUNTING
from cat.simulation import rehearsal

# Rehearsals of the same plans must give the same pool.
_SEED = 20_140_901


def with_control(
    plans: Sequence[PartPlan], correlation: float | None = None
) -> tuple[PartPlan, ...]:
    """The plans with the admission that their policies ask for, set up by rehearsal.

    correlation : of abilities in neighbouring parts, as the pool will have it; the rehearsing
        population is standard normal in each part.

    Raises BadRules for control that only a simulation can keep, and what `compile_part` raises.
    """
    for plan in plans:
        exposure = plan.policy.exposure
        if exposure is not None and exposure.method == COUNTING:
            raise BadRules(
                f"{plan.blueprint.part}: paparan batas_keras menghitung antarpeserta dan hanya"
                " untuk simulasi; pilih kelayakan atau sympson_hetter"
            )
    if all(plan.policy.exposure is None for plan in plans):
        return tuple(plans)
    quadrature = normal_quadrature()
    parts = [
        compile_part(
            plan, tabulate(parameters_of(plan.blueprint.part, tuple(plan.items)), quadrature)
        )
        for plan in plans
    ]
    transition = None if correlation is None else linked_prior.transition(quadrature, correlation)
    share = correlation or 0.0

    def population(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        rng = np.random.default_rng([_SEED, int(numbers[0])])
        theta = rng.normal(size=(len(numbers), len(plans)))
        for part in range(1, len(plans)):
            own = np.sqrt(1 - share**2) * theta[:, part]
            theta[:, part] = share * theta[:, part - 1] + own
        return theta

    controlled = rehearsal.control(parts, population, _SEED, transition)
    return tuple(
        replace(plan, admission=part.admission)
        for plan, part in zip(plans, controlled, strict=True)
    )
