"""What every estimator of ability promises, one acceptance test for all."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.irt.items import Items, Model, logistic_items
from cat.scoring import eap, map, mle, sum_score, wle


def score_map(responses, items, mean=0.0, sd=1.0):
    return map.score(responses, items, mean, sd)


def score_eap(responses, items, mean=0.0, sd=1.0):
    return eap.score(responses, items, eap.normal_quadrature(mean=mean, sd=sd))


def score_sum(responses, items, mean=0.0, sd=1.0):
    return sum_score.score(responses, items, eap.normal_quadrature(mean=mean, sd=sd))


def score_mle(responses, items, mean=0.0, sd=1.0):
    return mle.score(responses, items)


def score_wle(responses, items, mean=0.0, sd=1.0):
    return wle.score(responses, items)


WITH_PRIOR = [score_map, score_eap, score_sum]
WITHOUT_PRIOR = [score_mle, score_wle]
ALL = WITH_PRIOR + WITHOUT_PRIOR


@pytest.mark.parametrize(
    ("score", "theta", "se"),
    [
        # The second number of a MAP row is 1 / sqrt(information of the answers alone) in PP.
        (
            score_mle,
            [0.1298, -0.0653, -np.inf, 2.1216, -0.0155],
            [0.7195, 0.7333, np.inf, 0.9344, 0.7295],
        ),
        (
            score_wle,
            [0.1684, -0.0146, -3.1369, 1.8696, 0.0359],
            [0.7171, 0.7294, 1.8953, 0.8552, 0.7257],
        ),
        (
            score_map,
            [0.0862, -0.0429, -1.4487, 1.2758, -0.0099],
            (np.array([0.7223, 0.7316, 0.9789, 0.7372, 0.7291]) ** -2.0 + 1) ** -0.5,
        ),
        (
            score_eap,
            [0.0682, -0.0653, -1.5237, 1.3112, -0.0417],
            [0.5905, 0.5950, 0.7046, 0.6142, 0.6119],
        ),
    ],
)
def test_mixed_items_give_the_estimates_that_the_r_package_pp_prints(pp_example, score, theta, se):
    # PP 0.6.3 stops iterating at 0.001 and integrates coarsely, hence more than rounding
    tolerance = 1e-2 if score is score_eap else 2e-4

    found = score(*pp_example)

    assert found.theta == pytest.approx(np.array(theta), abs=tolerance)
    assert found.se == pytest.approx(np.array(se), abs=tolerance)


@pytest.mark.parametrize("score", ALL)
def test_the_order_of_the_items_changes_nothing(score, create_items, simulate):
    items = create_items(3, 5)
    answers = simulate(items, np.linspace(-2, 2, 20), 6, missing=0.2)
    order = np.random.default_rng(7).permutation(len(items))

    plain, shuffled = score(answers, items), score(answers[:, order], items.only(order))

    assert shuffled.theta == pytest.approx(plain.theta, abs=1e-8, nan_ok=True)
    assert shuffled.se == pytest.approx(plain.se, abs=1e-8)


@pytest.mark.parametrize("score", ALL)
def test_an_item_that_was_not_presented_might_as_well_not_exist(score, create_items, simulate):
    items, kept = create_items(4, 8), [0, 2, 3, 5, 8, 11, 13, 16, 19]
    answers = simulate(items, np.linspace(-2, 2, 20), 9)
    partly = np.full_like(answers, -1)
    partly[:, kept] = answers[:, kept]

    with_gaps, without = score(partly, items), score(answers[:, kept], items.only(kept))

    assert with_gaps.theta == pytest.approx(without.theta, abs=1e-8)
    assert with_gaps.se == pytest.approx(without.se, abs=1e-8)


@pytest.mark.parametrize("score", ALL)
@settings(max_examples=25)
@given(shift=st.floats(-3, 3), power=st.floats(-2, 2), seed=st.integers(0, 1000))
def test_a_linear_change_of_the_scale_changes_estimates_alike(
    score, shift, power, seed, create_items, simulate
):
    stretch = 10**power
    shift = shift * stretch
    items = create_items(2, seed)
    answers = simulate(items, np.linspace(-2, 2, 5), seed)
    moved = Items(items.model, items.a / stretch, items.b * stretch + shift, items.c, items.d)

    plain, changed = score(answers, items), score(answers, moved, shift, stretch)

    assert changed.theta == pytest.approx(plain.theta * stretch + shift, abs=1e-6 * stretch)
    assert changed.se == pytest.approx(plain.se * stretch, rel=1e-6)


@pytest.mark.parametrize("score", ALL)
def test_mirrored_answers_to_mirrored_items_give_the_mirrored_estimate(score):
    rng = np.random.default_rng(3)
    a, b = rng.uniform(0.6, 1.8, 8), rng.normal(size=8)
    answers = rng.integers(0, 2, (30, 8))

    found = score(answers, logistic_items(a, b, 0.2, 0.9))
    mirror = score(1 - answers, logistic_items(a, -b, 0.1, 0.8))

    assert mirror.theta == pytest.approx(-found.theta, abs=1e-8)
    assert mirror.se == pytest.approx(found.se, abs=1e-8)


@pytest.mark.parametrize("score", WITH_PRIOR)
def test_no_answers_leave_the_prior(score):
    found = score([[-1, -1]], logistic_items([1, 1], [0, 1], 0.2), 0.5, 2.0)

    assert found.theta[0] == pytest.approx(0.5, abs=1e-9)
    assert found.se[0] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("score", WITHOUT_PRIOR)
def test_no_answers_leave_nothing_to_estimate_from(score):
    found = score([[-1, -1], [1, 0]], logistic_items([1, 1], [0, 1], 0.2))

    assert found.finite.tolist() == [False, True]
    assert np.isnan(found.theta[0])
    assert found.se[0] == np.inf


@pytest.mark.parametrize("score", ALL)
def test_nobody_is_scored_as_nobody(score):
    found = score(np.empty((0, 2), int), logistic_items([1, 1], [0, 1]))

    assert found.theta.shape == found.se.shape == (0,)


@pytest.mark.parametrize("score", ALL)
def test_a_person_alone_gets_what_they_get_in_a_cohort(score, create_items, simulate):
    items = create_items(3, 1)
    answers = simulate(items, np.linspace(-3, 3, 50), 2, missing=0.5)

    together = score(answers, items)

    alone = [score(row[None, :], items).theta[0] for row in answers]
    assert alone == pytest.approx(together.theta, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("score", ALL)
def test_estimates_of_a_long_test_come_near_the_truth_and_know_how_near(
    score, create_items, simulate
):
    items, theta = create_items(12, 4), np.random.default_rng(5).normal(size=400)

    found = score(simulate(items, theta, 6), items)

    ratio = (found.theta - theta)[found.finite] / found.se[found.finite]
    assert found.finite.mean() > 0.98
    assert np.abs(ratio.mean()) < 0.2  # four standard errors of a mean of 400
    assert 0.85 < ratio.std() < 1.15


@pytest.mark.parametrize("score", ALL)
@pytest.mark.parametrize(
    ("answers", "named"),
    [([[0, 2]], "item 1"), ([[0.5, 1]], "item 0"), ([[0]], "shape"), ([[np.nan, 1]], "item 0")],
)
def test_impossible_answers_are_refused_by_name(score, answers, named):
    with pytest.raises(BadInput, match=named):
        score(answers, logistic_items([1, 1], [0, 1]))


@pytest.mark.parametrize("score", [mle.score, wle.score, map.score])
def test_there_are_two_kinds_of_information_and_no_third(score):
    items = logistic_items([1.2, 0.8], [0, 1])

    assert score([[1, 0]], items, information="observed").se == pytest.approx(
        score([[1, 0]], items).se
    )  # the 2PL cannot tell them apart
    with pytest.raises(BadInput, match="'expected'"):
        score([[1, 0]], items, information="expected")


@pytest.mark.parametrize("score", [score_wle, score_eap])
def test_ten_thousand_people_on_a_form_are_scored_in_bounded_memory(score, simulate):
    items = logistic_items(np.linspace(0.6, 1.8, 30), np.linspace(-2, 2, 30), 0.2)
    answers = simulate(items, np.random.default_rng(1).normal(size=10_000), 2)

    tracemalloc.start()
    score(answers, items)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 400e6


def test_nominal_items_are_scored_too():
    # a nominal item with slopes 0, a, 2a is a partial credit item
    credit = Items(
        (Model.PARTIAL_CREDIT,) * 2,
        a=np.array([1.2, 0.7]),
        b=np.array([[-0.5, 0.8], [0.2, 0.1]]),
        c=np.zeros(2),
        d=np.ones(2),
    )
    exponents = np.concatenate([np.zeros((2, 1)), -credit.a[:, None] * credit.b], axis=1)
    nothing = np.full((2, 3), np.nan)
    nominal = Items(
        (Model.NOMINAL,) * 2,
        a=nothing[:, 0],
        b=nothing[:, 1:],
        c=np.zeros(2),
        d=np.ones(2),
        slopes=credit.a[:, None] * np.arange(3),
        intercepts=exponents.cumsum(axis=1),
    )
    answers = [[0, 0], [0, 1], [1, 2], [2, 2], [-1, 1]]

    for score in ALL:
        as_credit, as_nominal = score(answers, credit), score(answers, nominal)
        assert as_nominal.theta == pytest.approx(as_credit.theta, abs=1e-8)
        assert as_nominal.se == pytest.approx(as_credit.se, abs=1e-8)


@pytest.mark.parametrize("score", ALL)
def test_a_large_cohort_with_many_gaps_is_scored_as_its_parts_are(score, create_items, simulate):
    # given so many gaps that the items are worked through one by one, and halves that are not
    items, persons = create_items(4, 3), 2400
    answers = simulate(items, np.random.default_rng(1).normal(size=persons), 2)
    shown = np.random.default_rng(2).integers([0, 10], [10, 20], (persons, 2))
    sparse = np.full_like(answers, -1)
    np.put_along_axis(sparse, shown, np.take_along_axis(answers, shown, axis=1), axis=1)

    whole = score(sparse, items)

    parts = [score(sparse[rows], items) for rows in (slice(0, 1200), slice(1200, persons))]
    assert whole.theta == pytest.approx(np.concatenate([p.theta for p in parts]), abs=1e-8)
    assert whole.se == pytest.approx(np.concatenate([p.se for p in parts]), abs=1e-8)
