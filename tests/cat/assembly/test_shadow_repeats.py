"""The same values and items given have the same shadow test, whatever was solved before and where.

An exam is replayed for audit: another history of the solver, another process, the same test.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from cat.assembly import linear_program, whole_optimum
from cat.assembly.linear_program import solver_of
from cat.assembly.rows import compile_rows
from cat.assembly.shadow_test import ShadowSolver
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import ConstraintTable

ROOT = Path(__file__).resolve().parents[3]
ITEMS, LENGTH = 240, 30
GAPS = (0.0, 0.001)


@cache
def make_rows():
    rng = np.random.default_rng(11)
    stimulus = np.array([f"S{s}" if s < 12 else "" for s in np.repeat(np.arange(48), 5)])
    bank = Attributes(
        {
            "kode": [f"B{i}" for i in range(ITEMS)],
            "domain": np.array(list("abcd"))[rng.integers(0, 4, 48)].repeat(5),
            "stimulus": stimulus,
            "kunci": np.array(list("ABCDE"))[rng.integers(0, 5, ITEMS)],
            "kata": rng.integers(15, 120, ITEMS).astype(float),
            "detik": rng.integers(30, 110, ITEMS).astype(float),
        }
    )
    lines = ["TYPE,WHAT,CONDITION,LB,UB", "number,item,kunci,5,7", "number,stimulus,,2,3"]
    lines += ["sum,kata,,1800,1820", "sum,detik,,,1900"]
    lines += ["number,per stimulus,,3,4"] + [f"number,item,domain = {d},6,9" for d in "abcd"]
    for pair in rng.choice(np.arange(60, ITEMS), (10, 2), replace=False):
        lines.append(f'enemy,item,"kode in (B{pair[0]}, B{pair[1]})",,')
    return compile_rows(ConstraintTable.read_csv("\n".join(lines)), bank, LENGTH)


@cache
def questions():
    """Values with items given; among them values that many items share, so that tests tie."""
    rng = np.random.default_rng(12)
    first = ShadowSolver(make_rows()).assemble(rng.random(ITEMS), [])
    given = rng.permutation(np.flatnonzero(first))
    values = [*rng.random((2, ITEMS)), np.zeros(ITEMS), rng.integers(0, 3, ITEMS).astype(float)]
    return [(value, given[: 2 + 2 * n]) for n, value in enumerate(values)]


def fingerprint(gap=0.0):
    """What is assembled for the questions, in letters that a process can print."""
    solver = ShadowSolver(make_rows(), gap)
    return [np.packbits(solver.assemble(*question)).tobytes().hex() for question in questions()]


@pytest.fixture(scope="module")
def expected():
    return {gap: fingerprint(gap) for gap in GAPS}


@pytest.mark.parametrize("gap", GAPS)
def test_the_order_in_which_questions_are_asked_changes_no_answer(gap):
    asked = questions()
    alone = [ShadowSolver(make_rows(), gap).assemble(*question) for question in asked]
    solver = ShadowSolver(make_rows(), gap)

    for seed in range(2):
        for at in np.random.default_rng(seed).permutation(len(asked)):
            np.testing.assert_array_equal(solver.assemble(*asked[at]), alone[at])


@pytest.mark.parametrize("gap", GAPS)
def test_a_new_process_assembles_the_same_tests(expected, gap):
    code = (
        "import importlib.util as u, sys;"
        f"s = u.spec_from_file_location('again', {str(Path(__file__))!r});"
        "m = u.module_from_spec(s); s.loader.exec_module(m);"
        f"print('\\n'.join(m.fingerprint({gap})))"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout.split() == expected[gap]


@pytest.mark.parametrize("pace", [(80, 4, 200, 1000), (20, 2, 3, 10)])
def test_another_way_through_the_search_ends_at_the_same_tests(expected, monkeypatch, pace):
    for name, number in zip(
        ("_FIRST_CORE", "_GROWTH", "_FIRST_LOOK", "_PATIENCE"), pace, strict=True
    ):
        monkeypatch.setattr(whole_optimum, name, number)

    assert fingerprint(0.0) == expected[0.0]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize(
    "options",
    [
        {"simplex_strategy": 4},  # the primal method instead of the dual
        {"simplex_dual_edge_weight_strategy": 0, "random_seed": 7},
    ],
)
def test_another_solvers_way_to_the_same_optimum_changes_no_test(
    expected, monkeypatch, gap, options
):
    def other_way(program, whole=None):
        solver = solver_of(program, whole)
        for name, value in options.items():
            solver.setOptionValue(name, value)
        return solver

    monkeypatch.setattr(linear_program, "solver_of", other_way)

    assert fingerprint(gap) == expected[gap]


def test_a_general_solver_that_starts_cold_finds_no_better_test():
    rows = make_rows()
    solver = ShadowSolver(rows, gap=0.0)
    whole = LinearConstraint(rows.matrix, rows.lower, rows.upper)

    for value, given in questions():
        low, cost = rows.fixed_lower.copy(), np.zeros(len(rows.fixed_lower))
        low[given], cost[:ITEMS] = 1.0, -value
        best = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(low, rows.fixed_upper),
            constraints=whole,
            options={"mip_rel_gap": 0.0},
        )

        # Values are rounded and handicapped by less than a part in 60,000 of the largest.
        assert value[solver.assemble(value, given)].sum() >= -best.fun - LENGTH * value.max() / 6e4


def test_values_in_another_unit_ask_for_the_same_test():
    solver = ShadowSolver(make_rows())

    for value, given in questions():
        np.testing.assert_array_equal(
            solver.assemble(value * 2.0**-30, given), solver.assemble(value, given)
        )


def test_a_difference_below_the_resolution_changes_nothing_and_one_above_it_does():
    solver = ShadowSolver(make_rows(), gap=0.0)
    value, given = questions()[0]
    test = solver.assemble(value, given)
    outside = int(np.flatnonzero(~test)[0])

    nearly = value.copy()
    nearly[outside] += 1e-10
    clearly = value.copy()
    clearly[outside] += 10

    np.testing.assert_array_equal(solver.assemble(nearly, given), test)
    assert solver.assemble(clearly, given)[outside]
