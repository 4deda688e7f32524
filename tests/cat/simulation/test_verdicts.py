"""What the report makes of the measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.simulation.measuring.measured import Measured
from cat.simulation.measuring.measures import measure
from cat.simulation.measuring.results import Cut, Limit
from cat.simulation.reporting.verdicts import BANDS, BIAS, RELIABILITY, Level, verdicts


@pytest.fixture(scope="module")
def good(create_facts, create_results):
    """A part without anything to complain about."""
    rng = np.random.default_rng(4)
    study = create_results(4000)
    theta_hat = study.theta + rng.normal(0, 0.2, 4000)
    study = replace(study, theta_hat=theta_hat, se=np.full(4000, 0.2))
    found = measure(create_facts(cuts=(Cut("tengah", 0.0, "theta"),), exposure_limit=0.4), [study])
    exposure = replace(found.exposure, highest=0.4, above_limit=0)
    return replace(found, exposure=exposure)


def level_of(measures, heading):
    return next(v.level for v in verdicts(measures) if v.heading.startswith(heading))


def test_a_good_part_is_good_in_everything(good):
    assert {v.level for v in verdicts(good)} == {Level.GOOD}


@pytest.mark.parametrize(
    ("band", "value", "level"),
    [
        (RELIABILITY, 0.90, Level.GOOD),
        (RELIABILITY, 0.896, Level.GOOD),  # reads 0,90
        (RELIABILITY, 0.89, Level.CARE),
        (RELIABILITY, 0.70, Level.CARE),
        (RELIABILITY, 0.69, Level.POOR),
        (BIAS, 0.05, Level.GOOD),
        (BIAS, 0.051, Level.CARE),
        (BIAS, 0.151, Level.POOR),
    ],
)
def test_a_band_judges_the_figure_that_is_printed(band, value, level):
    assert band.level(value) is level


def test_every_band_is_printed_with_both_its_bounds():
    assert RELIABILITY.rule() == ("Keandalan", "mulai 0,90", "di bawah 0,70")
    assert all(len(band.rule()) == 3 for band in BANDS)


def test_a_single_violation_is_a_problem(good, create_facts, create_results):
    limit = Limit("verbal", 0, 0, np.array([1.0] + [0.0] * 11))
    study = create_results(1)
    study.items[0] = [0, 1, 2, -1, -1, -1]

    found = measure(create_facts(limits=(limit,)), [study])

    assert level_of(good, "Kepatuhan") is Level.GOOD
    assert level_of(found, "Kepatuhan") is Level.POOR


def test_a_single_repeated_item_is_a_problem(good):
    found = replace(good, blueprint=replace(good.blueprint, repeats=1))

    assert level_of(found, "Kepatuhan") is Level.POOR


def test_an_exposure_limit_may_be_exceeded_by_chance_and_slack_but_not_by_more(good):
    # 0.4 in 4,000 people varies by 0.0077.
    def at(highest):
        return replace(good, exposure=replace(good.exposure, highest=highest, above_limit=1))

    assert level_of(at(0.415), "Kerahasiaan") is Level.GOOD
    assert level_of(at(0.416), "Kerahasiaan") is Level.CARE
    assert level_of(at(0.431), "Kerahasiaan") is Level.POOR


def test_standard_errors_that_promise_too_much_are_worse_than_cautious_ones(good):
    def at(ratio):
        accuracy = replace(good.accuracy, se_ratio=Measured(ratio, 0.001))
        return replace(good, accuracy=accuracy)

    assert level_of(at(1.2), "Kejujuran") is Level.POOR
    assert level_of(at(1.1), "Kejujuran") is Level.CARE
    assert level_of(at(0.7), "Kejujuran") is Level.CARE


def test_a_bias_within_its_chance_error_is_no_bias(good):
    def at(bias, mcse):
        return replace(good, accuracy=replace(good.accuracy, bias=Measured(bias, mcse)))

    assert level_of(at(-0.2, 0.1), "Kecondongan") is Level.GOOD
    assert level_of(at(-0.2, 0.001), "Kecondongan") is Level.POOR


def test_real_people_are_not_said_to_have_a_known_ability(good):
    found = replace(good, truth="full_bank")

    text = " ".join(v.text for v in verdicts(found))

    assert "sebenarnya" not in text
    assert "menurut semua jawaban" in text
    assert not any(v.heading.startswith("Kejujuran") for v in verdicts(found))
