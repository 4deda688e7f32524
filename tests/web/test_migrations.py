"""The migrations build exactly the tables that the code describes."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cat.itembank.base import Base
from web.db import db
from web.tables.penulisan import is_described


@pytest.mark.both
def test_a_migrated_database_differs_in_nothing_from_the_tables(app):
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_described}
        context = MigrationContext.configure(connection, opts=opts)

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


def test_a_database_in_use_keeps_its_accounts_through_every_migration(tmp_path):
    """SQLite rebuilds tables to alter them; rows that point at them must come through."""
    from flask_migrate import upgrade

    from tests.web.conftest import settings
    from web import create_app

    app = create_app(settings(f"sqlite:///{tmp_path / 'lama.sqlite'}", tmp_path))
    with app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO user_account (id, username, email, nama, password, active,"
                " fs_uniquifier) VALUES (1, 'staf', 's@catcpns.example', 'Staf', 'x', 1, 'u')"
            )
            connection.exec_driver_sql("INSERT INTO role VALUES (1, 'staf', 'Staf')")
            connection.exec_driver_sql("INSERT INTO user_roles VALUES (1, 1)")

        upgrade()

        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql(
                "SELECT username FROM user_account JOIN user_roles ON user_id = user_account.id"
            ).all()
            assert kept == [("staf",)]
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.session.remove()
        db.engine.dispose()
