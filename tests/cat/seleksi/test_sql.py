"""Two independent implementations agree: the ranking in arrays, and plain SQL (here on SQLite)."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.errors import BadRules, BadTable
from cat.seleksi import nasional
from cat.seleksi.audit import audit_tables
from cat.seleksi.berkas import Table
from tests.cat.seleksi.worlds import (
    AUDIT,
    RULES,
    as_rows,
    create_needs,
    create_people,
    tied_world,
)

STEPS = ("peringkat_skd.sql", "peringkat_akhir.sql")


def differences(tables: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """What SQLite finds that the arrays did otherwise."""
    with sqlite3.connect(":memory:") as database:
        database.executescript((AUDIT / "tabel.sql").read_text(encoding="utf-8"))
        for name, rows in tables.items():
            if rows:
                places = ", ".join("?" * len(rows[0]))
                database.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        for step in STEPS:
            database.executescript((AUDIT / step).read_text(encoding="utf-8"))
        return database.execute((AUDIT / "banding.sql").read_text(encoding="utf-8")).fetchall()


def test_sql_and_arrays_give_the_same_lists_for_100_000_people_with_many_ties():
    people, needs = tied_world(100_000, 3_000, seed=4)

    tables = as_rows(people, needs)

    assert differences(tables) == []
    waiting = sum(row[-1] for row in tables["hasil_sistem"])
    assert waiting > 100, "the world must have equals at the cut"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 5))
def test_sql_and_arrays_give_the_same_lists_in_small_worlds(seed: int, people: int, formasi: int):
    assert differences(as_rows(*tied_world(people, formasi, seed))) == []


def test_one_changed_point_is_found_and_named():
    tables = as_rows(*tied_world(2_000, 40, seed=9))
    ranked = next(i for i, row in enumerate(tables["hasil_sistem"]) if row[1] == 1)
    nomor, rank, *rest = tables["hasil_sistem"][ranked]

    tables["hasil_sistem"][ranked] = (nomor, rank + 1, *rest)

    assert [row[0] for row in differences(tables)] == [nomor]


def test_an_skb_that_sql_cannot_hold_in_whole_numbers_is_refused_by_name():
    needs = Table("formasi.parquet", create_needs([{}]))
    odd = needs.frame.with_columns(skb_1_maks=needs.frame["skb_1_maks"] / 1000)
    people = Table("peserta.parquet", create_people([{"skb_1": 0}]))
    result = nasional.decide(people, Table("formasi.parquet", odd), RULES)

    with pytest.raises(BadTable, match=r"skb_1_maks, baris 1, isi 0\.550: harus poin bulat"):
        audit_tables(people, Table("formasi.parquet", odd), RULES, result)


def test_rules_with_another_order_than_the_statements_are_refused():
    people, needs = tied_world(10, 2, seed=1)
    integration = replace(RULES.integrasi, urutan=("akhir", "total", "usia"))
    rules = replace(RULES, integrasi=integration)

    with pytest.raises(BadRules, match="integrasi: urutan"):
        audit_tables(people, needs, rules, nasional.decide(people, needs, rules))
