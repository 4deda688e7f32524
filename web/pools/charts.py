"""Drawings of reports and of the bank's health, each with its words for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cat.calibration.report.svg import BLUE, GREEN, GREY, ORANGE, Chart
from cat.publication.health import THETA, Health
from cat.simulation.reporting.numerals import angka, persen
from web.operations.kisi_kisi.kesehatan import PartHealth
from web.operations.kisi_kisi.telaah import YEAR

_TICKS = (-3, -2, -1, 0, 1, 2, 3)
_ABILITY = "Kemampuan θ (logit)"


@dataclass(frozen=True)
class Usage:
    """How the active items of a part were used. rates : highest first, those that were met.

    never : items that no sitting answered, of those that some pool offered.
    years : mean age since first use, of the used ones; oldest : the highest. last_at : when.
    """

    used: int
    never: int
    highest: float | None
    mean: float | None
    years: float | None
    oldest: float | None
    last_at: int | None


def usage(part: PartHealth, now: int) -> Usage:
    """The use of a part in real sittings, in a few figures."""
    rates = [use.rate for use in part.uses if use.rate is not None]
    ages = [(now - use.first_at) / YEAR for use in part.uses if use.first_at is not None]
    return Usage(
        used=sum(use.sittings > 0 for use in part.uses),
        never=sum(use.offered > 0 and use.sittings == 0 for use in part.uses),
        highest=max(rates, default=None),
        mean=sum(rates) / len(rates) if rates else None,
        years=sum(ages) / len(ages) if ages else None,
        oldest=max(ages, default=None),
        last_at=max((use.last_at for use in part.uses if use.last_at is not None), default=None),
    )


def information_chart(health: Health) -> Markup:
    """What tests can gain at each ability beside what the target asks for."""
    theta, supply, free = THETA.tolist(), health.supply.tolist(), health.free.tolist()
    top = max(max(free), health.target, 0.1) * 1.08
    weak = health.weak
    words = (
        "Sasaran tercapai di semua kemampuan."
        if not weak
        else f"Sasaran tidak tercapai pada {len(weak)} dari {len(theta)} titik, dari"
        f" {angka(weak[0], 2, is_signed=True)} sampai {angka(weak[-1], 2, is_signed=True)}."
    )
    chart = Chart(
        name=f"informasi-{health.part}",
        title=f"Informasi yang dapat dicapai tes {health.part}",
        description=(
            f"Sasaran {angka(health.target, 2)} untuk galat baku {angka(health.se, 2)}; pada"
            f" kemampuan 0 tes mencapai {angka(supply[len(theta) // 2], 2)} dengan batas paparan."
            f" {words}"
        ),
        x=(-3, 3),
        y=(0, top),
        x_label=_ABILITY,
        y_label="Informasi tes (1/logit²)",
        x_ticks=_TICKS,
        y_ticks=[top * share / 4 for share in range(5)],
    )
    chart.line(theta, free, GREY, "2 3")
    chart.line(theta, supply, BLUE)
    chart.line([-3, 3], [health.target] * 2, ORANGE, "7 3")
    chart.legend(f"Sasaran galat baku {angka(health.se, 2)}", ORANGE, "7 3")
    chart.legend(f"Butir aktif, paparan paling banyak {persen(health.r_max)}", BLUE)
    chart.legend("Butir aktif, tanpa batas paparan", GREY, "2 3")
    return Markup(chart.svg())


def report_charts(report: Mapping[str, Any]) -> dict[str, list[Markup]]:
    """Part -> its drawings: precision, bias, exposure."""
    return {
        part: [_precision(part, data), _bias(part, data), _exposure(part, data)]
        for part, data in report["bagian"].items()
    }


def _groups(data: Mapping[str, Any], key: str) -> tuple[list[float], list[float]]:
    rows = [row for row in data["kelompok"] if row["orang"] and row[key] is not None]
    return [_middle(row) for row in rows], [row[key] for row in rows]


def _middle(row: Mapping[str, Any]) -> float:
    if row["dari"] is None:
        return float(row["sampai"]) - 0.25
    return float(row["dari"]) + 0.25


def _precision(part: str, data: Mapping[str, Any]) -> Markup:
    x, se = _groups(data, "se")
    at, rmse = _groups(data, "rmse")
    least = [pair for pair in data["se_terkecil"] if -3 <= pair[0] <= 3]
    top = max([*se, *rmse, *[pair[1] for pair in least], 0.1]) * 1.08
    worst = max(zip(se, x, strict=True), default=(0.0, 0.0))
    chart = Chart(
        name=f"ketelitian-{part}",
        title=f"Galat baku menurut kemampuan, {part}",
        description=f"Galat baku terbesar {angka(worst[0], 2)} pada θ {angka(worst[1], 2)}.",
        x=(-3.5, 3.5),
        y=(0, top),
        x_label=_ABILITY,
        y_label="Galat (logit)",
        x_ticks=_TICKS,
        y_ticks=[top * share / 4 for share in range(5)],
        y_digits=2,
    )
    if least:
        chart.line([pair[0] for pair in least], [pair[1] for pair in least], GREY, "2 3")
        chart.legend("Terkecil yang dimungkinkan bank", GREY, "2 3")
    chart.line(x, se, BLUE)
    _marks(chart, at, rmse, ORANGE, "square")
    chart.legend("Galat baku yang dijanjikan", BLUE)
    chart.legend("Galat yang terjadi (RMSE)", ORANGE, None, "square")
    return Markup(chart.svg())


def _bias(part: str, data: Mapping[str, Any]) -> Markup:
    x, bias = _groups(data, "bias")
    reach = max([*map(abs, bias), 0.1]) * 1.1
    worst = max(zip(map(abs, bias), x, strict=True), default=(0.0, 0.0))
    chart = Chart(
        name=f"bias-{part}",
        title=f"Selisih taksiran menurut kemampuan, {part}",
        description=f"Selisih terbesar {angka(worst[0], 3)} logit pada θ {angka(worst[1], 2)}.",
        x=(-3.5, 3.5),
        y=(-reach, reach),
        x_label=_ABILITY,
        y_label="Taksiran dikurangi kemampuan sebenarnya (logit)",
        x_ticks=_TICKS,
        y_ticks=[-reach, -reach / 2, 0, reach / 2, reach],
        y_digits=2,
    )
    chart.line([-3.5, 3.5], [0, 0], GREY, "4 3")
    _marks(chart, x, bias, BLUE, "circle")
    return Markup(chart.svg())


def _exposure(part: str, data: Mapping[str, Any]) -> Markup:
    rates, limit = data["paparan"], data["r_maks"]
    top = max([*rates, limit or 0.0, 0.05]) * 1.08
    chart = Chart(
        name=f"paparan-{part}",
        title=f"Paparan butir, {part}",
        description=(
            f"{angka(len(rates))} butir dari yang paling sering; tertinggi {persen(rates[0], 1)},"
            f" {angka(sum(rate == 0 for rate in rates))} tidak pernah muncul."
        ),
        x=(0, len(rates)),
        y=(0, top),
        x_label="Butir, dari yang paling sering muncul",
        y_label="Bagian peserta yang melihat",
        x_ticks=[0, len(rates) // 2, len(rates)],
        y_ticks=[top * share / 4 for share in range(5)],
        y_digits=2,
    )
    if limit is not None:
        chart.line([0, len(rates)], [limit] * 2, ORANGE, "7 3")
        chart.legend(f"Batas kebijakan {persen(limit)}", ORANGE, "7 3")
    chart.line(list(range(1, len(rates) + 1)), rates, GREEN)
    return Markup(chart.svg())


def _marks(chart: Chart, x: Sequence[float], y: Sequence[float], color: str, shape: str) -> None:
    for a, b in zip(x, y, strict=True):
        chart.mark(a, b, color, shape)
