"""The selection criteria of the R package catR, written out as catR defines them, beside ours.

The files KL.R, MWI.R, EPV.R, MEI.R, nextItem.R and aStratified.R of catR 3 say what each name means
(Magis & Raîche 2012, Journal of Statistical Software 48(8); Magis & Barrada 2017, 76(c1)); the
formulas here are ours, in plain loops. Integrals run over 33 nodes from -4 to 4 by the trapezoidal
rule. The items are some of its data set tcals; as in the examples of its manual, items 15 and 20
have been answered, wrong and right.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.scoring import eap
from cat.scoring.tables import tabulate
from cat.selection.criteria import named
from cat.selection.known import Known

# a, b, c of tcals: the items to choose from, and items 15 and 20
TCALS = [
    (2.225, -1.885, 0.210),
    (1.174, -2.411, 0.212),
    (2.691, -1.282, 0.294),
    (2.817, -0.551, 0.105),
    (3.218, -0.246, 0.078),
    (2.311, 0.189, 0.178),
    (1.176, -0.549, 0.223),
    (1.973, 0.805, 0.094),
    (0.407, -1.103, 0.236),
    (3.826, -0.729, 0.212),
    (1.016, -1.268, 0.210),
    (2.881, 0.840, 0.233),
]
ANSWERED = [((2.107, -1.139, 0.224), 0), ((1.615, -1.441, 0.133), 1)]
GRADED = [(1.2, (-1.0, 0.2, 0.9)), (0.8, (-2.0, -0.5, 1.5)), (1.9, (-0.3, 0.4, 0.8))]
CREDIT = [(0.9, (-0.6, -1.1, 1.0)), (1.3, (0.1, 0.7, -0.2))]

NODES = [-4 + q / 4 for q in range(33)]


def bank() -> Items:
    a, b, c = np.array(TCALS).T
    parts = [logistic_items(a, b, c)]
    for model, items in ((Model.GRADED, GRADED), (Model.PARTIAL_CREDIT, CREDIT)):
        parts.append(polytomous_items(model, [a for a, _ in items], [b for _, b in items]))
    return concatenate(parts)


def three_pl(a: float, b: float, c: float, theta: float) -> list[float]:
    right = c + (1 - c) / (1 + exp(-a * (theta - b)))
    return [1 - right, right]


def chances(item: int, theta: float) -> list[float]:
    """Chance of each category of an item of the bank."""
    if item < len(TCALS):
        return three_pl(*TCALS[item], theta)
    item -= len(TCALS)
    if item < len(GRADED):
        a, thresholds = GRADED[item]
        reached = [1.0, *(1 / (1 + exp(-a * (theta - b))) for b in thresholds), 0.0]
        return [reached[k] - reached[k + 1] for k in range(4)]
    a, steps = CREDIT[item - len(GRADED)]
    powers = [exp(sum(a * (theta - b) for b in steps[:k])) for k in range(4)]
    return [power / sum(powers) for power in powers]


def derivative(item: int, category: int, theta: float, order: int) -> float:
    """Of the logarithm of the category's chance, by central differences."""
    h = 1e-4
    low, here, high = (log(chances(item, theta + s)[category]) for s in (-h, 0, h))
    return (high - low) / (2 * h) if order == 1 else (high - 2 * here + low) / h**2


def fisher(item: int, theta: float) -> float:
    p = chances(item, theta)
    return sum(p[k] * derivative(item, k, theta, 1) ** 2 for k in range(len(p)))


def likelihood(theta: float) -> float:
    product = 1.0
    for parameters, answer in ANSWERED:
        product *= three_pl(*parameters, theta)[answer]
    return product


def prior(theta: float) -> float:
    return exp(-(theta**2) / 2)


def integral(function) -> float:
    values = [function(x) for x in NODES]
    return sum((values[q] + values[q + 1]) / 8 for q in range(32))


def mean_and_variance(weight) -> tuple[float, float]:
    total = integral(weight)
    mean = integral(lambda x: x * weight(x)) / total
    return mean, integral(lambda x: (x - mean) ** 2 * weight(x)) / total


def posterior(theta: float) -> float:
    return likelihood(theta) * prior(theta)


THETA = mean_and_variance(posterior)[0]


def divergence(item: int, theta: float) -> float:
    pairs = zip(chances(item, THETA), chances(item, theta), strict=True)
    return sum(p * log(p / q) for p, q in pairs)


def after(item: int, category: int) -> tuple[float, float]:
    """Mean and variance of the posterior after one more answer."""
    return mean_and_variance(lambda x: posterior(x) * chances(item, x)[category])


