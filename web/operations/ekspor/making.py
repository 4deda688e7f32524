"""An export block by block: in constant memory, and going on after whatever stopped it.

Each block becomes three files under `blok/`: its rows in the file format, the fingerprints of its
rows, and a record that is written last. A block without its record never happened.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations.ekspor.datasets import get_dataset
from web.operations.ekspor.datasets.source import Dataset, Filters, Key
from web.operations.ekspor.formats import FORMATS, Format
from web.operations.ekspor.frames import Prints, fingerprint, to_frame, written

BLOCK_ROWS = 10_000
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Plan:
    """What is to be exported."""

    dataset: Dataset
    filters: Filters
    format: Format

    def to_mapping(self) -> dict[str, Any]:
        """The plan as the parameters of a job."""
        return {
            "himpunan": self.dataset.code,
            "saringan": self.filters.to_mapping(),
            "format": self.format.code,
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Plan:
        """The plan that `to_mapping` gave; raises BadInput for unknown names."""
        if mapping["format"] not in FORMATS:
            raise BadInput(
                f"format {mapping['format']!r} tidak ada; yang ada: {', '.join(FORMATS)}"
            )
        dataset = get_dataset(mapping["himpunan"])
        filters = Filters.from_mapping(mapping["saringan"])
        for name in filters.to_mapping():
            if name not in dataset.filters:
                raise BadInput(f"himpunan {dataset.code} tidak mengenal saringan {name}")
        return cls(dataset, filters, FORMATS[mapping["format"]])

    @property
    def file_name(self) -> str:
        """Name of the file with the rows."""
        return f"{self.dataset.code}.{self.format.suffix}"


class Block(NamedTuple):
    """One block that is safely on disk. after : key of its last row."""

    first: int
    path: Path
    prints: Prints
    after: Key


@dataclass(frozen=True)
class Made:
    """The rows of an export in one file, with the fingerprints of its blocks."""

    path: Path
    rows: int
    prints: tuple[Prints, ...]


def make(session: Session, plan: Plan, folder: Path, progress: Progress) -> Made:
    """Write the rows of a plan to one file in `folder`.

    folder : of this export alone; what an interrupted run left there is gone on from.
    progress : called at the start and after each block with rows done, rows expected and what is
        being done; whatever it raises stops the export, and the next call goes on.
    """
    blocks_folder = _prepare(plan, folder)
    total = _total(session, plan, folder)
    blocks = list(_kept(blocks_folder))
    done = blocks[-1].first + blocks[-1].prints.count if blocks else 0
    is_complete = bool(blocks) and blocks[-1].prints.count < BLOCK_ROWS
    progress(done, total, "membaca dan menulis baris")
    if not is_complete:
        after = blocks[-1].after if blocks else None
        for rows in plan.dataset.blocks(session, plan.filters, after, BLOCK_ROWS):
            frame = to_frame(rows, plan.dataset.columns)
            content = plan.format.block(frame, plan.dataset.columns, done)
            prints = fingerprint(written(frame, plan.dataset.columns))
            blocks.append(
                _store(blocks_folder, done, content, prints, plan.dataset.key_of(rows[-1]))
            )
            done += len(rows)
            progress(done, max(total, done), "membaca dan menulis baris")
    out = folder / plan.file_name
    progress(done, max(total, done), "menyatukan berkas")
    plan.format.join(((b.first, b.path) for b in blocks), out, plan.dataset.columns)
    return Made(out, done, tuple(b.prints for b in blocks))


def clean(folder: Path) -> None:
    """Remove what is not needed once the export is packed."""
    shutil.rmtree(folder / "blok", ignore_errors=True)
    (folder / "rencana.json").unlink(missing_ok=True)


def _prepare(plan: Plan, folder: Path) -> Path:
    """The folder of blocks; what another plan, or other columns, left there is thrown away."""
    wanted = plan.to_mapping() | {
        "kolom": [column.described() for column in plan.dataset.columns],
        "blok": BLOCK_ROWS,
    }
    kept, blocks = folder / "rencana.json", folder / "blok"
    if not kept.exists() or json.loads(kept.read_text(encoding="utf-8"))["rencana"] != wanted:
        clean(folder)
        blocks.mkdir(parents=True)
        _write(kept, json.dumps({"rencana": wanted}).encode())
    return blocks


def _total(session: Session, plan: Plan, folder: Path) -> int:
    """How many rows there will be, counted once."""
    path = folder / "rencana.json"
    noted = json.loads(path.read_text(encoding="utf-8"))
    if "baris" not in noted:
        noted["baris"] = plan.dataset.count(session, plan.filters)
        _write(path, json.dumps(noted).encode())
    return int(noted["baris"])


def _store(folder: Path, first: int, content: bytes, prints: Prints, after: Key) -> Block:
    path = folder / f"{first:012}.isi"
    _write(path, content)
    _write(path.with_suffix(".sidik"), prints.rows)
    record = {
        "isi": crc32(content),
        "sidik": crc32(prints.rows),
        "sha256": prints.sha256,
        "kolom": prints.columns,
        "sampai": after,
    }
    _write(path.with_suffix(".json"), json.dumps(record).encode())
    return Block(first, path, prints, after)


def _kept(folder: Path) -> Iterator[Block]:
    """Blocks that are whole, from the first on without a gap."""
    first = 0
    while (path := folder / f"{first:012}.json").exists():
        record = json.loads(path.read_text(encoding="utf-8"))
        content, rows = path.with_suffix(".isi"), path.with_suffix(".sidik").read_bytes()
        if crc32(rows) != record["sidik"] or crc32(content.read_bytes()) != record["isi"]:
            return
        prints = Prints(record["sha256"], rows, tuple(record["kolom"]))
        yield Block(first, content, prints, record["sampai"])
        first += prints.count


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = path.with_name(path.name + ".tulis")
    half.write_bytes(content)
    os.replace(half, path)
