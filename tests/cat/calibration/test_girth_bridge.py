"""What girth 0.8.0 does, right and wrong, as measured: a new release must pass here first."""

from __future__ import annotations

import warnings

import girth
import numpy as np
import pytest
from scipy.optimize import OptimizeWarning

from cat.calibration.fit import calibrate
from cat.calibration.girth_bridge import BOUNDS_2PL, BOUNDS_PCM, fit_2pl, fit_pcm
from cat.calibration.responses import Responses
from cat.errors import BadInput
from cat.irt import logistic
from cat.scoring import eap

GIRTH_MISSING = -99999


def as_responses(answers):
    return Responses(tuple(f"x{i}" for i in range(answers.shape[1])), answers)


@pytest.fixture
def small(simulate):
    return simulate(persons=400, items=8, seed=11)


def test_girth_takes_items_first_and_our_side_persons_first(small):
    ours = fit_2pl(as_responses(small.answers))
    theirs = girth.twopl_mml(small.answers.T.copy())

    assert ours.a == pytest.approx(theirs["Discrimination"])
    assert ours.steps[:, 0] == pytest.approx(theirs["Difficulty"])
    assert ours.steps.shape == (8, 1)


def test_swapped_axes_give_nonsense_without_a_word(simulate):
    # A square matrix is the one case in which no shape can tell.
    square = simulate(persons=60, items=60, seed=5)

    right = girth.twopl_mml(square.answers.T.copy())["Difficulty"]
    swapped = girth.twopl_mml(square.answers.copy())["Difficulty"]

    assert np.corrcoef(right, square.b)[0, 1] > 0.8
    assert abs(np.corrcoef(swapped, square.b)[0, 1]) < 0.4


@pytest.mark.parametrize(
    ("dtype", "refusal"),
    [
        (np.int8, OverflowError),  # -99999, girth's mark of a missing answer, does not fit
        (np.uint8, OverflowError),
        (np.int16, OverflowError),
        (bool, TypeError),
        (float, IndexError),
    ],
)
def test_girth_needs_wide_signed_integers_and_the_bridge_hands_them_over(small, dtype, refusal):
    narrow = small.answers.astype(dtype)

    with pytest.raises(refusal):
        girth.twopl_mml(narrow.T.copy())

    assert fit_2pl(as_responses(narrow)).a == pytest.approx(fit_2pl(as_responses(small.answers)).a)


def test_the_bridge_leaves_the_matrix_it_is_given_alone(small):
    before = small.answers.copy()
    small.answers.setflags(write=False)

    fit_2pl(as_responses(small.answers))
    fit_pcm(as_responses(small.answers))

    assert (small.answers == before).all()


def test_girth_2pl_calls_an_item_that_everybody_gets_right_the_hardest_of_all(small):
    # Such an item has no finite difficulty: hence the refusal of constant items.
    answers = small.answers.copy()
    answers[:, 3] = 1

    b = girth.twopl_mml(answers.T.copy())["Difficulty"]

    assert b[3] == pytest.approx(BOUNDS_2PL.b[1], abs=0.01)


def test_girth_pcm_gives_its_bounds_on_b_as_estimates(small):
    answers = small.answers.copy()
    answers[:, 0], answers[:, 1] = 1, 0

    b = girth.pcm_mml(answers.T.copy())["Difficulty"][:, 0]

    assert b[:2] == pytest.approx(BOUNDS_PCM.b, abs=0.01)


def test_the_bounds_on_a_are_those_the_bridge_names(simulate):
    # An item that repeats a long test's rank order has no finite discrimination.
    made = simulate(persons=600, items=15, seed=2)
    by_score = made.answers.sum(axis=1) > np.median(made.answers.sum(axis=1))
    answers = np.column_stack([made.answers, by_score])

    assert fit_2pl(as_responses(answers)).a[-1] == pytest.approx(BOUNDS_2PL.a[1], abs=0.001)
    assert fit_pcm(as_responses(answers)).a[-1] == pytest.approx(BOUNDS_PCM.a[1], abs=0.001)


