"""How is each calibration program asked? One program, one set, one process: prints JSON.

`python -m bench.calibration_programs A ours --seed 1`
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from bench.calibration_work import SETS, Drawn, WorkSet, draw

Floats = NDArray[np.float64]
Found = dict[str, Any]

# Of all programs: answers in memory as they take them, until parameters (and errors) are there.
MIRT_NAMES = {"2pl": "2PL", "3pl": "3PL", "grm": "GRM"}


def ours(work: WorkSet, drawn: Drawn, errors: bool) -> Callable[[], Found]:
    """From the long arrays, checked and sorted, to estimates; 61 nodes, default tolerance."""
    from cat.calibration.em import calibrate

    def run() -> Found:
        answers = drawn.answers(work.persons)
        method = "oakes" if errors else "none"
        found = calibrate(answers, work.model, standard_errors=method)
        return {
            "a": [item.a for item in found.items],
            "b": [item.b for item in found.items],
            "a_se": [item.a_se for item in found.items],
            "log_likelihood": found.log_likelihood,
            "cycles": found.cycles,
            "converged": found.converged,
        }

    return run


def mirt(work: WorkSet, drawn: Drawn, errors: bool, nodes: int, prior: bool) -> Callable[[], Found]:
    """PyPI's mirt with its defaults, from a matrix of small integers, -1 where not answered."""
    from mirt import fit_mirt
    from mirt.estimation.priors import BetaPrior

    matrix = drawn.matrix(work.persons)
    settings = {"priors": {"guessing": BetaPrior(5, 17)}} if prior else {}

    def run() -> Found:
        found = fit_mirt(
            matrix,
            model=MIRT_NAMES[work.model],
            n_quadpts=nodes,
            compute_standard_errors=errors,
            **settings,
        )
        own = found.model.parameters
        b = own["thresholds"] if work.model == "grm" else own["difficulty"]
        a_se = found.standard_errors.get("discrimination", np.array([]))
        return {
            "a": np.ravel(own["discrimination"]).tolist(),
            "b": np.asarray(b).reshape(work.items, -1).tolist(),
            "a_se": np.ravel(a_se).tolist(),
            "log_likelihood": float(found.log_likelihood),
            "cycles": int(found.n_iterations),
            "converged": bool(found.converged),
        }

    return run


def girth(work: WorkSet, drawn: Drawn) -> Callable[[], Found]:
    """girth on complete answers, items first; it says nothing of likelihood or convergence."""
    from girth import grm_mml, twopl_mml

    matrix = drawn.matrix(work.persons).T.astype(np.int64)

    def run() -> Found:
        found = (grm_mml if work.model == "grm" else twopl_mml)(matrix)
        return {
            "a": np.asarray(found["Discrimination"]).tolist(),
            "b": np.asarray(found["Difficulty"]).reshape(work.items, -1).tolist(),
            "a_se": [],
        }

    return run


PROGRAMS: dict[str, Callable[[WorkSet, Drawn], Callable[[], Found]]] = {
    "ours": lambda work, drawn: ours(work, drawn, errors=False),
    "ours, errors": lambda work, drawn: ours(work, drawn, errors=True),
    "mirt 21": lambda work, drawn: mirt(work, drawn, False, 21, False),
    "mirt 61": lambda work, drawn: mirt(work, drawn, False, 61, False),
    "mirt 21, prior": lambda work, drawn: mirt(work, drawn, False, 21, True),
    "mirt 61, prior": lambda work, drawn: mirt(work, drawn, False, 61, True),
    "mirt 21, errors": lambda work, drawn: mirt(work, drawn, True, 21, False),
    "girth": girth,
}


@click.command()
@click.argument("work_set", type=click.Choice(list(SETS)))
@click.argument("program", type=click.Choice(list(PROGRAMS)))
@click.option("--seed", default=2_024, show_default=True)
@click.option("--limit", default=0, help="seconds of processor time before the system ends it")
def main(work_set: str, program: str, seed: int, limit: int) -> None:
    """Draw the set, run one program on it, print what it took and how far it is from the truth."""
    if limit:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    work = SETS[work_set]
    drawn = draw(work, seed)
    run = PROGRAMS[program](work, drawn)
    before = _peak()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # theirs; what matters is said by the figures
        wall, cpu = time.perf_counter(), time.process_time()
        found = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    figures = {"wall": wall, "cpu": cpu, "gib": _peak(), "gib_before": before}
    figures |= {name: found.get(name) for name in ("log_likelihood", "cycles", "converged")}
    json.dump(figures | _precision(drawn, found), sys.stdout)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _precision(drawn: Drawn, found: Found) -> dict[str, float]:
    a, b = np.array(found["a"]), np.array(found["b"])
    errors = {"a": a - drawn.truth.a, "b": b - drawn.truth.b}
    figures = {f"bias_{name}": float(off.mean()) for name, off in errors.items()}
    figures |= {f"rmse_{name}": float(np.sqrt((off**2).mean())) for name, off in errors.items()}
    if len(found["a_se"]) == len(a):
        # 1 when standard errors say what they should.
        z = errors["a"] / np.array(found["a_se"])
        figures["rms_z_a"] = float(np.sqrt(np.mean(z**2)))
    return figures


if __name__ == "__main__":
    main()
