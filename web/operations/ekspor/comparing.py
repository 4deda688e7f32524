"""Which rows of a changed file are not the ones that were exported."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any
from zlib import crc32

from cat.errors import BadInput
from web.operations.ekspor.columns import Column
from web.operations.ekspor.frames import BETWEEN
from web.operations.ekspor.readback import Cells, read

SHOWN = 20


@dataclass(frozen=True)
class Original:
    """The fingerprints of the rows that were exported.

    rows : CRC-32 of each. blocks : rows, SHA-256 and CRC-32 of each column of each block.
    """

    rows: array[int]
    blocks: tuple[tuple[int, str, tuple[str, ...]], ...]

    @classmethod
    def read(cls, blocks: Sequence[Mapping[str, Any]], content: bytes) -> Original:
        """From the blocks of a manifest and the file of row fingerprints."""
        told = tuple((b["baris"], b["sha256"], tuple(b["kolom"].split())) for b in blocks)
        if len(content) != 4 * sum(count for count, _, _ in told):
            raise BadInput("baris yang berubah tidak dapat disebut: sidik baris tidak utuh")
        rows = array("I", (int.from_bytes(content[i : i + 4]) for i in range(0, len(content), 4)))
        return cls(rows, told)


@dataclass
class Changed:
    """Rows that are not what they were: all are counted, the first are told."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def note(self, block: Sequence[Cells], start: int, places: Sequence[int], columns: str) -> None:
        """Rows at these places, of a block that starts at `start`. columns : where, in words."""
        self.count += len(places)
        for place in places[: SHOWN - len(self.first)]:
            self.first.append(f"baris {place + 1} ({block[place - start][0]}) berubah{columns}")

    def told(self) -> list[str]:
        """The findings."""
        return self.first + _rest(self.count)


def compare(
    code: str, file: IO[bytes], columns: Sequence[Column], original: Original
) -> Iterator[str]:
    """What changed, one sentence each: rows by their number, from 1 below the header.

    Raises BadInput when the file cannot be read as its format.
    """
    found, changed, untouched = array("I"), Changed(), True
    rows = read(code, file, columns)
    for count, sha256, prints in original.blocks:
        block = list(islice(rows, count))
        lines = [BETWEEN.join(cells).encode() for cells in block]
        untouched &= hashlib.sha256(b"\n".join(lines)).hexdigest() == sha256
        start = len(found)
        found.extend(map(crc32, lines))
        places = [n for n in range(start, len(found)) if found[n] != original.rows[n]]
        if places:
            changed.note(block, start, places, _columns(block, prints, columns))
    found.extend(crc32(BETWEEN.join(cells).encode()) for cells in rows)
    if len(found) != len(original.rows):
        yield f"{len(found)} baris, seharusnya {len(original.rows)}"
        yield from _missing_and_strange(found, original.rows)
    elif changed.count:
        is_shuffled = Counter(found) == Counter(original.rows)
        yield from ["urutan baris diubah"] if is_shuffled else changed.told()
    elif untouched:
        yield "semua baris masih sama; berkas disimpan ulang atau yang diubah bukan isi tabel"
    else:
        yield "isi tabel berubah tanpa mengubah sidik baris"


def _columns(block: Sequence[Cells], prints: Sequence[str], columns: Sequence[Column]) -> str:
    """The columns whose cells in this block are not what they were, in words."""
    names = [
        column.name
        for place, (column, told) in enumerate(zip(columns, prints, strict=True))
        if f"{crc32(BETWEEN.join(cells[place] for cells in block).encode()):08x}" != told
    ]
    return f", kolom {', '.join(names)}" if names else ""


def _missing_and_strange(found: array[int], rows: array[int]) -> Iterator[str]:
    """Rows that are gone, by their old number, and rows that were not exported, by their new one.

    Equal rows cannot be told apart: where one of them is gone, all are named.
    """
    missing, strange = Counter(rows), Counter(found)
    missing, strange = missing - strange, strange - missing
    for what, prints, sought in (
        ("baris {} dari ekspor asli hilang", rows, missing),
        ("baris {} tidak ada dalam ekspor asli", found, strange),
    ):
        places = [n for n, own in enumerate(prints, start=1) if sought[own] > 0]
        yield from (what.format(number) for number in places[:SHOWN])
        yield from _rest(len(places))


def _rest(count: int) -> list[str]:
    return [f"dan {count - SHOWN} baris lain"] if count > SHOWN else []
