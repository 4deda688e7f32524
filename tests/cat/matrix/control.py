"""Parts under exposure control, and how often their items are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cat.selection.adaptive_part import AdaptivePart
from cat.selection.policy import EXPOSURE_METHODS, ExposurePlan
from cat.selection.step import Candidates
from cat.simulation import rehearsal
from cat.simulation.cohort import Controls, PartRun
from tests.cat.matrix.banks import ITEMS, part_of, policy_of, sit
from tests.cat.matrix.cells import TABULATED

LENGTH, PERSONS, R_MAX, TOP = 6, 400, 0.25, 4
EDGES = (-0.4, 0.4)
CONTROLLED = (*EXPOSURE_METHODS, "kelayakan_bersyarat")
# Simulees of one rehearsal, and rehearsals. Item eligibility is set up as in a study; the dear
# criteria make do with small batches, which suit them as well.
PERSONS_OF = {"sympson_hetter": 400, "kelayakan": 400}
ROUNDS = {"sympson_hetter": 8, "kelayakan": 40, "kelayakan_bersyarat": 40, "batas_keras": 0}
DEAR = {"kullback_leibler", "likelihood_information"}
PERSONS_OF_DEAR = {"sympson_hetter": 200, "kelayakan": 40}


def rehearse_few(monkeypatch: pytest.MonkeyPatch, criterion: str) -> None:
    """Rehearse with fewer people than the nation needs: the bank is small."""
    for method, persons in (PERSONS_OF_DEAR if criterion in DEAR else PERSONS_OF).items():
        monkeypatch.setitem(rehearsal._PERSONS, method, persons)


def prepared(
    criterion: str,
    method: str,
    model: str = "2pl",
    *,
    length: int = LENGTH,
    r_max: float = R_MAX,
    **others: object,
) -> AdaptivePart:
    """A part under exposure control, rehearsed where the method asks for it."""
    edges = EDGES if method == "kelayakan_bersyarat" else ()
    plan = ExposurePlan(method.removesuffix("_bersyarat"), r_max, edges)
    policy = policy_of(criterion, tabulated=criterion in TABULATED, exposure=plan)
    part = part_of(model, policy, length, **others)
    (held,) = rehearsal.control([part], population, seed=1, rounds=ROUNDS[method])
    return held


def population(numbers: np.ndarray) -> np.ndarray:
    return np.random.default_rng(int(numbers[0])).normal(size=(len(numbers), 1))


@dataclass(frozen=True)
class Seen:
    """What a cohort under control was given, counted apart from the engine.

    rates : (G, I) share of those who were ever in a group of ability who got an item there.
    closed : (I,) how often each item was given to somebody to whom control had closed it.
    given : (I,) how often at all.
    """

    run: PartRun
    rates: np.ndarray
    closed: np.ndarray
    given: np.ndarray


def watched(part: AdaptivePart, theta: np.ndarray, method: str, r_max: float = R_MAX) -> Seen:
    """A cohort sits a part under control."""
    edges = EDGES if method == "kelayakan_bersyarat" else ()
    # A cap by counting is kept by those who count, not by the part.
    capacity = [np.full(ITEMS, int(r_max * len(theta)))] if method == "batas_keras" else []
    here, closed = np.zeros((len(edges) + 1, ITEMS)), np.zeros(ITEMS)
    visited = np.zeros((len(edges) + 1, len(theta)))

    def watch(_: int, persons: np.ndarray, found: Candidates, items: np.ndarray) -> None:
        group = np.searchsorted(edges, found.theta, side="right")
        np.add.at(here, (group, items), 1)
        visited[group, persons] = 1
        if found.admitted is not None:
            wrong = (~found.admitted & (found.ranked == items[:, None])).any(axis=1)
            np.add.at(closed, items[wrong], 1)

    run = sit(part, theta, watch=watch, controls=Controls(capacity=capacity))
    return Seen(run, here / visited.sum(axis=1, keepdims=True), closed, here.sum(axis=0))
