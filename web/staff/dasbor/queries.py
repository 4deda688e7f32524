"""What the dashboard shows: figures with words for their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cat.ketentuan.bentuk_tes import TOTAL
from cat.ketentuan.ruleset import RuleSet
from web.db import db
from web.operations.dasbor import figures
from web.operations.dasbor.figures import Distribution, Fairness, Rate
from web.operations.dasbor.scope import Scope
from web.staff.dasbor.charts import Histogram, RatioChart, histogram, ratio_chart
from web.tables import Formasi, Instansi, Jabatan, TitikLokasi

_WORDS = {
    "jenis_kelamin": {"L": "Laki-laki", "P": "Perempuan"},
    "netra": {False: "Bukan netra", True: "Netra"},
}


@dataclass(frozen=True)
class Spread:
    """One part's distribution with its chart."""

    name: str
    distribution: Distribution
    chart: Histogram | None


@dataclass(frozen=True)
class FairnessView:
    """One dimension's comparison of groups, with its chart where anything can be concluded."""

    name: str
    rows: tuple[tuple[str, Fairness], ...]
    chart: RatioChart | None


def years() -> list[int]:
    """Years that have formasi, newest first."""
    return list(db.session.scalars(select(Formasi.tahun).distinct().order_by(Formasi.tahun.desc())))


def agencies(tahun: int) -> Sequence[Instansi]:
    """Agencies with formasi in that year."""
    chosen = select(Formasi.instansi_id).where(Formasi.tahun == tahun)
    return db.session.scalars(
        select(Instansi).where(Instansi.id.in_(chosen)).order_by(Instansi.nama)
    ).all()


def overall(scope: Scope, rules: RuleSet) -> Rate:
    """All participants of the scope together."""
    return figures.rates(db.session(), scope, rules, None)[0]


def breakdown(scope: Scope, rules: RuleSet, dimension: str) -> list[tuple[str, Rate]]:
    """Rates of every group, each with its name."""
    rows = figures.rates(db.session(), scope, rules, dimension)
    names = _names(dimension, rules)
    return [(names.get(row.key, str(row.key)), row) for row in rows]


def spreads(scope: Scope, rules: RuleSet) -> list[Spread]:
    """The distribution of each part and of the total; lines show the general ambang batas."""
    names = {part.kode: part.nama for part in rules.bagian} | {TOTAL: "Jumlah"}
    most = {part.kode: part.nilai_maks for part in rules.bagian} | {TOTAL: rules.nilai_maks}
    general = rules.get_ambang_batas("umum").minimums
    return [
        Spread(
            names[each.part],
            each,
            histogram(names[each.part], each, most[each.part], general.get(each.part)),
        )
        for each in figures.distributions(db.session(), scope, rules)
    ]


def fairness(scope: Scope, rules: RuleSet) -> list[FairnessView]:
    """The comparison of groups, dimension by dimension."""
    return [_fairness(scope, rules, dimension) for dimension in figures.FAIRNESS]


def _fairness(scope: Scope, rules: RuleSet, dimension: str) -> FairnessView:
    names, title = _names(dimension, rules), figures.DIMENSIONS[dimension]
    found = figures.fairness(db.session(), scope, rules, dimension)
    rows = tuple((names.get(row.key, str(row.key)), row) for row in found)
    drawn = [
        (name, row.ratio.ratio, row.ratio.low, row.ratio.high) for name, row in rows if row.ratio
    ]
    limit = figures.indicators()["dampak"]["batas"]
    return FairnessView(title, rows, ratio_chart(title, drawn, limit) if drawn else None)


def _names(dimension: str, rules: RuleSet) -> dict[Any, str]:
    if dimension == "formasi_id":
        rows = db.session.execute(
            select(Formasi.id, Formasi.kode, Jabatan.nama, Formasi.lokasi).join(Formasi.jabatan)
        )
        return {row.id: f"{row.kode} · {row.nama}, {row.lokasi}" for row in rows}
    if dimension == "titik_lokasi_id":
        return dict(db.session.execute(select(TitikLokasi.id, TitikLokasi.nama)).tuples().all())
    if dimension == "jenis_kebutuhan":
        return {row.jenis_kebutuhan: row.nama for row in rules.ambang_batas}
    return _WORDS.get(dimension, {})
