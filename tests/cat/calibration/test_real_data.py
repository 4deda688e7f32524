"""Real answers calibrated anew and held against published estimates.

The values, their sources and tolerances: docs/kalibrasi/nilai-terbit.toml; the whole tables:
docs/kalibrasi/data-nyata.md, made by bench/calibration_real.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from bench import real_groups, real_sets
from bench.real_direct import rasch_groups
from bench.real_tables import lower_triangle, published
from cat.calibration.diagnostics.dif import matched_dif, purified_dif
from cat.calibration.diagnostics.dimensionality import parallel_analysis, polychoric
from cat.calibration.diagnostics.distractors import OptionRole, distractors
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import s_x2
from cat.calibration.diagnostics.local_dependence import local_dependence
from cat.calibration.em import calibrate
from cat.calibration.estimates import Doubt
from cat.calibration.spec import Normal, Priors

pytestmark = pytest.mark.skipif(
    not real_sets.is_here(), reason="real answer data do not ship with the project"
)
PUBLISHED = published()


def parameters(found):
    return [one.a for one in found.items], [one.d[0] for one in found.items]


@pytest.mark.parametrize(("name", "model"), [("lsat6", "1pl"), ("lsat7", "2pl")])
def test_lsat_estimates_fit_and_likelihood_are_those_of_mirt(name, model):
    known = PUBLISHED[name]
    answers = real_sets.read(name).answers()

    found = calibrate(answers, model)
    fits = s_x2(Fitted(answers, found))

    assert found.log_likelihood == pytest.approx(known["log_likelihood"], abs=0.001)
    a, d = parameters(found)
    assert a == pytest.approx(known["a"], abs=known["toleransi"])
    assert d == pytest.approx(known["d"], abs=known["toleransi"])
    near = known.get("toleransi_s_x2", 0.002)
    assert [one.x2 for one in fits] == pytest.approx(known["s_x2"], abs=near)
    assert [one.df for one in fits] == known["s_x2_df"]


def test_lsat7_pairs_depend_as_mirt_says():
    answers = real_sets.read("lsat7").answers()

    found = local_dependence(Fitted(answers, calibrate(answers, "2pl")))

    assert lower_triangle(found.x2) == pytest.approx(PUBLISHED["lsat7"]["ld"], abs=0.01)
    assert lower_triangle(found.v) == pytest.approx(PUBLISHED["lsat7"]["ld_v"], abs=0.001)


def test_lsat6_tetrachoric_correlations_are_those_of_psych():
    found = polychoric(real_sets.read("lsat6").answers().matrix())

    assert lower_triangle(found) == pytest.approx(PUBLISHED["lsat6"]["tetrakorik"], abs=0.0051)


def test_weighted_patterns_stand_for_their_persons():
    answers, known = real_sets.deayala(), PUBLISHED["deayala"]

    found = calibrate(answers, "2pl")

    repeated = np.repeat(answers.matrix(), answers.weight.astype(int), axis=0)
    one_by_one = calibrate(type(answers).of_matrix(answers.items, repeated), "2pl")
    assert repeated.mean(axis=0) == pytest.approx(known["proporsi"], abs=known["toleransi"])
    for ours, theirs in zip(parameters(found), parameters(one_by_one), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)
    assert found.items[0].a_se == pytest.approx(one_by_one.items[0].a_se, rel=1e-3)


@pytest.fixture(scope="module")
def sat12_options():
    raw = real_sets.read("sat12_raw")
    return distractors(raw.items, raw.values, real_sets.key("sat12"), (real_sets.OMITTED,))


def test_the_wrong_key_of_sat12_is_named_with_the_right_one_and_no_other_is(sat12_options):
    wrong = {one.item: one.proposed for one in sat12_options if one.proposed is not None}

    assert wrong == PUBLISHED["sat12"]["kunci_usulan"]
    item = sat12_options[31]
    roles = {option.trace.option: option.role for option in item.options}
    assert (item.item, item.key) == ("i32", 5)
    assert roles[5] is OptionRole.KEY_FAILS
    assert roles[3] is OptionRole.RISES


def test_sat12_has_the_likelihoods_of_mirt_with_the_old_key_and_the_proposed_one():
    known = PUBLISHED["sat12"]
    old, new = real_sets.sat12(), real_sets.sat12({"i32": 3})

    before, after = (calibrate(answers, "2pl") for answers in (old, new))
    fits = s_x2(Fitted(new, after))

    assert before.log_likelihood == pytest.approx(known["log_likelihood_kunci_lama"], abs=0.001)
    assert after.log_likelihood == pytest.approx(known["log_likelihood_kunci_baru"], abs=0.001)
    assert Doubt.FLAT in before.get_item("i32").doubts
    assert after.get_item("i32").doubts == ()
    # Four very easy items have cells that may be joined in several ways.
    alike = [
        (one.x2, x2)
        for one, x2, df in zip(fits, known["s_x2"], known["s_x2_df"], strict=True)
        if one.df == df
    ]
    assert len(alike) == 28
    for ours, theirs in alike:
        assert ours == pytest.approx(theirs, abs=known["toleransi_s_x2"])


def test_sat12_with_guessing_held_has_the_estimates_of_mirt():
    known = PUBLISHED["sat12"]
    held = Priors(logit_c=Normal(float(np.log(0.1 / 0.9)), 1e-4))

    found = calibrate(real_sets.sat12(), "3pl", priors=held, standard_errors="none")

    a, d = parameters(found)
    assert a == pytest.approx(known["a_c01"], abs=known["toleransi"])
    assert d == pytest.approx(known["d_c01"], abs=known["toleransi"])


def test_science_has_the_estimates_of_mirt_under_both_models():
    known, answers = PUBLISHED["science"], real_sets.science()

    graded, credit = calibrate(answers, "grm"), calibrate(answers, "gpcm")
    pairs = local_dependence(Fitted(answers, graded))

    near = known["toleransi"]
    assert graded.log_likelihood == pytest.approx(known["log_likelihood"], abs=0.001)
    assert [one.a for one in graded.items] == pytest.approx(known["a"], abs=near)
    assert np.array([one.d for one in graded.items]) == pytest.approx(
        np.array(known["d"]), abs=near
    )
    assert lower_triangle(pairs.x2) == pytest.approx(known["ld"], abs=known["toleransi_ld"])
    assert lower_triangle(pairs.v) == pytest.approx(known["ld_v"], abs=0.0011)
    assert credit.log_likelihood == pytest.approx(known["log_likelihood_gpcm"], abs=0.002)
    assert [one.a for one in credit.items] == pytest.approx(
        known["a_gpcm"], abs=known["toleransi_a_gpcm"]
    )
    sums = np.cumsum([one.d for one in credit.items], axis=1)
    assert sums == pytest.approx(np.array(known["d_gpcm"]), abs=known["toleransi_d_gpcm"])


def test_verbagg_easiness_is_that_of_eirm():
    known = PUBLISHED["verbagg"]

    found = calibrate(real_sets.verbagg(dichotomous=True), "rasch")

    for item, easiness in known["kemudahan"].items():
        assert found.get_item(item).d[0] == pytest.approx(easiness, abs=0.002)


def test_verbagg_dif_by_gender_is_that_of_difr_item_by_item():
    known = PUBLISHED["verbagg"]
    answers = real_sets.verbagg(dichotomous=True)
    is_man = real_sets.read("verbagg").covariates["cov_gender"] == "M"

    found = matched_dif(answers, is_man)
    clean, _ = purified_dif(answers, is_man)

    assert [one.x2 for one in found] == pytest.approx(known["mh_x2"], abs=6e-5)
    assert [one.alpha for one in found] == pytest.approx(known["mh_alpha"], abs=6e-5)
    assert [one.delta for one in found] == pytest.approx(known["mh_delta"], abs=6e-5)
    z = [-one.delta / one.delta_se for one in found]
    assert z == pytest.approx(known["mh_z"], abs=6e-5)
    assert [one.item for one in clean if one.p < 0.05] == known["mh_murni"]


def test_the_items_of_bfi_have_six_components_and_five_of_them_one_each():
    table = real_sets.read("bfi")

    whole = parallel_analysis(table.answers(table.values - 1), np.random.default_rng(1))

    assert whole.dimensions == PUBLISHED["bfi"]["komponen"]


def test_real_omits_are_left_out_and_empty_rows_do_no_harm():
    answers = real_sets.read("icar16").answers()

    found = calibrate(answers, "2pl", standard_errors="none")

    assert found.groups[0].persons == 1525 - 16
    # PyPI mirt 1.2.0 on the same answers with 61 nodes.
    assert found.log_likelihood == pytest.approx(-12612.701, abs=0.01)
    assert not any(one.doubts for one in found.items)


def test_the_steep_item_of_mobility_is_estimated_beyond_the_bounds_of_others():
    found = calibrate(real_sets.read("mobility").answers(), "2pl")

    assert found.get_item("i7").a == pytest.approx(6.32, abs=0.01)
    assert found.log_likelihood > -23143.859 + 5  # PyPI mirt 1.2.0, which stops at 5


@pytest.fixture(scope="module")
def fims_alone():
    return [calibrate(real_sets.fims(country), "2pl") for country in "12"]


def test_the_doubtful_item_of_fims_is_called_what_it_is(fims_alone):
    australia, japan = (one.get_item("M1PTI21") for one in fims_alone)

    assert set(australia.doubts) >= {Doubt.REVERSED_KEY, Doubt.FLAT}
    assert Doubt.FLAT in japan.doubts
    others = {
        one.item: one.doubts for one in fims_alone[0].items if one.doubts and one is not australia
    }
    assert others == {"M1PTI22": (Doubt.OUTSIDE_THE_GRID,)}


def test_three_ways_of_linking_fims_put_japan_more_than_a_standard_deviation_higher(fims_alone):
    together, held = real_groups.concurrent(), real_groups.held(fims_alone)
    apart = real_groups.linked(fims_alone, "stocking-lord", True)

    assert together[0] == pytest.approx(held[0], abs=0.02)
    # The countries differ item by item, so that separate calibrations agree only roughly.
    assert apart[0] == pytest.approx(together[0], abs=0.15)
    assert apart[1] == pytest.approx(together[1], abs=0.1)


def test_timss_is_calibrated_through_its_booklets_and_the_empty_item_is_reported():
    answers = real_sets.timss()
    models = ["gpcm" if k > 2 else "2pl" for k in answers.categories]

    found = calibrate(answers, models, standard_errors="none")
    fits = s_x2(Fitted(answers, found))

    empty = [one.item for one in found.items if Doubt.NO_ANSWERS in one.doubts]
    assert empty == ["M042273"]
    assert found.converged
    assert [one.item for one in fits if one.refused] == empty
    # 5 % of 214 items by chance are 11.
    assert sum(one.p < 0.05 for one in fits) < 45


@pytest.mark.parametrize(("omits_are_wrong", "word"), [(False, "abai"), (True, "salah")])
def test_pirls_countries_spread_and_differ_as_published(omits_are_wrong, word):
    known = PUBLISHED["pirls"]
    answers = real_sets.pirls(omits_are_wrong)

    found = calibrate(answers, "rasch", standard_errors="none")

    near = known["toleransi"]
    assert found.group_sds == pytest.approx(known[f"simpangan_{word}"], abs=near)
    # The published origin is not Austria's mean; the other three lie as far apart.
    theirs = np.array(known[f"rata_{word}"])
    assert np.diff(found.group_means[1:]) == pytest.approx(np.diff(theirs[1:]), abs=near)


def test_pirls_groups_lie_where_a_general_optimiser_of_the_likelihood_puts_them():
    answers = real_sets.pirls(omits_are_wrong=False)
    some = answers.only_items(answers.items[:10])

    found = calibrate(some, "rasch", standard_errors="none")
    means, sds, likelihood = rasch_groups(some)

    assert found.group_means == pytest.approx(means, abs=3e-4)
    assert found.group_sds == pytest.approx(sds, abs=3e-4)
    assert found.log_likelihood == pytest.approx(likelihood, abs=0.001)
