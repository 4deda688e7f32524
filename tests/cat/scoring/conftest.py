"""Makers of items and answers, and the published example that every estimator must reproduce."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cat.irt import items as irt
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


def items_of_all_ordered_models(each: int, seed: int) -> Items:
    """2PL, 3PL, 4PL, graded and partial credit items of 3 to 5 categories, `each` of every kind."""
    rng = np.random.default_rng(seed)

    def a() -> np.ndarray:
        return rng.uniform(0.6, 1.8, each)

    graded, steps = np.sort(rng.normal(0, 1.2, (each, 4)), axis=1), rng.normal(size=(each, 3))
    graded[0, 3] = np.nan
    return concatenate(
        [
            logistic_items(a(), rng.normal(size=each)),
            logistic_items(a(), rng.normal(size=each), 0.2),
            logistic_items(a(), rng.normal(size=each), 0.15, 0.95),
            polytomous_items(Model.GRADED, a(), graded),
            polytomous_items(Model.PARTIAL_CREDIT, a(), steps),
        ]
    )


def simulated_answers(items: Items, theta: np.ndarray, seed: int, missing: float = 0) -> np.ndarray:
    """Answers (J, I) of persons of ability theta; a share `missing` was not presented."""
    rng = np.random.default_rng(seed)
    reached = irt.probability(theta, items).cumsum(axis=-1)[..., :-1]
    answers = (rng.random((*reached.shape[:2], 1)) > reached).sum(axis=-1)
    return np.where(rng.random(answers.shape) < missing, -1, answers)


@pytest.fixture(scope="session")
def create_items() -> Callable[[int, int], Items]:
    return items_of_all_ordered_models


@pytest.fixture(scope="session")
def simulate() -> Callable[..., np.ndarray]:
    return simulated_answers


@pytest.fixture(scope="session")
def pp_example() -> tuple[np.ndarray, Items]:
    """Answers and items of the example of PPall in the R package PP 0.6.3 (Reif & Steinfeld, 2021).

    https://github.com/manuelreif/PP, docs/reference/PPall.html, with the printed results: two 4PL
    items, a 2PL item and three partial credit items of three categories.
    """
    nan = np.nan
    items = Items(
        (Model.LOGISTIC,) * 3 + (Model.PARTIAL_CREDIT,) * 3,
        a=np.array([0.5, 1, 1.5, 1.1, 1, 0.98]),
        b=np.array([[-2, nan], [1.11, nan], [1, nan], [-1, -0.2], [0.5, 1.3], [-0.8, 1.5]]),
        c=np.array([0.02, 0.1, 0, 0, 0, 0]),
        d=np.array([0.97, 0.91, 1, 1, 1, 1]),
    )
    answers = np.array(
        [
            [1, 0, 1, 0, 1, 1],
            [1, 0, 0, 1, 2, 0],
            [0, 0, 0, 0, 0, 0],
            [0, 1, 1, 2, 2, 1],
            [1, 1, 1, 0, 0, 1],
        ]
    )
    return answers, items


@pytest.fixture(scope="session")
def lsat7() -> np.ndarray:
    """Answers of Bock & Lieberman (1970), Psychometrika 35, 179-197; skips where they are absent,
    for nothing that ships needs them."""
    path = DATA / "lsat7.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here: real answer data do not ship with the project")
    with path.open(newline="") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=int)
