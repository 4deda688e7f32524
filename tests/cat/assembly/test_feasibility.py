"""A table that no test can satisfy is refused, with what conflicts and what is missing where."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cat.assembly.draft import LENGTH
from cat.assembly.feasibility import check
from cat.assembly.rows import broken, compile_rows, violations
from cat.errors import BlueprintInfeasible, DidNotConverge
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraint_tree import as_constraints
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree

HEADER = "TYPE,WHAT,CONDITION,LB,UB\n"
BANK = Attributes(
    {
        "kode": [f"V{i}" for i in range(4)] + [f"N{i}" for i in range(6)],
        "domain": ["verbal.analogi"] * 3 + ["verbal.silogisme"] + ["numerik"] * 6,
        "kata": [30] * 4 + [10] * 6,
        "stimulus": [""] * 4 + ["S"] * 3 + ["T"] * 3,
    }
)


def compiled(text, length, bank=BANK):
    table = ConstraintTable.read_csv(HEADER + text)
    return compile_rows(table, bank, length), table


def refusal(text, length, bank=BANK):
    with pytest.raises(BlueprintInfeasible) as caught:
        check(*compiled(text, length, bank))
    return caught.value


def test_a_table_that_can_be_kept_is_answered_with_a_test_that_keeps_it():
    rows, table = compiled("number,item,domain under verbal,2,2\nnumber,stimulus,,1,1\n", 4)

    chosen = check(rows, table)

    assert Counter(BANK.column("domain")[chosen] == "numerik") == {True: 2, False: 2}
    assert violations(rows, chosen) == []


def test_a_domain_with_too_few_items_is_named_with_the_number_missing():
    refused = refusal("number,item,,1,9\nnumber,item,domain under verbal.analogi,5,6\n", 8)

    sentence = "kendala 2 (number item domain under verbal.analogi): 5 sampai 6 butir"
    assert refused.evidence["violated"] == (sentence,)
    assert refused.evidence["constraints"] == (1,)
    assert refused.evidence["missing"] == {sentence: -2.0}
    assert f"Yang bertentangan: {sentence}. Kekurangan terkecil: {sentence}; kurang 2." in str(
        refused
    )


def test_minimums_that_exceed_the_length_conflict_with_the_length():
    text = (
        "number,item,domain under verbal,2,4\n"
        "number,item,domain under numerik,2,4\n"
        "sum,kata,,,500\n"
    )

    evidence = refusal(text, 3).evidence

    assert evidence["constraints"] == (LENGTH, 0, 1)
    assert evidence["violated"][0] == "panjang tes: 3 butir"
    # The length is the last to give way: one of the two minimums is missed by one item.
    assert list(evidence["missing"].values()) == [-1.0]
    assert "kendala" in next(iter(evidence["missing"]))


def test_a_bank_smaller_than_the_test_is_short_of_items_altogether():
    evidence = refusal("number,item,domain under verbal,1,4\n", 12).evidence

    assert evidence["violated"] == ("panjang tes: 12 butir",)
    assert evidence["missing"] == {"panjang tes: 12 butir": -2.0}


def test_a_conflict_only_whole_items_have_is_found_although_fractions_would_fit():
    text = 'allornone,item,"kode in (V0, V1)",,\nallornone,item,"kode in (V2, V3)",,\n'
    text += "exclude,item,domain = numerik,,\n"
    rows, _ = compiled(text, 3)

    matrix, lower, upper = rows.matrix.toarray(), rows.lower, rows.upper
    finite_low, finite_high = np.isfinite(lower), np.isfinite(upper)
    relaxed = linprog(
        np.zeros(matrix.shape[1]),
        A_ub=np.vstack([matrix[finite_high], -matrix[finite_low]]),
        b_ub=np.concatenate([upper[finite_high], -lower[finite_low]]),
        bounds=(0, 1),
    )

    assert relaxed.status == 0
    assert refusal(text, 3).evidence["constraints"] == (LENGTH, 0, 1, 2)


def test_items_forced_in_and_out_at_once_are_a_conflict_of_two():
    text = 'number,item,,1,9\ninclude,item,"kode in (V0, V1)",,\nexclude,item,kode = V1,,\n'

    evidence = refusal(text, 3).evidence

    assert evidence["constraints"] == (1, 2)
    assert [abs(excess) for excess in evidence["missing"].values()] == [1.0]


def test_enemies_that_leave_too_few_items_are_told_as_items_to_write():
    text = "enemy,item,domain under verbal,,\nnumber,item,domain under verbal,3,4\n"

    evidence = refusal(text, 6).evidence

    assert evidence["constraints"] == (0, 1)
    [(sentence, excess)] = evidence["missing"].items()
    assert sentence.startswith("kendala 2 (number item domain under verbal)")
    assert excess == -2


def test_sets_that_must_be_whole_can_miss_the_length_between_them():
    text = "number,per stimulus,,3,3\nexclude,item,domain under verbal,,\n"

    evidence = refusal(text, 5).evidence

    assert evidence["constraints"] == (LENGTH, 0, 1)
    assert list(evidence["missing"].values()) == [-1.0]
    assert "stimulus" in next(iter(evidence["missing"]))


def test_too_few_words_are_counted_in_words():
    evidence = refusal("sum,kata,,110,\nnumber,item,domain under verbal,0,2\n", 5).evidence

    # Two items of 30 words and three of 10 make 90; words count in thirds of such an item, so that
    # 20 missing words are less than one verbal item too many.
    assert evidence["constraints"] == (LENGTH, 0, 1)
    assert evidence["missing"] == {"kendala 1 (sum kata): paling sedikit 110 kata": -20.0}


def test_two_separate_conflicts_are_both_counted_as_missing():
    text = (
        "number,item,domain under verbal.silogisme,3,\nnumber,item,domain under verbal.analogi,4,\n"
    )

    evidence = refusal(text, 8).evidence

    assert len(evidence["violated"]) == 1
    assert sorted(evidence["missing"].values()) == [-2.0, -1.0]


def test_a_conflict_in_a_long_table_is_found_among_many_rows_that_do_no_harm():
    pairs = "".join(f'enemy,item,"kode in (N{i}, V{j})",,\n' for i in range(6) for j in range(4))
    text = pairs + "number,item,domain under numerik,2,3\n" + "number,item,domain under verbal,1,\n"

    members = refusal(text, 3).evidence["constraints"]

    # Two numeric items must both be free of one verbal item: one gap for each is no help.
    assert {24, 25} <= set(members)
    assert len(members) == 20 + 2
    table = ConstraintTable.read_csv(HEADER + text)
    for left_out in members:
        fewer = ConstraintTable(tuple(table.rows[m] for m in members if m != left_out))
        check(compile_rows(fewer, BANK, None), fewer)


def test_a_question_that_the_solver_cannot_answer_in_time_is_not_answered():
    # Market split (Cornuejols & Dawande, 1998): equalities that take exponentially many branches.
    rng = np.random.default_rng(5)
    weights = {f"w{row}": rng.integers(0, 100, 40) for row in range(5)}
    text = "".join(f"sum,{name},,{w.sum() // 2},{w.sum() // 2}\n" for name, w in weights.items())
    rows, table = compiled(text, None, Attributes(weights))

    with pytest.raises(DidNotConverge, match=r"belum pasti .* setelah 0.05 detik"):
        check(rows, table, time_limit_seconds=0.05)


LEAVES = ("a.x", "a.y", "b.z", "c")


@st.composite
def blueprints(draw):
    bounds = []
    for what in ("a", "a.x", "a.y", "b", "c"):
        if draw(st.booleans()):
            low = draw(st.integers(0, 3))
            bounds.append(Bound(what, low, draw(st.integers(low, 5))))
    stock = draw(st.tuples(*(st.integers(1, 4) for _ in LEAVES)))
    domains = [leaf for leaf, n in zip(LEAVES, stock, strict=True) for _ in range(n)]
    return Blueprint("twk", draw(st.integers(1, 8)), tuple(bounds), {}), domains


@given(blueprints(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_the_tree_and_the_rows_are_the_same_blueprint(case, seed):
    blueprint, domains = case
    table = as_constraints(blueprint)
    rows = compile_rows(table, Attributes({"domain": domains}), blueprint.length)
    try:
        tree = DomainTree.compile(blueprint, domains)
    except BlueprintInfeasible:
        with pytest.raises(BlueprintInfeasible):
            check(rows, table)
        return
    check(rows, table)
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(len(domains)), (50, 1)), axis=1)
    tests = np.where(np.arange(len(domains)) < blueprint.length, order, -1)
    leaf = np.array([tree.leaves.index(domain) for domain in domains])
    for test, is_broken in zip(tests, broken(rows, tests).any(axis=1), strict=True):
        taken = np.bincount(leaf[test[test >= 0]], minlength=len(tree.leaves))
        assert bool(tree.violations(taken)) == is_broken
        assert bool(violations(rows, test)) == is_broken
