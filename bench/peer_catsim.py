"""catsim: its Simulator, with its own maximum likelihood and with an EAP that we add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from catsim.estimation import BaseEstimator, NumericalSearchEstimator
from catsim.initialization import FixedPointInitializer
from catsim.item_bank import ItemBank
from catsim.selection import MaxInfoSelector
from catsim.simulation import Simulator
from catsim.stopping import TestLengthStopper
from scipy.special import expit

from bench.work import LENGTH, NODES, REACH, Outcome, Work

_COMMON = f"Simulator, MaxInfoSelector, {LENGTH} items"
SETTINGS_EAP = f"{_COMMON}, EAP on {NODES} nodes from a table (added by us: it has none)"
SETTINGS_ML = f"{_COMMON}, its own NumericalSearchEstimator (ML, Dodd's rule)"


class TabledEap(BaseEstimator):
    """EAP for catsim at next to no cost: it adds up tabled log-likelihoods."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.nodes = np.linspace(-REACH, REACH, NODES)
        a, b, c = (x[:, None] for x in (work.a, work.b, work.c))
        right = c + (1 - c) * expit(a * (self.nodes - b))
        self.log_likelihood = np.log(np.stack([1 - right, right]))
        self.log_prior = -(self.nodes**2) / 2

    def estimate(self, index: int | None = None, **_unused: Any) -> float:
        """Posterior mean of the simulee at this place in the simulator's lists."""
        items = self.simulator.administered_items[index]
        answers = np.array(self.simulator.response_vectors[index], dtype=int)
        log_posterior = self.log_prior + self.log_likelihood[answers, items].sum(axis=0)
        posterior = np.exp(log_posterior - log_posterior.max())
        return float(posterior @ self.nodes / posterior.sum())


def prepare_eap(work: Work) -> Callable[[], Outcome]:
    """The job is a whole simulation with EAP."""
    return _prepare(work, TabledEap(work))


def prepare_ml(work: Work) -> Callable[[], Outcome]:
    """The job is a whole simulation with catsim's own estimator."""
    return _prepare(work, NumericalSearchEstimator())


def _prepare(work: Work, estimator: BaseEstimator) -> Callable[[], Outcome]:
    bank = ItemBank(np.column_stack([work.a, work.b, work.c]))

    def run() -> Outcome:
        simulator = Simulator(bank, work.theta, seed=work.seed)
        simulator.simulate(
            FixedPointInitializer(0.0),
            MaxInfoSelector(),
            estimator,
            TestLengthStopper(max_items=LENGTH),
        )
        return Outcome(
            theta=np.array(simulator.latest_estimations),
            items=np.array(simulator.administered_items),
            answers=np.array(simulator.response_vectors).astype(np.int64),
        )

    return run
