"""Verdicts: each kind of fault speaks in plain Indonesian, the gravest decides, rules are data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif import matched_dif
from cat.calibration.diagnostics.distractors import distractors
from cat.calibration.diagnostics.drift import Drift
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.em import calibrate
from cat.calibration.review import ItemReview, reviews
from cat.calibration.verdict import MEASURES, judge, read_rules
from cat.errors import BadRules

RULES = Path(__file__).resolve().parents[3] / "seeds" / "kalibrasi" / "aturan_telaah.toml"


@pytest.fixture(scope="module")
def rules():
    return read_rules(RULES)


@pytest.fixture(scope="module")
def judged():
    """Nine good items, one whose key is wrong, one favouring a group, one nobody answered."""
    rng = np.random.default_rng(51)
    theta, a, b = rng.normal(size=3000), rng.uniform(0.9, 1.6, 12), np.linspace(-1.2, 1.2, 12)
    focal = np.arange(3000) % 2 == 1
    harder = np.zeros((3000, 12))
    harder[focal, 4] = 1.2
    right = rng.random((3000, 12)) < 1 / (1 + np.exp(-a * (theta[:, None] - b - harder)))
    options = np.where(right, 1, rng.integers(2, 5, right.shape))
    items = [f"x{i}" for i in range(12)]
    key = dict.fromkeys(items, 1) | {"x6": 3}
    scored = (options == [key[item] for item in items]).astype(float)
    scored[:, 11] = np.nan
    answers = Answers.of_matrix(items, scored)
    fitted = Fitted(answers, calibrate(answers, "2pl"))
    return reviews(
        fitted,
        dif={"jenis kelamin": matched_dif(answers, focal, names=("laki-laki", "perempuan"))},
        options=distractors(items, options, key),
    )


def codes(verdict):
    return [finding.code for finding in verdict.findings]


def test_good_items_are_fit_for_use(judged, rules):
    verdicts = [judge(judged[i], rules) for i in (0, 2, 8)]

    assert {verdict.level for verdict in verdicts} <= {"layak", "catatan"}
    assert judge(judged[0], rules).conclusion.startswith("Layak dipakai")


def test_a_wrong_key_is_refused_and_the_right_one_named(judged, rules):
    verdict = judge(judged[6], rules)

    assert verdict.level == "tolak"
    assert codes(verdict)[0] == "kunci_salah"
    assert "opsi 1 dipilih oleh peserta yang kuat" in verdict.findings[0].sentence
    assert "kunci_terbalik" in codes(verdict)


def test_large_dif_asks_for_a_panel_and_says_whom_it_favours(judged, rules):
    verdict = judge(judged[4], rules)

    assert verdict.level == "perbaiki"
    assert "jenis kelamin, lebih mudah bagi laki-laki" in verdict.findings[0].sentence
    assert "dif_sedang" not in codes(verdict)


def test_an_item_without_answers_is_said_to_have_none(judged, rules):
    assert codes(judge(judged[11], rules))[0] == "tanpa_jawaban"


def test_drift_and_dependence_are_told_with_their_figures(judged, rules):
    moved = Drift("x0", -0.8, -3.0, 0.0, 0.0, -6.0, 0.1, True)
    review = replace(judged[0], drift=moved, partners=(("x9", 0.31),))

    said = " ".join(finding.sentence for finding in judge(review, rules).findings)

    assert "bergeser −0,80 logit" in said
    assert "x9 (Q3 0,31)" in said


def test_what_was_not_examined_is_not_judged(judged, rules):
    alone = ItemReview(judged[6].estimate)

    assert "kunci_salah" not in codes(judge(alone, rules))


def test_every_measure_is_used_by_a_rule_of_the_file(rules):
    assert {rule.measure for rule in rules.rules} == set(MEASURES)


@pytest.mark.parametrize(
    ("line", "changed", "said"),
    [
        ('ukuran = "datar"', 'ukuran = "rasa"', "ukuran = 'rasa' tidak sah"),
        ('pembanding = "<"', 'pembanding = "kira-kira"', "pembanding = 'kira-kira'"),
        ('tingkat = "tolak"', 'tingkat = "buang"', "tingkat = 'buang'"),
        ("batas = 0.35", 'batas = "0,35"', "batas = '0,35'"),
        ("batas = 0.35\n", "", "batas = None"),
        ("{rincian} dipilih oleh peserta yang kuat, sed", "{opsi} sed", "kalimat = "),
        ('layak = "', 'bagus = "', "'layak'"),
        ('kode = "datar"', 'kode = "lari"', "'lari' dipakai lebih dari sekali"),
        ("versi = 1", "versi = ", "tidak terbaca"),
    ],
)
def test_a_broken_rule_is_refused_by_name(tmp_path, line, changed, said):
    text = RULES.read_text(encoding="utf-8")
    assert line in text
    path = tmp_path / "aturan.toml"
    path.write_text(text.replace(line, changed, 1), encoding="utf-8")

    with pytest.raises(BadRules, match=said.replace("(", r"\(")):
        read_rules(path)
