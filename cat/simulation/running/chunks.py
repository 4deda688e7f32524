"""The work of a study in chunks of people, each kept in a file as soon as it is done.

A run that was broken off goes on where it stopped: what is in the folder is not computed again.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cat.errors import BadInput
from cat.simulation.cohort import PartRun

# A chunk is small enough that the last ones keep all cores busy and large enough that numpy does
# the work. With a large bank it is smaller, because the step holds (J, I) arrays; with a solver,
# which takes tens of milliseconds a person, so that little is lost when a run is broken off.
CHUNKS = 8
LEAST_PERSONS, MOST_PERSONS = 256, 2_048
LEAST_SOLVED, MOST_SOLVED = 32, 512
CELLS = 8_000_000


@dataclass(frozen=True)
class Chunk:
    """Persons first .. stop - 1 of a study, counted from 0."""

    first: int
    stop: int

    @property
    def persons(self) -> int:
        return self.stop - self.first

    @property
    def name(self) -> str:
        return f"{self.first:09}-{self.stop:09}.npz"


@dataclass(frozen=True)
class ChunkResult:
    """What a chunk gave: a PartRun per part, the seconds that it took, and which worker it took."""

    runs: tuple[PartRun, ...]
    seconds: float
    worker: str


def cut(persons: int, largest_bank: int, needs_solver: bool) -> tuple[Chunk, ...]:
    """Chunks of a study; they depend on the study alone, so that a later run finds them again."""
    least, most = (LEAST_SOLVED, MOST_SOLVED) if needs_solver else (LEAST_PERSONS, MOST_PERSONS)
    size = min(most, max(least, -(-persons // CHUNKS)))
    size = max(1, min(size, CELLS // largest_bank))
    return tuple(Chunk(i, min(i + size, persons)) for i in range(0, persons, size))


def encode(digest: str, result: ChunkResult, banks: Sequence[int]) -> bytes:
    """The bytes of a chunk file. digest : of the study. banks : items of each part's bank."""
    arrays = {
        "digest": np.frombuffer(digest.encode("ascii"), np.uint8),
        "seconds": np.array(result.seconds),
        "worker": np.frombuffer(result.worker.encode(), np.uint8),
    }
    for p, (run, bank) in enumerate(zip(result.runs, banks, strict=True)):
        arrays[f"items_{p}"] = run.items.astype(np.int16 if bank <= 2**15 else np.int32)
        arrays[f"categories_{p}"] = run.categories.astype(np.int8)
        arrays[f"length_{p}"] = run.length.astype(np.int16)
        arrays[f"reason_{p}"] = run.reason.astype(np.int8)
        arrays[f"theta_{p}"], arrays[f"se_{p}"] = run.theta, run.se
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def decode(content: bytes) -> tuple[str, ChunkResult]:
    """The study's digest and the results in a chunk file; raises ValueError for anything else."""
    fields = ("items", "categories", "length", "reason", "theta", "se")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            digest = bytes(stored["digest"]).decode("ascii")
            parts = sum(name.startswith("items_") for name in stored.files)
            runs = tuple(
                PartRun(**{name: stored[f"{name}_{p}"] for name in fields}) for p in range(parts)
            )
            worker = bytes(stored["worker"]).decode()
            return digest, ChunkResult(runs, float(stored["seconds"]), worker)
    except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"not a chunk file: {error}") from error


@dataclass(frozen=True)
class ChunkStore:
    """The chunk files of one study in a folder. digest : of that study."""

    folder: Path
    digest: str

    def missing(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Chunks that are not done; raises BadInput when a file belongs to another study."""
        return [chunk for chunk in chunks if self._find(chunk) is None]

    def write(self, chunk: Chunk, content: bytes) -> None:
        """Keep a finished chunk: whole or not at all."""
        write_whole(self.folder / chunk.name, content)

    def read(self, chunks: Sequence[Chunk]) -> Iterator[ChunkResult]:
        """The results of chunks that are done, in order."""
        for chunk in chunks:
            result = self._find(chunk)
            if result is None:
                raise BadInput(f"{self.folder / chunk.name}: hilang atau rusak; jalankan lagi")
            yield result

    def _find(self, chunk: Chunk) -> ChunkResult | None:
        path = self.folder / chunk.name
        try:
            digest, result = decode(path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None  # a damaged file counts as not done and is written again
        if digest != self.digest:
            raise BadInput(f"{path}: milik studi lain; pakai folder lain atau hapus folder ini")
        return result


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that others see the old content or the new one, never half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(path)
