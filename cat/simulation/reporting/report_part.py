"""What the report says of one part: measures turned into rows, words and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cat.simulation.measuring.classification import AtDistance, Classification
from cat.simulation.measuring.item_use import Exposure, ItemUse, Lengths, LimitCheck
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.measuring.recovery import ThetaGroup
from cat.simulation.reporting import plots
from cat.simulation.reporting.numerals import angka, persen, rentang
from cat.simulation.reporting.verdicts import Verdict, truly, verdicts

_BUSIEST = 10
# Rows that a table of lengths has at most.
_LENGTH_ROWS = 8
# Share of all people that an ability group needs before its own exposure means something.
_PEOPLED = 0.01


@dataclass(frozen=True)
class CountRow:
    """People with something in common, and their share of all."""

    label: str
    persons: int
    share: float


@dataclass(frozen=True)
class DomainRow:
    """Items of one domain: how many, how many were used, and the highest exposure rate."""

    domain: str
    items: int
    used: int
    highest: float


@dataclass(frozen=True)
class LimitRow:
    """One rule of the blueprint with its bounds and what happened, in words."""

    check: LimitCheck
    bounds: str
    seen: str


@dataclass(frozen=True)
class CutView:
    """Decisions at one cut. distances : (label, figures) pairs."""

    classification: Classification
    value: str
    unit: str
    chart: Markup
    distances: tuple[tuple[str, AtDistance], ...]


@dataclass(frozen=True)
class PartView:
    """Everything that the template prints of one part. charts : name -> inline SVG or None."""

    slug: str
    measures: PartMeasures
    opening: str
    truly: str
    verdicts: tuple[Verdict, ...]
    charts: dict[str, Markup | None]
    groups: tuple[tuple[str, ThetaGroup], ...]
    exposure_rows: tuple[tuple[str, str], ...]
    busiest: tuple[ItemUse, ...]
    domains: tuple[DomainRow, ...]
    limits: tuple[LimitRow, ...]
    lengths: tuple[CountRow, ...]
    reasons: tuple[CountRow, ...]
    cuts: tuple[CutView, ...]


def part_view(measures: PartMeasures, slug: str) -> PartView:
    """Rows, words and charts of one part; slug : unique in the page, starts its ids."""
    groups = tuple((_group_label(each), each) for each in measures.groups if each.persons)
    exposure = measures.exposure
    return PartView(
        slug=slug,
        measures=measures,
        opening=_opening(measures),
        truly=truly(measures),
        verdicts=verdicts(measures),
        charts=_charts(measures, slug),
        groups=groups,
        exposure_rows=_exposure_rows(measures),
        busiest=tuple(sorted(exposure.items, key=lambda item: -item.rate)[:_BUSIEST]),
        domains=_domains(exposure),
        limits=tuple(_limit_row(check) for check in measures.blueprint.limits),
        lengths=_length_rows(measures.length, measures.persons),
        reasons=tuple(
            CountRow(label, count, count / measures.persons)
            for label, count in measures.reasons
            if count
        ),
        cuts=tuple(
            _cut_view(each, f"{slug}-ambang-{n}")
            for n, each in enumerate(measures.classifications, start=1)
        ),
    )


def _charts(measures: PartMeasures, slug: str) -> dict[str, Markup | None]:
    length = measures.length
    has_bias = measures.accuracy is not None
    varies = length.fewest < length.most
    return {
        "bias": Markup(plots.bias_chart(measures.groups, f"{slug}-bias")) if has_bias else None,
        "precision": Markup(plots.precision_chart(measures, f"{slug}-galat")),
        "exposure": Markup(plots.exposure_chart(measures.exposure, f"{slug}-paparan")),
        "length": Markup(plots.length_chart(length, f"{slug}-panjang")) if varies else None,
    }


def _opening(measures: PartMeasures) -> str:
    length = measures.length
    items = (
        f"tepat {angka(length.fewest)}"
        if length.fewest == length.most
        else f"{angka(length.fewest)} sampai {angka(length.most)}"
    )
    return (
        f"{angka(measures.persons)} orang masing-masing mengerjakan {items} butir dari bank berisi"
        f" {angka(measures.bank)} butir."
    )


def _group_label(group: ThetaGroup) -> str:
    lower, upper = (angka(x, 1, is_signed=True) for x in (group.lower, group.upper))
    if group.lower is None:
        return f"di bawah {upper}"
    if group.upper is None:
        return f"mulai {lower}"
    return f"{lower} … {upper}"


def _exposure_rows(measures: PartMeasures) -> tuple[tuple[str, str], ...]:
    exposure = measures.exposure
    names = {0.5: "Median butir", 0.75: "Kuartil atas", 0.9: "Persentil ke-90"}
    rows = [("Paparan tertinggi", persen(exposure.highest, 1))]
    peopled = [g for g in measures.groups if g.persons >= _PEOPLED * measures.persons]
    in_groups = [g.highest_exposure for g in peopled if g.highest_exposure is not None]
    if in_groups:
        rows.append(("Tertinggi di satu kelompok kemampuan", persen(max(in_groups), 1)))
    if exposure.limit is not None:
        rows.append(("Batas paparan", persen(exposure.limit, 1)))
        rows.append(("Butir di atas batas", angka(exposure.above_limit)))
    for share, rate in reversed(exposure.quantiles):
        if share in names:
            rows.append((names[share], persen(rate, 1)))
    rows += [
        ("Butir pernah muncul", f"{angka(exposure.used_items)} dari {angka(len(exposure.items))}"),
        ("Tumpang tindih dua orang", persen(exposure.overlap, 1)),
    ]
    return tuple(rows)


def _domains(exposure: Exposure) -> tuple[DomainRow, ...]:
    rows = []
    for domain in sorted({item.domain for item in exposure.items}):
        rates = [item.rate for item in exposure.items if item.domain == domain]
        rows.append(DomainRow(domain, len(rates), sum(rate > 0 for rate in rates), max(rates)))
    return tuple(rows)


def _limit_row(check: LimitCheck) -> LimitRow:
    figures = (check.lower, check.upper, check.fewest, check.most)
    digits = 0 if all(x is None or x == round(x) for x in figures) else 1
    seen = angka(check.fewest, digits)
    if check.most != check.fewest:
        seen += f" sampai {angka(check.most, digits)}"
    return LimitRow(check, f"batas: {rentang(check.lower, check.upper, digits)}", seen)


def _length_rows(length: Lengths, persons: int) -> tuple[CountRow, ...]:
    width = -(-(length.most - length.fewest + 1) // _LENGTH_ROWS)
    rows = []
    for low in range(length.fewest, length.most + 1, width):
        high = min(low + width - 1, length.most)
        inside = sum(count for size, count in length.histogram if low <= size <= high)
        label = angka(low) if low == high else f"{angka(low)} … {angka(high)}"
        rows.append(CountRow(label, inside, inside / persons))
    return tuple(rows)


def _cut_view(classification: Classification, name: str) -> CutView:
    is_points = classification.scale == "nilai"
    digits = 0 if is_points else 2
    unit = "poin" if is_points else "logit"
    labels = _distance_labels(classification.by_distance, digits)
    return CutView(
        classification=classification,
        value=f"{angka(classification.cut, digits, is_signed=not is_points)} {unit}",
        unit=unit,
        chart=Markup(plots.distance_chart(classification, labels, name)),
        distances=tuple(zip(labels, classification.by_distance, strict=True)),
    )


def _distance_labels(distances: Sequence[AtDistance], digits: int) -> list[str]:
    return [
        f"mulai {angka(at.lower, digits)}"
        if at.upper is None
        else f"{angka(at.lower, digits)} – {angka(at.upper, digits)}"
        for at in distances
    ]
