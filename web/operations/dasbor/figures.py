"""The figures of the dashboard, counted by the database."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.dampak import (
    ImpactRatio,
    MeanDifference,
    Points,
    impact_ratio,
    mean_difference,
)
from web.operations.dasbor.scope import Scope, people

# Groupings that a page may ask for: name in the query -> words for people.
DIMENSIONS = {
    "formasi_id": "Formasi",
    "titik_lokasi_id": "Titik lokasi",
    "lokasi": "Lokasi penempatan",
    "jenis_kebutuhan": "Jenis kebutuhan",
    "jenis_kelamin": "Jenis kelamin",
    "usia": "Usia",
    "netra": "Penyandang disabilitas netra",
}
FAIRNESS = ("jenis_kelamin", "usia", "lokasi", "netra")


@dataclass(frozen=True)
class Rate:
    """How one group stands. key : its value; all counts are people.

    scheduled = present + absent + pending; finished <= present; passed <= finished.
    """

    key: Any
    scheduled: int
    present: int
    pending: int
    finished: int
    passed: int

    @property
    def absent(self) -> int:
        """Those whose sesi is over and who never began."""
        return self.scheduled - self.present - self.pending


@dataclass(frozen=True)
class Distribution:
    """How the points of one part are spread.

    counts : (points, people) pairs in the order of points, finished people only.
    quartiles : lower quartile, median, upper quartile; None without people.
    """

    part: str
    counts: tuple[tuple[int, int], ...]
    people: int
    mean: float
    quartiles: tuple[int, int, int] | None


@dataclass(frozen=True)
class Fairness:
    """One group beside the reference group of its dimension.

    rate : passed over finished, 0 to 1. ratio, difference : None for the reference itself and for
        groups too small to conclude from; difference is that of the totals.
    """

    key: Any
    finished: int
    passed: int
    rate: float
    is_reference: bool
    is_too_small: bool
    ratio: ImpactRatio | None
    difference: MeanDifference | None


@cache
def indicators() -> dict[str, Any]:
    """When a difference calls for an explanation, with source and confidence."""
    return tomllib.loads((Path(__file__).parent / "indikator.toml").read_text(encoding="utf-8"))


def rates(session: Session, scope: Scope, rules: RuleSet, dimension: str | None) -> list[Rate]:
    """Counts for each value of a dimension, in the order of values; one row without a dimension."""
    rows = people(scope, rules).subquery()
    summed = ("hadir", "belum", "selesai", "lulus")
    columns = [
        func.count(),
        *(func.coalesce(func.sum(rows.c[name]), 0) for name in summed),
    ]
    if dimension is None:
        return [Rate(None, *map(int, session.execute(select(*columns)).one()))]
    key = rows.c[dimension]
    counted = session.execute(select(key, *columns).group_by(key).order_by(key))
    return [Rate(value, *map(int, numbers)) for value, *numbers in counted]


def distributions(session: Session, scope: Scope, rules: RuleSet) -> list[Distribution]:
    """The spread of each part and of the total."""
    rows = people(scope, rules).subquery()
    return [_distribution(session, rows, part) for part in (*PARTS, TOTAL)]


def _distribution(session: Session, rows: Any, part: str) -> Distribution:
    points = rows.c[part]
    query: Select[Any] = (
        select(points, func.count()).where(rows.c.selesai == 1).group_by(points).order_by(points)
    )
    counts = tuple((int(value), int(count)) for value, count in session.execute(query))
    n = sum(count for _, count in counts)
    if not n:
        return Distribution(part, (), 0, 0.0, None)
    mean = sum(value * count for value, count in counts) / n
    low, middle, high = (_quantile(counts, n, quarter) for quarter in (1, 2, 3))
    return Distribution(part, counts, n, mean, (low, middle, high))


def _quantile(counts: tuple[tuple[int, int], ...], n: int, quarter: int) -> int:
    """The points that at least `quarter` quarters of the people do not exceed."""
    seen = 0
    for value, count in counts:
        seen += count
        if 4 * seen >= quarter * n:
            return value
    return counts[-1][0]


def fairness(session: Session, scope: Scope, rules: RuleSet, dimension: str) -> list[Fairness]:
    """Each group of a dimension beside the reference: the highest pass rate of a group big enough.

    Groups smaller than `jumlah_simpulan` are shown without a conclusion.
    """
    data = indicators()
    rows = people(scope, rules).subquery()
    key = rows.c[dimension]
    query = (
        select(
            key,
            func.count(),
            func.sum(rows.c.lulus),
            func.avg(rows.c[TOTAL]),
            func.avg(rows.c[TOTAL] * rows.c[TOTAL]),
        )
        .where(rows.c.selesai == 1)
        .group_by(key)
        .order_by(key)
    )
    groups = [_Group(*row) for row in session.execute(query)]
    large = [g for g in groups if g.finished >= data["kelompok"]["jumlah_simpulan"]]
    reference = max(large, key=lambda g: (g.passed / g.finished, g.finished), default=None)
    return [_beside(group, reference, group in large, data) for group in groups]


@dataclass(frozen=True)
class _Group:
    key: Any
    finished: int
    passed: int
    mean: float
    mean_square: float

    @property
    def points(self) -> Points:
        n, mean = int(self.finished), float(self.mean)
        spread = fsum((float(self.mean_square), -mean * mean))
        return Points(n, mean, max(0.0, spread * n / (n - 1)) if n > 1 else 0.0)


def _beside(
    group: _Group, reference: _Group | None, is_large: bool, data: dict[str, Any]
) -> Fairness:
    concluded = is_large and reference is not None and group is not reference
    ratio = difference = None
    if concluded and reference is not None:
        ratio = impact_ratio(
            int(group.passed),
            int(group.finished),
            int(reference.passed),
            int(reference.finished),
            limit=data["dampak"]["batas"],
            confidence=data["kelompok"]["kepastian"],
        )
        difference = mean_difference(group.points, reference.points)
    return Fairness(
        key=group.key,
        finished=int(group.finished),
        passed=int(group.passed),
        rate=int(group.passed) / int(group.finished),
        is_reference=group is reference,
        is_too_small=not is_large,
        ratio=ratio,
        difference=difference,
    )
