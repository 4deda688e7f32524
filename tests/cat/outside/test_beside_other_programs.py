"""Random items and answers given to other programs and to us, where those programs are installed.

girth always is; catsim and the PyPI package mirt come with the extra `bench`. What they said of a
few fixed items stands in test_recorded_by_others.py, for machines without them.
"""

from __future__ import annotations

import numpy as np
import pytest
from girth.unidimensional.dichotomous.ability_threepl import ability_3pl_eap, ability_3pl_mle

from cat.irt import items as irt
from cat.irt.families import nominal_items
from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.scoring import eap, map, mle, sum_score, wle
from cat.scoring.tables import tabulate
from cat.selection.criteria import named
from cat.selection.exposure.rates import expected_overlap, exposure_rate
from tests.cat.selection.criteria.conftest import persons_known

WIDE = eap.normal_quadrature(121, 8.0)


@pytest.fixture
def mirt():
    return pytest.importorskip("mirt", reason="the PyPI package mirt is in the extra bench only")


@pytest.fixture
def catsim():
    return pytest.importorskip("catsim", reason="catsim is in the extra bench only")


def random_items(model: str, rng: np.random.Generator, count: int = 7) -> tuple[Items, dict]:
    """Items of one model, and their parameters by the names that mirt uses."""
    a, b = rng.uniform(0.5, 1.8, count), rng.normal(0, 1.1, count)
    c, d = rng.uniform(0, 0.3, count), rng.uniform(0.85, 1, count)
    several, slopes = rng.normal(0, 1, (count, 3)), rng.normal(0, 1, (count, 4))
    if model == "FourParameterLogistic":
        names = {"discrimination": a, "difficulty": b, "guessing": c, "upper": d}
        return logistic_items(a, b, c, d), names
    if model == "GradedResponseModel":
        several.sort(axis=1)
        items = polytomous_items(Model.GRADED, a, several)
        return items, {"discrimination": a, "thresholds": several}
    if model == "GeneralizedPartialCredit":
        items = polytomous_items(Model.PARTIAL_CREDIT, a, several)
        return items, {"discrimination": a, "steps": several}
    slopes[:, 0] = 0
    intercepts = np.pad(several, ((0, 0), (1, 0)))
    return nominal_items(slopes, intercepts), {"slopes": slopes, "intercepts": intercepts}


MODELS = (
    "FourParameterLogistic",
    "GradedResponseModel",
    "GeneralizedPartialCredit",
    "NominalResponseModel",
)


@pytest.fixture(params=MODELS)
def pair(request, mirt):
    """The same items twice: ours, and as a model of mirt."""
    import mirt.models

    items, names = random_items(request.param, np.random.default_rng(21))
    kind = getattr(mirt.models, request.param)
    polytomous = {} if items.shape[1] == 2 else {"n_categories": items.shape[1]}
    theirs = kind(len(items), **polytomous)
    theirs.set_parameters(**names)
    theirs._is_fitted = True  # its own loaders mark given parameters so; it has no public way
    return items, theirs


