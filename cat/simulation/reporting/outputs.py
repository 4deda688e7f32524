"""The files that a finished study leaves in its folder.

Nothing here depends on when, where or by how many workers the study was computed: the same study
gives the same bytes. Times are in a file of their own.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cat.selection.stopping import Reason
from cat.simulation.measuring.facts import nilai, part_facts, part_results
from cat.simulation.measuring.measures import PartMeasures, measure
from cat.simulation.reporting.described import described
from cat.simulation.reporting.report_html import StudyContext, write_report
from cat.simulation.running.chunks import ChunkResult, ChunkStore, write_whole
from cat.simulation.study.study import Study
from cat.simulation.study.study_part import StudyPart

PERSONS, ITEMS, RESULTS, REPORT, TIMES = (
    "persons.parquet",
    "items.parquet",
    "results.json",
    "report.html",
    "times.json",
)


def write_outputs(study: Study, store: ChunkStore, folder: Path) -> tuple[PartMeasures, ...]:
    """Measure a finished study and write all its files; returns the measures of each part."""
    positions = range(len(study.parts))
    measures = tuple(
        measure(part_facts(study, study.parts[p]), part_results(study, p, store.read(study.chunks)))
        for p in positions
    )
    persons = pl.concat([_persons(study, p, store.read(study.chunks)) for p in positions])
    _write_parquet(folder / PERSONS, persons)
    pairs = list(zip(study.parts, measures, strict=True))
    _write_parquet(folder / ITEMS, pl.concat([_items(part, found) for part, found in pairs]))
    results = {**identity(study), "parts": [found.to_mapping() for found in measures]}
    write_whole(folder / RESULTS, as_json(results))
    _write_report(folder / REPORT, study, measures)
    return measures


def write_times(study: Study, store: ChunkStore, folder: Path, *, seconds: float) -> None:
    """Write how long the study took and who did it; seconds : of this run, from start to end."""
    computing, steps = 0.0, 0
    workers: Counter[str] = Counter()
    for chunk in store.read(study.chunks):
        computing += chunk.seconds
        steps += sum(int(run.length.sum()) for run in chunk.runs)
        workers[chunk.worker] += len(chunk.runs[0].theta)
    times = {
        "wall_seconds_of_this_run": round(seconds, 3),
        "computing_seconds": round(computing, 3),
        "steps": steps,
        "microseconds_per_step": round(1e6 * computing / steps, 3),
        "persons_per_computing_second": round(study.persons / computing, 1),
        "persons_by_worker": dict(workers),
    }
    write_whole(folder / TIMES, as_json(times))


def identity(study: Study) -> dict[str, Any]:
    """What the study is, as plain data: enough to tell it from any other."""
    return {
        "title": study.title,
        "digest": study.digest,
        "seed": study.seed,
        "persons": study.persons,
        "people": study.people,
        "post_hoc": study.is_post_hoc,
        "bank": study.bank.name,
        "pool_digest": study.bank.digest,
        "sources": dict(study.sources),
        "study": study.document,
    }


def as_json(data: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON for people and programs."""
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    return text.encode() + b"\n"


def _persons(study: Study, position: int, chunks: Iterable[ChunkResult]) -> pl.DataFrame:
    """One row per person: what a part gave."""
    part, first = study.parts[position], 0
    frames = []
    for chunk in chunks:
        run = chunk.runs[position]
        persons = len(run.theta)
        truth = study.theta[first : first + persons, position]
        frames.append(
            pl.DataFrame(
                {
                    "person": np.arange(first, first + persons, dtype=np.int32),
                    "theta": run.theta,
                    "se": run.se,
                    "truth": truth,
                    "length": run.length.astype(np.int16),
                    "reason": run.reason,
                    "items": run.items,
                    "categories": run.categories,
                    "nilai": (
                        None if part.form is None else nilai(run.theta, part.form).astype(np.int16)
                    ),
                },
                schema_overrides={"nilai": pl.Int16},
            )
        )
        first += persons
    return _as_people_read_it(pl.concat(frames), part.code, study.is_post_hoc)


def _as_people_read_it(frame: pl.DataFrame, part: str, is_post_hoc: bool) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Float64)
    return frame.select(
        "person",
        pl.lit(part).alias("part"),
        (nothing if is_post_hoc else pl.col("truth")).alias("true_theta"),
        (pl.col("truth") if is_post_hoc else nothing).alias("full_bank_theta"),
        "theta",
        "se",
        "length",
        pl.col("reason").replace_strict(
            {reason.value: reason.text for reason in Reason}, return_dtype=pl.String
        ),
        "nilai",
        # Positions in the bank, counted from 0 as in items.parquet; nothing after the last item.
        *(
            pl.col(name).arr.to_list().list.head(pl.col("length"))
            for name in ("items", "categories")
        ),
    )


def _items(part: StudyPart, found: PartMeasures) -> pl.DataFrame:
    """One row per item: what it is and how often it was given."""
    items, use = part.adaptive.tables.items, found.exposure.items
    return pl.DataFrame(
        {
            "part": [part.code] * len(use),
            "item": np.arange(len(use), dtype=np.int32),
            "code": [row.code for row in use],
            "domain": [row.domain for row in use],
            "model": [str(model) for model in items.model],
            "a": items.a,
            "b": [[b for b in row if np.isfinite(b)] for row in items.b.tolist()],
            "c": items.c,
            "d": items.d,
            "persons": [row.persons for row in use],
            "exposure_rate": [row.rate for row in use],
        },
        schema_overrides={"b": pl.List(pl.Float64)},
    )


def _write_report(path: Path, study: Study, measures: Sequence[PartMeasures]) -> None:
    context = StudyContext(
        pool=study.bank.name,
        pool_digest=study.bank.digest,
        persons=study.persons,
        seed=study.seed,
        people=study.people,
        is_post_hoc=study.is_post_hoc,
        policy=described(
            {part.code: part.adaptive.policy for part in study.parts}, study.transition is not None
        ),
        notes=study.notes,
        technical={
            "Sidik studi": study.digest,
            **{
                f"Kebijakan {part.code.upper()}": json.dumps(
                    part.adaptive.policy.to_mapping(), ensure_ascii=False
                )
                for part in study.parts
            },
        },
    )
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    write_report(unfinished, study.title, context, measures)
    unfinished.replace(path)


def _write_parquet(path: Path, frame: pl.DataFrame) -> None:
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", statistics=False)
    write_whole(path, content.getvalue())
