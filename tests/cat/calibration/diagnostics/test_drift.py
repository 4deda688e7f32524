"""Items that stayed show no drift after linking; one that moved is found and left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.calibration.diagnostics.drift import drift, link_without_drift, robust_z
from cat.calibration.linking import common_items, link
from cat.errors import BadInput


def moved(estimate, slope, shift, harder=0.0):
    """The item on the new scale, theta_old = slope * theta + shift, after getting harder."""
    b = tuple((x + harder - shift) / slope for x in estimate.b)
    a = estimate.a * slope
    return replace(estimate, a=a, b=b, d=tuple(-a * x for x in b))


@pytest.fixture(scope="module")
def old(fitted):
    return fitted.estimates


def test_a_calibration_on_another_scale_has_not_drifted(old):
    new = [moved(one, 1.3, -0.4) for one in old]

    made, found, dropped = link_without_drift(old, new)

    assert (made.slope, made.intercept) == pytest.approx((1.3, -0.4), abs=1e-5)
    assert dropped == ()
    assert max(abs(one.displacement) for one in found) < 1e-5
    assert max(one.area for one in found) < 1e-5


def test_an_item_that_got_easier_is_found_and_no_longer_bends_the_link(old):
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.05, len(old))
    noise[3] = -1.2
    new = [moved(one, 1.3, -0.4, harder=h) for one, h in zip(old, noise, strict=True)]

    made, found, dropped = link_without_drift(old, new)

    assert dropped == ("x3",)
    assert found[3].displacement == pytest.approx(-1.2, abs=0.15)
    assert found[3].z < -4
    assert made.intercept == pytest.approx(-0.4, abs=0.06)
    _, before, after = common_items(old, new)
    assert abs(link(before, after).intercept + 0.4) > abs(made.intercept + 0.4)


def test_robust_z_is_the_difference_from_the_median_over_three_quarters_of_the_quartiles():
    differences = np.array([0.0, 1.0, 2.0, 3.0, 10.0])  # quartiles 1 and 3, median 2

    assert robust_z(differences) == pytest.approx((differences - 2) / (0.74 * 2))


def test_a_handful_of_items_cannot_say_who_drifted(old):
    names, before, after = common_items(old[:4], old[:4])

    with pytest.raises(BadInput, match="from 5 common items on; there are 4"):
        drift(old, old, link(before, after), names)
