"""One whole live step from a stored record of 100 answers, in banks of three sizes.

Run it with `python -m bench.live_step --json out/bench-live-step.json`.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median, quantiles

import click
import numpy as np

from bench import machine, report
from cat.exam.record import Event, Kind, Terms
from cat.exam.state import replay
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.content import Parameters
from cat.itembank.pool import Pool, PoolItem
from cat.publication.publish import PartPlan, publish
from cat.selection.policy import Policy

SIZES = (500, 5_000, 50_000)
LENGTH, ANSWERED, BLOCK = 110, 100, 50
DOMAINS = tuple(f"{branch}.{leaf}" for branch in "abc" for leaf in "wxyz")
WANTED_MICROSECONDS, WANTED_GROWTH = 200.0, 2.0


@click.command()
@click.option("--steps", default=2_000, show_default=True, help="timed, alternating between banks")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(steps: int, path: Path | None) -> None:
    """Refold the record, take the posterior, choose under the blueprint; print the medians."""
    facts = machine.describe()
    report.show_facts("Machine", facts)
    prepared = {size: _prepare(size) for size in SIZES}
    spent: dict[int, list[float]] = {size: [] for size in SIZES}
    # A server answers many candidates on one pool: banks alternate in blocks, not step by step.
    for _ in range(steps // BLOCK):
        for size, (pool, terms, events) in prepared.items():
            for _ in range(BLOCK):
                started = time.perf_counter()
                _ = replay(terms, pool, events).current
                spent[size].append((time.perf_counter() - started) * 1e6)
    growth = median(a / b for a, b in zip(spent[SIZES[-1]], spent[SIZES[0]], strict=True))
    rows = [
        (f"{size:,} items", f"{median(spent[size]):.0f}", f"{quantiles(spent[size], n=20)[-1]:.0f}")
        for size in SIZES
    ]
    title = f"Live step after {ANSWERED} answers of {LENGTH}, {len(DOMAINS)} domains, randomesque 5"
    report.show(title, ("bank", "median, us", "p95, us"), rows)
    click.echo(
        f"wanted: median at most {WANTED_MICROSECONDS:.0f} us; largest bank against smallest:"
        f" {growth:.2f} times (wanted: at most {WANTED_GROWTH})"
    )
    if path:
        medians = {str(size): median(spent[size]) for size in SIZES}
        report.save(path, {"machine": facts, "median_microseconds": medians, "growth": growth})


def _prepare(size: int) -> tuple[Pool, Terms, list[Event]]:
    """A pool of this size and the record of somebody who has answered ANSWERED of its items."""
    click.echo(f"publishing a bank of {size:,}", err=True)
    rng = np.random.default_rng(size)
    items = [_item(number, rng) for number in range(size)]
    bounds = tuple(Bound(domain, 8, 10) for domain in DOMAINS)
    blueprint = Blueprint("tiu", LENGTH, bounds, dict.fromkeys(DOMAINS, 3))
    plan = PartPlan(blueprint, items, 5, 0, Policy(top=5))
    pool = publish("bangku", [plan], shuffle_options=True)
    terms = Terms("bangku", pool.digest, "", "adaptif", 20_260_101, 6_600)
    events = [Event(1, Kind.ADMITTED, 0), Event(2, Kind.STARTED, 0)]
    for _ in range(ANSWERED):
        key = replay(terms, pool, events).current_item.key
        option = "A" if rng.random() < 0.6 else "B"
        events.append(Event(len(events) + 1, Kind.ANSWERED, 0, item=key, option=option))
    return pool, terms, events


def _item(number: int, rng: np.random.Generator) -> PoolItem:
    parameters = Parameters(float(rng.lognormal(0.2, 0.3)), (float(rng.normal()),), 0.2)
    domain = DOMAINS[number % len(DOMAINS)]
    return PoolItem(f"B-{number:05}@1", domain, (1, 0, 0, 0, 0), "", (), parameters)


if __name__ == "__main__":
    main()
