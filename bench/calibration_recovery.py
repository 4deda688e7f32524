"""Do known parameters come back? Bias and RMSE under every model, beside girth on the same data.

Run it with `python -m bench.calibration_recovery --json out/bench/calibration_recovery.json`.

Complete: everybody answers everything. Booklets: everybody answers four of ten blocks. Adaptive:
each next item by chance among the ten unanswered ones nearest to the EAP of a simple test.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import girth
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bench import machine, report
from cat.calibration.answers import Answers
from cat.calibration.em import calibrate
from cat.calibration.spec import Normal, Priors
from cat.irt import partial_credit

Floats = NDArray[np.float64]

MODELS = ("1pl", "2pl", "3pl", "grm", "pcm", "gpcm")
DESIGNS = ("complete", "booklets", "adaptive")
STEPS = 3  # thresholds of items with several categories
# Where few answers meet three parameters: 95 % of slopes between 0.46 and 3.3.
WITH_A = Priors(log_a=Normal(0.2, 0.5))
GIRTH: dict[str, Callable[..., Any]] = {
    "1pl": girth.onepl_mml,
    "2pl": girth.twopl_mml,
    "grm": girth.grm_mml,
    "gpcm": girth.pcm_mml,
}


@dataclass(frozen=True)
class Case:
    """answers : (J, I), -1 where not presented. a : (I,). b : (I, K - 1)."""

    answers: NDArray[np.int64]
    a: Floats
    b: Floats


@click.command()
@click.option("--persons", default=3_000, show_default=True)
@click.option("--items", default=40, show_default=True)
@click.option("--replications", default=10, show_default=True)
@click.option("--seed", default=5_150, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(persons: int, items: int, replications: int, seed: int, path: Path | None) -> None:
    """Simulate, calibrate with both, print bias and RMSE over items and replications."""
    facts = machine.describe(("numpy", "scipy", "girth"))
    report.show_facts("Machine", facts)
    figures = {}
    children = iter(np.random.SeedSequence(seed).spawn(len(MODELS) * len(DESIGNS)))
    for model in MODELS:
        for design in DESIGNS:
            rng = np.random.default_rng(next(children))
            if design == "adaptive" and model not in ("1pl", "2pl", "3pl"):
                continue
            click.echo(f"{model}, {design}", err=True)
            cases = [draw(model, design, persons, items, rng) for _ in range(replications)]
            figures[f"{model}, {design}"] = {
                "ours": _precision(cases, [_ours(case, model, None) for case in cases]),
                "girth": _precision(cases, [_girth(case, model) for case in cases]),
            }
            if model == "3pl":
                figures[f"{model}, {design}"]["ours, prior on a"] = _precision(
                    cases, [_ours(case, model, WITH_A) for case in cases]
                )
    _show(figures)
    if path:
        settings = {"persons": persons, "items": items, "replications": replications}
        report.save(path, {"machine": facts, "seed": seed, **settings, "figures": figures})


def draw(model: str, design: str, persons: int, items: int, rng: np.random.Generator) -> Case:
    """Abilities standard normal, a from 0.7 to 1.9, b standard normal, c from 0.1 to 0.3."""
    a = np.ones(items) if model in ("1pl", "pcm") else rng.uniform(0.7, 1.9, items)
    if model == "1pl":
        a = a * 1.3
    theta = rng.normal(size=persons)
    if model in ("grm", "pcm", "gpcm"):
        b = rng.normal(0, 0.6, (items, 1)) + np.sort(rng.normal(0, 0.9, (items, STEPS)), axis=1)
        b += np.arange(STEPS) * 0.2
        answers = _categories(model, theta, a, b, rng)
    else:
        b = rng.normal(size=(items, 1))
        c = rng.uniform(0.1, 0.3, items) if model == "3pl" else np.zeros(items)
        p = c + (1 - c) * expit(a * (theta[:, None] - b[:, 0]))
        answers = (rng.random(p.shape) < p).astype(np.int64)
    if design == "booklets":
        answers[~_booklets(persons, items, rng)] = -1
    elif design == "adaptive":
        answers[~_adaptive(answers, a, b[:, 0], rng)] = -1
    return Case(answers, a, b)


def _categories(
    model: str, theta: Floats, a: Floats, b: Floats, rng: np.random.Generator
) -> NDArray[np.int64]:
    luck = rng.random((len(theta), len(a), 1))
    if model == "grm":
        return (luck < expit(a[:, None] * (theta[:, None, None] - b))).sum(axis=-1)
    p = partial_credit.probability(theta, a, b)
    return (luck > p.cumsum(axis=-1)[..., :-1]).sum(axis=-1)


def _booklets(persons: int, items: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Four of ten blocks for everybody, which blocks by chance."""
    block = np.arange(items) * 10 // items
    chosen = rng.random((persons, 10)).argsort(axis=1).argsort(axis=1) < 4
    return chosen[:, block]


