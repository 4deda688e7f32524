"""Alembic's entry: runs the migrations on the application's database."""

from __future__ import annotations

from alembic import context
from flask import current_app

import web.tables  # noqa: F401  (all tables must be known to the metadata)
from cat.itembank.base import Base
from web.tables.penulisan import is_described


def run_online() -> None:
    """Migrate over one connection of the application's engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite alters a table by building it anew: rows that point at it must bear that.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=is_sqlite,
            include_name=is_described,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            ):
                raise RuntimeError(f"migrasi meninggalkan rujukan yang putus: {broken}")
    engine.dispose()  # whoever connects next checks references again


if context.is_offline_mode():
    raise SystemExit("Migrasi hanya dijalankan pada basis data yang tersambung.")
run_online()
