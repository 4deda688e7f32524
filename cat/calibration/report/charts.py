"""The drawings of one item's page: fit, categories, information, options."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.calibration.diagnostics.distractors import Distractors, OptionRole
from cat.calibration.diagnostics.fitted import category_chances, chance_slopes
from cat.calibration.estimates import Estimate
from cat.calibration.report.empirical import EmpiricalCurve
from cat.calibration.report.numerals import angka, persen
from cat.calibration.report.svg import BLUE, GREY, ORANGE, SERIES, Chart

Floats = NDArray[np.float64]

_THETA = np.linspace(-4, 4, 81)
_TICKS = (-4, -2, 0, 2, 4)
_X_LABEL = "Kemampuan θ (logit)"


def fit_chart(estimate: Estimate, curve: EmpiricalCurve, name: str) -> str:
    """Observed points with 95 % intervals beside the curve. name : unique in the page."""
    points = np.arange(curve.points + 1) @ category_chances(estimate, _THETA)
    outside = [bin for bin in curve.bins if not bin.low <= bin.expected <= bin.high]
    what = "Peluang benar" if curve.points == 1 else "Rata-rata poin"
    chart = Chart(
        name=name,
        title=f"Jawaban dan kurva butir {estimate.item}",
        description=(
            f"{what} naik dari {angka(float(points[0]))} pada kemampuan −4 ke"
            f" {angka(float(points[-1]))} pada +4."
            if points[-1] >= points[0]
            else f"{what} turun dari {angka(float(points[0]))} pada kemampuan −4 ke"
            f" {angka(float(points[-1]))} pada +4."
        )
        + f" Dari {len(curve.bins)} kelompok peserta, {len(outside)} berada di luar rentang 95%.",
        x=(-4, 4),
        y=(0, curve.points),
        x_label=_X_LABEL,
        y_label=what,
        x_ticks=_TICKS,
        y_ticks=_upright(curve.points),
        y_digits=2 if curve.points == 1 else 0,
    )
    chart.line(_THETA.tolist(), points.tolist(), BLUE)
    for bin in curve.bins:
        x = float(np.clip(bin.theta, -4, 4))
        chart.bar(x, bin.low, bin.high, ORANGE)
        chart.mark(x, bin.observed, ORANGE)
    drawn = [bin for bin in curve.bins if -4 <= bin.theta <= 4]
    chart.line([b.theta for b in drawn], [b.expected for b in drawn], GREY, "4 3")
    chart.legend("Kurva butir", BLUE)
    chart.legend("Diharapkan dari jawaban lain", GREY, dash="4 3")
    chart.legend("Teramati, dengan rentang 95%", ORANGE, dash=None, shape="circle")
    return chart.svg()


def category_chart(estimate: Estimate, name: str) -> str:
    """Chance of each category, of an item with ordered categories."""
    table = category_chances(estimate, _THETA)
    chart = Chart(
        name=name,
        title=f"Peluang setiap kategori butir {estimate.item}",
        description="; ".join(
            f"kategori {k} paling sering di kemampuan {angka(float(_THETA[row.argmax()]), 1)}"
            for k, row in enumerate(table)
            if k in estimate.used
        )
        + ".",
        x=(-4, 4),
        y=(0, 1),
        x_label=_X_LABEL,
        y_label="Peluang",
        x_ticks=_TICKS,
        y_ticks=(0, 0.25, 0.5, 0.75, 1),
        y_digits=2,
    )
    for k in estimate.used:
        color, dash, _ = SERIES[k % len(SERIES)]
        chart.line(_THETA.tolist(), table[k].tolist(), color, dash)
        chart.legend(f"Kategori {k}", color, dash=dash)
    return chart.svg()


def information(estimate: Estimate, theta: Floats) -> Floats:
    """(Q,) Fisher information, 1/logit**2; also of an item whose slope is below 0."""
    log_p, slope = chance_slopes(estimate, theta)
    return np.asarray((np.exp(log_p) * slope**2).sum(axis=0))


def information_chart(estimate: Estimate, name: str) -> str:
    """Where the item tells abilities apart."""
    values = information(estimate, _THETA)
    top = float(values.max())
    at = float(_THETA[values.argmax()])
    high = max(top * 1.05, 0.1)
    chart = Chart(
        name=name,
        title=f"Informasi butir {estimate.item}",
        description=f"Informasi terbesar {angka(top)} pada kemampuan {angka(at, 1)}.",
        x=(-4, 4),
        y=(0, high),
        x_label=_X_LABEL,
        y_label="Informasi (1/logit²)",
        x_ticks=_TICKS,
        y_ticks=_even(high),
        y_digits=2,
    )
    chart.line(_THETA.tolist(), values.tolist(), BLUE)
    return chart.svg()


def option_chart(options: Distractors, name: str) -> str:
    """Who chooses which option: shares in fifths of the score on the other items."""
    groups = len(options.options[0].trace.trace)
    words = {
        OptionRole.KEY: "kunci",
        OptionRole.KEY_FAILS: "kunci, tidak naik",
        OptionRole.RISES: "dipilih peserta kuat",
        OptionRole.IDLE: "hampir tidak dipilih",
        OptionRole.WORKS: "pengecoh",
    }
    chart = Chart(
        name=name,
        title=f"Pilihan jawaban butir {options.item}",
        description="; ".join(
            f"opsi {o.trace.option} ({words[o.role]}): dari {persen(o.trace.trace[0])} ke"
            f" {persen(o.trace.trace[-1])}"
            for o in options.options
        )
        + ".",
        x=(0.5, groups + 0.5),
        y=(0, 1),
        x_label="Peserta, dari seperlima terlemah sampai terkuat",
        y_label="Bagian yang memilih",
        x_ticks=range(1, groups + 1),
        y_ticks=(0, 0.25, 0.5, 0.75, 1),
        y_digits=2,
    )
    places = list(range(1, groups + 1))
    for n, option in enumerate(options.options):
        color, dash, shape = SERIES[n % len(SERIES)]
        chart.line(places, option.trace.trace, color, dash)
        for x, share in zip(places, option.trace.trace, strict=True):
            chart.mark(x, share, color, shape)
        label = f"Opsi {option.trace.option} ({words[option.role]})"
        chart.legend(label, color, dash=dash, shape=shape)
    return chart.svg()


def _upright(points: int) -> tuple[float, ...]:
    return (0, 0.25, 0.5, 0.75, 1) if points == 1 else tuple(range(points + 1))


def _even(high: float) -> list[float]:
    """Ticks from 0 at a round distance, some four to six of them."""
    unit = 10 ** np.floor(np.log10(high))
    step = next(unit * part for part in (0.1, 0.2, 0.5, 1, 2) if high / (unit * part) <= 6)
    return [float(tick) for tick in np.arange(0, high, max(step, 0.01))]
