"""Makers of answer matrices: simulated with known parameters, or real ones read in place."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cat.calibration.answer_data import FileShape, read_answer_data
from cat.calibration.answers import Answers
from cat.irt import logistic
from cat.scoring import eap

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


@dataclass(frozen=True)
class Simulated:
    """answers : (J, I). theta : (J,). a, b : (I,) the truth. items : I names."""

    answers: np.ndarray
    theta: np.ndarray
    a: np.ndarray
    b: np.ndarray

    @property
    def items(self) -> list[str]:
        return [f"x{i}" for i in range(len(self.a))]


def simulate_2pl(persons: int, items: int, seed: int) -> Simulated:
    """Standard normal abilities, a from 0.7 to 1.9, b from -2 to 2."""
    rng = np.random.default_rng(seed)
    theta, a, b = (
        rng.normal(size=persons),
        rng.uniform(0.7, 1.9, items),
        rng.uniform(-2, 2, items),
    )
    answers = (rng.random((persons, items)) < logistic.probability(theta, a, b)).astype(np.int64)
    return Simulated(answers, theta, a, b)


def answers_of_an_adaptive_test(made: Simulated, length: int) -> np.ndarray:
    """The same persons' answers to the `length` most informative items each; the rest -1."""
    quadrature = eap.normal_quadrature()
    p = logistic.probability(quadrature.nodes, made.a, made.b).T
    posterior = eap.start(quadrature, len(made.theta))
    given, everyone = np.full(made.answers.shape, -1), np.arange(len(made.theta))
    for _ in range(length):
        theta, _se = eap.estimate(posterior, quadrature)
        information = logistic.information(theta, made.a, made.b)
        information[given >= 0] = -1
        item = information.argmax(axis=1)
        answer = made.answers[everyone, item]
        given[everyone, item] = answer
        likelihood = np.where(answer[:, None] == 1, p[item], 1 - p[item])
        posterior = eap.update(posterior, likelihood)
    return given


@pytest.fixture
def adaptive() -> Callable[[Simulated, int], np.ndarray]:
    return answers_of_an_adaptive_test


@pytest.fixture
def simulate() -> Callable[..., Simulated]:
    return simulate_2pl


@pytest.fixture
def real_answers() -> Callable[[str], tuple[list[str], np.ndarray]]:
    """Reads a set of ../shared/data; skips where it is absent, for nothing that ships needs it."""

    def read(name: str) -> tuple[list[str], np.ndarray]:
        path = DATA / f"{name}.csv"
        if not path.exists():
            pytest.skip(f"{path} is not here: real answer data do not ship with the project")
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        kept = [i for i, column in enumerate(header) if not column.startswith("cov_")]
        return [header[i] for i in kept], np.array([[int(row[i]) for i in kept] for row in rows])

    return read


@pytest.fixture
def real_data() -> Callable[..., Answers]:
    """Reads a set of ../shared/data as answers; skips where it is absent."""

    def read(name: str, **shape: object) -> Answers:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"{path} is not here: real answer data do not ship with the project")
        return read_answer_data(path, FileShape(**shape))

    return read
