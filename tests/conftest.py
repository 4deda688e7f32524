"""Makers shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings

from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraints import ConstraintTable
from cat.itembank.content import Parameters, points_of_key
from cat.itembank.pool import Pool, PoolItem
from cat.publication.forms import FormPlan, only_forms
from cat.publication.publish import PartPlan, publish
from cat.selection.policy import Policy
from cat.simulation.controlled_plans import with_control

# Machines that run the tests are shared and noisy: an example may take its time.
settings.register_profile("house", deadline=None, max_examples=30)
# `make study` has the time to look further.
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Name what failed once more at the very end: reviews may keep a log's last lines only."""
    yield
    for kind in ("failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            terminalreporter.write_line(f"{kind}: {report.nodeid}")


LIMITS_HEADER = "TYPE,WHAT,CONDITION,LB,UB\n"
DOMAINS = {
    "twk": ("nasionalisme", "integritas"),
    "tiu": ("verbal.analogi", "verbal.silogisme", "numerik.deret_angka"),
    "tkp": ("pelayanan_publik", "jejaring_kerja"),
}


def toy_items(part: str, per_domain: int, rng: np.random.Generator) -> list[PoolItem]:
    """Made-up items of one part with random parameters."""
    items = []
    for domain in DOMAINS[part]:
        for n in range(per_domain):
            letter = "ABCDE"[int(rng.integers(5))]
            keyed = part != "tkp"
            points = points_of_key(letter) if keyed else tuple(map(int, rng.permutation(5) + 1))
            steps = (float(rng.normal()),) if keyed else tuple(np.sort(rng.normal(-1, 1, 4)))
            items.append(
                PoolItem(
                    key=f"{part.upper()}-{domain[:3].upper()}-{domain[-3:].upper()}-{n:03}@1",
                    domain=domain,
                    points=points,
                    stem=f"<p>Soal {part} {domain} {n}</p>",
                    options=tuple(f"pilihan {i}" for i in range(5)),
                    parameters=Parameters(
                        float(rng.uniform(0.7, 1.6)), steps, 0.2 if keyed else 0.0
                    ),
                    stimulus="TABEL-1" if domain.startswith("numerik") and n < 3 else "",
                )
            )
    return items


def trial_items(part: str) -> list[PoolItem]:
    """Made-up items on trial; of the first two of each domain only one may be in a test."""
    items = []
    for item in toy_items(part, 3, np.random.default_rng(9)):
        code = item.code.replace("-", "-UC-", 1)
        enemies = (code[:-3] + "001",) if code.endswith("000") else ()
        items.append(replace(item, key=f"{code}@1", stimulus="", enemies=enemies))
    return items


def toy_pool(
    per_domain: int = 8,
    lengths: tuple[int, int, int] = (4, 6, 4),
    seed: int = 1,
    policy: Policy | None = None,
    correlation: float | None = None,
    limits: str = "",
    pretest: int = 0,
    forms: int = 0,
) -> Pool:
    """A small pool of three parts with a real blueprint; `pretest` items of each sitting's part
    are on trial. With `forms` it is a pool of that many linear forms.
    """
    rng = np.random.default_rng(seed)
    bounds = {
        "twk": (Bound("nasionalisme", 1, 3), Bound("integritas", 1, 3)),
        "tiu": (Bound("verbal", 3, 4), Bound("verbal.analogi", 1, 2), Bound("numerik", 2, 3)),
        "tkp": (Bound("pelayanan_publik", 2, 2), Bound("jejaring_kerja", 2, 2)),
    }
    plans = [
        PartPlan(
            Blueprint(part, length, bounds[part], dict.fromkeys(DOMAINS[part], 3)),
            toy_items(part, per_domain, rng),
            points_per_category=1 if part == "tkp" else 5,
            base_points=1 if part == "tkp" else 0,
            policy=policy or Policy(top=3),
            constraints=ConstraintTable.read_csv(LIMITS_HEADER + limits * (part == "tiu")),
            pretest=trial_items(part) if pretest else (),
            pretest_slots=pretest,
        )
        for part, length in zip(bounds, lengths, strict=True)
    ]
    plans, assembled = with_control(plans, correlation), None
    if forms:
        plans, assembled = only_forms(plans, FormPlan(forms, (-1.0, 1.0), gap=0.1))
    return publish("mainan", plans, shuffle_options=True, correlation=correlation, forms=assembled)


@pytest.fixture(scope="session")
def pool() -> Pool:
    return toy_pool()


@pytest.fixture
def create_pool() -> Callable[..., Pool]:
    return toy_pool
