"""This engine: a cohort in lock step, on one core or on several."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from bench.work import LENGTH, NODES, REACH, Ints, Outcome, Work
from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import Policy
from cat.simulation import cohort
from cat.simulation.running.runner import WORKER_SETTINGS

COHORT = 2_000  # simulees in lock step: their posteriors stay in the processor's cache
SETTINGS = (
    f"cohort.run in lock steps of {COHORT:,}, maximum_information by the ranking of a published"
    f" pool, EAP on {NODES} equally spaced nodes of [-{REACH:g}, {REACH:g}], {LENGTH} items"
)


def prepare(work: Work) -> Callable[[], Outcome]:
    """Tabulate and rank the bank once, as publishing a pool does; the job is all its cohorts."""
    part = publish(work)
    return lambda: join([run_cohort(part, work.part(some)) for some in cohorts(work)])


def publish(work: Work) -> AdaptivePart:
    """The bank as one part without content constraints or exposure control."""
    tables = tabulate(logistic_items(work.a, work.b, work.c), normal_quadrature(NODES, REACH))
    domains = ["umum"] * len(work.a)
    blueprint = Blueprint("umum", LENGTH, (), {"umum": LENGTH})
    return adaptive_part("umum", tables, domains, blueprint, Policy("maximum_information"))


@dataclass(frozen=True)
class CommonLuck:
    """The answers of the work's simulees, for `cohort.run`."""

    work: Work

    def __call__(self, part: int, items: Ints, persons: Ints, number: Ints) -> NDArray[np.int8]:
        """Answers (J,) of persons (J,) to items (J,); number is 1 for the first item."""
        work = self.work if len(persons) == len(self.work) else self.work.part(persons)
        return work.answers(items, number - 1)

    def unavailable(self, part: int, persons: Ints) -> None:
        """No item: each can be answered by everybody."""


def run_cohort(part: AdaptivePart, work: Work) -> Outcome:
    """Let every simulee answer LENGTH items, through the cohort that studies use."""
    seeds = np.arange(len(work), dtype=np.uint64)
    (run,) = cohort.run([part], CommonLuck(work), seeds)
    return Outcome(run.theta, run.items, run.categories)


def cohorts(work: Work) -> list[slice]:
    """The simulees who sit together; who sits with whom changes nothing for anybody."""
    return [slice(first, first + COHORT) for first in range(0, len(work), COHORT)]


def join(pieces: list[Outcome]) -> Outcome:
    """One outcome out of those of the cohorts."""
    return Outcome(
        theta=np.concatenate([piece.theta for piece in pieces]),
        items=np.concatenate([piece.items for piece in pieces]),
        answers=np.concatenate([piece.answers for piece in pieces]),
    )


class Cores:
    """Warm worker processes of one thread each that share the cohorts between them."""

    def __init__(self, work: Work, cores: int) -> None:
        self._cohorts = cohorts(work)
        os.environ.update(WORKER_SETTINGS)  # as the workers of a study start
        self._workers = ProcessPoolExecutor(
            cores, mp_context=get_context("spawn"), initializer=_open, initargs=(work,)
        )

    def run(self) -> Outcome:
        """All cohorts, in the order of their simulees."""
        return join(list(self._workers.map(_run_some, self._cohorts)))

    def __enter__(self) -> Cores:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers.shutdown()


_opened: dict[str, tuple[AdaptivePart, Work]] = {}  # what this worker process has loaded


def _open(work: Work) -> None:
    """Prepare a worker once, before it is given anything to do."""
    _opened["work"] = (publish(work), work)


def _run_some(persons: slice) -> Outcome:
    part, work = _opened["work"]
    return run_cohort(part, work.part(persons))
