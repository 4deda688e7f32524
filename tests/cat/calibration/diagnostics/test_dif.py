"""DIF by matched persons, against figures of R and of textbooks, and on made-up differences."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif import matched_dif, purified_dif
from cat.calibration.diagnostics.dif_tables import ets_class, mantel, odds_ratio
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.em import calibrate
from cat.errors import BadInput

# UCBAdmissions of R: rejected and admitted men, rejected and admitted women, six departments.
BERKELEY = np.array(
    [
        [[313, 512], [19, 89]],
        [[207, 353], [8, 17]],
        [[205, 120], [391, 202]],
        [[279, 138], [244, 131]],
        [[138, 53], [299, 94]],
        [[351, 22], [317, 24]],
    ],
    dtype=float,
)


def test_the_berkeley_admissions_give_what_mantelhaen_test_of_r_prints():
    # R 4, mantelhaen.test(UCBAdmissions): X-squared = 1.4269 (1.5246 without continuity
    # correction), common odds ratio 0.9046968, 95 % interval 0.7719074 to 1.0603298.
    alpha, delta, se = odds_ratio(BERKELEY)

    assert mantel(BERKELEY, correction=0.5) == pytest.approx(1.4269, abs=5e-5)
    assert mantel(BERKELEY) == pytest.approx(1.5246, abs=5e-5)
    assert alpha == pytest.approx(0.9046968, abs=5e-8)
    log_se = np.log(1.0603298 / 0.7719074) / (2 * 1.959964)
    assert se / 2.35 == pytest.approx(log_se, abs=1e-6)
    assert delta == pytest.approx(-2.35 * np.log(0.9046968), abs=1e-6)


def test_mantels_statistic_of_one_table_is_n_minus_one_times_r_squared():
    # Agresti (2002), Categorical Data Analysis, 2nd ed., section 3.4.1.
    counts = np.array([[[30, 20, 10, 5], [15, 22, 18, 20]]], dtype=float)
    group = np.repeat([0, 1], [65, 75])
    points = np.concatenate([np.repeat(range(4), row) for row in counts[0].astype(int)])

    r = np.corrcoef(group, points)[0, 1]

    assert mantel(counts) == pytest.approx(139 * r**2)


@pytest.mark.parametrize(
    ("delta", "se", "letter"),
    [
        (0.9, 0.1, "A"),  # too small, however certain
        (-1.4, 0.8, "A"),  # not different from 0
        (1.2, 0.3, "B"),
        (-1.7, 0.5, "B"),  # large, but perhaps no more than 1
        (-1.9, 0.3, "C"),
        (float("nan"), 1.0, None),
    ],
)
def test_ets_classes_ask_for_size_and_evidence(delta, se, letter):
    assert ets_class(delta, se) == letter


@pytest.fixture(scope="module")
def favoured(draw):
    """Item x4 is one logit harder for the focal half; 3000 persons."""
    made = draw(21, persons=3000)
    focal = np.arange(3000) % 2 == 1
    shift = np.where(focal, 1.0, 0.0)
    p = 1 / (1 + np.exp(-made.a[4] * (made.theta - made.b[4] - shift)))
    answers = made.answers.copy()
    answers[:, 4] = np.random.default_rng(6).random(3000) < p
    return Answers.of_matrix(made.items, answers), focal


def test_an_item_that_is_harder_for_one_group_is_found_with_its_direction(favoured):
    found = matched_dif(*favoured, names=("kota", "desa"))

    large = [one for one in found if one.ets == "C"]
    assert [one.item for one in large] == ["x4"]
    assert large[0].favours == "kota"
    assert large[0].delta < -1.5
    assert large[0].p_dif < -0.1


def test_purifying_lets_the_other_items_off(favoured):
    found, rounds = purified_dif(*favoured)

    assert {one.item for one in found if one.p < 0.001} == {"x4"}
    assert rounds >= 2


def test_matching_keeps_booklets_apart(favoured):
    answers, focal = favoured
    table = answers.matrix().astype(float)
    easy = np.arange(3000) < 1500
    table[easy, 8:] = np.nan
    table[~easy, :4] = np.nan

    both = matched_dif(Answers.of_matrix(answers.items, table), focal)
    first = matched_dif(Answers.of_matrix(answers.items, table[easy]), focal[easy])

    assert both[0].x2 == pytest.approx(first[0].x2)
    assert both[4].ets == "C"


def test_where_everybody_answers_other_items_matching_goes_by_ability(favoured):
    answers, focal = favoured
    rng = np.random.default_rng(7)
    table = np.where(rng.random((3000, 12)) < 0.6, answers.matrix(), -1)
    sparse = Answers.of_matrix(answers.items, table)
    fitted = Fitted(sparse, calibrate(sparse, "2pl", standard_errors="none"))

    by_sum, by_ability = (
        matched_dif(sparse, focal, ability=ability) for ability in (None, fitted.eap)
    )

    assert all(one.refused or one.reference < 900 for one in by_sum)
    assert [one.item for one in by_ability if one.ets == "C"] == ["x4"]
    assert by_ability[0].reference > 850


def test_small_groups_are_refused_with_their_number(favoured):
    answers, focal = favoured

    found = matched_dif(answers, focal & (np.arange(3000) < 60))

    assert found[0].refused == "hanya 30 orang dari satu kelompok dapat dipadankan"
    assert found[0].ets is None


def test_groups_of_another_length_are_refused(favoured):
    with pytest.raises(BadInput, match="each of 3000 persons"):
        matched_dif(favoured[0], np.zeros(10, bool))
