"""Makers of small finished studies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.simulation.measuring.results import PartFacts, PartResults

BANK, PERSONS, LONGEST = 12, 40, 6


@pytest.fixture(scope="session")
def create_facts():
    """Facts of a part of 12 items, with changes."""

    def create(**changes):
        plain = PartFacts(
            part="tiu",
            title="Tes Intelegensia Umum",
            codes=tuple(f"TIU-{i:02}" for i in range(BANK)),
            domains=tuple("verbal" if i < 5 else "numerik" for i in range(BANK)),
            truth="true",
            reasons=("panjang tetap", "galat baku tercapai"),
        )
        return replace(plain, **changes)

    return create


@pytest.fixture(scope="session")
def create_results():
    """People, 40 unless told, with tests of 3 to 6 items without repeats."""

    def create(persons=PERSONS, seed=1):
        rng = np.random.default_rng(seed)
        theta = rng.normal(size=persons)
        items = np.array([rng.permutation(BANK)[:LONGEST] for _ in range(persons)])
        items[np.arange(LONGEST) >= rng.integers(3, LONGEST + 1, persons)[:, None]] = -1
        return PartResults(
            theta_hat=theta + rng.normal(0, 0.4, persons),
            se=rng.uniform(0.3, 0.5, persons),
            items=items,
            theta=theta,
            reason=rng.integers(0, 2, persons),
        )

    return create
