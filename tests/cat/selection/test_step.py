"""The adaptive step: the same for one person and for a cohort, and never out of bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.errors import PoolExhausted
from cat.selection import step
from cat.selection.exposure.admission import Admission
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.progress import begin, estimate, learn, refold
from cat.selection.randomness import uniform

PERSONS = 40


def seeds_of(persons):
    return np.arange(persons, dtype=np.uint64) * np.uint64(7919)


def walk(part, persons=PERSONS, length=None, seed=1):
    """A cohort that answers at random; returns its progress and the categories it gave."""
    rng = np.random.default_rng(seed)
    progress, given = begin(part, persons), []
    for number in range(1, (length or part.longest) + 1):
        items = step.choose(part, progress, seeds_of(persons), number)
        categories = rng.integers(0, part.tables.items.categories[items])
        learn(part, progress, items, categories)
        given.append(categories)
    return progress, np.array(given).T


@pytest.mark.parametrize("polytomous", [False, True], ids=["dichotomous", "polytomous"])
def test_answers_folded_at_once_give_the_bits_of_answers_learned_one_by_one(
    create_part, polytomous
):
    part = create_part(count=150, length=100, bounds=(), polytomous=polytomous)
    progress, categories = walk(part, persons=5)

    for person in range(5):
        folded = refold(part, progress.items[person], categories[person])
        assert folded.likelihood.tobytes() == progress.likelihood[person].tobytes()
        assert (folded.used == progress.used[person]).all()
        assert (folded.taken == progress.taken[person]).all()


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(top=4),
        Policy(criterion="maximum_information"),
        Policy(tabulated=False),
        Policy(criterion="progressive", tabulated=False),
        Policy(criterion="random_item", tabulated=False),
    ],
    ids=lambda p: f"{p.criterion}, top {p.top}, {'tabled' if p.tabulated else 'computed'}",
)
def test_each_person_alone_gets_the_items_of_the_cohort(create_part, policy):
    part = create_part(policy)
    progress, categories = walk(part)

    for person in range(0, PERSONS, 8):
        alone = begin(part, 1)
        for place in range(part.longest):
            item = step.choose(part, alone, seeds_of(PERSONS)[person : person + 1], place + 1)
            assert item == progress.items[person, place]
            learn(part, alone, item, categories[person, place : place + 1])


def test_a_finished_test_keeps_every_bound_and_repeats_nothing(create_part):
    part = create_part(Policy(top=6))
    progress, _ = walk(part, persons=200)

    assert not any(part.tree.violations(taken) for taken in progress.taken)
    assert all(len(set(row)) == part.longest for row in progress.items.tolist())


def test_a_ranking_chooses_what_the_criterion_chooses_where_the_belief_is_normal(create_part):
    tabled = create_part(Policy(tabulated=True), bounds=())
    computed = create_part(Policy(tabulated=False), bounds=())

    first = [step.choose(part, begin(part, 1), seeds_of(1), 1)[0] for part in (tabled, computed)]

    assert first[0] == first[1]  # the prior itself is normal


def test_rankings_lose_next_to_nothing_of_the_information(create_part):
    """Tabled beliefs are rounded; the items taken must still be nearly as informative."""
    tabled, computed = (
        create_part(Policy(tabulated=x), count=300, length=20, bounds=()) for x in (True, False)
    )
    given = {}
    for name, part in (("tabled", tabled), ("computed", computed)):
        progress, _ = walk(part, persons=300, seed=3)
        given[name] = estimate(part, progress)[1].mean()

    assert given["tabled"] == pytest.approx(given["computed"], rel=0.01)


def test_randomesque_draws_only_among_the_best_allowed(create_part):
    part = create_part(Policy(top=3))
    found = step.candidates(part, begin(part, 500), seeds_of(500), 1)
    best = found.ranked[0][found.allowed[0]][:3]

    drawn = step.pick(found, 3, np.random.default_rng(1).random(500))

    assert set(drawn) == set(best)
    assert np.bincount(drawn)[best].min() > 120  # a third of 500 each


@given(
    chance=st.floats(0, 1, exclude_max=True),
    allowed=st.lists(st.booleans(), min_size=1, max_size=12).filter(any),
    top=st.integers(1, 5),
)
def test_picking_counts_only_allowed_items(chance, allowed, top):
    ranked = np.arange(len(allowed))[None, ::-1]
    found = step.Candidates(np.zeros(1), ranked, np.array([allowed]), None)

    picked = step.pick(found, top, np.array([chance]))[0]

    open_items = [int(item) for item, ok in zip(ranked[0], allowed, strict=True) if ok]
    assert picked == open_items[int(chance * min(top, len(open_items)))]


def test_nobody_left_to_give_is_said_with_the_persons():
    fits = np.array([[True], [False]])
    found = step.Candidates(np.zeros(2), np.zeros((2, 1), dtype=np.int64), fits, None)

    with pytest.raises(PoolExhausted) as caught:
        step.pick(found, 1, np.zeros(2))
    assert caught.value.evidence["persons"].tolist() == [1]


def test_exposure_control_closes_items_by_their_chance(create_part):
    part = create_part(Policy(top=1), bounds=())
    favourite = step.choose(part, begin(part, 1), seeds_of(1), 1)[0]
    chances = np.ones((1, len(part.tables)))
    chances[0, favourite] = 0.25
    held = part.controlled(Admission(np.zeros(0), chances))

    first = step.choose(held, begin(held, 4000), seeds_of(4000), 1)

    assert (first == favourite).mean() == pytest.approx(0.25, abs=0.03)


def test_content_goes_before_exposure_control(create_part):
    part = create_part()
    shut = part.controlled(Admission(np.zeros(0), np.full((1, len(part.tables)), 1e-12)))

    progress, _ = walk(shut)

    assert not any(part.tree.violations(taken) for taken in progress.taken)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_even_absurd_answers_leave_a_posterior(create_part_once, seed):
    """Extreme items answered against all odds: the product must not vanish."""
    part = create_part_once
    rng = np.random.default_rng(seed)
    items = rng.permutation(len(part.tables))[:110]
    easy = part.tables.items.b[items, 0] < 0
    folded = refold(part, items, np.where(easy, 0, 1))

    theta, se = estimate(part, folded)

    assert np.isfinite(theta).all()
    assert (se > 0).all()


@pytest.fixture(scope="module")
def create_part_once():
    from cat.irt.items import logistic_items
    from cat.itembank.blueprint import Blueprint
    from cat.scoring.eap import normal_quadrature
    from cat.scoring.tables import tabulate
    from cat.selection.adaptive_part import adaptive_part

    items = logistic_items(np.full(240, 4.0), np.linspace(-6, 6, 240))
    blueprint = Blueprint("tiu", 110, (), {})
    tables = tabulate(items, normal_quadrature())
    return adaptive_part("tiu", tables, ["umum"] * 240, blueprint, Policy())


@pytest.mark.parametrize("controlled", [False, True], ids=["free", "under exposure control"])
def test_the_head_of_the_ranking_decides_as_the_whole_ranking_would(
    create_part, controlled, monkeypatch
):
    plan = ExposurePlan("kelayakan", 0.3) if controlled else None
    part = create_part(Policy(top=3, exposure=plan), count=600, length=14)
    if controlled:
        chances = np.random.default_rng(4).uniform(0.02, 0.4, (1, 600))
        part = part.controlled(Admission(np.zeros(0), chances))
    monkeypatch.setattr(step, "_GLANCE", 4)
    progress, _ = walk(part, persons=200, length=9)

    found = step.candidates(part, progress, seeds_of(200), 10)
    slowly = step.pick(found, 3, uniform(seeds_of(200), 10))

    assert (step.choose(part, progress, seeds_of(200), 10) == slowly).all()