def _adaptive(
    answers: NDArray[np.int64], a: Floats, b: Floats, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Which items an adaptive test of 16 items would have shown."""
    persons, items = answers.shape
    nodes = np.linspace(-4, 4, 33)
    p = expit(a[:, None] * (nodes - b[:, None]))
    belief = np.tile(-0.5 * nodes**2, (persons, 1))
    shown = np.zeros((persons, items), dtype=bool)
    everyone = np.arange(persons)
    for _ in range(16):
        weight = np.exp(belief - belief.max(axis=1, keepdims=True))
        eap = weight @ nodes / weight.sum(axis=1)
        distance = np.abs(b - eap[:, None]) + 100.0 * shown
        nearest = np.argpartition(distance, 10, axis=1)[:, :10]
        fits = np.where(shown[everyone[:, None], nearest], -1.0, rng.random(nearest.shape))
        item = nearest[everyone, fits.argmax(axis=1)]
        shown[everyone, item] = True
        right = answers[everyone, item, None] == 1
        belief += np.log(np.where(right, p[item], 1 - p[item]))
    return shown


def _ours(case: Case, model: str, priors: Priors | None) -> tuple[Floats, Floats]:
    names = [f"i{i}" for i in range(len(case.a))]
    answers = Answers.of_matrix(names, case.answers)
    found = calibrate(answers, model, priors=priors, standard_errors="none")
    a = np.array([item.a for item in found.items])
    b = np.array([item.b for item in found.items])
    # Slopes of 1 put the unit into the population's sd: back to a population with sd 1.
    unit = found.groups[0].sd if model == "pcm" else 1.0
    return a * unit, b / unit


def _girth(case: Case, model: str) -> tuple[Floats, Floats] | str:
    """girth's estimates; or why there are none."""
    if model == "3pl":
        return "raises under this numpy"
    if model not in GIRTH:
        return "frees every slope"
    data = np.where(case.answers < 0, girth.INVALID_RESPONSE, case.answers).T.astype(np.int64)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            with np.errstate(all="ignore"):
                found = GIRTH[model](data)
        except (ValueError, IndexError, FloatingPointError, KeyError) as error:
            return f"raises {type(error).__name__}"
    a = np.broadcast_to(found["Discrimination"], case.a.shape)
    return np.asarray(a), np.asarray(found["Difficulty"]).reshape(case.b.shape)


def _precision(
    cases: list[Case], found: list[tuple[Floats, Floats] | str]
) -> dict[str, float | str]:
    words = [each for each in found if isinstance(each, str)]
    if words:
        return {"none": words[0]}
    errors: dict[str, list[Floats]] = {"a": [], "b": []}
    for case, each in zip(cases, found, strict=True):
        assert not isinstance(each, str)  # settled above; narrows the type
        errors["a"].append(each[0] - case.a)
        errors["b"].append(each[1] - case.b)
    figures: dict[str, float | str] = {}
    for name, offs in errors.items():
        off = np.array(offs)
        figures[f"bias_{name}"] = float(np.nanmean(off))
        figures[f"rmse_{name}"] = float(np.sqrt(np.nanmean(off**2)))
    return figures


def _show(figures: dict[str, dict[str, dict[str, Any]]]) -> None:
    rows = []
    for case, programs in figures.items():
        for program, found in programs.items():
            if "none" in found:
                rows.append((case, program, found["none"], "", "", ""))
                continue
            rows.append(
                (
                    case,
                    program,
                    f"{found['bias_a']:+.4f}",
                    f"{found['rmse_a']:.4f}",
                    f"{found['bias_b']:+.4f}",
                    f"{found['rmse_b']:.4f}",
                )
            )
    columns = ("model and design", "program", "bias a", "RMSE a", "bias b", "RMSE b")
    report.show("Recovery over items and replications", columns, rows)


if __name__ == "__main__":
    main()
