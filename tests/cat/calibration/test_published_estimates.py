"""Two classic data sets against estimates that other programs have published for them.

Data: Bock & Lieberman (1970), Psychometrika 35, 179-197; used again by Thissen (1982), ibid. 47,
175-186, and by Baker & Kim (2004), Item Response Theory, 2nd ed.
"""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.fit import Doubt, calibrate

# The published figures carry standard errors of 0.2 (a) and 0.1 to 0.9 (b); programs differ in
# quadrature and stopping, which moves the third digit only.
A_TOLERANCE, B_TOLERANCE = 0.005, 0.01


def test_lsat6_gives_the_2pl_estimates_that_ltm_publishes(real_answers):
    # R package ltm, summary(ltm(LSAT ~ z1)), log-likelihood -2466.653; package described in
    # Rizopoulos (2006), Journal of Statistical Software 17(5).
    result = calibrate(*real_answers("lsat6"))

    a = [item.a for item in result.items]
    b = [item.b[0] for item in result.items]
    assert a == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=A_TOLERANCE)
    assert b == pytest.approx([-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=B_TOLERANCE)
    assert not any(item.doubts for item in result.items)


@pytest.mark.parametrize("model", ["2pl", "pcm"])
def test_lsat7_gives_the_estimates_that_mirt_publishes_under_either_model(real_answers, model):
    # R package mirt, reference page, coef(mirt(expand.table(LSAT7), 1)): a1 and d = -a b;
    # Chalmers (2012), Journal of Statistical Software 48(6). With two categories GPCM is the 2PL.
    result = calibrate(*real_answers("lsat7"), model)

    a = np.array([item.a for item in result.items])
    intercept = -a * [item.b[0] for item in result.items]
    assert a == pytest.approx([0.988, 1.081, 1.706, 0.765, 0.736], abs=A_TOLERANCE)
    assert intercept == pytest.approx([1.856, 0.808, 1.804, 0.486, 1.855], abs=A_TOLERANCE)


def test_the_item_of_sat12_whose_key_is_thought_wrong_is_called_a_possible_reversed_key(
    real_answers,
):
    # Item 32 of the TESTFACT 4 manual's data (Wood et al., 2003).
    result = calibrate(*real_answers("sat12_scored"))

    assert set(result.items[31].doubts) == {Doubt.REVERSED_KEY, Doubt.B_AT_BOUND}


def test_a_steep_item_of_the_mobility_data_is_reported_at_the_upper_bound(real_answers):
    # Bartholomew et al. (2002): one slope above 6, which girth cuts at 5 without a word.
    result = calibrate(*real_answers("mobility"))

    stopped = [item.item for item in result.items if Doubt.A_AT_UPPER_BOUND in item.doubts]
    assert stopped == ["i7"]
