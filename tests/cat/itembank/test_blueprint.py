"""Blueprints: an exact answer to "can this test still be completed?"."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules, BlueprintInfeasible
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.domain_tree import DomainTree

LEAVES = ("a.x", "a.y", "b.z", "c")


@st.composite
def blueprints(draw):
    bounds = []
    for what in ("a", "a.x", "a.y", "b", "c"):
        if draw(st.booleans()):
            low = draw(st.integers(0, 3))
            bounds.append(Bound(what, low, draw(st.integers(low, 5))))
    stock = draw(st.tuples(*(st.integers(1, 4) for _ in LEAVES)))
    blueprint = Blueprint("twk", draw(st.integers(1, 8)), tuple(bounds), {})
    return blueprint, [leaf for leaf, n in zip(LEAVES, stock, strict=True) for _ in range(n)]


def is_under(leaf, branch):
    return (leaf + ".").startswith(branch + ".")


def fillings(blueprint, domains):
    """Every way to fill the blueprint, found by trying all counts."""
    stock = [domains.count(leaf) for leaf in LEAVES]
    for counts in product(*(range(n + 1) for n in stock)):
        held = dict(zip(LEAVES, counts, strict=True))
        fits = all(
            b.minimum <= sum(n for leaf, n in held.items() if is_under(leaf, b.what)) <= b.maximum
            for b in blueprint.bounds
        )
        if fits and sum(counts) == blueprint.length:
            yield counts


@given(blueprints(), st.randoms(use_true_random=False))
def test_counting_decides_exactly_what_trying_everything_finds(case, random):
    blueprint, domains = case
    complete = set(fillings(blueprint, domains))
    try:
        tree = DomainTree.compile(blueprint, domains)
    except BlueprintInfeasible:
        assert not complete
        return
    assert complete
    taken = np.zeros(len(LEAVES), dtype=np.int64)
    for _ in range(blueprint.length):
        open_leaves = tree.open_leaves(taken[None, :])[0]
        for leaf in range(len(LEAVES)):
            after = taken.copy()
            after[leaf] += 1
            reachable = any((np.array(done) >= after).all() for done in complete)
            assert open_leaves[leaf] == reachable
        taken[random.choice(list(np.flatnonzero(open_leaves)))] += 1
    assert tree.violations(taken) == []


def test_a_domain_with_too_few_items_is_named_with_the_number_missing():
    blueprint = Blueprint("tiu", 5, (Bound("verbal.analogi", 4, 5),), {})

    with pytest.raises(BlueprintInfeasible, match=r"verbal\.analogi: perlu 4 .* ada 1; kurang 3"):
        DomainTree.compile(blueprint, ["verbal.analogi"] + ["numerik.deret"] * 9)


def test_minimums_that_exceed_the_length_are_refused():
    blueprint = Blueprint("twk", 3, (Bound("a", 2, 3), Bound("b", 2, 3)), {})

    with pytest.raises(BlueprintInfeasible):
        DomainTree.compile(blueprint, ["a"] * 5 + ["b"] * 5)


def test_a_bound_on_a_domain_that_does_not_exist_is_refused():
    with pytest.raises(BadRules, match="tak dikenal"):
        DomainTree.compile(Blueprint("twk", 1, (Bound("salah", 0, 1),), {}), ["a"])


def test_violations_name_the_branch_and_the_counts():
    tree = DomainTree.compile(Blueprint("twk", 3, (Bound("a", 1, 2),), {}), ["a"] * 5 + ["b"] * 5)

    assert tree.violations(np.array([3, 0])) == ["a: 3 butir, batas 1 sampai 2"]
