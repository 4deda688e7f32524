"""The auditor's SQL runs unchanged on PostgreSQL too, and finds what the arrays found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.cat.seleksi.worlds import AUDIT, as_rows, tied_world


@pytest.fixture
def auditor(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to an empty schema of its own."""
    address = postgres.replace("postgresql+psycopg", "postgresql") + "/postgres"
    name = f"audit_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        connection.execute(f"SET search_path TO {name}".encode())
        yield connection
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def statement(name: str) -> bytes:
    return (AUDIT / name).read_bytes()


def differences(
    auditor: psycopg.Connection[Any], tables: dict[str, list[tuple[Any, ...]]]
) -> list[tuple[Any, ...]]:
    auditor.execute(statement("tabel.sql"))
    for name, rows in tables.items():
        with auditor.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
    auditor.execute(b"ANALYZE")
    auditor.execute(statement("peringkat_skd.sql"))
    auditor.execute(statement("peringkat_akhir.sql"))
    return auditor.execute(statement("banding.sql")).fetchall()


def test_postgresql_and_arrays_give_the_same_lists_for_100_000_people_with_many_ties(auditor):
    assert differences(auditor, as_rows(*tied_world(100_000, 3_000, seed=14))) == []


def test_postgresql_finds_one_changed_rank(auditor):
    tables = as_rows(*tied_world(2_000, 40, seed=15))
    ranked = next(i for i, row in enumerate(tables["hasil_sistem"]) if row[1] == 1)
    nomor, rank, *rest = tables["hasil_sistem"][ranked]
    tables["hasil_sistem"][ranked] = (nomor, rank + 1, *rest)

    assert [row[0] for row in differences(auditor, tables)] == [nomor]
