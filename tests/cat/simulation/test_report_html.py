"""The study report as a page: valid, self-contained, repeatable, and in words."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from cat.errors import BadInput
from cat.simulation.measuring.measures import measure
from cat.simulation.measuring.results import Cut, Limit
from cat.simulation.reporting.report_html import StudyContext, render_report, write_report

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """A page read strictly: every element closed in its turn.

    elements : (tag, attributes, tags it stands in). texts : (tag, text) pairs.
    """

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"{tag} has an attribute twice"
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append((self.open[-1], " ".join(data.split())))

    @property
    def text(self):
        return " ".join(text for _, text in self.texts)

    def all(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]


CONTEXT = StudyContext(
    pool="tkd-adaptif-2024",
    pool_digest="ab" * 32,
    persons=1500,
    seed=20240601,
    people="kemampuan normal (0, 1)",
    policy={"Pemilihan soal": "informasi berbobot posterior"},
    notes=("Parameter butir belum dikalibrasi.",),
    technical={"Kuadratur": "61 titik"},
)


@pytest.fixture(scope="module")
def parts(create_facts, create_results):
    """Two parts: one of varying length with decisions and limits, one plain of fixed length."""
    study = create_results(1500)
    nilai = np.rint(75 + 25 * study.theta_hat)
    study = replace(study, nilai=nilai, nilai_true=np.rint(75 + 25 * study.theta))
    rich = create_facts(
        limits=(Limit("verbal", 0, 5, np.array([1.0] * 5 + [0.0] * 7)),),
        cuts=(Cut("ambang batas umum", 65), Cut("tengah", 0.0, "theta")),
        exposure_limit=0.6,
        target_se=0.4,
        nodes=np.linspace(-4, 4, 9),
        information=np.full((12, 9), 0.8),
        prior_variance=1.0,
    )
    plain = replace(create_results(1500, seed=2), items=np.tile([0, 3, 7], (1500, 1)), reason=None)
    return [
        measure(rich, [study]),
        measure(create_facts(part="twk", title="Tes Wawasan Kebangsaan"), [plain]),
    ]


@pytest.fixture(scope="module")
def text(parts):
    return render_report("Studi TKD", CONTEXT, parts)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_same_study_gives_the_same_bytes_in_another_process(parts, tmp_path):
    first, second, pickled = tmp_path / "a.html", tmp_path / "b.html", tmp_path / "study.pickle"
    write_report(first, "Studi TKD", CONTEXT, parts[1:])

    program = (
        "import pickle, sys; from pathlib import Path;"
        "from cat.simulation.reporting.report_html import write_report;"
        "write_report(Path(sys.argv[2]), *pickle.loads(Path(sys.argv[1]).read_bytes()))"
    )
    pickled.write_bytes(pickle.dumps(("Studi TKD", CONTEXT, parts[1:])))
    subprocess.run([sys.executable, "-c", program, str(pickled), str(second)], check=True)

    assert first.read_bytes() == second.read_bytes()


def test_the_page_says_its_language_and_title(page):
    assert page.all("html")[0]["lang"] == "id"
    assert ("title", "Studi TKD") in page.texts
    assert page.all("h1") == [{}]


def test_ids_are_unique_and_every_reference_finds_one(page, text):
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    named = [a["aria-labelledby"] for _, a, _ in page.elements if "aria-labelledby" in a]
    targets = [a["href"].removeprefix("#") for _, a, _ in page.elements if "href" in a]
    targets += re.findall(r"url\(#([^)]*)\)", text)

    assert len(set(ids)) == len(ids)
    assert {part for each in named for part in each.split()} <= set(ids)
    assert set(targets) <= set(ids)
    assert len(targets) > 20


def test_nothing_is_fetched_from_anywhere(page, text):
    assert not re.search(r"https?:|//[a-z]|@import|data:", text)
    assert not re.search(r"url\((?!#)", text)
    assert not {"script", "link", "img", "iframe", "object"} & {t for t, _, _ in page.elements}
    assert all("src" not in attributes for _, attributes, _ in page.elements)


def test_every_chart_has_a_title_and_a_description_with_numbers(page):
    charts = page.all("svg")
    titles = [t for tag, t in page.texts if tag == "title"][1:]
    descriptions = [t for tag, t in page.texts if tag == "desc"]

    # Five of the rich part with one cut more, three of the plain one of fixed length.
    assert len(charts) == len(titles) == len(descriptions) == 9
    assert all(chart["role"] == "img" for chart in charts)
    assert all(re.search(r"\d", each) for each in descriptions)


def test_beside_every_chart_stands_a_table(text):
    _, body = text.split("</style>")
    pairs = [pair.split("<h3>")[0] for pair in body.split('<div class="pair">')]
    with_chart = [pair for pair in pairs if "<figure>" in pair]

    assert len(with_chart) == 9
    assert all("<table>" in pair for pair in with_chart)


def test_every_table_has_a_caption_and_named_rows_and_columns(page):
    tables = len(page.all("table"))

    assert tables == len(page.all("caption")) > 15
    assert all("scope" in attributes for attributes in page.all("th"))


def test_no_heading_skips_a_level(page):
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_numbers_are_indonesian_and_nothing_leaks_out_of_the_program(page):
    assert not re.search(r"\d\.\d{1,2}\b|\d\.\d{4}", page.text)
    assert not re.search(r"\b(nan|inf|None|True|False|Measured)\b", page.text)
    assert not re.search(r"(?<!\w)-\d", page.text)
    assert "1.500 orang" in page.text


def test_zero_violations_are_said_in_words(page):
    assert page.text.count("Tidak ada pelanggaran.") == 2
    assert "nihil" in page.text


def test_violations_and_repeats_are_said_in_words(parts):
    broken = replace(parts[1].blueprint, other_violations=3, violations=3, repeats=2)

    page = Page(render_report("Studi", CONTEXT, [replace(parts[1], blueprint=broken)]))

    assert "Ada 3 pelanggaran." in page.text
    assert "2 orang mendapat butir yang sama lebih dari sekali." in page.text
    assert "Masalah" in page.text
    assert "Tidak ada pelanggaran." not in page.text


def test_a_verdict_says_its_level_in_words_and_not_only_in_colour(text):
    _, body = text.split("</style>")
    boxes = re.findall(r'<li class="verdict (\w+)">(.*?)</li>', body, re.DOTALL)

    words = {"good": "Baik", "care": "Perlu perhatian|Baca dulu", "poor": "Masalah"}
    assert len(boxes) > 12
    assert all(re.search(words[level], content) for level, content in boxes)


def test_what_the_study_was_is_told(page):
    for fact in ("tkd-adaptif-2024", "ab" * 32, "20240601", "informasi berbobot posterior"):
        assert fact in page.text
    assert "Parameter butir belum dikalibrasi." in page.text


def test_terms_that_the_page_uses_are_explained(page):
    explained = " ".join(t for tag, t in page.texts if tag == "dt")

    for term in ("RMSE", "MAE", "Bias", "Keandalan", "Paparan", "Tumpang tindih", "Kappa"):
        assert term in explained


def test_decisions_stand_in_the_table_as_measured(page, parts):
    cut = parts[0].classifications[0]
    cells = [t for tag, t in page.texts if tag == "td"]

    assert str(cut.wrongly_missed) in cells
    assert str(cut.wrongly_reached) in cells


def test_text_from_outside_cannot_become_markup(parts):
    evil = "<script>alert(1)</script>"
    context = replace(CONTEXT, pool=evil, notes=(evil,), policy={evil: evil})

    found = render_report(evil, context, [replace(parts[1], title=evil)])

    assert "<script" not in found
    assert found.count("&lt;script&gt;") > 4


def test_a_post_hoc_study_does_not_claim_to_know_true_ability(parts):
    context = replace(CONTEXT, is_post_hoc=True)

    page = Page(render_report("Studi", context, [replace(parts[1], truth="full_bank")]))

    assert "Jawaban 1.500 orang nyata diputar ulang" in page.text
    assert "Karena ini simulasi" not in page.text
    assert "RMSE dibagi galat baku 1 bila" not in page.text


def test_a_part_without_a_truth_reports_what_the_tests_themselves_promise(
    create_facts, create_results
):
    study = replace(create_results(), theta=None)

    page = Page(render_report("Studi", CONTEXT, [measure(create_facts(truth="none"), [study])]))

    assert "Kemampuan sebenarnya tidak diketahui" in page.text
    assert "RMSE (logit)" not in page.text


def test_a_single_person_can_be_reported(create_facts, create_results):
    found = measure(create_facts(), [create_results(1)])

    assert Page(render_report("Studi", CONTEXT, [found])).all("svg")


def test_a_report_of_no_part_is_refused():
    with pytest.raises(BadInput, match="at least one part"):
        render_report("Studi", CONTEXT, [])
