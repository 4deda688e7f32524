"""Pools: immutable, hashed, and exact."""

from __future__ import annotations

import pytest

from cat.errors import BadInput, PoolDamaged
from cat.irt import items as irt
from cat.itembank.pool import load
from cat.selection.published import adaptive_parts


def test_a_pool_reads_back_as_it_was_published(pool):
    again = load(pool.manifest, pool.tables, pool.digest)

    assert again.digest == pool.digest
    assert again.parts[1].items == pool.parts[1].items
    assert (again.parts[2].tables.likelihood == pool.parts[2].tables.likelihood).all()


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
        pool.parts[0].tables.likelihood[0, 0, 0] = 1


def test_a_part_that_is_not_there_is_refused(pool):
    with pytest.raises(BadInput, match="skb"):
        pool.part("skb")


def test_tables_say_what_the_response_models_say(pool):
    for part in pool.parts:
        expected = irt.probability(part.tables.quadrature.nodes, part.tables.items)
        assert part.tables.likelihood == pytest.approx(expected.transpose(1, 2, 0), abs=1e-9)


def test_rankings_are_stored_item_by_item_for_every_belief(pool):
    for part in adaptive_parts(pool):
        order = part.ranking.order.reshape(-1, part.ranking.order.shape[-1])
        assert order.min() >= 0
        assert order.max() < len(part.tables)
        assert all(len(set(row)) == len(row) for row in order[::97].tolist())


def test_a_pool_of_another_arithmetic_is_refused_with_what_to_do(pool):
    manifest = pool.manifest.replace(b'"tata_hitung":2', b'"tata_hitung":1')

    with pytest.raises(BadInput, match="terbitkan ulang"):
        load(manifest, pool.tables)


def test_the_reference_form_takes_the_asked_number_from_each_domain(pool):
    for part in pool.parts:
        domains = [part.items[i].domain for i in part.reference]
        assert {d: domains.count(d) for d in domains} == part.blueprint.reference
