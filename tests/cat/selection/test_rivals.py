"""Enemies by kernel: never two in one test, and every test can be completed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.domain_tree import DomainTree
from cat.selection import rivals
from cat.selection.policy import Policy
from cat.selection.progress import begin, learn, refold
from cat.selection.step import candidates, choose

LEAVES = ("a.x", "a.y", "b")


@st.composite
def banks(draw):
    """A small bank with random enemies, and a blueprint."""
    domains = [leaf for leaf in LEAVES for _ in range(draw(st.integers(2, 6)))]
    count = len(domains)
    pairs = draw(st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=10))
    groups = [np.array(sorted(set(pair))) for pair in pairs if pair[0] != pair[1]]
    length = draw(st.integers(2, 6))
    bounds = tuple(
        Bound(what, low, low + draw(st.integers(0, 3)))
        for what in ("a", "a.x", "b")
        if (low := draw(st.integers(0, 2))) or draw(st.booleans())
    )
    return Blueprint("tiu", length, bounds, {}), domains, groups


@settings(max_examples=300)
@given(banks(), st.randoms(use_true_random=False))
def test_whatever_fits_leaves_a_test_that_can_be_completed_without_two_enemies(case, random):
    blueprint, domains, groups = case
    try:
        tree = DomainTree.compile(blueprint, domains)
    except Exception:
        return
    leaf = tree.leaf_of(domains)
    found = rivals.find(groups, tree, leaf)
    if found is None:
        return
    used = np.zeros((1, len(domains)), dtype=bool)
    left, taken, given_items = found.stock[None, :].copy(), np.zeros((1, 3), dtype=np.int64), []
    for _ in range(blueprint.length):
        opened = tree.open_leaves(taken, left)[0]
        reaching = tree.open_leaves(taken, left - found.cost)[0]
        fits = ~used[0] & opened[leaf] & (reaching[leaf] | ~found.reaches)
        assert fits.any()
        item = random.choice(list(np.flatnonzero(fits)))
        found.leave(used, left, np.array([item]), leaf)
        taken[0, leaf[item]] += 1
        given_items.append(item)
    assert not tree.violations(taken[0])
    assert not any(len(set(group) & set(given_items)) > 1 for group in map(set, groups))


def with_enemies(create_part, **options):
    """Ninety items in pairs of enemies: neighbours, thus of different domains."""
    plain = create_part(**options)
    groups = [np.array([i, i + 1]) for i in range(0, 40, 2)]
    found = rivals.find(groups, plain.tree, plain.leaf)
    return create_part(rivals=found, rows=object(), **options), groups


def test_a_kernel_holds_no_two_enemies_and_as_many_items_as_pairs_allow(create_part):
    part, groups = with_enemies(create_part)

    assert not any(part.rivals.kernel[group].all() for group in groups)
    assert part.rivals.kernel.sum() == len(part.tables) - len(groups)


def test_a_cohort_never_meets_two_enemies(create_part):
    part, groups = with_enemies(create_part, policy=Policy(top=4))
    rng, seeds = np.random.default_rng(1), np.arange(300, dtype=np.uint64)
    progress, replies = begin(part, 300), []
    for number in range(1, part.longest + 1):
        items = choose(part, progress, seeds, number)
        replies.append(rng.integers(0, 2, 300))
        learn(part, progress, items, replies[-1])

    for group in groups:
        assert np.isin(progress.items, group).sum(axis=1).max() <= 1
    assert not any(part.tree.violations(taken) for taken in progress.taken)
    for person in range(0, 300, 50):
        folded = refold(part, progress.items[person], np.array(replies)[:, person])
        assert (folded.used == progress.used[person]).all()
        assert (folded.left == progress.left[person]).all()


def test_without_the_kernel_the_same_people_would_meet_enemies(create_part):
    part, groups = (
        create_part(policy=Policy(top=4)),
        [np.array([i, i + 1]) for i in range(0, 40, 2)],
    )
    rng, seeds = np.random.default_rng(1), np.arange(300, dtype=np.uint64)
    progress = begin(part, 300)
    for number in range(1, part.longest + 1):
        learn(part, progress, choose(part, progress, seeds, number), rng.integers(0, 2, 300))

    assert any(np.isin(progress.items, group).sum(axis=1).max() > 1 for group in groups)


def test_a_bank_too_tight_for_any_kernel_is_left_to_shadow_tests():
    domains = ["a.x", "a.x", "a.y", "a.y", "b", "b"]
    tree = DomainTree.compile(
        Blueprint("tiu", 4, (Bound("a", 2, 4), Bound("b", 2, 2)), {}), domains
    )

    assert rivals.find([np.array([4, 5])], tree, tree.leaf_of(domains)) is None


def test_candidates_exclude_the_enemies_of_what_was_given(create_part):
    part, _ = with_enemies(create_part)
    progress = begin(part, 1)
    learn(part, progress, np.array([6]), np.array([1]))

    found = candidates(part, progress, np.zeros(1, dtype=np.uint64), 2)

    fitting = found.ranked[0][found.fits[0]]
    assert 7 not in fitting
    assert 6 not in fitting
