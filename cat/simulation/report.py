"""A study of a pool: how well it measures, how it uses items, whether it keeps its blueprint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cat.itembank.pool import PartPool, Pool
from cat.simulation.cohort import Floats, PartRun, simulate


@dataclass(frozen=True)
class StudyPlan:
    """persons : simulees, of standard normal ability in each part. seed : of all randomness."""

    persons: int
    seed: int


@dataclass(frozen=True)
class PartReport:
    """How one part measured.

    bias, rmse : of theta, logits. se : mean posterior standard deviation.
    reliability : squared correlation of estimate and truth.
    highest_exposure : share of simulees who saw the most used item. used_share : share of items
    that anybody saw. overlap : mean share of items that two simulees have in common.
    """

    part: str
    items: int
    length: int
    bias: float
    rmse: float
    se: float
    reliability: float
    highest_exposure: float
    used_share: float
    overlap: float

    def row(self) -> dict[str, str]:
        """The report as a table row, heading -> text."""
        return {
            "bagian": self.part,
            "bank": str(self.items),
            "panjang": str(self.length),
            "bias": f"{self.bias:+.3f}",
            "RMSE": f"{self.rmse:.3f}",
            "SE rata-rata": f"{self.se:.3f}",
            "keandalan": f"{self.reliability:.3f}",
            "paparan tertinggi": f"{self.highest_exposure:.0%}",
            "butir terpakai": f"{self.used_share:.0%}",
            "tumpang tindih": f"{self.overlap:.0%}",
        }


@dataclass(frozen=True)
class StudyReport:
    """violations : broken blueprint bounds; repeats : simulees who saw an item twice."""

    parts: tuple[PartReport, ...]
    violations: int
    repeats: int


def run_study(pool: Pool, plan: StudyPlan) -> StudyReport:
    """Simulate the plan's simulees on the pool and report."""
    rng = np.random.default_rng(plan.seed)
    theta = rng.normal(size=(plan.persons, len(pool.parts)))
    seeds = rng.integers(0, 2**63, plan.persons).astype(np.uint64)
    runs = simulate(pool, theta, seeds, rng)
    pairs = list(zip(pool.parts, runs, strict=True))
    return StudyReport(
        parts=tuple(
            _part_report(part, run, theta[:, position])
            for position, (part, run) in enumerate(pairs)
        ),
        violations=sum(len(part.tree.violations(row)) for part, run in pairs for row in run.taken),
        repeats=sum(len(set(row)) < len(row) for run in runs for row in run.items.tolist()),
    )


def _part_report(part: PartPool, run: PartRun, theta: Floats) -> PartReport:
    error = run.theta - theta
    seen = np.bincount(run.items.ravel(), minlength=len(part.items)) / len(theta)
    return PartReport(
        part=part.part,
        items=len(part.items),
        length=part.blueprint.length,
        bias=float(error.mean()),
        rmse=float(np.sqrt((error**2).mean())),
        se=float(run.se.mean()),
        reliability=float(np.corrcoef(run.theta, theta)[0, 1] ** 2),
        highest_exposure=float(seen.max()),
        used_share=float((seen > 0).mean()),
        # Two people drawn at random share item i with the square of its exposure rate.
        overlap=float((seen**2).sum() / part.blueprint.length),
    )
