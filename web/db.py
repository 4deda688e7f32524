"""The database: one Flask-SQLAlchemy object, one way to write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from cat.itembank.base import Base
from web import giliran

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

_WRITES = "writes"


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction that writes: committed when the block ends, rolled back when it raises.

    On SQLite it takes the write lock at once, so that what the block reads stays true until it
    writes; on PostgreSQL the operations lock the rows that they decide on.
    """
    session = db.session()
    session.commit()  # what was loaded to authorise the act must not hold an old snapshot
    session.connection(execution_options={_WRITES: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def own_session(engine: Engine, *, writes: bool = False) -> Iterator[Session]:
    """A session outside any request, as background jobs use: committed at the end of the block.

    writes : as in `transaction`; without it the block may read for long without hindering anybody.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection(execution_options={_WRITES: writes})
        yield session


def writing(connection: Connection) -> Connection:
    """A connection all of whose transactions write, as in `transaction`."""
    return connection.execution_options(**{_WRITES: True})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's BEGIN, not the driver's
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged answer survives a power cut
        "foreign_keys = ON",
        "recursive_triggers = ON",  # INSERT OR REPLACE deletes too: append-only tables refuse it
        "busy_timeout = 15000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITES, False)
        if not writes:
            connection.exec_driver_sql("BEGIN")
            return
        with giliran.waiting():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
