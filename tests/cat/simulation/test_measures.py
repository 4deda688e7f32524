"""The measures of a part as a whole: chunks, JSON, and what is refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.simulation.measuring.measures import measure
from cat.simulation.measuring.results import Cut, Limit, PartResults

# Sizes of the makers.
BANK, PERSONS = 12, 40


@pytest.fixture(scope="module")
def full_facts(create_facts):
    """Facts with everything that can be asked for."""
    rng = np.random.default_rng(3)
    return create_facts(
        limits=(Limit("verbal", 1, 4, np.array([1.0] * 5 + [0.0] * 7)),),
        cuts=(Cut("umum", 65), Cut("tengah", 0.0, "theta")),
        exposure_limit=0.6,
        target_se=0.4,
        nodes=np.linspace(-4, 4, 9),
        information=rng.uniform(0, 1, (BANK, 9)),
        prior_variance=1.0,
    )


@pytest.fixture(scope="module")
def full_results(create_results):
    """People who have everything that can be known of them."""
    study = create_results()
    nilai = np.rint(75 + 25 * study.theta_hat)
    return replace(study, nilai=nilai, nilai_true=np.rint(75 + 25 * study.theta))


def rows(study, chosen):
    """The people in these rows."""
    columns = {name: column[chosen] for name, column in vars(study).items() if column is not None}
    return PartResults(**columns)


@given(st.lists(st.integers(0, PERSONS), max_size=5))
def test_any_cutting_into_chunks_gives_the_same_bits(full_facts, full_results, cuts):
    bounds = [0, *sorted(cuts), PERSONS]
    chunks = (rows(full_results, slice(a, b)) for a, b in pairwise(bounds))

    assert measure(full_facts, chunks) == measure(full_facts, [full_results])


def test_measures_survive_json_unchanged(full_facts, full_results):
    study = replace(full_results, step_seconds=np.array([1e-5, 3e-5, 2e-5]))

    mapping = measure(full_facts, [study]).to_mapping()

    assert json.loads(json.dumps(mapping, allow_nan=False)) == mapping
    assert mapping["step_time"] == {
        "median": 2e-5,
        "p95": pytest.approx(2.9e-5),
        "most": 3e-5,
        "steps": 3,
    }
    assert set(mapping["reasons"]) == {"panjang tetap", "galat baku tercapai"}


def test_the_keys_of_the_file_are_those_that_earlier_studies_have(full_facts, full_results):
    mapping = measure(full_facts, [full_results]).to_mapping()

    assert " ".join(mapping) == (
        "part title persons bank truth accuracy precision points groups exposure length reasons"
        " blueprint classifications least_se target_se step_time"
    )
    assert " ".join(mapping["accuracy"]) == "bias rmse mae squared_correlation se_ratio coverage"
    assert " ".join(mapping["accuracy"]["bias"]) == "value mcse"
    assert " ".join(mapping["groups"][0]) == (
        "lower upper persons bias rmse mean_se coverage highest_exposure"
    )
    assert " ".join(mapping["exposure"]) == (
        "items highest mean quantiles used_items used_share limit above_limit overlap"
    )
    assert " ".join(mapping["blueprint"]) == (
        "limits other_limits other_violations violations repeats"
    )
    assert " ".join(mapping["classifications"][0]) == (
        "name scale cut rightly_reached wrongly_reached wrongly_missed rightly_missed accuracy"
        " sensitivity specificity kappa by_distance"
    )


def test_points_are_compared_in_points(full_facts, full_results):
    study = full_results

    found = measure(full_facts, [study]).points

    errors = study.nilai - study.nilai_true
    assert found.bias.value == pytest.approx(errors.mean())
    assert found.rmse.value == pytest.approx(math.sqrt((errors**2).mean()))


def test_the_spread_of_full_bank_estimates_is_not_taken_for_that_of_ability(
    create_facts, create_results
):
    # Estimates from all answers are shrunk themselves; only true abilities show the real spread.
    study = create_results()

    by = {
        truth: measure(create_facts(truth=truth), [replace(study, theta=theta)]).precision
        for truth, theta in (("true", study.theta), ("full_bank", study.theta), ("none", None))
    }

    assert by["full_bank"] == by["none"]
    assert by["full_bank"] != by["true"]


REFUSED_RESULTS = {
    "se must be above 0; person 3 has 0.0": lambda s: replace(s, se=_with(s.se, 3, 0.0)),
    "theta_hat must be finite; person 2": lambda s: replace(
        s, theta_hat=_with(s.theta_hat, 2, math.nan)
    ),
    r"se must have shape \(40,\); got \(39,\)": lambda s: replace(s, se=s.se[1:]),
    r"items must have shape \(40, n\); got \(39, 6\)": lambda s: replace(s, items=s.items[1:]),
    "items must be signed integers; got float64": lambda s: replace(s, items=s.items * 1.0),
    r"items must lie in -1..11; person 5 has 12": lambda s: replace(
        s, items=_with(s.items, (5, 0), 12)
    ),
    "reason must lie in 0..1; person 0 has 2": lambda s: replace(s, reason=_with(s.reason, 0, 2)),
    "theta must be given exactly when truth": lambda s: replace(s, theta=None),
    "nilai and nilai_true come together": lambda s: replace(s, nilai=s.theta),
}


def _with(column, place, value):
    changed = column.copy()
    changed[place] = value
    return changed


@pytest.mark.parametrize("message", REFUSED_RESULTS)
def test_bad_results_are_refused_with_the_person_and_the_rule(
    message, create_facts, create_results
):
    with pytest.raises(BadInput, match=f"tiu: {message}"):
        measure(create_facts(), [REFUSED_RESULTS[message](create_results())])


REFUSED_FACTS = {
    "one domain per item; got 12 items, 1 domains": {"domains": ("verbal",)},
    "reasons must be one or more different names": {"reasons": ("a", "a")},
    "weights must have shape": {"limits": (Limit("kata", 0, 1, np.ones(3)),)},
    "nodes and information come together": {"nodes": np.zeros(3)},
    r"information must have shape \(12, 3\)": {
        "nodes": np.zeros(3),
        "information": np.ones((3, 3)),
    },
    r"exposure_limit must lie in \(0, 1\]; got 1.5": {"exposure_limit": 1.5},
    "cuts need a truth": {"cuts": (Cut("x", 0, "theta"),), "truth": "none"},
    "a cut on nilai needs nilai": {"cuts": (Cut("x", 65),)},
}


@pytest.mark.parametrize("message", REFUSED_FACTS)
def test_facts_that_contradict_each_other_are_refused(message, create_facts, create_results):
    with pytest.raises(BadInput, match=message):
        measure(create_facts(**REFUSED_FACTS[message]), [create_results()])


def test_a_study_of_nobody_is_refused(create_facts):
    with pytest.raises(BadInput, match="at least one person"):
        measure(create_facts(), [])


def test_a_column_that_only_some_chunks_have_is_refused(create_facts, create_results, full_results):
    some, others = full_results, create_results(seed=2)

    with pytest.raises(BadInput, match="nilai must be in every chunk or in none; got it for 40"):
        measure(create_facts(), [some, others])
