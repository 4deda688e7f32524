"""Putting a backup into an empty database."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text, update

from cat.errors import BadInput
from cat.itembank.base import Base
from web.operations.cadangan import arsip, baris
from web.operations.hari_ujian.masuk import SELESAI
from web.tables import Masuk, Sitting

VERSION = "alembic_version"


def refuse_filled(engine: Engine) -> None:
    """Raise BadInput when the database holds anything: nobody's exams are written over.

    Our own tables may be there without rows: a restore that was broken off leaves them.
    """
    names = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        own = [each for each in Base.metadata.sorted_tables if each.name in names]
        filled = [each.name for each in own if _has_rows(connection, each)]
    if VERSION not in names:
        filled = sorted(names)
    if filled:
        raise BadInput(f"basis data tujuan tidak kosong: {len(filled)} tabel, seperti {filled[0]}")


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None


def refuse_other_schema(manifest: arsip.Manifes, head: str) -> None:
    """Raise BadInput when the backup was made by another version of the platform."""
    if manifest.skema != head:
        raise BadInput(
            f"cadangan dibuat dengan skema {manifest.skema}, versi ini memakai {head}: pulihkan "
            "dengan versi yang sama, lalu jalankan catcpns db upgrade dengan versi baru"
        )


def fill(
    connection: Connection,
    file: Path,
    manifest: arsip.Manifes,
    told: arsip.Progress = lambda *_: None,
) -> None:
    """Store every row of a backup in freshly migrated tables, within the caller's transaction.

    Raises BadInput when the rows are not those that the backup lists.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    with zipfile.ZipFile(file) as archive:
        for table in Base.metadata.sorted_tables:
            if table.name not in manifest.tabel:
                continue
            for some in _together(baris.rows(table, arsip.lines_of(archive, table.name))):
                connection.execute(table.insert(), some)
            _go_on_counting(connection, table)
            told(table.name, manifest.tabel[table.name].baris)
    faults = arsip.compare(connection, manifest)
    if faults:
        raise BadInput("isi yang dipulihkan tidak sama: " + "; ".join(faults))


def end_logins(connection: Connection, *, now: int) -> None:
    """Let every candidate log in again: in another place they sit at other computers.

    Otherwise each new computer would count as a second one beside that of the old place.
    """
    ended = {"keadaan": SELESAI, "diakhiri_at": now, "diakhiri_oleh": "pemulihan"}
    connection.execute(update(Masuk).where(Masuk.keadaan != SELESAI).values(ended))
    connection.execute(update(Sitting).where(Sitting.masuk_id.is_not(None)).values(masuk_id=None))


def _together(given: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(given)
    while some := list(islice(rows, baris.TOGETHER)):
        yield some


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids beside the table: the next one must come after those restored."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    name = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    if name:
        highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(text(f"'{name}'"), highest, False)))
