"""One item on one page: its figures, drawings and verdict, for a template or a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.report.charts import (
    category_chart,
    fit_chart,
    information_chart,
    option_chart,
)
from cat.calibration.report.empirical import EmpiricalCurve, empirical_curves
from cat.calibration.report.numerals import angka
from cat.calibration.review import ItemReview
from cat.calibration.verdict import Rules, Verdict, judge


@dataclass(frozen=True)
class ItemPage:
    """figures : names and values in the order they are read. charts : kind -> SVG, each with title
    and description; none for an item that was left out of the calibration."""

    item: str
    verdict: Verdict
    figures: tuple[tuple[str, str], ...]
    charts: Mapping[str, str]


def item_pages(fitted: Fitted, reviews: Sequence[ItemReview], rules: Rules) -> tuple[ItemPage, ...]:
    """Pages of the items reviewed."""
    curves = empirical_curves(fitted, [review.item for review in reviews])
    return tuple(
        ItemPage(
            item=review.item,
            verdict=judge(review, rules),
            figures=figures(review),
            charts=charts(review, curves[review.item]),
        )
        for review in reviews
    )


def charts(review: ItemReview, curve: EmpiricalCurve) -> dict[str, str]:
    """The item's drawings by kind: kecocokan, kategori, informasi, opsi."""
    one = review.estimate
    prefix = "butir-" + re.sub(r"[^A-Za-z0-9]+", "-", one.item)
    found: dict[str, str] = {}
    if one.b:
        found["kecocokan"] = fit_chart(one, curve, f"{prefix}-kecocokan")
        if curve.points > 1:
            found["kategori"] = category_chart(one, f"{prefix}-kategori")
        found["informasi"] = information_chart(one, f"{prefix}-informasi")
    if review.options:
        found["opsi"] = option_chart(review.options, f"{prefix}-opsi")
    return found


def figures(review: ItemReview) -> tuple[tuple[str, str], ...]:
    """What the page prints in its table."""
    one = review.estimate
    rows = [("Model", one.model.value), ("Jawaban", angka(one.answers, 0))]
    if one.b:
        rows.append(("Daya beda a", _with_error(one.a, one.a_se)))
        names = ["Kesukaran b"] if len(one.b) == 1 else [f"b{k + 1}" for k in range(len(one.b))]
        rows += [
            (name, _with_error(b, se)) for name, b, se in zip(names, one.b, one.b_se, strict=True)
        ]
    if one.c > 0:
        rows.append(("Peluang tebakan c", _with_error(one.c, one.c_se)))
    if review.fit:
        rows.append(("Kecocokan S-X²", _fit(review)))
    rows += [
        (
            f"DIF {by}",
            found.refused or f"kelas {found.ets}, selisih {angka(found.p_dif)} poin",
        )
        for by, found in review.dif.items()
    ]
    if review.drift:
        rows.append(("Geseran", f"{angka(review.drift.displacement)} logit"))
    return tuple(rows)


def _fit(review: ItemReview) -> str:
    fit = review.fit
    if fit is None or fit.refused:
        return "tidak dapat dihitung"
    return f"{angka(fit.x2)} (df {fit.df}, p {angka(fit.p, 3)}, RMSEA {angka(fit.rmsea, 3)})"


def _with_error(value: float, error: float) -> str:
    return f"{angka(value)} (galat baku {angka(error)})"
