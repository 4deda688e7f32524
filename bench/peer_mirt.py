"""The PyPI package mirt: `CATEngine.run_batch_simulation` in lock step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from mirt.cat import CATEngine
from mirt.cat._lockstep import supports_lockstep
from mirt.cat.stopping import MaxItemsStop
from mirt.models import ThreeParameterLogistic

from bench.work import LENGTH, NODES, Outcome, Work

SETTINGS = f"CATEngine, MFI, EAP on {NODES} Gauss-Hermite nodes, {LENGTH} items, lock-step batch"


def prepare(work: Work) -> Callable[[], Outcome]:
    """Build the model once; the job is the whole batch.

    mirt places its nodes by Gauss-Hermite for a standard normal prior and offers no other grid:
    the number of nodes, hence the work, is the same. Raises RuntimeError should it fall back to
    one simulee at a time, which would flatter us.
    """
    model = ThreeParameterLogistic(len(work.a))
    model.set_parameters(discrimination=work.a, difficulty=work.b, guessing=work.c)
    model._is_fitted = True  # its own loaders mark given parameters so; it has no public way

    def run() -> Outcome:
        engine = CATEngine(
            model, stopping_rule=MaxItemsStop(LENGTH), n_quadpts=NODES, seed=work.seed
        )
        if not supports_lockstep(engine):
            raise RuntimeError("mirt would not run these settings in lock step")
        results = engine.run_batch_simulation(work.theta)
        return Outcome(
            theta=np.array([result.theta for result in results]),
            items=np.array([result.items_administered for result in results]),
            answers=np.array([result.responses for result in results]),
        )

    return run
