"""A short adaptive test in which ability is known: enough for exposure control to be tried on."""

from __future__ import annotations

import numpy as np

from cat.irt.items import information, logistic_items
from cat.selection.exposure.admission import Admission
from cat.selection.randomness import uniform

ITEMS, LENGTH = 40, 5


def simulees(count: int, seed: int = 1):
    """Abilities (J,) and, for each, all items from the most to the least informative (J, I)."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(0, 1, count)
    bank_rng = np.random.default_rng(7)
    bank = logistic_items(bank_rng.uniform(0.5, 2, ITEMS), bank_rng.normal(0, 1, ITEMS))
    return theta, np.argsort(-information(theta, bank), axis=1)


def sit(admission: Admission, theta, ranked, seed: int):
    """Positions that came up and that were given, (J, I) each with -1 for none; who admits what.

    Items come up in their order until LENGTH of them have been admitted.
    """
    chance = uniform(np.arange(len(theta))[:, None] + 1_000_000 * seed, ranked)
    admitted = admission.admitted(theta, chance, ranked)
    before = admitted.cumsum(axis=1) - admitted
    came_up = before < LENGTH
    by_item = np.zeros_like(admitted)
    np.put_along_axis(by_item, ranked, admitted, axis=1)
    return np.where(came_up, ranked, -1), np.where(came_up & admitted, ranked, -1), by_item
