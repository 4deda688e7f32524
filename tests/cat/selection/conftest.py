"""Parts of adaptive tests, made up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.itembank.blueprint import Blueprint, Bound
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import Policy

DOMAINS = ("verbal.analogi", "verbal.silogisme", "numerik")
BOUNDS = (Bound("verbal", 4, 8), Bound("verbal.analogi", 2, 4), Bound("numerik", 3, 6))


def random_items(count: int, polytomous: bool, seed: int = 5) -> Items:
    """Items with parameters as a real bank has them."""
    rng = np.random.default_rng(seed)
    a = rng.lognormal(0.1, 0.3, count)
    if polytomous:
        steps = np.sort(rng.normal(0, 1, (count, 4)), axis=1)
        return polytomous_items(Model.PARTIAL_CREDIT, a / 2, steps)
    return logistic_items(a, rng.normal(0, 1.2, count), rng.beta(5, 17, count))


@pytest.fixture
def create_part() -> Callable[..., AdaptivePart]:
    def create(
        policy: Policy | None = None,
        *,
        count: int = 90,
        length: int = 12,
        polytomous: bool = False,
        bounds: tuple[Bound, ...] = BOUNDS,
        **options: object,
    ) -> AdaptivePart:
        tables = tabulate(random_items(count, polytomous), normal_quadrature())
        domains = [DOMAINS[i % 3] for i in range(count)]
        blueprint = Blueprint("tiu", length, bounds, {})
        return adaptive_part("tiu", tables, domains, blueprint, policy or Policy(), **options)

    return create
