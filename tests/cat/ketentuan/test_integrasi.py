"""What is the final value, and who comes first among equals?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.ketentuan.integrasi import BagianSKB, Contender, final_ranks, for_display, integrate
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_rule_sets

RULE = read_rule_sets()[-1].integrasi
SKB = [BagianSKB("SKB CAT", 465, 550, 60), BagianSKB("TPA", 80, 100, 40)]


def create_contender(**changes: Any) -> Contender:
    """A contender who equals every other one made without changes."""
    plain: dict[str, Any] = {
        "akhir": Decimal("78.727"),
        "nilai": (90, 110, 200),
        "jenjang": "S1",
        "ipk": Decimal("3.50"),
        "tanggal_lahir": date(1995, 8, 5),
    }
    return Contender(**plain | changes)


def test_the_published_example_comes_out_step_by_step() -> None:
    found = integrate(400, SKB, RULE)

    shown = [round(each, 4) for each in (found.skd_100, found.skb_100, found.akhir)]
    assert shown == [Decimal("72.7273"), Decimal("82.7273"), Decimal("78.7273")]
    assert round(found.skd_berbobot, 3) == Decimal("29.091")
    assert for_display(found.akhir, RULE) == Decimal("78.727")


def test_the_scale_before_2021_ended_at_500(rule_sets: dict[int, RuleSet]) -> None:
    assert integrate(400, SKB, rule_sets[2019].integrasi).skd_100 == Decimal(80)


def test_equal_results_reached_by_different_parts_are_equal_decimals() -> None:
    thirds = [BagianSKB("a", 1, 3, 50), BagianSKB("b", 2, 3, 50)]
    whole = [BagianSKB("a", 1, 2, 100)]

    assert integrate(400, thirds, RULE) == integrate(400, whole, RULE)


def test_the_callers_decimal_context_changes_nothing() -> None:
    expected = integrate(400, SKB, RULE)

    with localcontext() as context:
        context.prec = 3
        assert integrate(400, SKB, RULE) == expected


@given(st.integers(0, 550), st.integers(0, 550))
def test_one_more_point_never_lowers_the_final_value(skd: int, skb: int) -> None:
    before = integrate(skd, [BagianSKB("SKB CAT", skb, 550, 100)], RULE).akhir
    after = integrate(min(skd + 1, 550), [BagianSKB("SKB CAT", skb, 550, 100)], RULE).akhir

    assert 0 <= before <= after <= 100


@pytest.mark.parametrize(
    ("skd", "skb", "message"),
    [
        (551, SKB, "skd must lie"),
        (-1, SKB, "skd must lie"),
        (400, SKB[:1], "must make 100; they make 60"),
        (400, [], "must make 100; they make 0"),
        (400, [BagianSKB("SKB CAT", 551, 550, 100)], "0 <= nilai <= maks"),
        (400, [BagianSKB("SKB CAT", 0, 0, 100)], "maks > 0"),
    ],
)
def test_impossible_points_and_weights_are_refused(
    skd: int, skb: list[BagianSKB], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        integrate(skd, skb, RULE)


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"akhir": Decimal("78.728"), "nilai": (0, 0, 0)}, "the final value comes first"),
        ({"nilai": (91, 110, 200)}, "then the total"),
        ({"nilai": (90, 109, 201)}, "then TKP"),
        ({"nilai": (89, 111, 200)}, "then TIU"),
        ({"ipk": Decimal("3.51")}, "then IPK"),
        ({"tanggal_lahir": date(1995, 8, 4)}, "then the older first"),
    ],
)
def test_among_equals_the_next_criterion_decides(better: dict[str, Any], reason: str) -> None:
    assert final_ranks([create_contender(), create_contender(**better)], RULE) == (2, 1), reason


def test_a_higher_ipk_beats_a_greater_age() -> None:
    young = create_contender(ipk=Decimal("3.60"), tanggal_lahir=date(2000, 1, 1))

    assert final_ranks([create_contender(), young], RULE) == (2, 1)


def test_people_equal_in_everything_share_a_rank() -> None:
    last = create_contender(akhir=Decimal(1))

    assert final_ranks([create_contender(), last, create_contender()], RULE) == (1, 3, 1)


@pytest.mark.parametrize("change", [{"jenjang": "SMA", "ipk": Decimal(88)}, {"ipk": None}])
def test_an_ipk_that_cannot_be_compared_is_put_to_a_person(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="ipk"):
        final_ranks([create_contender(), create_contender(**change)], RULE)


def test_an_ipk_that_decides_nothing_may_be_missing() -> None:
    ahead = create_contender(akhir=Decimal(80), ipk=None, jenjang="SMA")

    assert final_ranks([create_contender(), ahead], RULE) == (2, 1)
