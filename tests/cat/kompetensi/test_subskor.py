"""Whether domains add information over their total: Haberman (2008), by formula and by force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.kompetensi.subskor import Group, Measures, estimate, fit_group, measures, worth
from cat.kompetensi.subskor_bagian import SubskorBagian


def alike(correlation: float, domains: int = 3) -> Group:
    """A group whose domains have variance 1 and one correlation with each other."""
    covariance = np.full((domains, domains), correlation) + (1 - correlation) * np.eye(domains)
    return Group(np.zeros(domains), covariance)


def measured(group: Group, persons: int, rng: np.random.Generator, information=(0.8, 2.5)):
    """True abilities of simulated persons and what their answers say."""
    true = rng.multivariate_normal(group.mean, group.covariance, persons, method="eigh")
    given_information = rng.uniform(*information, size=true.shape)
    seen = true + rng.normal(size=true.shape) / np.sqrt(given_information)
    return true, Measures(given_information, given_information * seen)


def haberman_2008(covariance, error, d):
    """PRMSE of domain d by the formulas of the paper: reliabilities and correlations only.

    covariance : of true sub-scores; error : error variances; the total is the sum of sub-scores.
    """
    observed = covariance + np.diag(error)
    sd_s, sd_st = np.sqrt(observed[d, d]), np.sqrt(covariance[d, d])
    sd_x, sd_xt = np.sqrt(observed.sum()), np.sqrt(covariance.sum())
    rho_st_s, rho_xt_x = sd_st / sd_s, sd_xt / sd_x
    rho_st_xt = covariance[d].sum() / (sd_st * sd_xt)
    rho_s_x = observed[d].sum() / (sd_s * sd_x)
    tau = (rho_xt_x * rho_st_xt - rho_s_x * rho_st_s) / (1 - rho_s_x**2)
    own, total = rho_st_s**2, (rho_st_xt * rho_xt_x) ** 2
    return own, total, own + tau**2 * (1 - rho_s_x**2)


@given(
    st.floats(-0.3, 0.99),
    st.lists(st.floats(0.3, 2), min_size=3, max_size=3),
    st.lists(st.floats(0.2, 5), min_size=3, max_size=3),
)
def test_with_equal_precision_the_prmse_are_those_of_haberman_2008(correlation, sds, information):
    # Our total is the sum of pulls, so the paper's sub-scores are pulls: scaled by information.
    sds, information = np.array(sds), np.array(information)
    covariance = alike(correlation).covariance * np.outer(sds, sds)
    scaled = covariance * np.outer(information, information)

    found = worth(np.tile(information, (4, 1)), Group(np.zeros(3), covariance))

    for d in range(3):
        expected = haberman_2008(scaled, information, d)
        assert (found.own[d], found.total[d], found.augmented[d]) == pytest.approx(expected)


def test_the_prmse_are_the_squared_correlations_with_the_true_abilities():
    rng = np.random.default_rng(20080602)
    group, information = alike(0.7), np.tile([1.0, 2.0, 0.5], (200_000, 1))
    true = rng.multivariate_normal(group.mean, group.covariance, len(information))
    pull = information * true + np.sqrt(information) * rng.normal(size=true.shape)

    found = worth(information, group)

    def explained(predictors):
        coefficients = np.linalg.lstsq(predictors, true[:, 0], rcond=None)[0]
        return 1 - np.var(true[:, 0] - predictors @ coefficients) / np.var(true[:, 0])

    total = pull.sum(axis=1)
    # 200 000 persons: the standard error of a squared correlation is below 0.002.
    assert found.own[0] == pytest.approx(explained(pull[:, :1]), abs=0.006)
    assert found.total[0] == pytest.approx(explained(total[:, None]), abs=0.006)
    both = np.stack([pull[:, 0], total], axis=1)
    assert found.augmented[0] == pytest.approx(explained(both), abs=0.006)


def test_domains_that_are_one_ability_add_nothing_to_the_total():
    found = worth(np.full((5, 3), 1.5), alike(1.0))

    assert found.own == pytest.approx(1.5 / 2.5)  # reliability of one domain
    assert found.total == pytest.approx(4.5 / 5.5)  # of all three together
    assert found.augmented == pytest.approx(found.total)


def test_domains_that_have_nothing_in_common_beat_their_total():
    found = worth(np.full((5, 3), 1.5), alike(0.0))

    assert found.own == pytest.approx(0.6)
    assert found.total == pytest.approx(0.6 / 3)
    assert found.augmented == pytest.approx(found.own)


def test_a_domain_without_answers_is_known_only_through_the_total():
    found = worth(np.tile([0.0, 2.0, 2.0], (5, 1)), alike(0.8))

    assert found.own[0] == 0
    assert found.augmented[0] == pytest.approx(found.total[0])
    assert found.total[0] > 0.3


def test_endless_answers_explain_everything():
    found = worth(np.full((2, 3), 1e9), alike(0.5))

    assert found.own == pytest.approx(1)
    assert found.augmented == pytest.approx(1)


@given(st.floats(0, 1), st.lists(st.floats(0, 20), min_size=3, max_size=3))
def test_both_together_never_predict_worse_than_either(correlation, information):
    found = worth([information], alike(correlation))

    assert (found.augmented >= np.maximum(found.own, found.total) - 1e-9).all()
    assert (found.augmented <= 1 + 1e-9).all()


def test_the_group_behind_the_answers_is_recovered():
    rng = np.random.default_rng(7)
    truth = Group(
        np.array([0.4, -0.2, 0.0]),
        np.array([[1.0, 0.6, 0.3], [0.6, 0.8, 0.4], [0.3, 0.4, 0.6]]),
    )

    found = fit_group(measured(truth, 4000, rng)[1])

    # 4000 persons at reliabilities about one half: standard errors about 0.03.
    assert found.mean == pytest.approx(truth.mean, abs=0.08)
    assert found.covariance == pytest.approx(truth.covariance, abs=0.12)


def test_augmented_estimates_come_closer_to_the_truth_than_own_answers():
    rng = np.random.default_rng(3)
    group = alike(0.8)
    true, seen = measured(group, 5000, rng)

    found, spread = estimate(seen, group)

    alone = seen.pull / (seen.information + 1)
    error = ((found - true) ** 2).mean(axis=0)
    assert (error < ((alone - true) ** 2).mean(axis=0)).all()
    # and they say truthfully how close
    assert error == pytest.approx(spread.diagonal(axis1=1, axis2=2).mean(axis=0), rel=0.06)


def test_a_person_without_answers_gets_the_mean_of_the_group():
    group = Group(np.array([0.3, -0.1]), np.array([[1.0, 0.5], [0.5, 0.8]]))

    theta, spread = estimate(Measures(np.zeros((1, 2)), np.zeros((1, 2))), group)

    assert theta[0] == pytest.approx(group.mean)
    assert spread[0] == pytest.approx(group.covariance)


def test_taking_the_prior_out_and_putting_it_back_gives_the_same_estimate():
    theta, se = np.array([[0.7]]), np.array([[0.6]])
    one = Group(np.array([0.2]), np.array([[1.3**2]]))

    given_answers = measures(theta, se, prior_mean=0.2, prior_sd=1.3)
    again, spread = estimate(given_answers, one)

    assert again[0, 0] == pytest.approx(0.7)
    assert np.sqrt(spread[0, 0, 0]) == pytest.approx(0.6)


def test_a_posterior_wider_than_its_prior_carries_no_information():
    found = measures([[0.3]], [[1.05]], prior_mean=0.0, prior_sd=1.0)

    assert (found.information[0, 0], found.pull[0, 0]) == (0, 0)


@pytest.mark.parametrize(
    ("correlation", "adds"),
    [(1.0, False), (0.2, True)],
    ids=["one ability", "abilities of their own"],
)
def test_the_verdict_on_real_sized_groups_is_the_right_one(correlation, adds):
    rng = np.random.default_rng(11)
    _, seen = measured(alike(correlation), 300, rng)

    verdict = SubskorBagian.judge(("a", "b", "c"), seen)

    assert [verdict.nilai(name, 2).menambah for name in "abc"] == [adds] * 3
    assert SubskorBagian.from_mapping(vars(verdict)) == verdict


def test_the_margin_decides_close_cases_against_the_domain():
    verdict = SubskorBagian(500, ("a",), (0,), ((10000,),), ((6150, 6000, 7000),))

    assert verdict.nilai("a", 1).menambah
    assert not verdict.nilai("a", 2).menambah


def test_as_few_persons_as_domains_are_refused():
    with pytest.raises(BadInput, match="more persons than domains"):
        fit_group(Measures(np.ones((3, 3)), np.zeros((3, 3))))