def test_the_lower_bounds_on_a_are_those_the_bridge_names(simulate):
    made = simulate(persons=600, items=15, seed=2)
    # A coin for most, wrong for the strongest: negative discrimination at a middling difficulty.
    coin = np.random.default_rng(4).integers(0, 2, 600)
    against = np.where(made.answers.sum(axis=1) > 11, 0, coin)
    answers = np.column_stack([made.answers, against])

    assert fit_2pl(as_responses(answers)).a[-1] == pytest.approx(BOUNDS_2PL.a[0], abs=0.05)
    assert fit_pcm(as_responses(answers)).a[-1] == pytest.approx(BOUNDS_PCM.a[0], abs=0.001)


def test_girth_renumbers_categories_around_a_gap_which_is_why_gaps_are_refused(small):
    shifted = small.answers.copy()
    shifted[:, 0] = np.where(shifted[:, 0] == 1, 3, 0)

    gapped = girth.pcm_mml(shifted.T.copy())
    plain = girth.pcm_mml(small.answers.T.copy())

    assert gapped["Difficulty"] == pytest.approx(plain["Difficulty"])


def test_girth_settles_within_its_default_number_of_passes_on_these_sets(simulate):
    # It stops silently at max_iteration; the bridge allows 100 where 25 were always enough.
    for persons, items in ((300, 4), (500, 20)):
        answers = simulate(persons, items, 1).answers
        short = girth.twopl_mml(answers.T.copy(), {"max_iteration": 25})
        assert fit_2pl(as_responses(answers)).a == pytest.approx(short["Discrimination"], abs=1e-9)


def test_one_easy_steep_item_makes_girth_give_every_item_the_same_a_and_the_bridge_refuse(
    simulate,
):
    made = simulate(persons=1000, items=20, seed=1)
    answers = made.answers.copy()
    answers[:, 0] = 1
    answers[answers[:, 1:].sum(axis=1).argsort(kind="stable")[:2], 0] = 0

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)
        silent = girth.twopl_mml(answers.T.copy())["Discrimination"]
    assert np.ptp(silent) < 0.01
    with pytest.raises(BadInput, match="x0") as refused:
        fit_2pl(as_responses(answers))
    assert refused.value.evidence["item"] == "x0"


def test_threepl_still_raises_under_this_numpy_so_3pl_is_not_offered(small):
    with pytest.raises((ValueError, TypeError)):
        girth.threepl_mml(small.answers.T.copy())


def test_there_is_no_gpcm_mml_because_pcm_mml_already_frees_a():
    assert not hasattr(girth, "gpcm_mml")


def test_girth_and_our_scoring_agree_on_eap_given_the_same_parameters(small):
    quadrature = eap.normal_quadrature()
    p = logistic.probability(quadrature.nodes, small.a, small.b)
    posterior = eap.start(quadrature, len(small.answers))
    for item, right in enumerate(small.answers.T):
        likelihood = np.where(right[:, None] == 1, p[:, item], 1 - p[:, item])
        posterior = eap.update(posterior, likelihood)

    ours, _ = eap.estimate(posterior, quadrature)
    theirs = girth.ability_eap(small.answers.T.copy(), small.b, small.a)

    # girth integrates over -4.5..4.5 logits, we over -6..6.
    assert ours == pytest.approx(theirs, abs=0.002)


def test_negative_control_girth_2pl_on_adaptive_data_is_wrong_which_is_why_they_are_refused(
    simulate, adaptive
):
    made = simulate(persons=2000, items=30, seed=1)
    sparse = adaptive(made, 12)
    used = (sparse >= 0).sum(axis=0) >= 200
    sparse, a, b = sparse[:, used], made.a[used], made.b[used]

    complete = girth.twopl_mml(made.answers[:, used].T.copy())
    marked = np.where(sparse < 0, GIRTH_MISSING, sparse)
    adapted = girth.twopl_mml(marked.T.copy())

    # The criteria of test_recovery.py, met by the same persons' complete answers to the same items.
    assert np.sqrt(np.mean((complete["Difficulty"] - b) ** 2)) < 0.12
    assert np.sqrt(np.mean((adapted["Difficulty"] - b) ** 2)) > 0.8
    assert adapted["Discrimination"].mean() < 0.7 * a.mean()
    with pytest.raises(BadInput, match="every person must have answered every item"):
        calibrate([f"x{i}" for i in range(len(a))], sparse)