def over_answers(item: int, value) -> float:
    """Mean of value(category) by the chances at the present estimate, as catR weighs them."""
    return sum(p * value(k) for k, p in enumerate(chances(item, THETA)))


# What catR calls it, our criterion and its parameters, and the definition.
CRITERIA = {
    "MFI": ("maximum_information", {}, lambda i: fisher(i, THETA)),
    "MLWI": (
        "likelihood_information",
        {},
        lambda i: integral(lambda x: likelihood(x) * fisher(i, x)) / integral(likelihood),
    ),
    "MPWI": (
        "posterior_information",
        {},
        lambda i: integral(lambda x: posterior(x) * fisher(i, x)) / integral(posterior),
    ),
    "KL": (
        "kullback_leibler",
        {"by_likelihood": True},
        lambda i: integral(lambda x: likelihood(x) * divergence(i, x)) / integral(likelihood),
    ),
    "KLP": (
        "posterior_kullback_leibler",
        {},
        lambda i: integral(lambda x: posterior(x) * divergence(i, x)) / integral(posterior),
    ),
    "MEPV": (
        "expected_posterior_variance",
        {"at_estimate": True},
        lambda i: -over_answers(i, lambda k: after(i, k)[1]),
    ),
    # method = "EAP". For right-or-wrong items MEI.R takes the observed information of both answers
    # at the estimate after the wrong one; its manual defines it as here.
    "MEI observed": (
        "expected_information",
        {"at_estimate": True},
        lambda i: over_answers(i, lambda k: -derivative(i, k, after(i, k)[0], 2)),
    ),
    "MEI Fisher": (
        "expected_information",
        {"at_estimate": True, "observed": False},
        lambda i: over_answers(i, lambda k: fisher(i, after(i, k)[0])),
    ),
}


@pytest.fixture(scope="module")
def quadrature() -> eap.Quadrature:
    weights = np.array([prior(x) for x in NODES])
    weights[[0, -1]] /= 2
    return eap.Quadrature(NODES, weights)


@pytest.fixture(scope="module")
def known(quadrature) -> Known:
    curve = np.array([[likelihood(x) for x in NODES]])
    belief = curve * quadrature.weights
    return Known(
        posterior=belief / belief.sum(),
        likelihood=curve,
        answered=2,
        length=20,
        quadrature=quadrature,
        chance=lambda items: np.linspace(0.05, 0.95, len(items))[None, :],
    )


def test_the_estimate_is_that_of_catr(known):
    assert known.theta[0] == pytest.approx(THETA, abs=1e-12)
    assert known.se[0] == pytest.approx(mean_and_variance(posterior)[1] ** 0.5, abs=1e-12)


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_of_catr_has_the_same_value_and_ranks_the_same(name, known, quadrature):
    ours, parameters, definition = CRITERIA[name]
    items = bank()
    expected = np.array([definition(i) for i in range(len(items))])

    scores = named(ours, **parameters)(known, tabulate(items, quadrature))[0]

    # Tables are whole multiples of 2**-20 and 2**-26; second differences lose some digits, too.
    assert scores == pytest.approx(expected, abs=3e-6)
    assert np.argsort(-scores).tolist() == np.argsort(-expected).tolist()


def test_bopt_of_catr_takes_the_closest_difficulty(known, quadrature):
    items = bank().only(range(len(TCALS)))
    distance = [abs(b - THETA) for _, b, _ in TCALS]

    scores = named("closest_difficulty")(known, tabulate(items, quadrature))[0]

    assert -scores == pytest.approx(np.array(distance), abs=1e-12)


@pytest.mark.parametrize("acceleration", [0, 1, 2.5])
def test_the_progressive_method_of_catr_is_ours_with_an_acceleration(
    acceleration, known, quadrature
):
    # rule = "length": W = sum of f**AP over the answers, over the same sum up to thr - 1
    done = sum(f**acceleration for f in (1, 2)) / sum(f**acceleration for f in range(1, 20))
    items = bank()
    information = np.array([fisher(i, THETA) for i in range(len(items))])
    luck = known.chance(np.arange(len(items)))[0] * information.max()

    scores = named("progressive", acceleration=acceleration)(known, tabulate(items, quadrature))

    expected = done * information + (1 - done) * luck
    assert scores[0] == pytest.approx(expected, abs=1e-6)


def test_strata_of_catr_are_ours_where_the_bank_divides_evenly():
    # aStratified: ranks of a, cut into K groups of the same size
    items = bank().only(range(len(TCALS)))
    rank = np.argsort(np.argsort(items.a))

    for strata in (2, 3, 4, 6):
        ours = named("stratified", strata=strata).stratum(items)
        assert ours.tolist() == (rank // (len(items) // strata)).tolist()
