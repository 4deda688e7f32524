"""Pools: immutable, hashed, and exact."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput, PoolDamaged
from cat.itembank.pool import load
from cat.selection import posterior_information
from cat.selection.step import begin


def test_a_pool_reads_back_as_it_was_published(pool):
    again = load(pool.manifest, pool.tables, pool.digest)

    assert again.digest == pool.digest
    assert again.parts[1].items == pool.parts[1].items
    assert (again.parts[2].likelihood == pool.parts[2].likelihood).all()


def test_publishing_the_same_content_gives_the_same_digest(create_pool):
    assert create_pool().digest == create_pool().digest
    assert create_pool().digest != create_pool(seed=2).digest


@pytest.mark.parametrize("where", ["manifest", "tables"])
def test_one_changed_byte_is_noticed(pool, where):
    parts = {"manifest": bytearray(pool.manifest), "tables": bytearray(pool.tables)}
    parts[where][-3] ^= 1

    with pytest.raises(PoolDamaged):
        load(bytes(parts["manifest"]), bytes(parts["tables"]), pool.digest)


def test_tables_cannot_be_written_to(pool):
    with pytest.raises(ValueError, match="read-only"):
        pool.parts[0].likelihood[0, 0, 0] = 1


def test_a_part_that_is_not_there_is_refused(pool):
    with pytest.raises(BadInput, match="skb"):
        pool.part("skb")


def test_criterion_sums_are_whole_numbers_small_enough_to_be_exact(pool):
    for part in pool.parts:
        scores = posterior_information.criterion(begin(part, 1).posterior, part.information)
        assert (scores == np.rint(scores)).all()
        assert scores.max() < 2**53
        assert part.information.max() * 2**26 < 2**52


def test_the_reference_form_takes_the_asked_number_from_each_domain(pool):
    for part in pool.parts:
        domains = [part.items[i].domain for i in part.reference]
        assert {d: domains.count(d) for d in domains} == part.blueprint.reference
