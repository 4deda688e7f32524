"""Numbers that other programs printed, typed in with their source and version."""

from __future__ import annotations

import numpy as np
import pytest

from cat.irt import items as irt
from cat.irt.families import nominal_items
from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.scoring import eap, map, mle, sum_score, wle

# --- catR, as recorded by jsCAT -------------------------------------------------------------------
# thetaEst of the R package catR, methods ML and EAP, on 50 made-up items (D = 1) and whole answer
# sheets. Recorded in yeatmanlab/jsCAT, commit 311f41a, src/__tests__/__fixtures__/golden/
# (items.csv, responses.csv, expected-r-reference.csv); EAP there is parInt = c(-6, 6, 121).
# fmt: off
GOLDEN_A = [
    1.532, 1.003, 1.829, 1.341, 1.100, 1.052, 1.226, 1.925, 0.867, 1.943,
    2.045, 2.194, 1.466, 1.312, 1.138, 1.492, 1.017, 1.482, 0.944, 2.116,
    1.029, 2.076, 1.491, 1.794, 1.728, 1.042, 1.095, 1.531, 0.843, 1.741,
    2.068, 1.548, 0.912, 1.563, 1.242, 1.440, 1.554, 1.120, 2.059, 1.285,
    1.794, 2.107, 1.821, 1.539, 1.588, 1.343, 2.091, 1.693, 1.074, 1.493,
]
# fmt: on
GOLDEN = logistic_items(
    GOLDEN_A, np.linspace(-3, 3, 50).round(3), np.where(np.arange(50) % 5 == 0, 0.15, 0.0)
)


@pytest.mark.parametrize(
    ("sheet", "ml", "expected"),
    [
        (
            "11111111111111111111111111110111010111011000100001",
            1.85916317916527,
            1.70053220383385,
        ),
        (
            "11111111111111111111111101100111110100000000010100",
            1.08748517211986,
            0.986993469420148,
        ),
        (
            "11110110101111011000000000000000000000000000010000",
            -1.62967599298914,
            -1.49136604993946,
        ),
        (
            "11000110000000000000000000000000000000000000010000",
            -3.30517397567978,
            -2.81370935180981,
        ),
        (
            "11111111111111111111111111111111111101111111111111",
            4.08388750435082,
            3.25841353567917,
        ),
        (
            "10110110000000001000000000100000000000001000000000",
            -2.55114725741679,
            -2.29820626726147,
        ),
        (
            "11111111011111101001000100010001001000000000000000",
            -0.520251403092408,
            -0.479672825365567,
        ),
        (
            "11111111010111111100111111101111110100000000110000",
            0.742208734171354,
            0.670574980879013,
        ),
        (
            "01111111111111111111001111111001000100000000000000",
            0.257348120028631,
            0.23530632364101,
        ),
        (
            "10001111000001010000000000001000000000000000000000",
            -2.47129393018551,
            -2.22236294193223,
        ),
    ],
)
def test_catr_gives_the_same_abilities_for_fifty_items(sheet, ml, expected):
    answers = [[int(mark) for mark in sheet]]

    # uniroot stops some 1e-5 short; the integrals are the same sums but for halves at the ends
    assert mle.score(answers, GOLDEN).theta[0] == pytest.approx(ml, abs=2e-5)
    fine = eap.score(answers, GOLDEN, eap.normal_quadrature(121, 6.0))
    assert fine.theta[0] == pytest.approx(expected, abs=1e-6)
    usual = eap.score(answers, GOLDEN, eap.normal_quadrature())
    assert usual.theta[0] == pytest.approx(expected, abs=2e-6)


# --- catR, as recorded by adaptivetesting ---------------------------------------------------------
# Numbers that the tests of condecon/adaptivetesting give as those of catR (test_bayes_modal.py,
# test_eap.py, test_mle.py, test_standard_error.py, test_poly_models.py).
FOUR_PL = logistic_items(
    [1.32, 1.07, 0.84], [-0.63, 0.18, -0.84], [0.17, 0.1, 0.19], [0.87, 0.93, 1]
)


def catr_quadrature(low: float, high: float, count: int) -> eap.Quadrature:
    """The trapezoidal rule of catR: equal steps, half weight at both ends."""
    nodes = np.linspace(low, high, count)
    weights = np.exp(-(nodes**2) / 2)
    weights[[0, -1]] /= 2
    return eap.Quadrature(nodes, weights)


def test_catr_gives_the_same_mode_mean_and_errors_for_three_4pl_items():
    answers = [[0, 1, 0]]
    information = irt.information([0.0], FOUR_PL).sum()

    assert map.score(answers, FOUR_PL).theta[0] == pytest.approx(-0.4741753, abs=1e-6)
    found = eap.score(answers, FOUR_PL, catr_quadrature(-4, 4, 33))
    assert found.theta[0] == pytest.approx(-0.4565068, abs=5e-8)
    assert information**-0.5 == pytest.approx(1.444873, abs=5e-7)
    assert (information + 1) ** -0.5 == pytest.approx(0.8222712, abs=5e-8)


