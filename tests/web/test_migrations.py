"""The migrations build exactly the tables that the code describes."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cat.itembank.base import Base
from web.db import db


def test_a_migrated_database_differs_in_nothing_from_the_tables(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_the_embedded_database_is_durable(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is durable by its own settings, which belong to its operator")
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_loading_the_seeds_again_changes_nothing(app):
    from seeds.demo.load import load_demo
    from seeds.load import load_all
    from tests.web.conftest import KEYS, START
    from web.db import transaction

    def counts():
        db.session.remove()
        return {
            table.name: db.session.scalar(db.select(db.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }

    before = counts()
    with transaction() as session:
        pool = load_all(session, now=START + 1)
        load_demo(session, pool, keys=KEYS, password_hash="x", now=START + 1)

    assert counts() == before
