"""Norm groups: percentile ranks with their error, and groups that cannot be altered unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from cat.errors import BadInput, NormGroupTooSmall
from cat.kompetensi.norma import AturanNorma, Distribution, Norma
from cat.kompetensi.subskor_bagian import SubskorBagian

abilities = st.lists(st.floats(-8, 8), min_size=1, max_size=60)


def test_ties_count_half():
    group = Distribution.of([-1.0, 0.0, 0.0, 1.0, 2.0])

    found = group.percentile(0.0, 0.001, minimum=1)

    # one below and half of the two who are equal, of five
    assert found.value == pytest.approx(40)


@pytest.mark.parametrize(("theta", "expected"), [(-3.0, 0.0), (3.0, 100.0)])
def test_whoever_is_beyond_everybody_is_at_the_end_of_the_scale(theta, expected):
    group = Distribution.of(np.linspace(-1, 1, 50))

    assert group.percentile(theta, 0.2, minimum=1).value == pytest.approx(expected)


@given(abilities, st.floats(-5, 5), st.floats(0.05, 2), st.floats(0, 1))
def test_a_higher_ability_never_has_a_lower_percentile(thetas, theta, se, more):
    group = Distribution.of(thetas)

    low, high = (group.percentile(t, se, minimum=1) for t in (theta, theta + more))

    assert high.value >= low.value
    assert low.low <= low.value <= low.high
    assert low.se >= 0


def test_in_a_large_normal_group_the_percentile_is_the_normal_one():
    group = Distribution.of(norm.ppf((np.arange(100_000) + 0.5) / 100_000))

    found = group.percentile(0.5, 0.3, minimum=100)

    assert found.value == pytest.approx(100 * norm.cdf(0.5), abs=0.1)
    assert found.low == pytest.approx(100 * norm.cdf(0.2), abs=0.1)
    # spread of cdf(theta) for theta ~ N(0.5, 0.3), by simulation
    draws = norm.cdf(np.random.default_rng(5).normal(0.5, 0.3, 200_000))
    assert found.se == pytest.approx(100 * draws.std(), abs=0.15)


def test_a_small_group_makes_the_percentile_less_sure():
    small, large = (Distribution.of(norm.ppf((np.arange(n) + 0.5) / n)) for n in (30, 3000))

    assert small.percentile(0, 0.3, minimum=1).se > large.percentile(0, 0.3, minimum=1).se


@pytest.mark.parametrize("persons", [0, 1, 99])
def test_a_group_below_its_minimum_gives_no_percentile_and_says_how_many_it_has(persons):
    with pytest.raises(NormGroupTooSmall, match=f"100 persons; this one has {persons}") as refused:
        Distribution.of(np.zeros(persons)).percentile(0.0, 0.5, minimum=100)

    assert refused.value.evidence == {"persons": persons, "minimum": 100}


def test_quantiles_are_the_abilities_at_which_shares_of_the_group_end():
    group = Distribution.of([-1.0, -0.5, 0.0, 0.5, 1.0])

    assert [group.quantile(share) for share in (0.1, 0.5, 0.9)] == [-1.0, 0.0, 1.0]
    with pytest.raises(NormGroupTooSmall):
        Distribution.of([]).quantile(0.5)
    with pytest.raises(BadInput, match="share"):
        group.quantile(1)


@pytest.mark.parametrize("bad", [[float("nan")], [float("inf")], ["a"]])
def test_abilities_that_are_no_numbers_are_refused(bad):
    with pytest.raises(BadInput):
        Distribution.of(bad)


@pytest.mark.parametrize("counts", [(1, 2), (-1,) * 241])
def test_counts_that_do_not_fit_the_scale_are_refused(counts):
    with pytest.raises(BadInput, match="counts"):
        Distribution(counts)


def group_of_three() -> Norma:
    return Norma(
        nama="Peserta contoh",
        siapa="Tiga orang rekaan",
        dihitung=date(2026, 11, 22),
        orang=3,
        pool=("a" * 64,),
        sebaran={"twk": Distribution.of([-1.0, 0.0, 1.0])},
        subskor={"twk": SubskorBagian(3, ("x",), (1,), ((10000,),), ((1, 2, 3),))},
    )


def test_a_stored_group_is_read_back_with_the_same_hash():
    group = group_of_three()

    again = Norma.from_mapping(group.to_mapping())

    assert again == group
    assert again.digest == group.digest


@pytest.mark.parametrize(
    "change",
    [
        {"nama": "Peserta lain"},
        {"orang": 4},
        {"dihitung": date(2026, 11, 23)},
        {"sebaran": {"twk": Distribution.of([-1.0, 0.0, 1.1])}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_a_group_changes_its_hash(change):
    assert replace(group_of_three(), **change).digest != group_of_three().digest


def test_the_rules_of_norm_groups_survive_their_written_form():
    rules = AturanNorma("aturan-norma", "Norma", 100, 100, 1000, 2, "Contoh", "C")

    assert AturanNorma.from_mapping(rules.to_mapping()) == rules