@pytest.mark.parametrize(
    ("difficulties", "answers", "theta", "tolerance"),
    [
        ([-2.1851, -0.2897194], [1, 0], -1.237413, 5e-6),
        ([0.7, 0.9, 0.6], [0, 1, 0], 0.0375530712, 5e-10),
        ([-1.603, 0.909], [1, 0], -0.347, 5e-10),
    ],
)
def test_catr_gives_the_same_rasch_estimates(difficulties, answers, theta, tolerance):
    found = mle.score([answers], logistic_items(1.0, difficulties))

    assert found.theta[0] == pytest.approx(theta, abs=tolerance)


def test_catr_gives_the_same_likeliest_abilities_for_ordered_categories():
    graded = polytomous_items(
        Model.GRADED, [0.943, 0.972, 1.210], [[0.071, 0.129], [0.461, 1.715], [-1.265, -0.687]]
    )
    credit = polytomous_items(
        Model.PARTIAL_CREDIT,
        [0.934, 0.972, 1.210],
        [[0.071, 0.129], [1.715, 0.461], [-1.265, -0.687]],
    )

    assert mle.score([[2, 1, 2]], graded).theta[0] == pytest.approx(1.6684, abs=1e-3)
    assert mle.score([[2, 1, 2], [0, 1, 2]], credit).theta == pytest.approx(
        np.array([1.581, 0.181]), abs=1e-3
    )
    assert irt.information([0.0], credit).sum() ** -0.5 == pytest.approx(0.819, abs=1e-3)


# --- the PyPI package mirt ------------------------------------------------------------------------
# mirt 1.2.0 (Python): fscores with n_quadpts=61 and bounds=(-8, 8), `probability`, `information`.
NAN = np.nan
ITEMS: dict[str, Items] = {
    "4pl": logistic_items(
        [0.8, 1.2, 1.7, 2.4], [-1.0, 0.3, 0.9, -0.2], [0.2, 0.1, 0.25, 0], [1, 0.95, 1, 0.9]
    ),
    "grm": polytomous_items(
        Model.GRADED, [0.9, 1.4, 2.1], [[-1.5, -0.2, 1], [-0.8, 0.1, 0.9], [-1.1, 0.4, 1.6]]
    ),
    "gpcm": polytomous_items(
        Model.PARTIAL_CREDIT,
        [0.7, 1.1, 1.5],
        [[-1.2, 0.3, 0.1], [-0.4, -0.9, 1.3], [0.2, 0.8, -0.5]],
    ),
    "nominal": nominal_items(
        [[0, 0.4, -0.6, 1.3], [0, -0.9, 0.8, 1.1]], [[0, 0.5, -0.3, 0.2], [0, 0.1, 0.7, -0.8]]
    ),
}
SHEETS = {
    "4pl": [[1, 0, 1, 0], [0, 0, 1, -1], [1, 1, 0, 1]],
    "grm": [[1, 2, 0], [3, -1, 2], [0, 3, 3]],
    "gpcm": [[1, 2, 0], [3, -1, 2], [0, 3, 3]],
    "nominal": [[3, 2], [1, 0], [2, -1]],
}
WIDE = eap.normal_quadrature(121, 8.0)
SCORERS = {
    "eap": lambda sheet, items: eap.score(sheet, items, WIDE),
    "map": lambda sheet, items: map.score(sheet, items, information="observed"),
    "ml": mle.score,
    "wle": lambda sheet, items: wle.score(sheet, items, weight="jeffreys"),
    "sum": lambda sheet, items: sum_score.score(sheet, items, WIDE),
}
# NaN where mirt stops at the end of its scale: there is no finite estimate.
SCORES = {
    ("4pl", "eap"): [(-0.4548141, -0.5008199, 0.5005594), (0.8247301, 0.9219045, 0.6244522)],
    ("4pl", "map"): [(-0.4702222, -0.4727258, 0.4571194), (0.7023261, 0.9684434, 0.6000206)],
    ("4pl", "ml"): [(-1.0579149, NAN, 0.7327836), (1.1657801, NAN, 1.0235833)],
    ("4pl", "wle"): [(-0.5374172, -1.2142708, 0.5108570), (0.8484370, 2.2571943, 0.9506740)],
    ("4pl", "sum"): [(-0.1305494, -0.4012464, 0.4851660), (0.7660000, 0.8224856, 0.7422482)],
    ("grm", "eap"): [(-0.6551758, 0.7834189, 1.1640610), (0.6147582, 0.6296341, 0.6761370)],
    ("grm", "map"): [(-0.6652239, 0.7976832, 1.1978524), (0.5953580, 0.6070735, 0.6379931)],
    ("grm", "ml"): [(-1.0229372, 1.2621337, 2.0140153), (0.7230361, 0.8409112, 0.8502256)],
    ("grm", "wle"): [(-0.9949030, 1.2631635, 1.7968572), (0.7218355, 0.8409097, 0.7863573)],
    ("grm", "sum"): [(-0.4033831, 0.8464545, 0.4649817), (0.6630135, 0.6573727, 0.6450059)],
    ("gpcm", "eap"): [(-0.4374386, 0.6007072, 0.7075671), (0.5125249, 0.5548352, 0.5191120)],
    ("gpcm", "map"): [(-0.3601134, 0.5106689, 0.6109952), (0.4956185, 0.4879139, 0.4753811)],
    ("gpcm", "ml"): [(-0.4847303, 0.6906914, 0.8171515), (0.6065348, 0.6373615, 0.6296465)],
    ("gpcm", "wle"): [(-0.3151862, 0.4948841, 0.5993046), (0.5579476, 0.5539030, 0.5362032)],
    ("gpcm", "sum"): [(-0.4340544, 0.8145284, 0.4395006), (0.5289749, 0.6028041, 0.5159777)],
    ("nominal", "eap"): [(0.8610080, -0.1066362, -0.7387725), (0.7812549, 0.7371417, 0.8672960)],
    ("nominal", "map"): [(0.8013944, -0.1195429, -0.7142181), (0.7700808, 0.7129324, 0.8588222)],
    ("nominal", "ml"): [(3.1499596, -0.2422940, NAN), (2.8507712, 1.0108186, NAN)],
    ("nominal", "wle"): [(1.6112610, -0.2627212, -2.4478599), (1.5733135, 1.0103347, 2.4592888)],
    ("nominal", "sum"): [(0.7997769, -0.4963845, -0.7387725), (0.8112498, 0.8223118, 0.8672960)],
}


