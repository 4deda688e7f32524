"""Conducting a study: claim its folder, do what is not done yet, write the results."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from cat.errors import BadInput
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting import outputs
from cat.simulation.running.chunks import ChunkStore, write_whole
from cat.simulation.running.engine_version import engine_version
from cat.simulation.running.exposure_setup import hard_caps, set_up
from cat.simulation.running.runner import Finished, MakeWork, run_dask, run_here, run_local
from cat.simulation.running.worker import Task, Work
from cat.simulation.study.study import Study

IDENTITY, CHUNKS, REHEARSED = "study.json", "chunks", "exposure.npz"


def conduct(
    study: Study,
    folder: Path,
    *,
    workers: int = 2,
    scheduler: str | None = None,
    console: Console | None = None,
) -> tuple[PartMeasures, ...]:
    """Conduct a study, or what is left of it, and write its files into a folder.

    workers : processes on this machine; 1 stays in this one. scheduler : of a Dask cluster, which
        then does the work instead. console : where progress is shown; nowhere by default.

    Returns the measures of each part. Raises BadInput when the folder holds another study, and
    whatever the engine or the workers refuse; what was done until then is kept.
    """
    started = time.perf_counter()
    claim(folder, study)
    store = ChunkStore(folder / CHUNKS, study.digest)
    missing = store.missing(study.chunks)
    done = study.persons - sum(chunk.persons for chunk in missing)
    with _progress(console) as progress:
        bar = progress.add_task("Menyimulasikan", total=study.persons, completed=done)
        if missing:
            tasks = [study.task(chunk) for chunk in missing]
            work = partial(_work, study, folder)
            for chunk, content in _finished(work, tasks, workers, scheduler):
                store.write(chunk, content)
                progress.advance(bar, chunk.persons)
        progress.update(bar, description="Mengukur dan menulis")
        measures = outputs.write_outputs(study, store, folder)
        progress.update(bar, description="Selesai")
    outputs.write_times(study, store, folder, seconds=time.perf_counter() - started)
    return measures


def claim(folder: Path, study: Study) -> None:
    """Mark a folder as this study's; raises BadInput when it holds another one."""
    mine = {**outputs.identity(study), "engine": engine_version()}
    path = folder / IDENTITY
    try:
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        found = dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
    except OSError as error:
        raise BadInput(f"{folder}: tidak dapat ditulisi ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise BadInput(f"{path}: rusak; hapus folder ini atau pakai folder lain") from error
    if found is None and (folder / outputs.RESULTS).exists():
        raise BadInput(f"{folder}: sudah berisi {outputs.RESULTS} entah dari mana; pakai yang lain")
    if found is not None and found.get("digest") != study.digest:
        same_study = all(found.get(key) == mine[key] for key in ("study", "sources"))
        why = "versi mesin lain" if same_study else f"studi lain ({found.get('title')})"
        raise BadInput(
            f"{folder}: berisi hasil dari {why}; pakai folder lain atau hapus folder ini"
        )
    write_whole(path, outputs.as_json(mine))


def _work(study: Study, folder: Path) -> bytes:
    caps, parts = hard_caps(study), set_up(study, folder / CHUNKS / REHEARSED)
    work = Work(study.digest, study.seed, parts, study.transition, caps, engine_version())
    return work.to_bytes()


def _finished(work: MakeWork, tasks: list[Task], workers: int, scheduler: str | None) -> Finished:
    if scheduler is not None:
        return run_dask(work, tasks, scheduler)
    if workers == 1 or len(tasks) == 1:
        return run_here(work, tasks)
    return run_local(work, tasks, min(workers, len(tasks)))


def _progress(console: Console | None) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("peserta"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=console is None,
    )
