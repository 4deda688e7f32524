"""Simulated answers of known truth, calibrated once for all tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.em import calibrate

PERSONS, ITEMS = 2000, 12


@dataclass(frozen=True)
class Made:
    """theta : (J,). a, b : (I,) the truth. answers : (J, I)."""

    theta: np.ndarray
    a: np.ndarray
    b: np.ndarray
    answers: np.ndarray

    @property
    def items(self) -> list[str]:
        return [f"x{i}" for i in range(len(self.a))]

    def fitted(self, model: str = "2pl", **more: object) -> Fitted:
        answers = Answers.of_matrix(self.items, self.answers, **more)
        return Fitted(answers, calibrate(answers, model))


def drawn(seed: int, persons: int = PERSONS, items: int = ITEMS) -> Made:
    """2PL answers: a 0.8 to 1.8, b -1.5 to 1.5, standard normal abilities."""
    rng = np.random.default_rng(seed)
    theta, a = rng.normal(size=persons), rng.uniform(0.8, 1.8, items)
    b = rng.uniform(-1.5, 1.5, items)
    p = 1 / (1 + np.exp(-a * (theta[:, None] - b)))
    return Made(theta, a, b, (rng.random(p.shape) < p).astype(int))


@pytest.fixture(scope="package")
def made() -> Made:
    return drawn(11)


@pytest.fixture(scope="package")
def fitted(made) -> Fitted:
    return made.fitted()


@pytest.fixture(scope="package")
def draw():
    return drawn
