"""Side by side: this engine, mirt in lock step and catsim, on the same bank, people and luck.

Run it with `python -m bench.peers --json out/bench-peers.json`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

from bench import agreement, machine, ours, peer_catsim, peer_mirt, report, timing
from bench.work import LENGTH, NODES, Outcome, Work, check, draw

PACKAGES = ("numpy", "scipy", "mirt", "catsim", "numexpr")
OURS, MIRT, CATSIM, CATSIM_ML = "CAT CPNS", "mirt", "catsim, EAP", "catsim, ML"
# The targets: so many times faster per simulee, and so many simulees a second on two cores.
WANTED = {MIRT: 25, CATSIM: 400}
WANTED_PER_SECOND = 60_000


@dataclass(frozen=True)
class Contender:
    """A program ready to run: how it is set, whom it tests, and what it made of them."""

    settings: str
    work: Work
    run: Callable[[], Outcome]
    outcome: Outcome
    preparing: float  # seconds spent once per bank


def enter(
    name: str, settings: str, prepare: Callable[[Work], Callable[[], Outcome]], work: Work
) -> Contender:
    """Prepare a program, warm it up with one untimed run and check that it did the work."""
    click.echo(f"preparing and warming up {name}", err=True)
    started = time.perf_counter()
    run = prepare(work)
    preparing = time.perf_counter() - started
    outcome = run()
    check(name, work, outcome)
    return Contender(settings, work, run, outcome, preparing)


@click.command()
@click.option("--simulees", default=10_000, show_default=True, help="for this engine and mirt")
@click.option("--few", default=200, show_default=True, help="for catsim, which is slow")
@click.option("--many", default=100_000, show_default=True, help="for this engine on two cores")
@click.option("--items", default=500, show_default=True, help="in the bank")
@click.option("--rounds", default=5, show_default=True, help="timed runs of each program")
@click.option("--seed", default=20_140, show_default=True, help="of bank, people and luck")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(
    simulees: int, few: int, many: int, items: int, rounds: int, seed: int, path: Path | None
) -> None:
    """Time 30-item adaptive tests on this engine and its peers and print the ratios."""
    facts = machine.describe(PACKAGES)
    task = {
        "bank": f"{items} items, 3PL (D = 1), drawn as bench/work.py says with seed {seed}",
        "test": f"{LENGTH} items, maximum information at the EAP, normal prior, {NODES} nodes",
        "timing": f"{rounds} rounds in shifting order, medians, one thread each",
    }
    report.show_facts("Machine", facts)
    report.show_facts("Work", task)
    work = draw(simulees, items, seed)
    small = work.part(slice(min(few, simulees)))
    contenders = {
        OURS: enter(OURS, ours.SETTINGS, ours.prepare, work),
        MIRT: enter(MIRT, peer_mirt.SETTINGS, peer_mirt.prepare, work),
        CATSIM: enter(CATSIM, peer_catsim.SETTINGS_EAP, peer_catsim.prepare_eap, small),
        CATSIM_ML: enter(CATSIM_ML, peer_catsim.SETTINGS_ML, peer_catsim.prepare_ml, small),
    }
    report.show_facts("Settings", {name: c.settings for name, c in contenders.items()})
    document = {
        "machine": facts,
        "work": task,
        "speed": compare_speed(contenders, rounds),
        "precision": compare_precision(contenders),
        "two_cores": measure_two_cores(draw(many, items, seed), rounds),
    }
    if path:
        report.save(path, document)


def compare_speed(contenders: dict[str, Contender], rounds: int) -> dict[str, dict[str, Any]]:
    """Time all programs; print and return the time a simulee and how many of ours go into it."""
    took = timing.alternate({name: c.run for name, c in contenders.items()}, rounds)
    rows, figures = [], {}
    for name, contender in contenders.items():
        simulees, wanted, spent = len(contender.work), WANTED.get(name), took[name]
        clock, processor = (median(s) / simulees * 1e6 for s in (spent.wall, spent.cpu))
        times = timing.ratio(spent.cpu, took[OURS].cpu) * len(contenders[OURS].work) / simulees
        figures[name] = {
            "settings": contender.settings,
            "simulees": simulees,
            "clock_microseconds_per_simulee": clock,
            "processor_microseconds_per_simulee": processor,
            "times_ours": times,
            "wanted_times_ours": wanted,
            "preparing_seconds": contender.preparing,
            **asdict(spent),
        }
        row = (name, f"{simulees:,}", f"{clock:,.1f}", f"{processor:,.1f}", f"{times:,.1f}")
        once = f"{contender.preparing * 1e3:,.0f}"
        rows.append((*row, _verdict(times, wanted), f"{spent.busy:.2f}", once))
    columns = ("program", "simulees", "us, clock", "us, processor", "x ours", "target")
    report.show("Speed", (*columns, "cores busy", "once, ms"), rows)
    return figures


def compare_precision(contenders: dict[str, Contender]) -> dict[str, dict[str, Any]]:
    """Print and return how well each program measures, beside ours on the same simulees."""
    us, exact, rows, figures = contenders[OURS], contenders[MIRT], [], {}
    for name, contender in contenders.items():
        found = agreement.compare(us.work.theta, contender.outcome, us.outcome, exact.outcome)
        figures[name] = {**asdict(found), "verdict": found.verdict}
        row = (name, f"{found.rmse:.4f}", f"{found.rmse_ours:.4f}", f"{found.z:+.2f}")
        shares = (f"{found.same_tests:.1%}", f"{found.shared_items:.1%}")
        rows.append((*row, found.verdict, f"{found.bias:+.4f}", *shares))
    columns = ("program", "RMSE", "ours on them", "z", "verdict", "bias")
    report.show("Precision, logits", (*columns, "mirt's test", "mirt's items"), rows)
    return figures


def measure_two_cores(work: Work, rounds: int) -> dict[str, Any]:
    """Print and return this engine's throughput on two warm worker processes."""
    with ours.Cores(work, cores=2) as cores:
        check("two cores", work, cores.run())
        took = timing.alternate({OURS: cores.run}, rounds)[OURS]
    seconds = median(took.wall)
    rate = len(work) / seconds
    row = (f"{len(work):,}", f"{seconds:.2f}", f"{rate:,.0f}")
    columns = ("simulees", "seconds", "simulees a second", "target")
    report.show(f"{OURS} on two cores", columns, [(*row, _verdict(rate, WANTED_PER_SECOND))])
    return {
        "simulees": len(work),
        "simulees_per_second": rate,
        "wanted_per_second": WANTED_PER_SECOND,
        "wall": took.wall,
    }


def _verdict(measured: float, wanted: float | None) -> str:
    if wanted is None:
        return ""
    return f">= {wanted:,g}: {'reached' if measured >= wanted else 'MISSED'}"


if __name__ == "__main__":
    main()
