"""Criteria x constraints: no test breaks a limit, whatever chooses its items."""

from __future__ import annotations

import pytest

from cat.assembly.feasibility import check
from cat.assembly.rows import compile_rows
from cat.errors import BlueprintInfeasible
from cat.itembank.constraints import TYPES, ConstraintTable
from tests.cat.matrix.banks import abilities, part_of, policy_of, sit
from tests.cat.matrix.cells import BY_SOLVER, CRITERIA, LIMITS, TABULATED, each, grid
from tests.cat.matrix.limits import DOMAINS, LENGTH, TABLES, attributes, breaches, options

# A shadow test is assembled for every item of every person.
MANY, FEW = 60, 4


def finished(criterion, limits, *, told=True, refresh=1):
    """The tests of a cohort that chooses under the limits, or as if nobody had told it of them."""
    policy = policy_of(criterion, tabulated=criterion in TABULATED, refresh=refresh)
    part = part_of("2pl", policy, LENGTH, **(options(limits) if told else {"domains": DOMAINS}))
    return sit(part, abilities(FEW if part.shadow else MANY)).items.tolist()


@pytest.mark.parametrize(("criterion", "limits"), each(grid(CRITERIA, LIMITS)))
def test_no_finished_test_breaks_a_limit(criterion, limits):
    tests = finished(criterion, limits)

    assert {tuple(breaches(limits, test)) for test in tests} == {()}
    assert len({tuple(test) for test in tests}) > 1 or criterion == "information_at_cut"


@pytest.mark.parametrize("limits", [limits for limits in LIMITS if limits != "tanpa"])
def test_whoever_does_not_know_the_limits_breaks_them(limits):
    tests = finished("maximum_information", limits, told=False)

    assert sum(bool(breaches(limits, test)) for test in tests) > len(tests) / 2


@pytest.mark.parametrize("limits", BY_SOLVER)
def test_nor_does_a_test_whose_shadow_is_renewed_only_every_third_item(limits):
    tests = finished("posterior_information", limits, refresh=3)

    assert {tuple(breaches(limits, test)) for test in tests} == {()}


def test_every_type_of_constraint_is_in_a_table():
    used = {line.split(",")[0] for lines in TABLES.values() for line in lines}

    assert used == set(TYPES)


def test_limits_that_no_test_can_keep_are_refused_before_anybody_sits():
    table = ConstraintTable.read_csv(
        "ID,TYPE,WHAT,CONDITION,LB,UB\nbanyak,number,item,kunci = A,8,\nsedikit,sum,kata,,,200"
    )

    with pytest.raises(BlueprintInfeasible, match=r"kendala sedikit \(sum kata\)") as refusal:
        check(compile_rows(table, attributes(), LENGTH), table)

    assert refusal.value.evidence["missing"]
