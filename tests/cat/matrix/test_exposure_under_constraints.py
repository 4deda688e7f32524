"""Exposure methods x constraints: content goes before exposure, and both hold.

Each cell takes the next response model in turn, so that all of them meet methods and limits.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest

from cat.errors import BadRules
from cat.selection.policy import ExposurePlan
from tests.cat.matrix.banks import ITEMS, abilities, part_of, policy_of, sit
from tests.cat.matrix.cells import BY_SOLVER, EXPOSURE, LIMITS, MODELS, each, grid
from tests.cat.matrix.control import CONTROLLED, TOP, prepared, rehearse_few, watched
from tests.cat.matrix.limits import BANK, DOMAINS, LENGTH, MUST, breaches, options

R_MAX = 0.4
# A shadow test is assembled for every item of every person, so that few can sit. The rate of an
# item then has a standard error of 11 %; among the few of one group of ability it says nothing.
MANY, FEW = 400, 20
TOLERANCE = {MANY: 0.16, FEW: 0.4}
# Share of the items given that control had closed to the person: hardly ever must it give way.
GIVES_WAY = 0.05
CRITERION = "posterior_information"
MODEL_OF = dict(zip(grid(EXPOSURE, LIMITS), cycle(MODELS), strict=False))
FREE = grid(("tanpa", "acak_teratas"), LIMITS)
REFUSED = grid(("batas_keras",), BY_SOLVER)
HELD = grid(CONTROLLED, LIMITS, without=REFUSED)


@pytest.mark.parametrize(("method", "limits"), each(FREE))
def test_free_or_randomesque_tests_keep_all_limits(method, limits):
    policy = policy_of(CRITERION, tabulated=True, top=TOP if method == "acak_teratas" else 1)
    part = part_of(MODEL_OF[method, limits], policy, LENGTH, **options(limits))

    run = sit(part, abilities(FEW if part.shadow else MANY))

    assert {tuple(breaches(limits, test)) for test in run.items.tolist()} == {()}
    assert len(set(run.items[:, 0].tolist())) == (TOP if method == "acak_teratas" else 1)


@pytest.mark.parametrize(("method", "limits"), each(HELD))
def test_controlled_tests_keep_all_limits_and_the_rate(method, limits, monkeypatch):
    rehearse_few(monkeypatch, CRITERION)
    model, by_solver = MODEL_OF[method, limits], limits in BY_SOLVER
    # Rehearsals with a solver would take minutes: those limits meet chances set without them.
    known = {"domains": DOMAINS} if by_solver else options(limits)
    part = prepared(CRITERION, method, model, length=LENGTH, r_max=R_MAX, **known)
    if by_solver:
        part = replace(part, rows=options(limits)["rows"], ranking=None)
    theta = abilities(FEW if by_solver else MANY)

    seen = watched(part, theta, method, R_MAX)

    assert {tuple(breaches(limits, test)) for test in seen.run.items.tolist()} == {()}
    free = [n for n in range(ITEMS) if limits != "wajib_larang" or BANK[n]["kode"] not in MUST]
    if not (by_solver and method == "kelayakan_bersyarat"):
        spread = 0.0 if method == "batas_keras" else TOLERANCE[len(theta)]
        highest = seen.rates[:, free].max()
        assert highest <= R_MAX + spread
    assert seen.closed[free].sum() < GIVES_WAY * seen.given[free].sum()


@pytest.mark.parametrize(("method", "limits"), each(REFUSED))
def test_a_cap_by_counting_is_refused_where_shadow_tests_are_needed(method, limits):
    policy = policy_of(CRITERION, tabulated=True, exposure=ExposurePlan(method, R_MAX))

    with pytest.raises(BadRules, match="tes bayangan"):
        part_of("2pl", policy, LENGTH, **options(limits))


def test_every_model_meets_exposure_control_and_limits():
    assert {MODEL_OF[cell] for cell in HELD} == set(MODELS)
