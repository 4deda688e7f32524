"""How long does a shadow test take, with enemies and stimulus sets, 1,000 items x 110?

Simulees sit whole adaptive tests whose items come from shadow tests, on several made-up banks.
Every assembly is timed, once as exams do it (any test within the gap) and once for the very best
test. Some are asked of `scipy.optimize.milp` too, which starts cold from the same rows with the
same gap and must find no test that is better by more; the ratio is of times taken in turns.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from bench import machine, report
from cat.assembly.rows import ConstraintRows, compile_rows, violations
from cat.assembly.shadow_test import ShadowSolver, allowed, refresh_at
from cat.irt import logistic
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import ConstraintTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PARTS = {"twk": 30, "tiu": 35, "tkp": 45}
DOMAINS = 6  # in each part
LENGTH = sum(PARTS.values())
NODES = np.linspace(-6, 6, 61)


@dataclass(frozen=True)
class Bank:
    """A 3PL bank (D = 1) with its rows."""

    a: Floats
    b: Floats
    c: Floats
    rows: ConstraintRows
    facts: dict[str, str]


@dataclass
class Timed:
    """What sittings took, in seconds, and what was asked: values, items given, value reached."""

    building: list[float] = field(default_factory=list)
    refresh: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    asked: list[tuple[Bank, ShadowSolver, Floats, Ints, float]] = field(default_factory=list)
    broken: int = 0


def make_bank(items: int, enemies: int, stimuli: int, rng: np.random.Generator) -> Bank:
    """A made-up bank: three parts of six domains, keys, words, seconds, stimuli of 5 to 8 items."""
    part = rng.choice(3, size=items, p=[0.27, 0.32, 0.41])
    order = rng.permutation(items)
    stimulus = np.full(items, "", dtype="U4")
    for s, size in enumerate(rng.integers(5, 9, stimuli)):
        members, order = order[:size], order[size:]
        stimulus[members], part[members] = f"S{s:02}", 1
    domain = rng.integers(0, DOMAINS, items)
    for code in np.unique(stimulus[stimulus != ""]):
        domain[stimulus == code] = domain[stimulus == code][0]
    names = list(PARTS)
    attributes = Attributes(
        {
            "kode": np.array([f"B{i:04}" for i in range(items)]),
            "domain": np.array([f"{names[p]}.d{d}" for p, d in zip(part, domain, strict=True)]),
            "kunci": np.where(part < 2, np.array(list("ABCDE"))[rng.integers(0, 5, items)], ""),
            "stimulus": stimulus,
            "kata": rng.integers(15, 120, items).astype(float),
            "detik": rng.integers(30, 110, items).astype(float),
        }
    )
    groups = [rng.choice(order, size=rng.integers(2, 5), replace=False) for _ in range(enemies)]
    rows = compile_rows(ConstraintTable.read_csv(_table(groups)), attributes, LENGTH)
    return Bank(
        a=np.exp(rng.normal(0, 0.3, items)),
        b=rng.normal(0, 1, items),
        c=rng.uniform(0.1, 0.25, items),
        rows=rows,
        facts={
            "items x length": f"{items} x {LENGTH}",
            "limits": "3 parts, 18 domains, 5 keys, words, seconds, 3 to 5 stimuli of 3 or 4 items",
            "enemy groups": f"{enemies} of 2 to 4 items",
            "rows x variables": f"{rows.matrix.shape[0]} x {rows.matrix.shape[1]}",
        },
    )


def _table(groups: list[Ints]) -> str:
    lines = ["TYPE,WHAT,CONDITION,LB,UB"]
    for part, length in PARTS.items():
        lines.append(f"number,item,domain under {part},{length},{length}")
        share = length // DOMAINS
        lines += [
            f"number,item,domain = {part}.d{d},{share - 1},{share + 2}" for d in range(DOMAINS)
        ]
    lines += [f"number,item,kunci = {key},10,16" for key in "ABCDE"]
    lines += ["sum,kata,,6500,7300", "sum,detik,,,7400"]
    lines += ["number,stimulus,,3,5", "number,per stimulus,,3,4"]
    for group in groups:
        codes = ", ".join(f"B{i:04}" for i in group)
        lines.append(f'enemy,item,"kode in ({codes})",,')
    return "\n".join(lines)


def sit(
    bank: Bank, solver: ShadowSolver, theta: float, luck: Floats, interval: int, timed: Timed
) -> None:
    """One whole adaptive test by maximum information at the EAP; every answer is timed."""
    items: list[int] = []
    posterior = np.exp(-(NODES**2) / 2)
    shadow = np.zeros(len(bank.a), dtype=bool)
    for number in range(LENGTH):
        start = time.perf_counter()
        mean = float(posterior @ NODES / posterior.sum())
        value = logistic.information([mean], bank.a, bank.b, bank.c)[0]
        given = np.array(items, dtype=np.int64)
        if refresh_at(number, interval) == number:
            begin = time.perf_counter()
            shadow = solver.assemble(value, given)
            timed.refresh.append(time.perf_counter() - begin)
            timed.asked.append((bank, solver, value, given, float(value[shadow].sum())))
        free = allowed(shadow, given, bank.rows.stimulus)
        item = int(np.where(free, value, -np.inf).argmax())
        places = np.append(NODES, theta)
        right = logistic.probability(places, *(p[[item]] for p in (bank.a, bank.b, bank.c)))[:, 0]
        posterior = posterior * (right[:-1] if luck[number] < right[-1] else 1 - right[:-1])
        items.append(item)
        timed.answer.append(time.perf_counter() - start)
    timed.broken += bool(violations(bank.rows, np.array(items)))


def cold(bank: Bank, value: Floats, given: Ints, gap: float) -> tuple[float, float]:
    """Seconds that `scipy.optimize.milp` takes for the same shadow test, and the value it finds."""
    rows = bank.rows
    low, cost = rows.fixed_lower.copy(), np.zeros(len(rows.fixed_lower))
    low[given], cost[: len(value)] = 1.0, -value
    start = time.perf_counter()
    found = optimize.milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(low, rows.fixed_upper),
        constraints=optimize.LinearConstraint(rows.matrix, rows.lower, rows.upper),
        options={"mip_rel_gap": gap},
    )
    return time.perf_counter() - start, -float(found.fun)


def compare(timed: Timed, how_many: int, rng: np.random.Generator) -> tuple[float, float]:
    """How many times slower scipy is in all, and by what share of the value it finds better."""
    chosen = rng.choice(len(timed.asked), min(how_many, len(timed.asked)), replace=False)
    ours = theirs = better = 0.0
    for at in chosen:
        bank, solver, value, given, reached = timed.asked[at]
        begin = time.perf_counter()
        solver.assemble(value, given)
        ours += time.perf_counter() - begin
        seconds, best = cold(bank, value, given, solver.gap)
        theirs += seconds
        better = max(better, best / reached - 1)
    return theirs / ours, better


def run(
    banks: list[Bank], sittings: int, interval: int, gap: float, against: int, seed: int
) -> dict[str, str]:
    """The figures of one precision."""
    timed = Timed()
    for bank in banks:
        begin = time.perf_counter()
        solver = ShadowSolver(bank.rows, gap)
        timed.building.append(time.perf_counter() - begin)
        people = np.random.default_rng(seed)
        for theta in people.normal(size=sittings):
            sit(bank, solver, float(theta), people.random(LENGTH), interval, timed)
    ratio, better = compare(timed, against, np.random.default_rng(seed))
    refresh = 1000 * np.array(timed.refresh)
    return {
        "once per bank": f"{1000 * np.median(timed.building):.0f} ms",
        "refreshes": str(len(refresh)),
        "median": f"{np.median(refresh):.1f} ms",
        "95th percentile": f"{np.percentile(refresh, 95):.1f} ms",
        "slowest": f"{refresh.max():.1f} ms",
        "amortised": f"{refresh.sum() / len(timed.answer):.2f} ms an answer",
        "whole answer, mean": f"{1000 * np.mean(timed.answer):.2f} ms",
        "cold scipy.optimize.milp": f"{ratio:.0f} times slower",
        "scipy finds better by": f"at most {max(better, 0.0):.1e} of the value",
        "tests that break a row": f"{timed.broken} of {sittings * len(banks)}",
    }


@click.command()
@click.option("--items", default=1000, show_default=True)
@click.option("--enemies", default=40, show_default=True, help="Enemy groups.")
@click.option("--stimuli", default=20, show_default=True)
@click.option("--banks", default=4, show_default=True)
@click.option("--sittings", default=4, show_default=True, help="On each bank.")
@click.option("--interval", default=5, show_default=True, help="Answers between refreshes.")
@click.option("--gap", default=0.001, show_default=True, help="Share of the value given up.")
@click.option("--against", default=8, show_default=True, help="Assemblies also asked of scipy.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the figures here.")
def main(
    items: int,
    enemies: int,
    stimuli: int,
    banks: int,
    sittings: int,
    interval: int,
    gap: float,
    against: int,
    seed: int,
    target: Path | None,
) -> None:
    """Time shadow tests within whole sittings, and some against a cold scipy.optimize.milp."""
    made = [
        make_bank(items, enemies, stimuli, np.random.default_rng(own))
        for own in np.random.SeedSequence(seed).spawn(banks)
    ]
    facts = made[0].facts | {
        "banks, sittings on each": f"{banks}, {sittings}; seed {seed}",
        "refresh": f"every {interval} answers",
    }
    report.show_facts("Machine", machine.describe(("numpy", "scipy", "highspy")))
    report.show_facts("Work", facts)
    columns = {
        f"within {gap:g}": run(made, sittings, interval, gap, against, seed),
        "the very best": run(made, sittings, interval, 0.0, against, seed),
    }
    names = list(next(iter(columns.values())))
    rows = [(name, *(figures[name] for figures in columns.values())) for name in names]
    report.show("Shadow tests", ("", *columns), rows)
    if target is not None:
        report.save(target, {"work": facts, "figures": columns})


if __name__ == "__main__":
    main()
