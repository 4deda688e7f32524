"""A study in pieces."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.simulation.cohort import PartRun
from cat.simulation.running.chunks import Chunk, ChunkResult, ChunkStore, cut, decode, encode


def result(persons=3, bank=40_000):
    rng = np.random.default_rng(1)
    run = PartRun(
        items=rng.integers(-1, bank, (persons, 4)).astype(np.int32),
        categories=rng.integers(-1, 5, (persons, 4)).astype(np.int8),
        length=np.full(persons, 4),
        reason=np.ones(persons, np.int8),
        theta=rng.normal(size=persons),
        se=rng.random(persons),
    )
    return ChunkResult((run,), 0.25, "mesin:7")


def store(folder, digest="a" * 64):
    return ChunkStore(folder, digest)


@given(st.integers(1, 400_000), st.sampled_from([1, 500, 50_000, 10**6]), st.booleans())
def test_chunks_hold_everybody_once_and_in_order(persons, bank, needs_solver):
    chunks = cut(persons, bank, needs_solver)

    assert chunks[0].first == 0
    assert chunks[-1].stop == persons
    assert all(one.stop == other.first for one, other in pairwise(chunks))
    assert all(chunk.persons > 0 for chunk in chunks)


def test_a_chunk_file_gives_back_what_went_in():
    before = result()

    digest, after = decode(encode("b" * 64, before, [40_000]))

    assert digest == "b" * 64
    assert (after.seconds, after.worker) == (before.seconds, before.worker)
    for name in ("items", "categories", "length", "reason", "theta", "se"):
        assert (getattr(after.runs[0], name) == getattr(before.runs[0], name)).all(), name


@pytest.mark.parametrize(("bank", "bytes_each"), [(32_768, 2), (32_769, 4)])
def test_positions_take_two_bytes_as_long_as_they_fit(bank, bytes_each):
    _, after = decode(encode("b" * 64, result(bank=bank), [bank]))

    assert after.runs[0].items.itemsize == bytes_each
    assert (after.runs[0].items == result(bank=bank).runs[0].items).all()


def test_what_is_done_is_found_again_and_the_rest_is_missing(tmp_path):
    chunks = [Chunk(0, 3), Chunk(3, 6)]
    store(tmp_path).write(chunks[0], encode("a" * 64, result(), [40_000]))

    assert store(tmp_path).missing(chunks) == [chunks[1]]


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"x" * 99])
def test_half_a_file_counts_as_not_done(tmp_path, damage):
    chunk = Chunk(0, 3)
    store(tmp_path).write(chunk, damage(encode("a" * 64, result(), [40_000])))

    assert store(tmp_path).missing([chunk]) == [chunk]


def test_a_chunk_of_another_study_is_refused(tmp_path):
    chunk = Chunk(0, 3)
    store(tmp_path).write(chunk, encode("a" * 64, result(), [40_000]))

    with pytest.raises(BadInput, match="milik studi lain"):
        store(tmp_path, "c" * 64).missing([chunk])
    with pytest.raises(BadInput, match="hilang atau rusak"):
        list(store(tmp_path).read([Chunk(3, 6)]))


def test_no_unfinished_file_stays(tmp_path):
    store(tmp_path).write(Chunk(0, 3), b"...")

    assert [path.name for path in tmp_path.iterdir()] == ["000000000-000000003.npz"]
