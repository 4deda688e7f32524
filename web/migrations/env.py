"""Alembic's entry: runs the migrations on the application's database."""

from __future__ import annotations

from alembic import context
from flask import current_app

import web.tables  # noqa: F401  (all tables must be known to the metadata)
from cat.itembank.base import Base


def run_online() -> None:
    """Migrate over one connection of the application's engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrasi hanya dijalankan pada basis data yang tersambung.")
run_online()
