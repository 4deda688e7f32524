"""What was wanted of the day, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.load.consoles import STATE
from bench.load.nation import Loaded
from bench.load.schedule import LABELS, Kind
from bench.load.start_minute import STARTS, STEPS
from bench.load.tally import PERCENTILES, Tally
from bench.load.watch import STEADY_MIB, Memory

FULL_SPEED = {"postgresql": 3_000, "sqlite": 2_400}
FULL_SPEED_P99_MS, OF_ROW_WORK = 60.0, 0.35
ANSWER_P99_MS = 250.0
START_P95_MS = 500.0
CONSOLE_P95_MS = 300.0
UNCHANGED_SHARE = 0.5  # "mostly"
WEB_MIB = 300.0
COLUMNS = ("work", "wanted", "measured", "verdict")
MET, NOT_MET = "met", "not met"
MEMORY = ("process", "start", "middle", "end", "a minute, once warm", "own share, end")


@dataclass(frozen=True)
class Day:
    """The loads of a day.

    started : people who had their first item in the start minute.
    full_speed : runs of `bench.load.full_speed`, as it writes them.
    """

    nation: Loaded
    start: Loaded | None = None
    started: int = 0
    full_speed: Sequence[Mapping[str, Any]] = ()


def rows(day: Day, hall: int) -> list[tuple[str, str, str, str]]:
    """The table of what was wanted."""
    found = [_full_speed_row(run) for run in day.full_speed]
    found += _nation_rows(day.nation)
    if day.start is not None:
        tally = day.start.beside
        p95 = tally.percentile(STARTS, 95)
        met = p95 <= START_P95_MS and day.started == hall
        measured = f"p95 {p95:,.0f} ms, {day.started:,} of {hall:,} started"
        found.append(_row("start minute: press to first item", "p95 <= 500 ms", measured, met))
        found.append(_books("start minute: answers of the others", day.start))
    return found


def _full_speed_row(run: Mapping[str, Any]) -> tuple[str, str, str, str]:
    rate, p99, limit = run["rate"], run["p99"], run["row_work"]
    target = FULL_SPEED[run["database"]]
    wanted, measured = f">= {target:,}/s", f"{rate:,.0f}/s, p99 {p99:,.0f} ms"
    is_clean = not (run["lost"] or run["doubled"] or run["changed"] or run["broken"])
    met = rate >= target and is_clean
    if limit:
        wanted += f", >= {OF_ROW_WORK} of pgbench, p99 <= {FULL_SPEED_P99_MS:.0f} ms"
        measured += f", {rate / limit:.2f} of pgbench's {limit:,.0f}/s"
        met = met and p99 <= FULL_SPEED_P99_MS and rate >= OF_ROW_WORK * limit
    measured += f"; {run['lost']} lost, {run['doubled']} doubled"
    return _row(f"durable answers, {run['database']}", wanted, measured, met)


def _nation_rows(nation: Loaded) -> list[tuple[str, str, str, str]]:
    answer = LABELS[Kind.ANSWER]
    p99 = nation.answers.percentile(answer, 99)
    rate = nation.answers.count(answer) / nation.seconds
    found = [
        _row("the nation: answers", f"p99 <= {ANSWER_P99_MS:.0f} ms",
             f"p99 {p99:,.0f} ms at {rate:,.0f}/s", p99 <= ANSWER_P99_MS),
        _books("the nation: acknowledged answers", nation),
    ]  # fmt: skip
    if nation.looks or nation.beside.problems:
        p95, share = nation.beside.percentile(STATE, 95), nation.unchanged / max(1, nation.looks)
        measured = f"p95 {p95:,.0f} ms, {share:.0%} unchanged (304)"
        met = p95 <= CONSOLE_P95_MS and share > UNCHANGED_SHARE
        found.append(_row("proctors' consoles", "p95 <= 300 ms, mostly 304", measured, met))
    webs = webs_of(nation)
    if webs:
        most = max(max(each.mib) for each in webs)
        measured = f"most {most:,.0f} MiB"
        met = most <= WEB_MIB
        found.append(_row("memory of a web process", "<= 300 MB", measured, met))
        growth = max(each.growth for each in webs)
        measured = f"{growth:+.1f} MiB once warm"
        met = growth <= STEADY_MIB
        found.append(_row("memory over the run", "does not grow", measured, met))
    return found


def _books(work: str, loaded: Loaded) -> tuple[str, str, str, str]:
    verdict, checked = loaded.checked.verdict, loaded.checked
    measured = (
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.changed} changed of"
        f" {verdict.acknowledged:,}; {len(checked.findings)} of {checked.replayed} not replayed"
    )
    met = verdict.is_clean and not checked.findings and verdict.acknowledged > 0
    return _row(work, "0 lost, 0 doubled, all replay", measured, met)


def _row(work: str, wanted: str, measured: str, met: bool) -> tuple[str, str, str, str]:
    return work, wanted, measured, MET if met else NOT_MET


def webs_of(loaded: Loaded) -> list[Memory]:
    """The processes that answer requests."""
    return [each for each in loaded.memory if each.name.startswith(("web", "office"))]


def memory_rows(loaded: Loaded) -> list[list[str]]:
    """Start, middle and end of each process, and how fast it grows."""
    return [
        [
            each.name,
            *(f"{mib:,.0f}" for mib in each.points),
            f"{each.slope:+.2f}",
            f"{each.own[-1]:,.0f}",
        ]
        for each in loaded.memory
    ]


def cpu_rows(loaded: Loaded) -> list[tuple[str, str]]:
    """Cores that each side kept busy, and how late the generator was at worst."""
    found = [(name, f"{cores:.2f}") for name, cores in loaded.cores.items()]
    return [*found, ("generator late by at most, ms", f"{loaded.most_late * 1000:.0f}")]


def book_rows(loaded: Loaded) -> list[tuple[str, str]]:
    """What the books say."""
    found = [(name, f"{count:,}") for name, count in vars(loaded.checked.verdict).items()]
    replayed = f"{loaded.checked.replayed - len(loaded.checked.findings)}"
    return [*found, (f"of {loaded.checked.replayed} sittings verified by replay", replayed)]


def figures(day: Day) -> dict[str, Any]:
    """The same for programs."""
    parts = {"nation": day.nation, "start_minute": day.start}
    found = {name: _figures(each) for name, each in parts.items() if each is not None}
    return {**found, "started": day.started, "full_speed": list(day.full_speed)}


def _figures(loaded: Loaded) -> dict[str, Any]:
    return {
        "seconds": loaded.seconds,
        "requests": {**_waits(loaded.answers), **_waits(loaded.beside)},
        "books": vars(loaded.checked.verdict),
        "findings": list(loaded.checked.findings)[:20],
        "cores": loaded.cores,
        "memory_mib": {each.name: each.mib for each in loaded.memory},
        "memory_own_mib": {each.name: each.own for each in loaded.memory},
        "looks": loaded.looks,
        "unchanged": loaded.unchanged,
        "generator_late_ms": loaded.most_late * 1000,
    }


def _waits(tally: Tally) -> dict[str, Any]:
    names: Sequence[str] = (*STEPS, *tally.waits)
    return {
        name: {"count": tally.count(name)}
        | {f"p{share}": tally.percentile(name, share) for share in PERCENTILES}
        for name in dict.fromkeys(names)
        if tally.count(name)
    }
