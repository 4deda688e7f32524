"""Conversion between metrics and linear changes of scale."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt import logistic, metric
from cat.irt.items import logistic_items


def test_1_7_makes_the_logistic_curve_a_normal_ogive_within_a_hundredth():
    # Haley (1952); Birnbaum (1968), in Lord & Novick, ch. 17: |Phi(x) - L(1.7 x)| < .01 for every x
    x = np.linspace(-6, 6, 2001)
    a = metric.to_logistic_metric([1.0])

    gap = abs(logistic.probability(x, a, [0.0])[:, 0] - norm.cdf(x)).max()

    assert 0.009 < gap < 0.01


def test_a_probability_published_at_1_702_comes_back():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R: D = 1.702, a = 1.825, b = 1.728
    a = metric.to_logistic_metric([1.825], 1.702)

    p = logistic.probability([-0.11], a, [1.728])[0, 0]

    assert p == pytest.approx(0.00330468586568524, rel=1e-12)


def test_there_and_back_is_where_we_were():
    a = [0.4, 1.0, 2.5]

    assert metric.to_normal_metric(metric.to_logistic_metric(a)) == pytest.approx(a)
    assert metric.to_logistic_metric(a) == pytest.approx([0.68, 1.7, 4.25])


def test_a_change_of_scale_divides_a_and_moves_b():
    # Kolen & Brennan (2014), section 6.2: a* = a / A, b* = A b + B, c* = c
    moved = metric.rescaled(logistic_items(1.2, 0.5, 0.2, 0.97), scale=2.0, shift=-1.0)

    assert moved.a.tolist() == [0.6]
    assert moved.b.tolist() == [[0.0]]
    assert moved.c.tolist() == [0.2]
    assert moved.d.tolist() == [0.97]


def test_two_changes_of_scale_are_one():
    items = logistic_items([1.2, 0.8], [0.5, -1.0])

    twice = metric.rescaled(metric.rescaled(items, 2.0, -1.0), 0.5, 3.0)
    once = metric.rescaled(items, 1.0, 2.5)

    assert twice.a == pytest.approx(once.a)
    assert twice.b == pytest.approx(once.b)


def test_information_shrinks_with_the_square_of_the_unit():
    items = logistic_items(1.2, 0.5, 0.2)
    moved = metric.rescaled(items, 10.0, 50.0)

    before, after = irt.information([0.3], items), irt.information([53.0], moved)

    assert after == pytest.approx(before / 100)


@pytest.mark.parametrize("scale", [0.0, -1.0, np.nan, np.inf])
def test_a_scale_that_is_not_positive_is_refused(scale):
    with pytest.raises(BadInput, match="scale must be positive and finite; got"):
        metric.rescaled(logistic_items(1.0, 0.0), scale, 0.0)


def test_an_impossible_shift_or_constant_is_refused():
    with pytest.raises(BadInput, match="shift must be finite; got nan"):
        metric.rescaled(logistic_items(1.0, 0.0), 1.0, np.nan)
    with pytest.raises(BadInput, match="constant must be positive and finite; got 0"):
        metric.to_normal_metric([1.0], 0)
