"""Exposure control and its rates against their definitions, in exact fractions and plain loops."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from cat.selection.exposure import eligibility, rates, sympson_hetter
from cat.selection.exposure.admission import Admission
from cat.selection.step import Candidates, pick


def random_tests(rng: np.random.Generator, persons: int, items: int) -> np.ndarray:
    given = np.array([rng.permutation(items)[:6] for _ in range(persons)])
    given[rng.random(given.shape) < 0.2] = -1
    return given


def sets_of(given: np.ndarray) -> list[set[int]]:
    return [{int(item) for item in row if item >= 0} for row in given]


@pytest.mark.parametrize("seed", range(5))
def test_overlap_is_what_pairs_share_over_the_mean_length(seed):
    given = random_tests(np.random.default_rng(seed), 23, 15)
    people = sets_of(given)
    pairs = list(combinations(people, 2))
    shared = Fraction(sum(len(one & other) for one, other in pairs), len(pairs))
    length = Fraction(sum(len(one) for one in people), len(people))

    assert rates.overlap_rate(given, 15) == pytest.approx(float(shared / length), rel=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_the_summary_says_what_counting_says(seed):
    given = random_tests(np.random.default_rng(seed), 17, 20)
    people = sets_of(given)
    rate = [Fraction(sum(item in one for one in people), 17) for item in range(20)]
    mean = sum(rate) / 20

    found = rates.summary(given, 20)

    assert found.maximum == float(max(rate))
    assert found.mean == pytest.approx(float(mean), rel=1e-14)
    assert found.never_used == sum(x == 0 for x in rate)
    assert found.used_share == pytest.approx(float(Fraction(sum(x > 0 for x in rate), 20)))
    # Chang & Ying (1999): squared distances from the even rate, over that rate
    uneven = sum((x - mean) ** 2 / mean for x in rate)
    assert found.skewness == pytest.approx(float(uneven), rel=1e-13)


def test_expected_overlap_is_the_chance_that_a_random_item_of_one_is_one_of_another():
    rate = [Fraction(k, 12) for k in (12, 6, 6, 3, 3, 3, 3, 0)]

    expected = sum(r * r for r in rate) / sum(rate)

    assert rates.expected_overlap(np.array([float(r) for r in rate])) == pytest.approx(
        float(expected), rel=1e-14
    )


def test_sympson_hetter_sets_the_chance_to_the_target_over_the_share_selected():
    # 40 simulees; item k came up for so many of them, and the lottery admitted some
    selected = np.array([[40, 30, 12, 10, 8, 20, 25, 5]])
    administered = np.array([[10, 9, 8, 10, 8, 10, 10, 5]])
    observed = sympson_hetter.Observed(selected, administered, np.array([40]))
    target = Fraction(1, 4)

    found = sympson_hetter.adjust(Admission.of_everything(8), observed, float(target), length=2)

    chance = [min(Fraction(1), target / Fraction(int(n), 40)) for n in selected[0]]
    assert found.probability[0] == pytest.approx([float(x) for x in chance], rel=1e-15)
    assert sympson_hetter.excess(observed, float(target))[0] == pytest.approx(0.0, abs=1e-15)


def test_sympson_hetter_opens_as_many_items_to_all_as_the_test_has():
    selected = np.array([[40, 30, 20, 16]])
    observed = sympson_hetter.Observed(selected, selected // 4, np.array([40]))

    found = sympson_hetter.adjust(Admission.of_everything(4), observed, 0.5, length=2)

    # 0.5 / 1, 0.5 / 0.75, 1, 1: two are open already
    assert found.probability[0] == pytest.approx([1 / 2, 2 / 3, 1, 1])
    longer = sympson_hetter.adjust(Admission.of_everything(4), observed, 0.75, length=3)
    assert longer.probability[0] == pytest.approx([3 / 4, 1, 1, 1])


def test_eligibility_follows_van_der_linden_and_veldkamp_person_by_person():
    # (2007), page 407 and the equation before it: rho counts whoever had the item eligible or the
    # test infeasible, alpha whoever was given it, phi the feasible tests, n everybody; each fades
    rng = np.random.default_rng(7)
    items, fading, target = 9, Fraction(9, 10), Fraction(3, 10)
    state = eligibility.start(items)
    n = phi = Fraction(0)
    alpha, rho = [Fraction(0)] * items, [Fraction(0)] * items
    chance = [Fraction(1)] * items

    for _ in range(60):
        admitted = rng.random(items) < np.array([float(x) for x in chance])
        feasible = bool(rng.random() < 0.8)
        open_to = np.flatnonzero(admitted) if feasible else np.arange(items)
        given = rng.permutation(open_to)[:3]
        seen = eligibility.observe(
            np.array([0]), given[None, :], admitted[None, :], np.array([feasible]), groups=1
        )
        state = eligibility.adjust(state, seen, fading=float(fading))
        ours = eligibility.admission(state, float(target)).probability[0]

        n, phi = fading * n + 1, fading * phi + feasible
        for item in range(items):
            alpha[item] = fading * alpha[item] + (item in given)
            rho[item] = fading * rho[item] + (bool(admitted[item]) or not feasible)
            if alpha[item] == 0 or phi == 0:
                chance[item] = Fraction(1)
            else:
                exact = 1 - n / phi + target * (rho[item] / alpha[item]) * (n / phi)
                chance[item] = min(max(exact, Fraction(1, 2**20)), Fraction(1))
        assert ours == pytest.approx([float(x) for x in chance], abs=1e-12)

    assert len(set(chance)) > 3


def test_randomesque_gives_each_of_the_best_the_same_share():
    # Kingsbury & Zara (1989); the numbers 0, 1/60, ..., 59/60 stand for all there are
    persons, top = 60, 5
    ranked = np.tile(np.arange(12)[::-1], (persons, 1))
    fits = np.ones(ranked.shape, dtype=bool)
    fits[:, 1] = False  # the second best is out
    found = Candidates(np.zeros(persons), ranked, fits, None)

    items = pick(found, top, np.arange(persons) / persons)

    drawn, times = np.unique(items, return_counts=True)
    assert drawn.tolist() == [6, 7, 8, 9, 11]
    assert times.tolist() == [12] * 5
