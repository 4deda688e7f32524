"""Rows of a table as lines of text that read back to the same values on any database."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Table, null, select
from sqlalchemy.types import JSON

# Rows that are read, or stored, together.
TOGETHER = 2000


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """A line for each row, in order of the primary key: a JSON list of the columns' values.

    The same rows give the same lines, whichever database holds them.
    """
    chosen = select(table).order_by(*table.primary_key)
    for row in connection.execute(chosen, execution_options={"yield_per": TOGETHER}):
        values = [_told(value) for value in row]
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield text.encode() + b"\n"


def rows(table: Table, given: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of the lines, ready to be inserted; those that others of them point at come first.

    A table that points at itself is held in memory as a whole: they are small ones.
    """
    columns = [(column.name, _reader(column)) for column in table.columns]
    read = (
        {
            name: read_value(value)
            for (name, read_value), value in zip(columns, json.loads(line), strict=True)
        }
        for line in given
    )
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    if not own:
        return read
    return _parents_first(list(read), table.primary_key.columns.keys()[0], own)


def _parents_first(
    read: list[dict[str, Any]], key: str, pointers: list[str]
) -> Iterator[dict[str, Any]]:
    waiting, placed = read, set()
    while waiting:
        later = []
        for row in waiting:
            if all(row[name] is None or row[name] in placed for name in pointers):
                placed.add(row[key])
                yield row
            else:
                later.append(row)
        if len(later) == len(waiting):  # a ring, or a row that points at itself: as it comes
            yield from later
            return
        waiting = later


def _told(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, JSON):
        # Nothing, where nothing may stand; elsewhere the value that JSON calls null.
        empty = null() if column.nullable else None
        return lambda value: empty if value is None else value
    kind = column.type.python_type
    readers: dict[type, Callable[[Any], Any]] = {
        bytes: base64.b64decode,
        Decimal: Decimal,
        date: date.fromisoformat,
        datetime: datetime.fromisoformat,
        float: float,
    }
    read = readers.get(kind, lambda value: value)
    return lambda value: None if value is None else read(value)
