"""A pool as one file."""

from __future__ import annotations

import zipfile

import pytest

from cat.errors import BadInput, PoolDamaged
from cat.itembank.pool_file import read_pool, save_pool


@pytest.fixture
def saved(pool, tmp_path):
    path = tmp_path / "tkd.pool"
    save_pool(pool, path)
    return path


def test_a_saved_pool_reads_back_as_the_pool_it_was(pool, saved):
    again = read_pool(saved)

    assert again.digest == pool.digest
    assert (again.manifest, again.tables) == (pool.manifest, pool.tables)


def test_the_same_pool_gives_the_same_bytes_wherever_and_whenever_it_is_saved(pool, saved):
    other = saved.with_name("lain.pool")
    save_pool(pool, other)

    assert other.read_bytes() == saved.read_bytes()


def test_saving_leaves_no_unfinished_file_behind(saved):
    assert [path.name for path in saved.parent.iterdir()] == ["tkd.pool"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_changed_byte_is_noticed_wherever_it_is(saved, place):
    content = bytearray(saved.read_bytes())
    content[int(len(content) * place)] ^= 1
    saved.write_bytes(content)

    with pytest.raises(PoolDamaged):
        read_pool(saved)


def test_exchanged_tables_are_noticed_even_in_a_proper_archive(pool, saved, create_pool):
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("manifest.json", pool.manifest)
        archive.writestr("tables.bin", create_pool(seed=2).tables)
        archive.writestr("digest.txt", pool.digest)

    with pytest.raises(PoolDamaged):
        read_pool(saved)


def test_half_a_file_is_refused(saved):
    content = saved.read_bytes()
    saved.write_bytes(content[: len(content) // 2])

    with pytest.raises(BadInput, match=r"tkd\.pool: bukan berkas pool"):
        read_pool(saved)


def test_an_archive_of_something_else_is_refused_with_what_it_holds(saved):
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("surat.txt", "halo")

    with pytest.raises(BadInput, match=r"bukan berkas pool; isinya \['surat.txt'\]"):
        read_pool(saved)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput, match=r"tidak-ada\.pool: tidak dapat dibaca"):
        read_pool(tmp_path / "tidak-ada.pool")
