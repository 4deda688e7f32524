"""Exposure control that a study's policies ask for and that no pool brings along."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.selection.adaptive_part import AdaptivePart
from cat.selection.exposure.admission import Admission
from cat.selection.policy import COUNTING
from cat.simulation import rehearsal
from cat.simulation.running.chunks import write_whole
from cat.simulation.study.streams import Purpose, seeds
from cat.simulation.study.study import Study


def hard_caps(study: Study) -> tuple[float | None, ...]:
    """Per part the share of people who may see an item, where the policy counts; else None."""
    plans = [part.adaptive.policy.exposure for part in study.parts]
    return tuple(plan.r_max if plan and plan.method == COUNTING else None for plan in plans)


def set_up(
    study: Study, kept: Path | None = None, rounds: int = rehearsal.ROUNDS
) -> tuple[AdaptivePart, ...]:
    """The parts of a study under the exposure control that their policies ask for.

    kept : file in which a run that was broken off finds what was rehearsed before it.
    rounds : of rehearsal.

    The rehearsals are sat by people drawn from those of the study, with luck of their own. A part
    that its pool publishes under control keeps that control.
    """
    parts = tuple(part.adaptive for part in study.parts)
    if not any(_needs_rehearsal(part) for part in parts):
        return parts
    found = None if kept is None else _read(kept, study.digest)
    if found is None:
        found = _rehearsed(study, parts, rounds)
        if kept is not None:
            write_whole(kept, _written(study.digest, found))
    return tuple(
        replace(part, admission=found.get(p, part.admission)) for p, part in enumerate(parts)
    )


def _needs_rehearsal(part: AdaptivePart) -> bool:
    plan = part.policy.exposure
    return plan is not None and plan.method != COUNTING and part.admission is None


def _rehearsed(study: Study, parts: Sequence[AdaptivePart], rounds: int) -> dict[int, Admission]:
    """Position of each rehearsed part -> its admission."""
    # A part that has its control already must not ask for it again.
    asking = [
        part
        if _needs_rehearsal(part)
        else replace(part, policy=replace(part.policy, exposure=None))
        for part in parts
    ]

    def population(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        drawn = seeds(study.seed, Purpose.REHEARSAL, numbers) % np.uint64(study.persons)
        return study.theta[drawn.astype(np.int64)]

    controlled = rehearsal.control(asking, population, study.seed, study.transition, rounds)
    return {
        p: part.admission
        for p, part in enumerate(controlled)
        if part.admission is not None and _needs_rehearsal(parts[p])
    }


def _written(digest: str, admissions: Mapping[int, Admission]) -> bytes:
    arrays: dict[str, NDArray[Any]] = {"digest": np.frombuffer(digest.encode("ascii"), np.uint8)}
    for p, admission in admissions.items():
        arrays |= {f"{p}_{name}": array for name, array in admission.to_arrays().items()}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _read(kept: Path, digest: str) -> dict[int, Admission] | None:
    """What was kept for this study; None when there is nothing that can be used."""
    try:
        with np.load(kept, allow_pickle=False) as stored:
            if bytes(stored["digest"]).decode("ascii") != digest:
                return None
            arrays = {name.partition("_")[::2]: stored[name] for name in stored.files}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    positions = {p for p, name in arrays if name}
    return {
        int(p): Admission.from_arrays({name: a for (q, name), a in arrays.items() if q == p})
        for p in positions
    }
