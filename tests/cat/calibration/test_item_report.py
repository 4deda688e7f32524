"""An item's page: curves beside what was observed, drawings that speak, figures in Indonesian."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.distractors import distractors
from cat.calibration.diagnostics.fitted import Fitted, category_chances
from cat.calibration.em import calibrate
from cat.calibration.report.charts import information
from cat.calibration.report.empirical import empirical_curves
from cat.calibration.report.numerals import angka, persen
from cat.calibration.report.page import item_pages
from cat.calibration.review import reviews
from cat.calibration.verdict import read_rules
from cat.irt import items as irt
from cat.irt.items import Model, polytomous_items

RULES = Path(__file__).resolve().parents[3] / "seeds" / "kalibrasi" / "aturan_telaah.toml"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def fitted():
    """Six items with three categories and six right or wrong; one has a reversed key."""
    rng = np.random.default_rng(61)
    theta = rng.normal(size=2500)
    cuts = np.sort(rng.normal(0, 1, (6, 2)), axis=1)
    ordered = rng.random((2500, 6, 1)) < 1 / (1 + np.exp(-1.4 * (theta[:, None, None] - cuts)))
    two = rng.random((2500, 6)) < 1 / (1 + np.exp(-1.2 * (theta[:, None] - np.linspace(-1, 1, 6))))
    two[:, 5] = ~two[:, 5]
    table = np.concatenate([ordered.sum(axis=2), two], axis=1).astype(float)
    table[rng.random(table.shape) < 0.05] = np.nan
    names = [f"urut {i}" for i in range(6)] + [f"butir <{i}>" for i in range(6)]
    answers = Answers.of_matrix(names, table)
    return Fitted(answers, calibrate(answers, ["grm"] * 6 + ["2pl"] * 6))


@pytest.fixture(scope="module")
def pages(fitted):
    raw = np.where(fitted.answers.matrix()[:, 6:] == 1, 1, 2)
    names = fitted.answers.items[6:]
    options = distractors(names, raw, dict.fromkeys(names, 1))
    return item_pages(fitted, reviews(fitted, options=options), read_rules(RULES))


def test_observed_points_lie_about_their_expectation_in_every_bin(fitted):
    curves = empirical_curves(fitted)

    gaps = [
        (bin.observed - bin.expected) / ((bin.high - bin.low) / 3.92)
        for curve in curves.values()
        for bin in curve.bins
    ]
    assert len(gaps) == 120
    # 120 nearly standard normal gaps: their spread has standard error 0.065.
    assert np.std(gaps) == pytest.approx(1, abs=0.25)
    assert np.mean(gaps) == pytest.approx(0, abs=0.3)
    for curve in curves.values():
        assert (
            sum(bin.persons for bin in curve.bins)
            == fitted.answers.counts[fitted.answers.items.index(curve.item)]
        )
        assert [bin.theta for bin in curve.bins] == sorted(bin.theta for bin in curve.bins)


def test_right_and_wrong_has_wilsons_interval(fitted):
    bin = empirical_curves(fitted, ["butir <2>"])["butir <2>"].bins[4]

    n, p, z = bin.persons, bin.observed, 1.959964
    root = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert bin.low == pytest.approx((p + z**2 / (2 * n) - root) / (1 + z**2 / n))
    assert bin.high == pytest.approx((p + z**2 / (2 * n) + root) / (1 + z**2 / n))


def test_curves_and_information_are_those_of_the_engine(fitted):
    one, theta = fitted.estimates[0], np.linspace(-3, 3, 7)
    item = polytomous_items(Model.GRADED, [one.a], [one.b])

    ours = category_chances(one, theta).T
    assert ours == pytest.approx(irt.probability(theta, item)[:, 0])
    assert information(one, theta) == pytest.approx(irt.information(theta, item)[:, 0])


def test_a_reversed_key_has_a_page_that_says_so(pages):
    page = pages[11]

    assert page.verdict.level == "tolak"
    assert "Peluang benar turun dari" in page.charts["kecocokan"]


def test_drawings_are_well_formed_have_words_and_bring_no_styles(pages):
    seen = []
    for page in pages:
        for svg in page.charts.values():
            root = ET.fromstring(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
            title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
            assert root.get("role") == "img"
            assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
            assert page.item in title.text
            assert len(desc.text) > 30
            assert not re.search(r"style|script|href|nan|inf\b", svg)
            seen += [title.get("id"), desc.get("id")]
    assert len(seen) == 2 * (12 * 2 + 6 + 6)
    assert len(set(seen)) == len(seen)


def test_which_drawings_there_are_depends_on_the_item(pages):
    assert list(pages[0].charts) == ["kecocokan", "kategori", "informasi"]
    assert list(pages[8].charts) == ["kecocokan", "informasi", "opsi"]


def test_figures_are_printed_with_their_errors_and_a_decimal_comma(pages):
    figures = dict(pages[8].figures)

    assert re.fullmatch(r"\d,\d\d \(galat baku 0,\d\d\)", figures["Daya beda a"])
    assert {"b1", "b2"} <= set(dict(pages[0].figures))


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(-1234.5, 1, "−1.234,5"), (0.0004, 2, "0,00"), (-0.001, 2, "0,00"), (float("nan"), 2, "–")],
)
def test_numbers_are_written_as_in_indonesian(value, digits, text):
    assert angka(value, digits) == text
    assert persen(0.125, 1) == "12,5%"
