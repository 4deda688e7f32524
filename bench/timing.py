"""Fair clocks: jobs take turns in one run, and medians speak for them.

On a shared machine seconds on the clock depend on the neighbours. Ratios taken within a round
wander less, and ratios of processor time, for jobs of one thread, less still.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import click


@dataclass(frozen=True)
class Timing:
    """Seconds that each round took: on the clock (wall), and of processor time (cpu).

    Processor time is this process's alone: it says nothing of a job that hands work to others.
    """

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def busy(self) -> float:
        """Median cores kept busy: above 1 betrays a second thread, below 1 a crowded machine."""
        return median(cpu / wall for cpu, wall in zip(self.cpu, self.wall, strict=True))


def alternate(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Time every job once a round, in an order that shifts by one each round.

    The garbage collector is off while a job runs. Jobs should have run once before: this does not
    warm them up.
    """
    names = list(jobs)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(rounds):
        click.echo(f"round {number + 1} of {rounds}", err=True)
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            spent[name].append(_clock(jobs[name]))
    return {
        name: Timing(tuple(wall for wall, _ in pairs), tuple(cpu for _, cpu in pairs))
        for name, pairs in spent.items()
    }


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """How many times longer one job took than another: the median over rounds.

    slow, fast : seconds of the same rounds, both `wall` or both `cpu`.
    """
    return median(s / f for s, f in zip(slow, fast, strict=True))


def _clock(job: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    gc.collect()
    gc.disable()
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        job()
        return time.perf_counter() - wall, time.process_time() - cpu
    finally:
        gc.enable()
