"""Hundreds of thousands of rows in and out of the database as columns, without an object for each.

On PostgreSQL through COPY, elsewhere through the driver; both within the session's transaction.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import JSON, Select, Table, insert
from sqlalchemy.orm import Session

AnySelect = Select[*tuple[Any, ...]]

_BLOCK = 2**16
_ROWS = 20_000


def read_frame(session: Session, statement: AnySelect, schema: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a statement as columns.

    schema : name and polars type of each column, in the order of the statement. An empty text may
        come out as no value.
    """
    if not _is_postgres(session):
        rows = [tuple(row) for row in session.execute(statement)]
        return pl.DataFrame(rows, schema=dict(schema), orient="row")
    plain = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    text = copy_out(session, str(plain).replace("%%", "%"))
    if not text:
        return pl.DataFrame(schema=dict(schema))
    claims = [name for name, kind in schema.items() if kind == pl.Boolean]
    known = {name: pl.String if name in claims else kind for name, kind in schema.items()}
    frame = pl.read_csv(io.BytesIO(text), has_header=False, schema=known)
    return frame.with_columns(pl.col(name) == "t" for name in claims)


def copy_out(session: Session, query: str, values: Sequence[Any] = ()) -> bytes:
    """The rows of a query on PostgreSQL as CSV without a head line.

    values : for each %s in the query; without them a % stands for itself.

    The driver's own reader handles every row in Python; libpq's calls are eight times as fast.
    """
    driver = _driver(session)
    bound = psycopg.ClientCursor(driver).mogrify(query, values) if values else query
    connection = driver.pgconn
    result = connection.exec_(f"COPY ({bound}) TO STDOUT (FORMAT CSV)".encode())
    if result.status != ExecStatus.COPY_OUT:
        raise psycopg.errors.error_from_result(result)
    rows = []
    while True:
        size, row = connection.get_copy_data(0)
        if size <= 0:
            break
        rows.append(bytes(row))
    while (result := connection.get_result()) is not None:
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
    return b"".join(rows)


def insert_frame(session: Session, table: Table, frame: pl.DataFrame) -> None:
    """Insert all rows of a frame whose columns are named as the table's.

    Columns of JSON are given as text that holds it.
    """
    if not _is_postgres(session):
        documents = [c.name for c in table.columns if isinstance(c.type, JSON)]
        for part in frame.iter_slices(_ROWS):
            rows = part.to_dicts()
            for row in rows:
                row.update({name: json.loads(row[name]) for name in documents if name in row})
            session.execute(insert(table), rows)
        return
    names = ", ".join(f'"{name}"' for name in frame.columns)
    buffer = io.BytesIO()
    # Texts in quotes, so that an empty text is not taken for no value.
    frame.write_csv(buffer, include_header=False, quote_style="non_numeric", null_value="")
    view = buffer.getbuffer()
    with (
        _driver(session)
        .cursor()
        .copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT CSV)") as copy
    ):
        for start in range(0, len(view), _BLOCK):
            copy.write(view[start : start + _BLOCK])


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _driver(session: Session) -> Any:
    """The driver's connection, inside the session's own transaction."""
    session.flush()
    return session.connection().connection.driver_connection
