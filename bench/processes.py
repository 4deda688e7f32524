"""What does a command cost with everything that it starts? Time, processor time and memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock and of processor time, and the most GiB held at once."""

    wall: float
    cpu: float
    gib: float


def run(
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    beside: Sequence[int] = (),
) -> Spent:
    """Run a command to its end; it and its children are counted.

    beside : processes that work for it, such as a database: their processor time and that of their
        children is counted too, their memory is not.
    """
    before = sum(map(cpu_seconds, beside))
    started, peak = time.perf_counter(), 0
    own = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    children = os.times()
    with subprocess.Popen(command, cwd=folder, env=own) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_kilobytes, family(process.pid))))
            time.sleep(0.1)
    if process.returncode:
        raise SystemExit(process.returncode)
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system
    cpu -= children.children_user + children.children_system
    return Spent(wall, cpu + sum(map(cpu_seconds, beside)) - before, peak / 2**20)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(each for child in below for each in family(child))]


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, of its children that have ended, and of those that live."""
    total = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, ended = fields[11:13], fields[13:15]  # utime, stime and those of waited-for children
        total += sum(map(int, own + ended))
    return total / _TICKS


def _kilobytes(pid: int) -> int:
    """Memory of one process, shared pages counted by their share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
