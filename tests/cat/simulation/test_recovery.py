"""Bias, RMSE, reliability and standard errors, against brute force and normal theory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from cat.simulation.measuring import recovery
from cat.simulation.measuring.classification import classify
from cat.simulation.measuring.measures import measure
from cat.simulation.measuring.results import Cut

# Sizes of the makers.
BANK, PERSONS = 12, 40


def test_bias_rmse_and_mae_are_those_of_a_loop_over_people(create_facts, create_results):
    study = create_results()

    found = measure(create_facts(), [study]).accuracy

    errors = [hat - true for hat, true in zip(study.theta_hat, study.theta, strict=True)]
    assert found.bias.value == pytest.approx(sum(errors) / PERSONS)
    assert found.mae.value == pytest.approx(sum(map(abs, errors)) / PERSONS)
    assert found.rmse.value == pytest.approx(math.sqrt(sum(e * e for e in errors) / PERSONS))
    inside = [abs(e) <= norm.ppf(0.975) * se for e, se in zip(errors, study.se, strict=True)]
    assert found.coverage.value == sum(inside) / PERSONS
    r = np.corrcoef(study.theta, study.theta_hat)[0, 1]
    assert found.squared_correlation.value == pytest.approx(r**2)


def test_honest_standard_errors_of_normal_estimates_look_as_theory_says():
    rng = np.random.default_rng(7)
    persons, sigma = 40_000, 0.5
    theta = rng.normal(size=persons)
    theta_hat = theta + rng.normal(0, sigma, persons)

    found = recovery.accuracy(theta, theta_hat, np.full(persons, sigma))

    # Chance errors by normal theory: an RMSE varies by sigma / sqrt(2 J), a squared correlation
    # rho**2 by 2 rho (1 - rho**2) / sqrt(J).
    rho2 = 1 / (1 + sigma**2)
    of_rho2 = 2 * math.sqrt(rho2) * (1 - rho2) / math.sqrt(persons)
    expected = {
        "bias": (0.0, sigma / math.sqrt(persons)),
        "rmse": (sigma, sigma / math.sqrt(2 * persons)),
        "mae": (sigma * math.sqrt(2 / math.pi), sigma * math.sqrt((1 - 2 / math.pi) / persons)),
        "squared_correlation": (rho2, of_rho2),
        "se_ratio": (1.0, 1 / math.sqrt(2 * persons)),
        "coverage": (0.95, math.sqrt(0.95 * 0.05 / persons)),
    }
    for name, (value, mcse) in expected.items():
        figure = getattr(found, name)
        assert figure.mcse == pytest.approx(mcse, rel=0.03), name
        assert abs(figure.value - value) < 4 * mcse, name


def test_standard_errors_half_as_large_as_they_should_be_are_caught():
    rng = np.random.default_rng(8)
    theta = rng.normal(size=20_000)
    theta_hat = theta + rng.normal(0, 0.5, len(theta))

    found = recovery.accuracy(theta, theta_hat, np.full(len(theta), 0.25))

    assert found.se_ratio.value == pytest.approx(2, abs=0.05)
    assert found.coverage.value == pytest.approx(norm.cdf(0.98) - norm.cdf(-0.98), abs=0.02)


def test_marginal_reliability_needs_no_truth_when_estimates_are_posterior_means():
    # One normal answer of variance 1/4 to theta ~ N(0, 1): the posterior mean is 0.8 of it and
    # the posterior variance 0.2, so reliability is 0.8 whoever counts.
    rng = np.random.default_rng(9)
    theta = rng.normal(size=50_000)
    theta_hat = 0.8 * (theta + rng.normal(0, 0.5, len(theta)))
    se = np.full(len(theta), math.sqrt(0.2))

    with_truth = recovery.precision(se, theta_hat, theta)
    without = recovery.precision(se, theta_hat, None)

    for found in (with_truth.marginal_reliability, without.marginal_reliability):
        assert abs(found.value - 0.8) < 4 * found.mcse
    assert with_truth.mean_se.value == pytest.approx(math.sqrt(0.2))


FIGURES = {
    "bias": lambda t, h, s: recovery.accuracy(t, h, s).bias,
    "rmse": lambda t, h, s: recovery.accuracy(t, h, s).rmse,
    "mae": lambda t, h, s: recovery.accuracy(t, h, s).mae,
    "squared correlation": lambda t, h, s: recovery.accuracy(t, h, s).squared_correlation,
    "se ratio": lambda t, h, s: recovery.accuracy(t, h, s).se_ratio,
    "coverage": lambda t, h, s: recovery.accuracy(t, h, s).coverage,
    "reliability": lambda t, h, s: recovery.precision(s, h, t).marginal_reliability,
    "reliability without truth": lambda t, h, s: (
        recovery.precision(s, h, None).marginal_reliability
    ),
    "kappa": lambda t, h, s: classify(Cut("x", 0.3, "theta"), h, t).kappa,
    "sensitivity": lambda t, h, s: classify(Cut("x", 0.3, "theta"), h, t).sensitivity,
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_chance_error_is_how_much_repeated_studies_really_differ(name):
    # 1,000 studies: the spread of their figures is itself known to 2.2 %; four times that passes.
    rng = np.random.default_rng(10)
    figures = []
    for _ in range(1000):
        theta = rng.normal(size=500)
        # Estimates shrunk and skewed, SEs tied to the ability: nothing here is normal theory.
        se = 0.4 + 0.05 * np.abs(theta)
        theta_hat = 0.9 * theta + se * (rng.gamma(16, 0.25, 500) - 4)
        figures.append(FIGURES[name](theta, theta_hat, se))

    really = np.std([figure.value for figure in figures])
    claimed = np.mean([figure.mcse for figure in figures])

    assert claimed == pytest.approx(really, rel=0.09)


def test_a_group_holds_its_lower_bound_and_not_its_upper_one():
    theta = np.array([-9.0, -3.0, 0.49, 0.5, 3.0, 9.0])

    groups = recovery.group_of(theta)

    assert groups.tolist() == [0, 1, 7, 8, 13, 13]


def test_groups_weighted_by_their_people_add_up_to_the_whole(create_facts, create_results):
    found = measure(create_facts(), [create_results(2000)])

    peopled = [group for group in found.groups if group.persons]
    assert sum(group.persons for group in peopled) == 2000
    bias = sum(group.bias.value * group.persons for group in peopled) / 2000
    squares = sum(group.rmse.value**2 * group.persons for group in peopled) / 2000
    assert bias == pytest.approx(found.accuracy.bias.value)
    assert math.sqrt(squares) == pytest.approx(found.accuracy.rmse.value)


def test_a_group_of_nobody_has_no_figures_and_a_group_of_one_no_chance_error(
    create_facts, create_results
):
    whole = create_results()
    study = replace(
        whole,
        theta_hat=whole.theta_hat[:1],
        se=whole.se[:1],
        items=whole.items[:1],
        theta=whole.theta[:1],
        reason=whole.reason[:1],
    )

    groups = measure(create_facts(), [study]).groups

    lonely = [group for group in groups if group.persons == 1]
    assert len(lonely) == 1
    assert lonely[0].bias.value == pytest.approx(float(study.theta_hat[0] - study.theta[0]))
    assert lonely[0].bias.mcse is None
    assert lonely[0].highest_exposure == 1
    for group in groups:
        if not group.persons:
            assert group.rmse.value is group.mean_se.value is group.highest_exposure is None


def test_without_a_truth_people_are_grouped_by_their_estimates(create_facts, create_results):
    study = replace(create_results(), theta=None)

    found = measure(create_facts(truth="none"), [study])

    assert found.accuracy is None
    counted = np.bincount(recovery.group_of(study.theta_hat), minlength=len(found.groups))
    assert [group.persons for group in found.groups] == counted.tolist()
    assert all(group.bias.value is None for group in found.groups)


def test_the_least_se_is_that_of_the_most_informative_items_and_the_prior(create_facts):
    rng = np.random.default_rng(2)
    nodes, information = np.array([-1.0, 0.0, 5.0]), rng.uniform(0.1, 1, (BANK, 3))

    bound = create_facts(nodes=nodes, information=information, prior_variance=2.0)
    found = recovery.least_se(bound, 3)

    # The node at 5 is too far out to be drawn.
    best = [sum(sorted(information[:, q])[-3:]) for q in (0, 1)]
    assert dict(found) == pytest.approx(
        {-1.0: 1 / math.sqrt(best[0] + 0.5), 0.0: 1 / math.sqrt(best[1] + 0.5)}
    )
