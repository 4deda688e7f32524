"""What is known of each estimated item after a run: fit, dependence, groups, options, a verdict.

What needs everybody to have answered the same items is left out where that is not so, and the page
of the item says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from cat.calibration.abilities import abilities
from cat.calibration.diagnostics.dif import Dif, purified_dif
from cat.calibration.diagnostics.distractors import Distractors
from cat.calibration.diagnostics.drift import FEWEST_COMMON, Drift, link_without_drift
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import s_x2
from cat.calibration.diagnostics.local_dependence import local_dependence
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated
from cat.calibration.report.empirical import empirical_curves
from cat.calibration.report.page import charts, figures
from cat.calibration.review import ItemReview
from cat.calibration.verdict import Rules, judge, read_rules
from cat.errors import CatError
from web.operations.kalibrasi.bahan import Material
from web.operations.kalibrasi.beda_kelompok import Difference, differences
from web.operations.kalibrasi.dokumen import number
from web.operations.kalibrasi.pilihan import traces
from web.operations.kalibrasi.rancangan import GROUPINGS

RULES = Path(__file__).resolve().parents[3] / "seeds" / "kalibrasi" / "aturan_telaah.toml"
MOST_PAIRED = 300  # items whose pairs are judged one by one
FEWEST_FOR_DRIFT = 200


@dataclass(frozen=True)
class Assessment:
    """report : plain data of the page. verdict : one sentence in Indonesian."""

    report: dict[str, Any]
    verdict: str


@cache
def rules() -> Rules:
    """The rules of verdicts, read once; raises BadRules."""
    return read_rules(RULES)


def assess(
    found: Calibrated, given: Material, drift: Sequence[Drift], items: Collection[str]
) -> dict[str, Assessment]:
    """Judge some of the items that were estimated or held."""
    fitted = Fitted(given.answers, found)
    fits = {one.item: one for one in s_x2(fitted)}
    dependence = local_dependence(fitted) if len(given.answers.items) <= MOST_PAIRED else None
    moved = {one.item: one for one in drift}
    options = {one.item: one for one in _options(found, given)}
    matched, modelled = _groups(found, given)
    curves = empirical_curves(fitted, items)
    judged = {}
    for one in found.items:
        if one.item not in items:
            continue
        review = ItemReview(
            estimate=one,
            fit=fits.get(one.item),
            partners=tuple(dependence.partners(one.item)) if dependence else (),
            dif={name: by[one.item] for name, by in matched.items()},
            drift=moved.get(one.item),
            options=options.get(one.item),
        )
        verdict = judge(review, rules())
        report = {
            "tingkat": verdict.level,
            "temuan": [asdict(each) for each in verdict.findings],
            "aturan": verdict.rules,
            "angka": [list(row) for row in figures(review)],
            "gambar": charts(review, curves[one.item]),
            "kecocokan": _plain(asdict(review.fit)) if review.fit else None,
            "pilihan": _option_rows(review.options),
            "kelompok": _group_rows(matched, modelled, one.item),
        }
        judged[one.item] = Assessment(report, verdict.conclusion)
    return judged


def anchor_drift(found: Calibrated, given: Material) -> tuple[Drift, ...]:
    """How far each anchor lies from where it was, after a free calibration of all of them.

    Empty where too few of them have enough answers to tell.
    """
    counts = dict(zip(given.answers.items, given.answers.counts.tolist(), strict=True))
    anchors = [one for one in given.fixed if counts[one.item] >= FEWEST_FOR_DRIFT]
    if len(anchors) < FEWEST_COMMON:
        return ()
    own = given.answers.only_items([one.item for one in anchors])
    models = {one.item: one.model.value for one in anchors}
    held = [one for one in found.items if one.item in models]
    try:
        free = calibrate(own, models, priors=given.plan.priors, standard_errors="none")
        return link_without_drift(held, free.items)[1]
    except CatError:
        return ()  # too few anchors with a curve of their own: nothing to compare


def _options(found: Calibrated, given: Material) -> list[Distractors]:
    if given.options is None or not given.keys:
        return []
    held = [one.item for one in given.fixed]
    # Where there are anchors they alone say who is able: an item must not vouch for itself.
    judges = given.answers.only_items(held) if held else given.answers
    theta = abilities(found, judges).theta
    return traces(given.answers, given.options, theta, given.keys)


def _groups(
    found: Calibrated, given: Material
) -> tuple[dict[str, dict[str, Dif]], dict[str, Difference]]:
    """Comparison of matched persons where all answered the same, by curves where they did not."""
    if not given.labels:
        return {}, {}
    if given.is_complete and not given.fixed:
        words, sizes = np.unique(np.array(given.labels), return_counts=True)
        names = words[np.argsort(-sizes, kind="stable")][:2].tolist()
        if len(names) < 2:
            return {}, {}
        labels = np.array(given.labels)
        taking = np.isin(labels, names)
        dif, _ = purified_dif(
            given.answers, labels == names[1], names=(names[0], names[1]), taking_part=taking
        )
        by = GROUPINGS.get(given.plan.dif, given.plan.group_column)
        return {by: {one.item: one for one in dif}}, {}
    studied = {one.item: one.model.value for one in found.items if one.was_estimated}
    rows = differences(given.answers, given.labels, studied, given.fixed, given.plan.priors)
    return {}, {row.item: row for row in rows}


def _option_rows(options: Distractors | None) -> list[dict[str, Any]]:
    if options is None:
        return []
    return [
        {
            "huruf": "ABCDEFGHIJ"[one.trace.option - 1],
            "adalah_kunci": one.trace.option == options.key,
            "diusulkan": one.trace.option == options.proposed,
            "jumlah": one.trace.count,
            "bagian": one.trace.share,
            "korelasi": number(one.trace.correlation),
            "peran": one.role.name,
        }
        for one in options.options
    ]


def _group_rows(
    matched: Mapping[str, Mapping[str, Dif]], modelled: Mapping[str, Difference], item: str
) -> list[dict[str, Any]]:
    rows = [
        _plain({"cara": "Mantel-Haenszel", "menurut": by, **asdict(found[item])})
        for by, found in matched.items()
    ]
    if item in modelled:
        rows.append(_plain({"cara": "Lord", **asdict(modelled[item])}))
    return rows


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """The same without numbers that JSON cannot hold."""
    return {
        key: None if isinstance(value, float) and not isfinite(value) else value
        for key, value in data.items()
    }
