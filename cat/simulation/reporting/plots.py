"""The charts of a report as inline SVG: the same numbers give the same bytes.

Colours are Okabe and Ito's, told apart by people with any colour vision; shapes and dashes repeat
what the colours say. Text stays text and takes the font of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cat.simulation.measuring.classification import Classification
from cat.simulation.measuring.item_use import Exposure, Lengths
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.measuring.recovery import GROUP_EDGES, ThetaGroup
from cat.simulation.reporting.numerals import angka, persen
from cat.simulation.reporting.svg import inline_svg

BLUE, ORANGE, GREY, INK = "#0072b2", "#b34700", "#5b6b76", "#16242d"
_PALE = "#bcd4e6"
_GRID = "#dde4e9"
# One unit of the SVG is one point of the figure; narrow, so that phones can still read the text.
_WIDTH, _HEIGHT = 390, 280
_HALF_95 = 1.96
# What the RMSE is, by what the estimates were compared with.
_MADE = {"true": "Galat yang terjadi (RMSE)", "full_bank": "Selisih dari semua jawaban (RMSE)"}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cat.simulation",
    "font.family": "DejaVu Sans",
    "font.size": 13.0,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 13.0,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelcolor": INK,
    "grid.color": _GRID,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 13.0,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.5,
}


def bias_chart(groups: Sequence[ThetaGroup], name: str) -> str:
    """Bias of each ability group with its 95 % Monte-Carlo interval."""
    known = [group for group in groups if group.bias.value is not None]
    values = [group.bias.value or 0.0 for group in known]
    margins = [_HALF_95 * (group.bias.mcse or 0.0) for group in known]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _canvas()
        axes.axhline(0, color=GREY, linewidth=1.2)
        axes.errorbar(
            [_middle(group) for group in known],
            values,
            yerr=margins,
            fmt="o",
            color=BLUE,
            elinewidth=1.4,
            capsize=3,
        )
        reach = max([abs(v) + m for v, m in zip(values, margins, strict=True)] + [0.1]) * 1.1
        axes.set_ylim(-reach, reach)
        axes.set_title("Rata-rata selisih taksiran (logit)")
        _theta_axis(axes)
        _decimals(axes, 2, is_signed=True)
        desc = _worst_bias(known)
        return inline_svg(figure, name, "Selisih taksiran menurut kemampuan", desc)


def precision_chart(measures: PartMeasures, name: str) -> str:
    """Standard error promised, error made and the least that the bank allows, over ability."""
    groups = [group for group in measures.groups if group.persons]
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH / 72, 1.35 * _HEIGHT / 72), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.2, 1])
        middles = [_middle(group) for group in groups]
        promised = [group.mean_se.value or 0.0 for group in groups]
        above.plot(middles, promised, "-o", color=BLUE, label="Galat baku yang dilaporkan")
        if measures.accuracy is not None:
            made = [group.rmse.value or 0.0 for group in groups]
            above.plot(middles, made, "--s", color=ORANGE, label=_MADE[measures.truth])
        if measures.least_se:
            theta, least = zip(*measures.least_se, strict=True)
            above.plot(theta, least, ":", color=INK, label="Terkecil yang mungkin dari bank")
        if measures.target_se is not None:
            above.axhline(measures.target_se, color=GREY, dashes=(6, 3, 1, 3), label="Sasaran")
        above.set_ylim(bottom=0)
        above.set_title("Galat baku (logit); makin rendah makin teliti")
        _legend(figure, above)
        below.bar(middles, [group.persons for group in groups], width=0.44, color=_PALE)
        below.set_title("Banyaknya orang")
        below.yaxis.set_major_locator(MaxNLocator(2, integer=True))
        below.yaxis.set_major_formatter(FuncFormatter(lambda value, _: angka(value)))
        _theta_axis(below)
        _decimals(above, 2)
        desc = (
            f"Galat baku rata-rata {angka(min(promised), 2)} sampai {angka(max(promised), 2)} logit"
            " di sepanjang skala kemampuan; angka lengkap ada di tabel."
        )
        return inline_svg(figure, name, "Ketelitian menurut kemampuan", desc)


def exposure_chart(exposure: Exposure, name: str) -> str:
    """Exposure rates from the most to the least used item, with the policy's limit."""
    rates = sorted((item.rate for item in exposure.items), reverse=True)
    with matplotlib.rc_context(_STYLE):
        figure, axes = _canvas()
        places = range(1, len(rates) + 1)
        axes.fill_between(places, rates, step="mid", color=_PALE, linewidth=0)
        axes.step(places, rates, where="mid", color=BLUE, label="Butir")
        if exposure.limit is not None:
            axes.axhline(exposure.limit, color=ORANGE, dashes=(5, 3), label="Batas paparan")
            _legend(figure, axes)
        axes.set_ylim(0, min(1.0, max(rates[0], exposure.limit or 0.0, 0.01) * 1.12))
        axes.set_xlim(0.5, len(rates) + 0.5)
        axes.set_title("Bagian peserta yang melihat butir")
        axes.set_xlabel("Butir, urut dari yang paling sering muncul")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: angka(value)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: persen(round(value, 6))))
        desc = (
            f"Paparan turun dari {persen(rates[0])} ke {persen(rates[-1])} pada {len(rates)} butir;"
            f" {angka(exposure.used_items)} butir pernah muncul."
        )
        return inline_svg(figure, name, "Paparan setiap butir", desc)


