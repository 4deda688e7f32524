"""An exam day on one machine: full speed, the nation, consoles, memory, the start minute.

Run it with `python -m bench.load.day --json out/bench/day.json`: half an hour of load, so that the
same run shows whether anything grows. `--quick` is a look at small scale in about a minute.
Generator, web processes and database share the machine; latencies count from the moment at which a
request was due, so waiting counts too. Afterwards every acknowledged answer is looked up.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from bench import machine, report
from bench.load import hall, nation, verdicts
from bench.load.consoles import Proctor, appoint
from bench.load.nation import Loaded, Stage
from bench.load.server import Running, serving
from bench.load.tally import COLUMNS
from bench.scratch_postgres import Database, scratch

PACKAGES = ("flask", "granian", "sqlalchemy", "psycopg", "numpy")


@dataclass(frozen=True)
class Size:
    """How big the day is. others : people who go on answering in the start minute.

    cold : seconds of answering before anything is counted, to processes that have just begun: they
    read each sitting's record when they first meet it. Shown apart.
    """

    people: int = 50_000
    per_second: float = 920.0
    cold: float = 180.0
    seconds: float = 1800.0
    pages: float = 5.0
    proctors: int = 20
    hall: int = 1_400
    others: int = 5_000
    minute: float = 60.0
    full_speed: float = 30.0
    workers: int = 2
    threads: int | None = None
    seed: int = 2024


QUICK = Size(
    people=2_000,
    per_second=36.8,
    cold=10,
    seconds=20,
    pages=0.5,
    proctors=4,
    hall=60,
    others=500,
    minute=20,
    full_speed=0,
)


@click.command()
@click.option("--quick", is_flag=True, help="a small day in about a minute")
@click.option("--people", type=int, help=f"open sittings [{Size.people}]")
@click.option("--per-second", type=float, help=f"answers a second [{Size.per_second:.0f}]")
@click.option("--cold", type=float, help=f"seconds before it that count apart [{Size.cold:.0f}]")
@click.option("--seconds", type=float, help=f"how long the nation answers [{Size.seconds:.0f}]")
@click.option("--pages", type=float, help=f"pages of each kind a second [{Size.pages:.0f}]")
@click.option("--hall", type=int, help=f"people of the start minute, 0: none [{Size.hall}]")
@click.option("--others", type=int, help=f"people who answer meanwhile [{Size.others}]")
@click.option("--full-speed", type=float, help=f"seconds of it, 0: none [{Size.full_speed:.0f}]")
@click.option("--workers", type=int, help=f"web processes [{Size.workers}]")
@click.option("--threads", type=int, help="threads of each [what `catcpns serve` thinks right]")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(quick: bool, path: Path | None, **given: float | None) -> None:
    """Set the stage, put the loads on it, and print what came of them."""
    # Whoever ends this early must not leave a database and a server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    size = replace(QUICK if quick else Size(), **{k: v for k, v in given.items() if v is not None})
    facts = machine.describe(PACKAGES)
    fastest = _full_speed(size)
    with scratch() as database, tempfile.TemporaryDirectory() as folder:
        facts["postgresql"] = database.version
        os.environ.update(database.environment)  # one secret for the server and for what we sign
        report.show_facts("Machine", facts)
        stored = hall.store(database, size.people, waiting=size.hall, seed=size.seed)
        proctors = _appoint(database, stored, size)
        with _platform(database, Path(folder), size) as (servers, office):
            on = nation.stage(database, servers, office, stored, size.seed)
            found = replace(_loads(on, proctors, size), full_speed=fastest)
    rows = verdicts.rows(found, size.hall)
    report.show("Wanted and measured", verdicts.COLUMNS, rows)
    if path:
        report.save(path, {"machine": facts, "size": vars(size), **verdicts.figures(found)})
    if any(row[-1] == verdicts.NOT_MET for row in rows) and not quick:
        raise SystemExit(1)


@contextlib.contextmanager
def _platform(
    database: Database, folder: Path, size: Size
) -> Iterator[tuple[list[Running], Running]]:
    """The processes of candidates, and one of the offices with the worker for jobs."""
    with ExitStack() as running:
        exams = [
            running.enter_context(
                serving(
                    database,
                    folder,
                    f"ujian {number + 1}",
                    workers=1,
                    threads=size.threads,
                    bagian="ujian",
                )
            )
            for number in range(size.workers)
        ]
        yield exams, running.enter_context(serving(database, folder, "kantor", workers=1))


def _full_speed(size: Size) -> list[dict[str, Any]]:
    """The runs of the program that answers as fast as it can, in a process of its own."""
    if not size.full_speed:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "full_speed.json"
        command = [sys.executable, "-m", "bench.load.full_speed", "--json", str(path)]
        command += ["--seconds", str(size.full_speed), "--workers", str(size.workers)]
        subprocess.run(command, check=True)
        return list(json.loads(path.read_text())["runs"])


def _appoint(database: Database, stored: hall.Nation, size: Size) -> list[Proctor]:
    """Proctors of the biggest rooms where people work; the last one watches the waiting hall."""
    rooms = stored.rooms
    working = rooms.filter(rooms["sesi_id"] != rooms["sesi_id"].max()) if size.hall else rooms
    biggest = working.sort("seats", "id", descending=[True, False]).head(size.proctors)
    found = appoint(database, biggest)
    if size.hall:
        last = appoint(database, rooms.filter(rooms["sesi_id"] == rooms["sesi_id"].max()).head(1))
        found.append(replace(last[0], room=None))
    return found


def _loads(on: Stage, proctors: list[Proctor], size: Size) -> verdicts.Day:
    watching = proctors[: size.proctors]
    click.echo(f"{len(on.people):,} people for {size.seconds:.0f} s", err=True)
    loaded = nation.run_nation(
        on,
        cold=size.cold,
        seconds=size.seconds,
        per_second=size.per_second,
        pages=size.pages,
        proctors=watching,
    )
    cold = nation.answer_rows(loaded.cold, max(size.cold, 1.0))
    report.show(f"Processes that have just begun, {size.cold:.0f} s", COLUMNS, cold)
    _show(f"The nation: {len(on.people):,} open sittings", loaded)
    report.show("Memory, MiB resident", verdicts.MEMORY, verdicts.memory_rows(loaded))
    if not size.hall:
        return verdicts.Day(loaded)
    after = nation.moved(on)
    length = on.database.pool.length
    open_still = [n for n, each in enumerate(after.people) if each.answered < length]
    rng = np.random.default_rng(size.seed)
    others = rng.choice(open_still, min(size.others, len(open_still)), replace=False).tolist()
    click.echo(f"{size.hall:,} people start while {len(others):,} answer", err=True)
    started, count = nation.run_start_minute(
        after,
        others,
        seconds=size.minute,
        per_second=size.per_second * len(others) / len(on.people),
        proctor=proctors[-1],
    )
    _show(f"The start minute: {count:,} of {size.hall:,} started", started)
    return verdicts.Day(loaded, started, count)


def _show(title: str, loaded: Loaded) -> None:
    report.show(f"{title}, {loaded.seconds:.0f} s", COLUMNS, nation.rows_of(loaded))
    problems = [*loaded.answers.problems.items(), *loaded.beside.problems.items()]
    if problems:
        rows = [(kind, what, f"{count:,}") for (kind, what), count in problems]
        report.show("Problems", ("request", "what happened", "times"), rows)
    report.show("Cores kept busy", ("", "cores"), verdicts.cpu_rows(loaded))
    report.show("What the database has", ("", "answers"), verdicts.book_rows(loaded))


if __name__ == "__main__":
    main()
