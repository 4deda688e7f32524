"""An export holds one block at a time, and goes on after whatever stopped it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.ekspor.packages import BLOCK, SEED, STAMP, findings, plan
from web.operations.ekspor import job, making
from web.operations.ekspor.columns import text
from web.operations.ekspor.formats import FORMATS


class Crash(Exception):
    pass


def crash_after(calls: int) -> making.Progress:
    seen = []

    def progress(done: int, total: int, message: str) -> None:
        seen.append(done)
        if len(seen) == calls:  # one at the start, then one for each block
            raise Crash

    return progress


def quiet(done: int, total: int, message: str) -> None:
    pass


@pytest.mark.parametrize("code", FORMATS)
def test_an_interrupted_export_goes_on_and_ends_with_the_same_bytes(
    session, tmp_path, small_blocks, code
):
    chosen, folders = plan("hasil-sesi", code), [tmp_path / "utuh", tmp_path / "putus"]
    origins = chosen.dataset.origins(session, chosen.filters)
    for folder in folders:
        folder.mkdir()
    whole = making.make(session, chosen, folders[0], quiet)

    for calls in (2, 4, 2):  # three workers die on the way
        with pytest.raises(Crash):
            making.make(session, chosen, folders[1], crash_after(calls))
    kept = len(list((folders[1] / "blok").glob("*.json")))
    (folders[1] / "blok" / f"{(kept - 1) * BLOCK:012}.isi").write_bytes(b"half writ")
    gone_on = making.make(session, chosen, folders[1], quiet)

    assert kept == 5
    packages = [folder / "paket.zip" for folder in folders]
    for made, out in zip((whole, gone_on), packages, strict=True):
        job.packing.pack(made, chosen, origins, STAMP, SEED, out)
    assert packages[0].read_bytes() == packages[1].read_bytes()
    assert findings(packages[1]) == []


def test_going_on_reads_only_what_is_missing(session, tmp_path, small_blocks):
    chosen, asked = plan("peserta", "csv"), []
    read_rows = chosen.dataset.rows

    def noting(session, filters, after):
        asked.append(after)
        return read_rows(session, filters, after)

    chosen = replace(chosen, dataset=replace(chosen.dataset, rows=noting))
    with pytest.raises(Crash):
        making.make(session, chosen, tmp_path, crash_after(4))
    making.make(session, chosen, tmp_path, quiet)

    assert asked == [None, [3 * BLOCK]]  # the key of the last row of the third block


def test_what_another_plan_left_behind_is_not_gone_on_from(session, tmp_path, small_blocks):
    with pytest.raises(Crash):
        making.make(session, plan("peserta", "csv"), tmp_path, crash_after(3))
    made = making.make(session, plan("peserta", "csv", sesi=2), tmp_path, quiet)

    assert made.rows == 20


def test_no_more_than_one_block_of_rows_is_held(session, tmp_path, small_blocks):
    drawn, chosen = [0], plan("peserta", "jsonl")
    columns = (text("nama", "Nama."),)

    def endless(session, filters, after):
        for n in range(10_000):
            drawn[0] = n + 1
            yield (f"orang {n}", n)

    def count(session, filters):
        return 10_000

    dataset = replace(chosen.dataset, columns=columns, rows=endless, count=count)
    ahead = []

    def progress(done: int, total: int, message: str) -> None:
        ahead.append(drawn[0] - done)

    made = making.make(session, replace(chosen, dataset=dataset), tmp_path, progress)

    assert made.rows == 10_000
    assert set(ahead) == {0}  # nothing is read before the block before it is on disk