def length_chart(length: Lengths, name: str) -> str:
    """How many people answered how many items."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _canvas()
        sizes, persons = zip(*length.histogram, strict=True)
        axes.bar(sizes, persons, width=0.85, color=BLUE)
        axes.set_title("Banyaknya orang")
        axes.set_xlabel("Banyaknya butir dalam tes")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: angka(value)))
        desc = (
            f"Tes sepanjang {length.fewest} sampai {length.most} butir,"
            f" rata-rata {angka(length.mean, 1)}."
        )
        return inline_svg(figure, name, "Panjang tes", desc)


def distance_chart(classification: Classification, labels: Sequence[str], name: str) -> str:
    """Share of wrong decisions by distance from the cut; labels name the distances."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _canvas()
        shares = [at.misclassified.value or 0.0 for at in classification.by_distance]
        bars = axes.bar(labels, shares, width=0.7, color=ORANGE)
        texts = [persen(at.misclassified.value, 1) for at in classification.by_distance]
        axes.bar_label(bars, labels=texts, padding=2)
        axes.set_ylim(0, max([*shares, 0.05]) * 1.15)
        unit = "poin" if classification.scale == "nilai" else "logit"
        axes.set_title("Bagian orang yang salah diputuskan")
        axes.set_xlabel(f"Jarak nilai sebenarnya dari ambang ({unit})")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: persen(round(value, 6))))
        desc = "; ".join(f"jarak {a}: {b}" for a, b in zip(labels, texts, strict=True)) + "."
        return inline_svg(figure, name, "Salah keputusan menurut jarak dari ambang", desc)


def _canvas() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72), layout="constrained")
    return figure, figure.add_subplot()


def _middle(group: ThetaGroup) -> float:
    half = float(GROUP_EDGES[1] - GROUP_EDGES[0]) / 2
    if group.lower is not None:
        return group.lower + half
    return (group.upper or 0.0) - half


def _worst_bias(groups: Sequence[ThetaGroup]) -> str:
    if not groups:
        return "Tidak ada kelompok."
    worst = max(groups, key=lambda group: abs(group.bias.value or 0.0))
    return (
        f"Selisih terbesar {angka(worst.bias.value, 3, is_signed=True)} logit, pada kemampuan"
        f" sekitar {angka(_middle(worst), 2)}. Garis tegak menunjukkan galat simulasi."
    )


def _theta_axis(axes: Axes) -> None:
    axes.set_xlim(-3.6, 3.6)
    axes.set_xticks(range(-3, 4), [angka(tick, is_signed=True) for tick in range(-3, 4)])
    axes.set_xlabel("Kemampuan θ (logit)")


def _decimals(axes: Axes, digits: int, is_signed: bool = False) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: angka(round(value, 6), digits, is_signed))
    )


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=1, handlelength=2.4)