@pytest.mark.parametrize(("model", "method"), SCORES, ids="-".join)
def test_mirt_of_pypi_gives_the_same_abilities_and_errors(model, method):
    theta, se = (np.array(numbers) for numbers in SCORES[model, method])

    found = SCORERS[method](SHEETS[model], ITEMS[model])

    # Its searches stop at 1e-6 and its errors come from finite differences. Its Gauss-Hermite nodes
    # lie farther apart than ours, which shows where partial credit items are sharp.
    tolerance = 5e-6 if method in ("map", "ml", "wle") else 1e-3 if model == "gpcm" else 1e-6
    known = np.isfinite(theta)
    assert np.isfinite(found.theta).tolist() == known.tolist()
    assert found.theta[known] == pytest.approx(theta[known], abs=tolerance)
    assert found.se[known] == pytest.approx(se[known], abs=max(tolerance, 2e-5))


def test_mirt_of_pypi_gives_the_same_information():
    expected = {
        "4pl": [
            [1.218315226e-02, 3.571591386e-04, 5.035525714e-07, 5.672826465e-04],
            [7.915045173e-02, 2.475432614e-01, 3.896516334e-01, 2.574039237e-01],
        ],
        "grm": [
            [0.070030541, 0.021718990, 0.009945344],
            [0.241157194, 0.583142343, 1.207924303],
        ],
        "gpcm": [
            [0.064439924, 0.025149403, 0.004128986],
            [0.428152986, 0.598255695, 1.994851355],
        ],
        "nominal": [[0.065551250, 0.025104637], [0.387488170, 0.337567231]],
    }

    for model, information in expected.items():
        found = irt.information([-4.0, 0.7], ITEMS[model])
        assert found == pytest.approx(np.array(information), abs=6e-10), model


def test_mirt_of_pypi_gives_the_same_category_probabilities():
    # the second item of each set at -4, and the first at 0.7
    expected = {
        "4pl": ([8.951474173e-01, 1.048525827e-01], [1.633922418e-01, 8.366077582e-01]),
        "grm": (
            [9.887935937e-01, 8.001939664e-03, 2.156651793e-03, 1.047814865e-03],
            [1.213188379e-01, 1.865716578e-01, 2.592024093e-01, 4.329070950e-01],
        ),
        "gpcm": (
            [9.806855616e-01, 1.869492094e-02, 6.177026289e-04, 1.814857875e-06],
            [5.747806602e-02, 2.173270615e-01, 2.875519141e-01, 4.376429584e-01],
        ),
        "nominal": (
            [2.407613495e-02, 9.738147580e-01, 1.976289504e-03, 1.328175494e-04],
            [1.491962147e-01, 3.254674046e-01, 7.262159410e-02, 4.527147866e-01],
        ),
    }

    for model, (low, high) in expected.items():
        found = irt.probability([-4.0, 0.7], ITEMS[model])
        assert found[0, 1] == pytest.approx(np.array(low), rel=1e-9), model
        assert found[1, 0] == pytest.approx(np.array(high), rel=1e-9), model
