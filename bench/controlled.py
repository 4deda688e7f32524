"""What content and exposure control cost: the bench bank, free and under everything.

Run it with `python -m bench.controlled --json out/bench-controlled.json`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from statistics import median

import click
import numpy as np

from bench import machine, ours, report, timing
from bench.work import LENGTH, Work, draw
from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint, Bound
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import ExposurePlan, Policy
from cat.simulation import rehearsal

FREE, CONTROLLED = "free", "blueprint, randomesque, eligibility"
WANTED = 3.0
R_MAX, TOP = 0.25, 5
# Three branches with three domains each, all bounded, as the TIU has them.
DOMAINS = tuple(f"{branch}.{leaf}" for branch in "abc" for leaf in "xyz")
BOUNDS = (
    *(Bound(branch, 9, 11) for branch in "abc"),
    *(Bound(domain, 2, 5) for domain in DOMAINS),
)


@click.command()
@click.option("--simulees", default=10_000, show_default=True)
@click.option("--items", default=500, show_default=True, help="in the bank")
@click.option("--rounds", default=5, show_default=True)
@click.option("--seed", default=20_140, show_default=True, help="of bank, people and luck")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(simulees: int, items: int, rounds: int, seed: int, path: Path | None) -> None:
    """Time the same cohort without limits and under all of them; print the ratio."""
    facts = machine.describe()
    report.show_facts("Machine", facts)
    work = draw(simulees, items, seed)
    parts = {FREE: ours.publish(work), CONTROLLED: controlled_part(work, seed)}
    runs = {
        name: ours.join([ours.run_cohort(p, work.part(s)) for s in ours.cohorts(work)])
        for name, p in parts.items()
    }
    took = timing.alternate(
        {
            name: lambda part=part: [
                ours.run_cohort(part, work.part(s)) for s in ours.cohorts(work)
            ]
            for name, part in parts.items()
        },
        rounds,
    )
    slower = timing.ratio(took[CONTROLLED].cpu, took[FREE].cpu)
    rows = []
    for name, run in runs.items():
        seen = np.bincount(run.items.ravel(), minlength=items) / simulees
        rmse = float(np.sqrt(((run.theta - work.theta) ** 2).mean()))
        each = median(took[name].cpu) / simulees * 1e6
        rows.append(
            (name, f"{each:.1f}", f"{rmse:.4f}", f"{seen.max():.3f}", f"{(seen > 0).mean():.0%}")
        )
    columns = ("30 items from the bank", "us, processor", "RMSE", "highest exposure", "bank used")
    report.show("Cost of control", columns, rows)
    print(f"{slower:.2f} times slower; wanted: at most {WANTED}")
    if path:
        figures = {name: asdict(spent) for name, spent in took.items()}
        report.save(path, {"machine": facts, "times_slower": slower, **figures})


def controlled_part(work: Work, seed: int) -> AdaptivePart:
    """The bench bank under a blueprint, randomesque and item eligibility at R_MAX."""
    tables = tabulate(logistic_items(work.a, work.b, work.c), normal_quadrature())
    domains = [DOMAINS[i % len(DOMAINS)] for i in range(len(work.a))]
    policy = Policy("maximum_information", top=TOP, exposure=ExposurePlan("kelayakan", R_MAX))
    part = adaptive_part("tiu", tables, domains, Blueprint("tiu", LENGTH, BOUNDS, {}), policy)
    (held,) = rehearsal.control(
        [part],
        lambda numbers: np.random.default_rng([seed, int(numbers[0])]).normal(
            size=(len(numbers), 1)
        ),
        seed,
    )
    return held


if __name__ == "__main__":
    main()
