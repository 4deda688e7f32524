"""The fault table: `python -m bench.faults`.

Starts a web server of several processes on a database of its own, first embedded SQLite and then a
scratch PostgreSQL, lets people work, breaks things, and holds what they were told against what is
stored. Ends with 1 when a promise is broken.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from bench import machine, report
from bench.faults import clocks, crashes, disks, seats
from bench.faults.checking import Verdict
from bench.faults.conduct import Fault, conduct
from bench.faults.place import Place
from bench.faults.postgres import Cluster
from bench.faults.web_server import WebServer

WORKERS = 3
FAULT_SECONDS = 420
FAULTS: tuple[Fault, ...] = (
    *crashes.FAULTS, *seats.FAULTS, *clocks.FAULTS, *disks.FAULTS,
)  # fmt: skip
COLUMNS = (
    "fault", "database", "tried", "acknowledged", "lost", "doubled", "time error, s",
    "replayed", "verified", "",
)  # fmt: skip
Row = tuple[Fault, str, Verdict]


@click.command()
@click.option("--only", multiple=True, help="Names of faults; may be given more than once.")
@click.option("--on", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database only.")
@click.option("--quick", is_flag=True, help="Fewer people and repetitions, shorter faults.")
@click.option("--seed", default=2024, show_default=True)
@click.option("--list", "lists", is_flag=True, help="Only name the faults.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the table here")
def main(
    only: tuple[str, ...], on: str | None, quick: bool, seed: int, lists: bool, path: Path | None
) -> None:
    """Break things while people work, and print what came of every promise."""
    chosen = [fault for fault in FAULTS if not only or fault.name in only]
    if unknown := set(only) - {fault.name for fault in FAULTS}:
        raise click.UsageError(f"no fault {', '.join(sorted(unknown))}")
    if lists:
        for fault in chosen:
            click.echo(f"{fault.name:15} {fault.title} ({', '.join(fault.kinds)})")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and end what was started
    facts = machine.describe(("flask", "sqlalchemy", "psycopg", "granian"))
    report.show_facts("Machine", facts)
    began, rows = time.monotonic(), []
    for kind in ("SQLite", "PostgreSQL"):
        mine = [fault for fault in chosen if kind in fault.kinds and on in (None, kind)]
        if mine:
            with _place(kind) as place:
                rows += [_try(fault, place, quick, seed) for fault in mine]
    _show(rows)
    click.echo(f"{time.monotonic() - began:.0f} s in all", err=True)
    if path:
        figures = [
            {"fault": fault.name, "database": kind, **asdict(verdict), "kept": verdict.is_kept}
            for fault, kind, verdict in rows
        ]
        report.save(path, {"machine": facts, "faults": figures})
    raise SystemExit(0 if all(verdict.is_kept for _, _, verdict in rows) else 1)


@contextlib.contextmanager
def _place(kind: str) -> Iterator[Place]:
    cluster = Cluster() if kind == "PostgreSQL" else None
    try:
        with tempfile.TemporaryDirectory(prefix="catcpns-faults-") as folder:
            place = Place(Path(folder), cluster)
            click.echo(f"{kind}: filling the database", err=True)
            place.install()
            yield place
    finally:
        if cluster is not None:
            cluster.remove()


def _try(fault: Fault, place: Place, quick: bool, seed: int) -> Row:
    """One fault on a server of its own; whatever goes wrong in it is a broken promise."""
    click.echo(f"{place.kind}: {fault.title}", err=True)
    began = time.monotonic()
    try:
        with _disk(fault, place) as here, _server(here) as web:
            trying = conduct(fault, here, web, quick=quick, seed=seed)
            verdict = asyncio.run(asyncio.wait_for(trying, FAULT_SECONDS))
    except Exception as error:
        verdict = Verdict(notes=[f"{type(error).__name__}: {error}"])
    for note in verdict.notes:
        click.echo(f"  {note}", err=True)
    refused = f", refused {verdict.refused}" if verdict.refused else ""
    click.echo(f"  {time.monotonic() - began:.0f} s{refused}", err=True)
    return fault, place.kind, verdict


@contextlib.contextmanager
def _disk(fault: Fault, place: Place) -> Iterator[Place]:
    if fault.inject is not disks.fill_the_disk:
        yield place
        return
    moved = disks.prepare(place)
    try:
        yield moved
    finally:
        disks.put_back(moved)


@contextlib.contextmanager
def _server(place: Place) -> Iterator[WebServer]:
    with tempfile.TemporaryDirectory(prefix="catcpns-faults-web-") as folder:
        web = WebServer(place.environment, Path(folder), workers=WORKERS)
        try:
            web.start()
            web.wait()
            yield web
        finally:
            web.end()


def _show(rows: list[Row]) -> None:
    lines = [
        (
            fault.title, kind, f"{v.tried:,}", f"{v.acknowledged:,}", str(v.lost), str(v.doubled),
            f"{v.time_error:.2f}", str(v.replayed), str(v.verified),
            "kept" if v.is_kept else "BROKEN",
        )
        for fault, kind, v in rows
    ]  # fmt: skip
    verdicts = [verdict for _, _, verdict in rows]
    total = [
        str(sum(getattr(each, name) for each in verdicts))
        for name in ("tried", "acknowledged", "lost", "doubled")
    ]
    worst = max((each.time_error for each in verdicts), default=0.0)
    whole = [str(sum(vars(each)[name] for each in verdicts)) for name in ("replayed", "verified")]
    kept = sum(each.is_kept for each in verdicts)
    lines.append(("all", "", *total, f"{worst:.2f}", *whole, f"{kept} of {len(rows)}"))
    report.show("Faults", COLUMNS, lines)


if __name__ == "__main__":
    main()
