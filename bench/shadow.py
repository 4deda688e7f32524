"""How long does a shadow test take, with enemies and stimulus sets, 1,000 items x 110?

Simulees sit whole adaptive tests whose items come from shadow tests. Every assembly is timed. Some
of them are asked of `scipy.optimize.milp` too, which starts cold from the same rows: it must find
no better test, and the ratio is of times in the same run.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit

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
    """A 3PL bank (D = 1) with its rows, and its information (I, Q) at NODES."""

    a: Floats
    b: Floats
    c: Floats
    rows: ConstraintRows
    facts: dict[str, str]
    information: Floats = field(init=False)

    def __post_init__(self) -> None:
        table = logistic.information(NODES, self.a, self.b, self.c).T
        object.__setattr__(self, "information", table)


@dataclass
class Timed:
    """What sittings took: seconds of each refresh, and seconds and number of whole answers."""

    refresh: list[float]
    asked: list[tuple[Floats, Ints, float]]
    answering: float = 0.0
    answers: int = 0
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


def sit(bank: Bank, solver: ShadowSolver, theta: float, interval: int, timed: Timed, luck: Floats):
    """One whole adaptive test by maximum information at the EAP; every answer is timed."""
    items: list[int] = []
    posterior = np.exp(-(NODES**2) / 2)
    shadow = np.zeros(len(bank.a), dtype=bool)
    for number in range(LENGTH):
        start = time.perf_counter()
        mean = posterior @ NODES / posterior.sum()
        value = bank.information[:, np.abs(NODES - mean).argmin()]
        given = np.array(items, dtype=np.int64)
        if refresh_at(number, interval) == number:
            value = logistic.information([mean], bank.a, bank.b, bank.c)[0]
            begin = time.perf_counter()
            shadow = solver.assemble(value, given)
            timed.refresh.append(time.perf_counter() - begin)
            timed.asked.append((value, given, float(value[shadow].sum())))
        free = allowed(shadow, given, bank.rows.stimulus)
        item = int(np.where(free, value, -np.inf).argmax())
        chance = bank.c[item] + (1 - bank.c[item]) * expit(
            bank.a[item] * (np.append(NODES, theta) - bank.b[item])
        )
        posterior = posterior * (chance[:-1] if luck[number] < chance[-1] else 1 - chance[:-1])
        items.append(item)
        timed.answering += time.perf_counter() - start
        timed.answers += 1
    timed.broken += bool(violations(bank.rows, np.array(items)))


def cold(bank: Bank, value: Floats, given: Ints) -> tuple[float, float]:
    """Seconds that `scipy.optimize.milp` takes for the same shadow test, and the value it finds."""
    rows = bank.rows
    low, high = rows.fixed_lower.copy(), rows.fixed_upper
    low[given] = 1.0
    cost = np.zeros(len(low))
    cost[: len(value)] = -value
    start = time.perf_counter()
    found = scipy.optimize.milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=scipy.optimize.Bounds(low, high),
        constraints=scipy.optimize.LinearConstraint(rows.matrix, rows.lower, rows.upper),
        options={"mip_rel_gap": 0.0},
    )
    return time.perf_counter() - start, -float(found.fun)


@click.command()
@click.option("--items", default=1000, show_default=True)
@click.option("--enemies", default=40, show_default=True, help="Enemy groups.")
@click.option("--stimuli", default=20, show_default=True)
@click.option("--sittings", default=10, show_default=True)
@click.option("--interval", default=10, show_default=True, help="Answers between refreshes.")
@click.option("--gap", default=0.0, show_default=True, help="Share of the value given up.")
@click.option("--compare", default=10, show_default=True, help="Assemblies also asked of scipy.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the figures here.")
def main(
    items: int,
    enemies: int,
    stimuli: int,
    sittings: int,
    interval: int,
    gap: float,
    compare: int,
    seed: int,
    target: Path | None,
) -> None:
    """Time shadow tests within whole sittings, and some against a cold scipy.optimize.milp."""
    rng = np.random.default_rng(seed)
    bank = make_bank(items, enemies, stimuli, rng)
    start = time.perf_counter()
    solver = ShadowSolver(bank.rows, gap)
    building = time.perf_counter() - start
    timed = Timed([], [])
    for theta in rng.normal(size=sittings):
        sit(bank, solver, float(theta), interval, timed, rng.random(LENGTH))
    picked = rng.choice(len(timed.asked), min(compare, len(timed.asked)), replace=False)
    ratios, shortfall = [], 0.0
    for at in picked:
        value, given, ours = timed.asked[at]
        begin = time.perf_counter()
        solver.assemble(value, given)
        warm = time.perf_counter() - begin
        seconds, best = cold(bank, value, given)
        ratios.append(seconds / warm)
        shortfall = max(shortfall, best / ours - 1)
    spent = 1000 * np.array(timed.refresh)
    first = spent[:: -(-LENGTH // interval)]
    figures = {
        "refreshes": str(len(spent)),
        "median": f"{np.median(spent):.1f} ms",
        "95th percentile": f"{np.percentile(spent, 95):.1f} ms",
        "slowest": f"{spent.max():.1f} ms",
        "median of the first in a sitting": f"{np.median(first):.1f} ms",
        "amortised": f"{spent.sum() / timed.answers:.2f} ms an answer",
        "whole answer": f"{1000 * timed.answering / timed.answers:.2f} ms on average",
        "cold scipy.optimize.milp": f"{np.median(ratios):.0f} times slower (median)",
        "found better by scipy": f"at most {max(shortfall, 0.0):.1e} of the value",
        "finished tests that break a row": f"{timed.broken} of {sittings}",
    }
    facts = bank.facts | {
        "refresh": f"every {interval} answers, {sittings} sittings, gap {gap:g}, seed {seed}",
        "once per bank": f"{1000 * building:.0f} ms",
    }
    report.show_facts("Machine", machine.describe(("numpy", "scipy", "highspy")))
    report.show_facts("Work", facts)
    report.show_facts("Shadow tests", figures)
    if target is not None:
        report.save(target, {"work": facts, "figures": figures, "refresh_ms": list(spent)})


if __name__ == "__main__":
    main()
