"""Links between two calibrations: exact where the scales differ by a line, and as published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench import real_sets
from cat.calibration.answers import Answers
from cat.calibration.em import calibrate
from cat.calibration.linking import METHODS, Weights, common_items, items_of_table, link
from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.items import Model, concatenate, logistic_items, polytomous_items
from cat.irt.metric import rescaled

ALL = pytest.mark.parametrize("method", METHODS)
RNG = np.random.default_rng(40)
FEW_NODES = Weights.normal(nodes=13)
A, B, C = RNG.uniform(0.6, 2, 10), RNG.normal(0, 1, 10), RNG.uniform(0, 0.3, 10)


@ALL
@pytest.mark.parametrize("symmetric", [False, True])
def test_items_on_a_scale_that_differs_by_a_line_give_that_line(method, symmetric):
    old = logistic_items(A, B, C)
    new = rescaled(old, 1 / 1.25, 0.3 / 1.25)  # theta_old = 1.25 theta_new - 0.3

    found = link(old, new, method, symmetric=symmetric)

    assert (found.slope, found.intercept) == pytest.approx((1.25, -0.3), abs=1e-5)
    assert found.loss == pytest.approx(0, abs=1e-9)
    assert found.items(new).b[:, 0] == pytest.approx(B, abs=1e-4)
    assert found.ability(np.array([1.0])) == pytest.approx([0.95], abs=1e-4)


@ALL
def test_ordered_and_dichotomous_items_link_together(method):
    graded = polytomous_items(Model.GRADED, A[:4], np.sort(RNG.normal(size=(4, 3)), axis=1))
    credit = polytomous_items(Model.PARTIAL_CREDIT, A[4:7], RNG.normal(size=(3, 2)))
    old = concatenate([logistic_items(A[7:], B[7:]), graded, credit])

    found = link(old, rescaled(old, 0.8, 0.5), method)

    assert (found.slope, found.intercept) == pytest.approx((1.25, -0.625), abs=1e-5)


def by_hand(old, new, slope, shift, power):
    """Haebara's (power 0) or Stocking & Lord's sum, item by item and node by node."""
    people, total = FEW_NODES, 0.0
    for theta, weight in zip(people.theta, people.weight, strict=True):
        gaps = []
        for i in range(len(old)):
            p = [
                irt.probability(np.array([t]), items.only([i]))[0, 0]
                for t, items in ((theta, old), ((theta - shift) / slope, new))
            ]
            gaps.append(p[0] - p[1])
        points = np.arange(len(gaps[0]))
        total += weight * (
            sum(points @ gap for gap in gaps) ** 2 if power else sum((g**2).sum() for g in gaps)
        )
    return total


@pytest.mark.parametrize(("method", "power"), [("haebara", 0), ("stocking-lord", 1)])
def test_curve_methods_stop_at_the_smallest_sum_counted_by_hand(method, power):
    old = logistic_items(A, B, C)
    new = logistic_items(
        A * RNG.lognormal(0, 0.15, 10), B + RNG.normal(0, 0.2, 10), np.minimum(C + 0.02, 0.3)
    )

    found = link(old, new, method, old_weights=FEW_NODES)

    here = by_hand(old, new, found.slope, found.intercept, power)
    assert here == pytest.approx(found.loss, rel=1e-6)
    for slope, shift in ((0.003, 0), (-0.003, 0), (0, 0.003), (0, -0.003)):
        assert by_hand(old, new, found.slope + slope, found.intercept + shift, power) > here


def test_discriminations_published_with_17_and_without_link_alike():
    table, others = (A, B, C), (A * 1.1, B - 0.2, C)

    one = link(items_of_table(*table, 1.7), items_of_table(*others, 1.7), "mean-mean")
    other = link(items_of_table(*table), items_of_table(*others), "mean-mean")

    assert (one.slope, one.intercept) == pytest.approx((other.slope, other.intercept))


@pytest.mark.skipif(not real_sets.is_here(), reason="real data do not ship with the project")
@pytest.mark.parametrize(
    ("method", "without", "slope", "intercept"),
    [
        # Kolen & Brennan (2004), table 6.6; without item 27: the text that follows it.
        ("mean-mean", (), 1.2173, -0.5572),
        ("mean-sigma", (), 1.1689, -0.5155),
        ("mean-mean", ("27",), 1.1450, -0.4790),
    ],
)
def test_the_forms_of_kolen_and_brennan_link_as_in_their_book(method, without, slope, intercept):
    old, new = (items_of_table(*part, 1.7) for part in real_sets.kolen_brennan(without))

    found = link(old, new, method)

    assert (found.slope, found.intercept) == pytest.approx((slope, intercept), abs=2e-4)


@pytest.fixture(scope="module")
def two_calibrations(request):
    """The same ten items answered by two populations, the second at 0.7 with sd 1.3."""
    rng = np.random.default_rng(41)
    found = []
    for mean, sd in ((0.0, 1.0), (0.7, 1.3)):
        theta = rng.normal(mean, sd, 4000)
        table = rng.random((4000, 10)) < 1 / (1 + np.exp(-A * (theta[:, None] - B)))
        answers = Answers.of_matrix([f"x{i}" for i in range(10)], table.astype(int))
        found.append(calibrate(answers, "2pl"))
    return found


@ALL
def test_separate_calibrations_link_to_the_populations_that_were_drawn(two_calibrations, method):
    names, old, new = common_items(*two_calibrations)

    found = link(old, new, method)

    assert len(names) == 10
    # Standard errors of links from 10 items and 4000 persons each: about 0.03; moments more.
    assert (found.intercept, found.slope) == pytest.approx((0.7, 1.3), abs=0.12)


def test_items_with_negative_slopes_other_categories_or_no_estimate_are_not_common(
    two_calibrations,
):
    first, second = two_calibrations
    changed = [
        replace(second.items[0], a=-0.5),
        replace(second.items[1], used=(0, 2)),
        replace(second.items[2], b=()),
        *second.items[3:],
    ]

    names, old, _ = common_items(first, changed, exclude=("x9",))

    assert names == tuple(f"x{i}" for i in range(3, 9))
    assert len(old) == 6


def test_sets_that_do_not_match_are_refused():
    two = logistic_items([1, 1], [0, 1])

    with pytest.raises(BadInput, match="same two or more items"):
        link(two, logistic_items([1], [0]))
    with pytest.raises(BadInput, match="has 2 categories in one set and 3 in the other"):
        link(two, polytomous_items(Model.GRADED, [1, 1], [[0, 1], [0, 1]]))
    with pytest.raises(BadInput, match="difficulties that differ"):
        link(logistic_items([1, 2], [0, 0]), two, "mean-sigma")
    with pytest.raises(BadInput, match="method must be one of"):
        link(two, two, "tucker")
