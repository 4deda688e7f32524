"""What a dataset is, and how its rows are read: in order, in blocks, from where one stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from cat.errors import BadInput
from web.operations.ekspor.columns import Column
from web.tables import Formasi, Instansi, Pengumuman, Sesi

Row = Sequence[Any]
Statement = Select[*tuple[Any, ...]]
SqlKey = ColumnElement[Any] | InstrumentedAttribute[Any]
Key = Sequence[str | int]


@dataclass(frozen=True)
class Filters:
    """Which rows are wanted; None is all.

    tahun : of the formasi (of the act, in the audit trail). sesi : its id. pada : the day, ISO
    8601, whose rules rank. The others are codes.
    """

    tahun: int | None = None
    instansi: str | None = None
    formasi: str | None = None
    sesi: int | None = None
    pengumuman: str | None = None
    pada: str | None = None

    def to_mapping(self) -> dict[str, str | int]:
        """Only what was asked for."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Filters:
        """The filters that `to_mapping` gave."""
        return cls(**mapping)

    def check(self, session: Session) -> None:
        """Raises BadInput where one names what is not there, rather than exporting nothing."""
        if self.pada is not None:
            try:
                date.fromisoformat(self.pada)
            except ValueError as error:
                raise BadInput(f"saringan pada: {self.pada!r} bukan tanggal") from error
        known = {
            "instansi": Instansi.kode,
            "formasi": Formasi.kode,
            "sesi": Sesi.id,
            "pengumuman": Pengumuman.kode,
        }
        for name, column in known.items():
            value = getattr(self, name)
            if value is not None and session.scalar(select(column).where(column == value)) is None:
                raise BadInput(f"saringan {name}: {value!r} tidak ada", **{name: value})


@dataclass(frozen=True)
class Origins:
    """What the rows were measured and decided by: digests of pools and of rule sets."""

    pool: tuple[str, ...] = ()
    ketentuan: tuple[str, ...] = ()


Count = Callable[[Session, Filters], int]
Rows = Callable[[Session, Filters, Key | None], Iterator[Row]]


@dataclass(frozen=True)
class Dataset:
    """One table that can be exported.

    code, title, meaning : its name in files, for people, and what one row is.
    columns : add at the end, never rename.
    filters : names of the fields of `Filters` that it heeds.
    count : about how many rows there will be, rather too many (progress goes by it).
    at_once : up to how many rows somebody may wait for on a page.
    rows : rows after a key, in the order of their keys; each is its cells and then its key.
    """

    code: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    count: Count
    rows: Rows
    origins: Callable[[Session, Filters], Origins]
    at_once: int = 20_000

    def blocks(
        self, session: Session, filters: Filters, after: Key | None, size: int
    ) -> Iterator[list[Row]]:
        """The rows after a key, `size` at a time; only the last block is smaller."""
        rows = self.rows(session, filters, after)
        while block := list(islice(rows, size)):
            yield block

    def key_of(self, row: Row) -> list[str | int]:
        """The key of a row, as `rows` takes it."""
        return list(row[len(self.columns) :])


FETCHED = 1_000  # rows that a cursor brings at once; more only leave the processor cache


def from_select(
    statement: Callable[[Filters], Statement],
    keys: Sequence[SqlKey],
) -> tuple[Count, Rows]:
    """How to count and read the rows of a statement.

    keys : together unique; the statement is read in their order by one cursor of the server.
    """

    def count(session: Session, filters: Filters) -> int:
        counted = select(func.count()).select_from(statement(filters).subquery())
        return int(session.scalar(counted) or 0)

    def rows(session: Session, filters: Filters, after: Key | None) -> Iterator[Row]:
        wanted = statement(filters).add_columns(*keys).order_by(*keys)
        if after is not None:
            bound = [literal(value, key.type) for key, value in zip(keys, after, strict=True)]
            wanted = wanted.where(tuple_(*keys) > tuple_(*bound))
        # The connection gives plain rows; the session would pass each through its own loading.
        connection = session.connection()
        result = connection.execute(wanted, execution_options={"yield_per": FETCHED})
        for part in result.partitions():
            yield from part

    return count, rows


def of_formasi(statement: Statement, filters: Filters) -> Statement:
    """Keep rows by year, agency and formasi; the statement must join Formasi and Instansi."""
    if filters.tahun is not None:
        statement = statement.where(Formasi.tahun == filters.tahun)
    if filters.instansi is not None:
        statement = statement.where(Instansi.kode == filters.instansi)
    if filters.formasi is not None:
        statement = statement.where(Formasi.kode == filters.formasi)
    return statement
