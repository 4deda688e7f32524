"""Estimates, log-likelihoods and standard errors that others have published for classic data.

Data: Bock & Lieberman (1970), Psychometrika 35, 179-197 (LSAT); Eurobarometer 38.1 (Science);
the TESTFACT 4 manual, Wood et al. (2003) (SAT12); Bartholomew et al. (2002) (Mobility).
"""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.abilities import abilities
from cat.calibration.em import calibrate
from cat.calibration.estimates import Doubt
from cat.calibration.keys import check_keys
from cat.calibration.spec import fixed_grid

# The key of SAT12 that came with the data, one digit an item; the last is thought wrong.
SAT12_KEY = "14523121312421534414334135131545"


def test_lsat6_gives_the_2pl_that_ltm_publishes_with_its_standard_errors(real_data):
    # R package ltm, summary(ltm(LSAT ~ z1, IRT.param = TRUE)); Rizopoulos (2006), Journal of
    # Statistical Software 17(5). Its gradient stops at 0.024, hence the tolerances.
    found = calibrate(real_data("lsat6.csv"), "2pl")

    b = [item.b[0] for item in found.items]
    assert found.log_likelihood == pytest.approx(-2466.653, abs=0.001)
    assert [item.a for item in found.items] == pytest.approx(
        [0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=0.001
    )
    assert b == pytest.approx([-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=0.003)
    assert [item.a_se for item in found.items] == pytest.approx(
        [0.2581, 0.1867, 0.2326, 0.1852, 0.2100], rel=0.002
    )
    assert [item.b_se[0] for item in found.items] == pytest.approx(
        [0.8669, 0.3073, 0.0997, 0.4341, 0.8700], rel=0.002
    )


@pytest.mark.parametrize("model", ["1pl", "rasch"])
def test_lsat6_gives_one_likelihood_whether_the_slope_or_the_spread_is_estimated(real_data, model):
    # Thissen (1982), Psychometrika 47, 175-186; ltm, rasch(LSAT): a 0.7551, difficulties below,
    # log-likelihood -2466.938. With slopes of 1 the spread takes the place of the slope.
    found = calibrate(real_data("lsat6.csv"), model)

    unit = found.items[0].a * found.groups[0].sd
    b = np.array([item.b[0] for item in found.items]) / found.groups[0].sd
    assert found.log_likelihood == pytest.approx(-2466.938, abs=0.001)
    assert unit == pytest.approx(0.7551, abs=0.001)
    assert b == pytest.approx([-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=0.003)


@pytest.mark.parametrize("model", ["2pl", "grm", "gpcm"])
def test_lsat7_gives_the_estimates_that_mirt_publishes_under_all_models_that_are_the_2pl(
    real_data, model
):
    # R package mirt, reference page of mirt(): coef(mirt(expand.table(LSAT7), 1)), log-likelihood
    # -2658.805 with 61 nodes; Chalmers (2012), Journal of Statistical Software 48(6).
    found = calibrate(real_data("lsat7.csv"), model, quadrature=fixed_grid(61, -6, 6))

    assert found.log_likelihood == pytest.approx(-2658.805, abs=0.001)
    assert [item.a for item in found.items] == pytest.approx(
        [0.988, 1.081, 1.706, 0.765, 0.736], abs=0.002
    )
    assert [item.d[0] for item in found.items] == pytest.approx(
        [1.856, 0.808, 1.804, 0.486, 1.855], abs=0.002
    )


def test_science_gives_the_likelihoods_that_mirt_publishes_for_grm_and_gpcm(real_data):
    # The same page: mirt(Science, 1) -1608.870; itemtype = 'gpcm' -1612.683. Both stop at 1e-4.
    science = real_data("science.csv", lowest=1)
    four = science.only_items(["comfort", "work", "future", "benefit"])

    graded, credit = (calibrate(four, model) for model in ("grm", "gpcm"))

    assert graded.log_likelihood == pytest.approx(-1608.870, abs=0.002)
    assert credit.log_likelihood == pytest.approx(-1612.683, abs=0.003)
    assert [item.a for item in graded.items] == pytest.approx(
        [1.042, 1.226, 2.293, 1.095], abs=0.01
    )


def test_a_steep_item_of_the_mobility_data_is_estimated_where_others_stop_at_a_bound(real_data):
    # Bartholomew et al. (2002): one slope above 6.
    steep = calibrate(real_data("mobility.csv"), "2pl").get_item("i7")

    assert 6 < steep.a < 7
    assert steep.doubts == ()


def test_the_wrong_key_of_sat12_is_found_and_the_right_one_is_named(real_data):
    raw = real_data("sat12_raw.csv")
    key = dict(zip(raw.items, map(int, SAT12_KEY), strict=True))

    findings = check_keys(raw.items, raw.matrix(), key, omitted=(8,))
    flat = calibrate(real_data("sat12_scored.csv"), "2pl").get_item("i32")

    assert {f.item: f.proposed for f in findings if f.proposed} == {"i32": 3}
    assert Doubt.FLAT in flat.doubts
    assert abs(flat.a) < 0.2


def test_the_item_without_answers_in_timss_is_reported_and_the_rest_is_calibrated(real_data):
    timss = real_data("timss07_g8_rus_math.csv.gz", missing=("", "9"))

    found = calibrate(timss, "pcm", standard_errors="none")

    assert [i.item for i in found.items if Doubt.NO_ANSWERS in i.doubts] == ["M042273"]
    assert sum(item.was_estimated for item in found.items) == 214
    assert found.converged


def test_the_two_countries_of_fims_are_put_on_one_scale(real_data):
    # M1PTI21 is known to have next to no slope: the data's README says so.
    fims = real_data("fims_aus_jpn.csv", group="cov_country")

    found = calibrate(fims, "2pl")
    able = abilities(found, fims).theta

    japan = found.groups[1]
    assert found.groups[0].mean == 0
    assert japan.mean > 20 * japan.mean_se
    assert able[fims.group == 1].mean() == pytest.approx(japan.mean, abs=0.02)
    assert abs(found.get_item("M1PTI21").a) == min(abs(item.a) for item in found.items)
