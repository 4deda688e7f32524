"""Who stands where, and who goes on to SKB? Three times the posts, and all ties at the cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.ketentuan.peringkat import Ranking, rank_skd
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_rule_sets

# Hypothesis does not mix with fixtures of narrower scope, so the rules are read once here.
RULES = read_rule_sets()[-1]


def rank_one_formasi(nilai: list[tuple[int, int, int]], posts: int) -> Ranking:
    """Rank people who all sat, all passed and all want the same posts; (twk, tiu, tkp) each."""
    everyone = np.ones(len(nilai), dtype=bool)
    formasi = np.zeros(len(nilai), dtype=np.int64)
    return rank_skd(formasi, np.array(nilai), everyone, everyone, np.array([posts]), RULES)


def test_eighty_two_posts_send_247_people_when_two_are_equal_at_the_cut() -> None:
    nilai = [(100, 100, 225 - min(place, 245) // 2) for place in range(246)]
    nilai = [(twk - place % 2, tiu, tkp) for place, (twk, tiu, tkp) in enumerate(nilai)]
    nilai += [nilai[-1], (65, 80, 130)]

    ranking = rank_one_formasi(nilai, posts=82)

    assert ranking.goes_on.sum() == 247
    assert ranking.rank[245] == ranking.rank[246] == 246
    assert ranking.kode[[0, 246, 247]].tolist() == ["P/L", "P/L", "P"]


def test_one_post_sends_four_people_when_the_third_and_fourth_are_equal_in_everything() -> None:
    nilai = [(100, 110, 185), (98, 110, 180), (90, 100, 177), (90, 100, 177)]
    assert [sum(each) for each in nilai] == [395, 388, 367, 367]

    ranking = rank_one_formasi(nilai, posts=1)

    assert ranking.goes_on.all()
    assert ranking.rank.tolist() == [1, 2, 3, 3]
    assert ranking.ahead.tolist() == [0, 1, 2, 2]


@pytest.mark.parametrize(
    ("third", "fourth", "reason"),
    [
        ((90, 99, 178), (90, 100, 177), "equal total: the higher TKP goes on"),
        ((89, 101, 177), (90, 100, 177), "equal total and TKP: the higher TIU goes on"),
    ],
)
def test_equal_totals_are_told_apart_by_tkp_then_tiu(
    third: tuple[int, int, int], fourth: tuple[int, int, int], reason: str
) -> None:
    ranking = rank_one_formasi([fourth, (100, 110, 185), third, (98, 110, 180)], posts=1)

    assert ranking.rank.tolist() == [4, 1, 3, 2], reason
    assert ranking.kode.tolist() == ["P", "P/L", "P/L", "P/L"]


def test_fewer_than_three_times_the_posts_go_on_when_fewer_pass() -> None:
    ranking = rank_one_formasi([(100, 110, 185), (98, 110, 180)], posts=5)

    assert ranking.goes_on.all()


def test_equals_above_the_cut_each_take_a_place() -> None:
    first, second = (100, 110, 185), (98, 110, 180)

    ranking = rank_one_formasi([first, first, first, second], posts=1)

    assert ranking.rank.tolist() == [1, 1, 1, 2]
    assert ranking.goes_on.tolist() == [True, True, True, False]


def test_a_formasi_without_posts_sends_nobody() -> None:
    ranking = rank_one_formasi([(100, 110, 185)], posts=0)

    assert ranking.kode.tolist() == ["P"]


def test_the_absent_and_those_below_the_minimums_take_no_place() -> None:
    nilai = np.array([[150, 175, 225], [150, 175, 225], [65, 80, 166], [0, 0, 0]])
    passes = np.array([False, True, True, True])
    present = np.array([True, False, True, False])

    ranking = rank_skd(np.zeros(4, dtype=int), nilai, passes, present, np.array([1]), RULES)

    assert ranking.kode.tolist() == ["TL", "TH", "P/L", "TH"]
    assert ranking.rank.tolist() == [0, 0, 1, 0]
    assert ranking.ahead.tolist() == [-1, -1, 0, -1]


def test_nobody_at_all_is_no_error() -> None:
    ranking = rank_one_formasi(np.empty((0, 3), dtype=int), posts=1)  # type: ignore[arg-type]

    assert len(ranking.rank) == 0


def test_results_cannot_be_changed_afterwards() -> None:
    ranking = rank_one_formasi([(100, 110, 185)], posts=1)

    with pytest.raises(ValueError, match="read-only"):
        ranking.rank[0] = 7


def slow_rank(
    formasi: list[int], nilai: list[tuple[int, int, int]], ranked: list[bool], posts: list[int]
) -> list[tuple[int, int, bool]]:
    """Rank, number ahead and goes-on of each person, by looking at one formasi after another."""
    standing = [(0, -1, False)] * len(formasi)
    for group, available in enumerate(posts):
        people = [who for who in range(len(formasi)) if formasi[who] == group and ranked[who]]
        keys = {
            who: (sum(nilai[who]), nilai[who][2], nilai[who][1], nilai[who][0]) for who in people
        }
        best_first = sorted(set(keys.values()), reverse=True)
        for who in people:
            ahead = sum(key > keys[who] for key in keys.values())
            standing[who] = (best_first.index(keys[who]) + 1, ahead, ahead < 3 * available)
    return standing


# Few different points and few formasi make many ties, at the cut too. Left alone, hypothesis draws
# lists of about five, too few to reach a cut of three in any formasi: so half of them are long.
mostly = st.sampled_from([True, True, True, False])
point = st.integers(0, 2)
person = st.tuples(st.integers(0, 2), st.tuples(point, point, point), mostly, mostly)
people = st.lists(person, max_size=6) | st.lists(person, min_size=20, max_size=40)
posts_of_three = st.lists(st.integers(0, 3), min_size=3, max_size=3)


def as_arrays(drawn: list[Any]) -> tuple[Any, Any, Any, Any]:
    return (
        np.array([row[0] for row in drawn], dtype=np.int64),
        np.array([row[1] for row in drawn], dtype=np.int64).reshape(-1, 3),
        np.array([row[2] for row in drawn], dtype=bool),
        np.array([row[3] for row in drawn], dtype=bool),
    )


@given(people, posts_of_three)
def test_ranking_all_at_once_equals_ranking_one_formasi_after_another(
    drawn: list[Any], posts: list[int]
) -> None:
    ranked = [passes and present for _, _, passes, present in drawn]
    formasi, nilai = [row[0] for row in drawn], [row[1] for row in drawn]
    expected = slow_rank(formasi, nilai, ranked, posts)

    found = rank_skd(*as_arrays(drawn), np.array(posts), RULES)

    assert list(zip(found.rank, found.ahead, found.goes_on, strict=True)) == expected


@given(people, posts_of_three, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_listed_changes_nothing(
    drawn: list[Any], posts: list[int], random: Any
) -> None:
    order = list(range(len(drawn)))
    random.shuffle(order)

    listed = rank_skd(*as_arrays(drawn), np.array(posts), RULES)
    shuffled = rank_skd(*as_arrays([drawn[place] for place in order]), np.array(posts), RULES)

    assert listed.rank[order].tolist() == shuffled.rank.tolist()
    assert listed.goes_on[order].tolist() == shuffled.goes_on.tolist()
    assert listed.kode[order].tolist() == shuffled.kode.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"formasi": np.array([1])}, "formasi must lie"),
        ({"formasi": np.array([-1])}, "formasi must lie"),
        ({"nilai": np.array([[65.5, 80, 166]])}, "integers"),
        ({"nilai": np.array([[-1, 80, 166]])}, "nilai must be >= 0"),
        ({"nilai": np.array([[80, 166]])}, "nilai must be"),
        ({"passes": np.array([1])}, "must be bool"),
        ({"present": np.array([True, True])}, "must all be"),
        ({"kebutuhan": np.array([-1])}, "kebutuhan must be >= 0"),
    ],
)
def test_input_outside_its_bounds_is_refused(change: dict[str, Any], message: str) -> None:
    good = {
        "formasi": np.array([0]),
        "nilai": np.array([[65, 80, 166]]),
        "passes": np.array([True]),
        "present": np.array([True]),
        "kebutuhan": np.array([1]),
    }

    with pytest.raises(BadInput, match=message):
        rank_skd(**{**good, **change}, rules=RULES)


def test_every_shipped_year_prints_a_code_for_every_outcome(
    rule_sets: dict[int, RuleSet],
) -> None:
    for rules in rule_sets.values():
        assert rules.kode_for("lanjut") == "P/L"
        assert rules.kode_for("tidak_hadir") == "TH"
