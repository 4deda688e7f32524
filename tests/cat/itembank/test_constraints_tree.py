"""Blueprints as tables and back: when a table needs no solver, and that nothing is lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cat.errors import BadRules, BlueprintInfeasible
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraint_tree import as_constraints, bounds_of, tree_only
from cat.itembank.constraints import Constraint, ConstraintTable

SEED = Path(__file__).parents[3] / "seeds" / "kisi_kisi" / "tkd_adaptif_2024.toml"


def count(condition, lower, upper, name="1", **more):
    return Constraint(name, "number", "item", condition, lower, upper, **more)


@pytest.mark.parametrize("part", ["twk", "tiu", "tkp"])
def test_the_kisi_kisi_of_the_tkd_is_the_same_as_a_table_and_back(part):
    data = tomllib.loads(SEED.read_text(encoding="utf-8"))["bagian"][part]
    blueprint = Blueprint.from_mapping(part, data)

    table = as_constraints(blueprint)

    assert tree_only(table)
    root, *bounds = bounds_of(table, blueprint.length)
    assert root == Bound("", blueprint.length, blueprint.length)
    assert tuple(bounds) == blueprint.bounds
    assert ConstraintTable.read_csv(table.to_csv()) == table


@pytest.mark.parametrize(
    ("row", "is_tree"),
    [
        (count("domain under verbal", 1, 2), True),
        (count("(domain under verbal)", 1, 2), True),
        (count("", 20, 20), True),
        (count("domain = verbal", 1, 2), False),
        (count("domain", 1, 2), False),
        (count("domain under verbal or domain under numerik", 1, 2), False),
        (count("not domain under verbal", 1, 2), False),
        (count("topik under verbal", 1, 2), False),
        (Constraint("1", "number", "stimulus", "domain under verbal", 1, 2), False),
        (Constraint("1", "exclude", "item", "domain under verbal"), False),
        (Constraint("1", "sum", "kata", "domain under verbal", 1, 2), False),
        (Constraint("1", "sum", "kata", "domain under verbal", 1, 2, active=False), True),
    ],
)
def test_only_counts_of_one_branch_need_no_solver(row, is_tree):
    table = ConstraintTable((row,))

    assert tree_only(table) is is_tree
    if not is_tree:
        with pytest.raises(BadRules, match="bukan baris pohon domain"):
            bounds_of(table, 10)


def test_rows_on_the_same_branch_hold_together():
    table = ConstraintTable(
        (
            count("domain under a", 1, 5, "1"),
            count("domain under a", 2, None, "2"),
            count("domain under a", 4, 4, "3", active=False),
            count("domain under b", 3, None, "4"),
        )
    )

    assert bounds_of(table, 10) == (Bound("a", 2, 5), Bound("b", 3, 10))


def test_rows_that_no_number_satisfies_are_named_together():
    table = ConstraintTable(
        (count("domain under a", 4, 6, "1"), count("domain under a", 0, 3, "2"))
    )

    with pytest.raises(BlueprintInfeasible, match=r"kendala 1 .* meminta 4.*kendala 2 .* 3") as it:
        bounds_of(table, 10)

    assert list(it.value.evidence["missing"].values()) == [1.0]