def answers_to(items: Items, persons: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    p = irt.probability(rng.normal(0, 1.2, persons), items)
    answers = (rng.random((*p.shape[:2], 1)) > p.cumsum(axis=-1)[..., :-1]).sum(axis=-1)
    answers[rng.random(answers.shape) < 0.15] = -1
    answers[(answers < 0).all(axis=1), 0] = 0
    return answers


def test_mirt_sees_the_same_probabilities_and_information(pair):
    items, theirs = pair
    theta = np.linspace(-6, 6, 25)

    p = np.asarray(theirs.probability(theta[:, None]))
    information = [
        np.asarray(theirs.information(theta[:, None], i)).reshape(len(theta), -1).sum(axis=1)
        for i in range(len(items))
    ]

    ours = irt.probability(theta, items)
    assert (ours[..., 1] if p.ndim == 2 else ours) == pytest.approx(p, abs=1e-14)
    assert irt.information(theta, items) == pytest.approx(np.stack(information, 1), abs=1e-13)


METHODS = {
    "EAP": lambda answers, items: eap.score(answers, items, WIDE),
    "EAPsum": lambda answers, items: sum_score.score(answers, items, WIDE),
    "MAP": lambda answers, items: map.score(answers, items, information="observed"),
    "ML": mle.score,
    "WLE": lambda answers, items: wle.score(answers, items, weight="jeffreys"),
}


@pytest.mark.parametrize("method", METHODS)
def test_mirt_gives_the_same_abilities_and_errors_with_gaps_in_the_answers(pair, method):
    from mirt.scoring import fscores

    items, theirs = pair
    answers = answers_to(items, 60, seed=22)

    found = METHODS[method](answers, items)

    reference = fscores(theirs, answers, method=method, n_quadpts=91, bounds=(-12.0, 12.0))
    # mirt bounds what has no estimate, and Brent's search sees one of several maxima
    known = np.isfinite(found.theta) & (np.abs(found.theta) < 11)
    away = np.abs(found.theta - reference.theta.ravel())
    assert known.sum() >= 45
    assert (away[known] < 1e-4).mean() > 0.97
    close = known & (away < 1e-4)
    errors = reference.standard_error.ravel()
    assert found.se[close] == pytest.approx(errors[close], abs=2e-4)


def test_catsim_sees_the_same_curves_and_ranks_alike(catsim):
    from catsim import irt as theirs
    from catsim.selection.base import BaseSelector

    items, names = random_items("FourParameterLogistic", np.random.default_rng(23), 40)
    bank = catsim.ItemBank(np.column_stack(list(names.values())))
    tables, known = tabulate(items, WIDE), persons_known(5, WIDE)

    by_information = named("maximum_information")(known, tables)
    by_distance = named("closest_difficulty")(known, tables)

    for person, theta in enumerate(known.theta):
        p, information = theirs.icc_hpc(theta, bank.items), theirs.inf_hpc(theta, bank.items)
        assert irt.probability([theta], items)[0, :, 1] == pytest.approx(p, abs=1e-14)
        assert by_information[person] == pytest.approx(information, abs=1e-13)
        order = BaseSelector._sort_by_info(bank, theta)
        assert np.argsort(-by_information[person], kind="stable").tolist() == list(order)
        order = BaseSelector._sort_by_b(bank, theta)
        assert np.argsort(-by_distance[person], kind="stable").tolist() == list(order)


def test_catsim_expects_the_same_overlap(catsim):
    from catsim.cat import overlap_rate

    rng = np.random.default_rng(25)
    given = np.array([rng.permutation(30)[:6] for _ in range(50)])
    rate = exposure_rate(given, 30)

    assert expected_overlap(rate) == pytest.approx(overlap_rate(rate, 6), rel=1e-12)


def test_girth_gives_the_same_3pl_abilities():
    rng = np.random.default_rng(26)
    a, b, c = rng.uniform(0.6, 1.8, 15), rng.normal(0, 1, 15), rng.uniform(0.05, 0.25, 15)
    items = logistic_items(a, b, c)
    answers = answers_to(items, 40, seed=27).clip(0)

    means = ability_3pl_eap(answers.T, b, a, c, {"quadrature_n": 61, "quadrature_bounds": (-6, 6)})
    modes = ability_3pl_mle(answers.T, b, a, c)

    assert eap.score(answers, items, eap.normal_quadrature()).theta == pytest.approx(
        means, abs=1e-6
    )
    found = mle.score(answers, items).theta
    # girth searches -6..6 only and settles for a local maximum now and then
    inside = np.isfinite(found) & (np.abs(found) < 5.9)
    assert inside.sum() >= 30
    assert (np.abs(found - modes)[inside] < 1e-3).mean() > 0.9
