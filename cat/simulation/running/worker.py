"""What one process of a study does: simulate a chunk of people from plain bytes.

A worker reads no files. It gets the study once, as bytes, and then one chunk after another; it may
run in this process, in another one or on another machine.
"""

from __future__ import annotations

import os
import pickle
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.selection.adaptive_part import AdaptivePart
from cat.simulation.cohort import Answers, Controls, SimulatedAnswers, run
from cat.simulation.running.chunks import Chunk, ChunkResult, encode
from cat.simulation.running.engine_version import engine_version
from cat.simulation.study.recorded import Categories, RecordedAnswers
from cat.simulation.study.streams import Purpose, seeds


@dataclass(frozen=True)
class Work:
    """What every chunk of a study needs.

    digest, seed : of the study. engine : version that simulates it.
    transition : how earlier parts inform later ones, as in `Controls`.
    caps : per part the highest share of people who may see an item, for parts whose policy counts;
        it is kept inside each chunk, hence overall.
    """

    digest: str
    seed: int
    parts: Sequence[AdaptivePart]
    transition: NDArray[np.float64] | None
    caps: tuple[float | None, ...]
    engine: str

    def to_bytes(self) -> bytes:
        """The work in a form that travels."""
        # Fresh copies, so that what a part has computed for itself does not travel.
        clean = replace(self, parts=tuple(replace(part) for part in self.parts))
        return pickle.dumps(clean, protocol=pickle.HIGHEST_PROTOCOL)


@dataclass(frozen=True)
class Task:
    """One chunk. theta : (J, P) true abilities, or None; recorded : per part (J, I), or None."""

    chunk: Chunk
    theta: NDArray[np.float64] | None
    recorded: tuple[Categories, ...] | None


def simulate_chunk(work_bytes: bytes, task: Task) -> bytes:
    """The chunk file of one task.

    Raises BadInput when this worker's engine is not the one that began the study.
    """
    work = _opened(work_bytes)
    if work.engine != engine_version():
        raise BadInput(
            "pekerja memakai versi mesin yang lain daripada pemberi tugas; pasang versi yang sama"
            f" (di sini {engine_version()[:12]}, diminta {work.engine[:12]})"
        )
    persons = np.arange(task.chunk.first, task.chunk.stop)
    answers: Answers
    if task.recorded is not None:
        answers = RecordedAnswers(task.recorded)
    else:
        luck = seeds(work.seed, Purpose.LUCK, persons)
        answers = SimulatedAnswers(work.parts, np.asarray(task.theta), luck)
    started = time.perf_counter()
    runs = run(
        work.parts, answers, seeds(work.seed, Purpose.SITTING, persons), _controls(work, task)
    )
    worker = f"{platform.node()}:{os.getpid()}"
    result = ChunkResult(tuple(runs), time.perf_counter() - started, worker)
    return encode(work.digest, result, [len(part.tables) for part in work.parts])


@lru_cache(maxsize=1)
def _opened(work_bytes: bytes) -> Work:
    work: Work = pickle.loads(work_bytes)
    return work


def _controls(work: Work, task: Task) -> Controls:
    capacity = [
        None if cap is None else np.full(len(part.tables), int(cap * task.chunk.persons))
        for part, cap in zip(work.parts, work.caps, strict=True)
    ]
    given = capacity if any(cap is not None for cap in work.caps) else ()
    return Controls(work.transition, given)
