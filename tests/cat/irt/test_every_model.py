"""What holds for every response model, and for sets that mix them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.irt import items as irt
from cat.irt.families import nominal_items, partial_credit_items
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.irt.metric import rescaled

abilities = st.lists(st.floats(-8, 8), min_size=1, max_size=4).map(np.array)
discriminations = st.floats(0.1, 4)
difficulties = st.floats(-4, 4)


@st.composite
def graded_item(draw: st.DrawFn) -> Items:
    lowest = draw(st.floats(-4, 0))
    widths = draw(st.lists(st.floats(0.01, 2), min_size=0, max_size=4))
    return polytomous_items(Model.GRADED, draw(discriminations), lowest + np.cumsum([0, *widths]))


@st.composite
def nominal_item(draw: st.DrawFn) -> Items:
    count = draw(st.integers(2, 5))
    slopes = draw(st.lists(st.floats(-3, 3), min_size=count, max_size=count))
    slopes[0] = slopes[1] + 0.5
    intercepts = draw(st.lists(st.floats(-3, 3), min_size=count, max_size=count))
    return nominal_items(slopes, intercepts)


one_item = st.one_of(
    st.builds(logistic_items, discriminations, difficulties, st.floats(0, 0.4), st.floats(0.6, 1)),
    graded_item(),
    st.builds(
        polytomous_items,
        st.just(Model.PARTIAL_CREDIT),
        discriminations,
        st.lists(difficulties, min_size=1, max_size=5),
    ),
    nominal_item(),
)
item_sets = st.lists(one_item, min_size=1, max_size=5).map(concatenate)

# One item of each model, and logistic items on both sides of the others.
MIXED = concatenate(
    [
        logistic_items(1.2, -0.4, 0.2),
        polytomous_items(Model.GRADED, 1.5, [-1.0, 0.2, 1.3]),
        polytomous_items(Model.PARTIAL_CREDIT, 0.8, [0.4, -0.6]),
        nominal_items([0.2, -0.7, 1.5, 0.1], [0.1, 0.4, -0.5, 0.0]),
        logistic_items(0.7, 1.1, 0.0, 0.95),
    ]
)


@given(theta=abilities, items=item_sets)
def test_probabilities_add_to_one_and_nothing_is_said_where_there_is_no_category(theta, items):
    p, here = irt.probability(theta, items), irt.curves(theta, items)
    own = np.arange(items.shape[1]) < items.categories[:, None]

    assert p.shape == (len(theta), *items.shape)
    assert p.sum(axis=-1) == pytest.approx(np.ones(p.shape[:2]))
    assert (p[:, own] > 0).all()
    for values in (p, here.p, here.score, here.observed):
        assert (values[:, ~own] == 0).all()


@given(theta=abilities, items=item_sets)
def test_derivatives_are_those_of_the_probabilities(theta, items):
    h = 1e-5
    _, slope, curvature = irt.derivatives(theta, items)
    _, slope_above, _ = irt.derivatives(theta + h, items)
    _, slope_below, _ = irt.derivatives(theta - h, items)
    rise = irt.probability(theta + h, items) - irt.probability(theta - h, items)

    assert slope == pytest.approx(rise / (2 * h), abs=1e-6)
    assert curvature == pytest.approx((slope_above - slope_below) / (2 * h), abs=1e-5)


@given(theta=abilities, items=item_sets)
def test_information_is_squared_slope_over_probability(theta, items):
    p, slope, _ = irt.derivatives(theta, items)
    ratio = np.divide(slope**2, p, out=np.zeros_like(p), where=p > 0)

    assert irt.information(theta, items) == pytest.approx(ratio.sum(axis=-1), rel=1e-9, abs=1e-300)


@given(theta=abilities, items=item_sets)
def test_fisher_information_is_the_mean_of_observed_information(theta, items):
    here = irt.curves(theta, items)

    assert (here.p * here.observed).sum(axis=-1) == pytest.approx(
        irt.information(theta, items), rel=1e-9, abs=1e-14
    )


@given(theta=abilities, items=item_sets)
def test_scores_average_to_nothing(theta, items):
    here = irt.curves(theta, items)

    assert (here.p * here.score).sum(axis=-1) == pytest.approx(0, abs=1e-12)


@given(theta=abilities, items=item_sets, scale=st.floats(0.3, 3), shift=st.floats(-3, 3))
def test_a_linear_change_of_scale_changes_no_probability(theta, items, scale, shift):
    moved = rescaled(items, scale, shift)

    before, after = irt.curves(theta, items), irt.curves(scale * theta + shift, moved)

    assert after.p == pytest.approx(before.p, rel=1e-6, abs=1e-12)
    assert after.information * scale**2 == pytest.approx(before.information, rel=1e-6, abs=1e-12)


@given(theta=abilities, items=item_sets, data=st.data())
def test_permuting_items_permutes_columns(theta, items, data):
    order = data.draw(st.permutations(range(len(items))))

    here, there = irt.curves(theta, items), irt.curves(theta, items.only(order))

    # Matrix products may add in another order when their neighbours change, hence no equality.
    for ours, theirs in ((here.p, there.p), (here.observed, there.observed)):
        assert theirs == pytest.approx(ours[:, order], rel=1e-12)
    assert irt.information(theta, items.only(order)) == pytest.approx(
        irt.information(theta, items)[:, order], rel=1e-12
    )


@given(theta=abilities, items=item_sets)
def test_persons_do_not_influence_each_other(theta, items):
    together = irt.curves(theta, items)
    alone = irt.curves(theta[-1:], items)

    assert together.p[-1:] == pytest.approx(alone.p, rel=1e-12)
    assert together.score[-1:] == pytest.approx(alone.score, rel=1e-12, abs=1e-15)


@given(theta=abilities, items=item_sets)
def test_the_expected_category_rises_with_ability_where_categories_are_ordered(theta, items):
    ordered = items.only([i for i, model in enumerate(items.model) if model != Model.NOMINAL])
    low, high = irt.expected_category(theta, ordered), irt.expected_category(theta + 0.5, ordered)

    assert (high >= low).all()
    assert (high <= ordered.categories - 1 + 1e-9).all()


def test_a_set_of_several_models_says_what_each_model_says_alone():
    theta = [-1.3, 0.4]
    whole = irt.probability(theta, MIXED)

    for i in range(len(MIXED)):
        alone = irt.probability(theta, MIXED.only([i]))[:, 0]
        assert whole[:, i] == pytest.approx(alone, rel=1e-12)
        assert irt.information(theta, MIXED)[:, i] == pytest.approx(
            irt.information(theta, MIXED.only([i]))[:, 0], rel=1e-12
        )


def test_expected_category_is_the_mean_category_number():
    graded = polytomous_items(Model.GRADED, 1.5, [-1.0, 0.2, 1.3])
    p = irt.probability([0.6], graded)[0, 0]

    assert irt.expected_category([0.6], graded)[0, 0] == pytest.approx(p[1] + 2 * p[2] + 3 * p[3])


SIX = {
    "1pl": logistic_items(1.0, 0.5),
    "2pl": logistic_items(1.5, 0.5),
    "3pl": logistic_items(1.0, 0.5, 0.2),
    "pcm": partial_credit_items([-1.0, 0.0, 1.0]),
    "gpcm": polytomous_items(Model.PARTIAL_CREDIT, 1.2, [-0.8, -1.0, 0.5]),
    "grm": polytomous_items(Model.GRADED, 0.9, [-1.0, 0.0, 1.0]),
}


@pytest.mark.parametrize(
    ("name", "probability", "information", "expected"),
    [
        ("1pl", -15.57702, -15.57702, -9.53851),
        ("2pl", -20.80176, -15.12525, -13.02588),
        ("3pl", -12.77404, -21.50401, -5.173527),
        ("pcm", -76.95776, -7.791232, -0.1421625),
        ("gpcm", -91.78112, -7.756598, 0.03717596),
        ("grm", -52.22233, -12.44241, 0.8290602),
    ],
)
def test_six_models_match_another_program(name, probability, information, expected):
    # R package TestDesign (Choi, Lim), tests/testthat: test_calcProb_value.R,
    # test_calcFisher_value.R and test_calcEscore_value.R; sums of logs over theta = -3, -2, ..., 3
    theta = np.arange(-3.0, 4.0)
    items = SIX[name]

    assert np.log(irt.probability(theta, items)).sum() == pytest.approx(probability, rel=1e-6)
    assert np.log(irt.information(theta, items)).sum() == pytest.approx(information, rel=1e-6)
    assert np.log(irt.expected_category(theta, items)).sum() == pytest.approx(expected, rel=1e-6)


def test_score_and_observed_information_are_those_of_the_answer_given():
    theta, answers = [0.3, -1.0], [[1, 3, 0, 2, -1], [-1, 0, 2, 3, 0]]
    here = irt.curves(theta, MIXED)

    score = irt.score(theta, MIXED, answers)
    observed = irt.observed_information(theta, MIXED, answers)

    for person, row in enumerate(answers):
        for item, category in enumerate(row):
            if category < 0:
                assert score[person, item] == observed[person, item] == 0
            else:
                assert score[person, item] == here.score[person, item, category]
                assert observed[person, item] == here.observed[person, item, category]


@given(theta=st.floats(-6, 6), items=item_sets, data=st.data())
def test_score_and_observed_information_are_derivatives_of_the_log_likelihood(theta, items, data):
    answers = [[data.draw(st.integers(0, int(count) - 1)) for count in items.categories]]
    h = 1e-4

    def log_likelihood(at: float) -> np.ndarray:
        p = irt.probability([at], items)[0]
        return np.log(p[np.arange(len(items)), answers[0]])

    low, here, high = (log_likelihood(theta + step) for step in (-h, 0, h))

    assert irt.score([theta], items, answers)[0] == pytest.approx((high - low) / (2 * h), abs=1e-5)
    assert irt.observed_information([theta], items, answers)[0] == pytest.approx(
        -(high - 2 * here + low) / h**2, abs=1e-4
    )
