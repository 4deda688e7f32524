"""Exposure, overlap, repeats, lengths and limits, against brute force."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from cat.selection.exposure import rates
from cat.simulation.measuring import recovery
from cat.simulation.measuring.measures import measure
from cat.simulation.measuring.results import Limit

# Sizes of the makers.
BANK, PERSONS = 12, 40


def test_exposure_and_overlap_are_those_of_all_pairs_of_people(create_facts, create_results):
    study = create_results()

    found = measure(create_facts(exposure_limit=0.4), [study]).exposure

    tests = [{i for i in row if i >= 0} for row in study.items.tolist()]
    rate = [sum(i in test for test in tests) / PERSONS for i in range(BANK)]
    assert [item.rate for item in found.items] == rate
    assert found.highest == max(rate)
    assert found.above_limit == sum(r > 0.4 for r in rate)
    assert dict(found.quantiles)[0.5] == pytest.approx(np.median(rate))
    shared = [len(one & other) for one, other in combinations(tests, 2)]
    length = sum(map(len, tests)) / PERSONS
    assert found.overlap == pytest.approx(sum(shared) / len(shared) / length)
    assert found.overlap == pytest.approx(rates.overlap_rate(study.items, BANK))


def test_items_that_nobody_saw_are_counted_as_unused(create_facts, create_results):
    study = replace(create_results(), items=np.tile([0, 3, 7], (PERSONS, 1)))

    found = measure(create_facts(), [study]).exposure

    assert (found.used_items, found.used_share, found.highest) == (3, 3 / BANK, 1.0)
    assert found.overlap == 1.0


def test_an_item_seen_twice_is_a_repeat_and_not_twice_an_exposure(create_facts, create_results):
    study = create_results()
    study.items[0] = [4, 1, 4, 4, -1, -1]
    study.items[1] = [4, 1, 2, 3, -1, -1]

    found = measure(create_facts(), [study])

    assert found.blueprint.repeats == 1
    seen = sum(4 in row for row in study.items.tolist())
    assert found.exposure.items[4].persons == seen


def test_the_highest_exposure_within_a_group_is_that_of_its_own_people(
    create_facts, create_results
):
    study = create_results(500)

    found = measure(create_facts(), [study])

    group = recovery.group_of(study.theta)
    for g, of_group in enumerate(found.groups):
        own = study.items[group == g]
        if len(own):
            most = max((own == i).any(axis=1).mean() for i in range(BANK))
            assert of_group.highest_exposure == pytest.approx(most)


def test_lengths_and_stopping_reasons_are_counted(create_facts, create_results):
    study = create_results()

    found = measure(create_facts(), [study])

    lengths = [sum(i >= 0 for i in row) for row in study.items.tolist()]
    assert found.length.mean == sum(lengths) / PERSONS
    assert (found.length.fewest, found.length.most) == (min(lengths), max(lengths))
    assert dict(found.length.histogram) == {n: lengths.count(n) for n in set(lengths)}
    assert dict(found.reasons)["galat baku tercapai"] == int(study.reason.sum())


def test_limits_count_members_and_amounts_of_the_items_presented(create_facts, create_results):
    words = np.arange(BANK) * 10.0
    numeric = np.array([0.0] * 5 + [1.0] * 7)
    study = create_results()

    limits = (Limit("kata", -math.inf, 250, words), Limit("numerik", 2, 4, numeric))
    found = measure(create_facts(limits=limits), [study]).blueprint

    tests = [[i for i in row if i >= 0] for row in study.items.tolist()]
    amounts = [sum(10 * i for i in test) for test in tests]
    members = [sum(i >= 5 for i in test) for test in tests]
    kata, numerik = found.limits
    assert (kata.fewest, kata.most) == (min(amounts), max(amounts))
    assert kata.violations == sum(amount > 250 for amount in amounts) > 0
    assert (kata.lower, kata.upper) == (None, 250)
    assert numerik.violations == sum(not 2 <= n <= 4 for n in members) > 0
    assert numerik.mean == pytest.approx(sum(members) / PERSONS)
    assert found.violations == kata.violations + numerik.violations


def test_broken_rules_that_no_limit_expresses_are_violations_too(create_facts, create_results):
    broken = np.zeros(PERSONS, dtype=np.int64)
    broken[[2, 5]] = 1, 3

    found = measure(create_facts(), [replace(create_results(), broken=broken)]).blueprint

    assert (found.other_violations, found.violations) == (4, 4)
