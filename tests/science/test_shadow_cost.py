"""What shadow tests cost against limits that a tree keeps by counting: hardly any information."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cat.assembly.rows import compile_rows, violations
from cat.irt.items import logistic_items
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraint_tree import as_constraints
from cat.itembank.constraints import ConstraintTable
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort
from cat.simulation.cohort import PartRun, SimulatedAnswers

pytestmark = pytest.mark.slow

BANK, LENGTH, PEOPLE = 240, 24, 300
DOMAINS = np.array(["verbal.analogi", "verbal.silogisme", "numerik.deret", "numerik.cerita"])
BLUEPRINT = Blueprint(
    "x",
    LENGTH,
    (Bound("verbal", 11, 13), Bound("verbal.analogi", 5, 7), Bound("numerik.cerita", 5, 7)),
    {},
)
MORE = """ID,TYPE,WHAT,CONDITION,LB,UB
kunci,number,item,kunci,3,7
kata,sum,kata,,1300,1460
stimulus,number,stimulus,,1,3
isi,number,per stimulus,,2,4
seteru1,enemy,item,"kode in (B003, B013, B023, B033)",,
seteru2,enemy,item,"kode in (B101, B111, B121, B131)",,
"""
THETA = np.random.default_rng(81).normal(size=PEOPLE)


@cache
def attributes() -> Attributes:
    rng = np.random.default_rng(82)
    return Attributes(
        {
            "kode": np.array([f"B{n:03}" for n in range(BANK)]),
            "domain": DOMAINS[np.arange(BANK) // 60],
            "kunci": np.array(list("ABCDE"))[rng.integers(0, 5, BANK)],
            "kata": rng.integers(20, 95, BANK).astype(float),
            "stimulus": np.array([f"S{n // 5}" if n % 60 < 20 else "" for n in range(BANK)]),
        }
    )


def part_of(kind: str, criterion: str = "posterior_information") -> AdaptivePart:
    rng = np.random.default_rng(240)
    a, b = rng.lognormal(0.0, 0.3, BANK), rng.normal(0, 1, BANK)
    tables = tabulate(logistic_items(a, b, rng.uniform(0.1, 0.3, BANK)), normal_quadrature())
    domains = attributes().column("domain").tolist()
    policy = Policy(criterion, tabulated=False)
    if kind == "free":
        return adaptive_part("x", tables, domains, Blueprint("x", LENGTH, (), {}), policy)
    if kind == "tree":
        return adaptive_part("x", tables, domains, BLUEPRINT, policy)
    own = as_constraints(BLUEPRINT).rows
    more = ConstraintTable.read_csv(MORE).rows if kind == "everything" else ()
    rows = compile_rows(ConstraintTable(own + more), attributes(), LENGTH)
    return adaptive_part("x", tables, domains, BLUEPRINT, policy, rows=rows)


@cache
def sat(kind: str, criterion: str = "posterior_information") -> PartRun:
    part, numbers = part_of(kind, criterion), np.arange(PEOPLE)
    answers = SimulatedAnswers([part], THETA[:, None], random_bits(1, numbers))
    (run,) = cohort.run([part], answers, random_bits(2, numbers))
    return run


def broken(run: PartRun) -> int:
    """People whose test breaks the blueprint or one of the other limits."""
    rows = part_of("everything").rows
    assert rows is not None
    return sum(bool(violations(rows, test)) for test in run.items)


def loss(run: PartRun, against: PartRun) -> float:
    """How much larger the mean SE is, as a share."""
    return float(run.se.mean() / against.se.mean() - 1)


def test_a_shadow_test_of_a_trees_limits_is_worth_as_much_as_counting_along_the_tree():
    # The 300 sit both; they differ where counting takes the best item now and regrets it later.
    assert abs(loss(sat("shadow"), sat("tree"))) < 0.005
    # Negative control: shadow tests of the largest luck.
    assert loss(sat("shadow", "random_item"), sat("tree")) > 0.3


def test_a_blueprint_costs_less_than_one_percent_and_all_limits_less_than_five():
    assert 0 <= loss(sat("tree"), sat("free")) < 0.01
    assert 0 < loss(sat("everything"), sat("free")) < 0.05


def test_all_limits_are_kept_by_those_who_know_them_and_by_nobody_else():
    assert broken(sat("everything")) == 0
    assert broken(sat("tree")) > PEOPLE / 2
