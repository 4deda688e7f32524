"""Is a table of people or formasi as its columns promise? The first cell that is not is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cat.errors import BadTable
from cat.seleksi import kolom
from cat.seleksi.kolom import Column, Kind

MOST_DECIMALS = 3
_FITS: dict[Kind, Callable[[pl.DataType], bool]] = {
    Kind.TEKS: lambda kind: isinstance(kind, (pl.String, pl.Categorical, pl.Enum)),
    Kind.BULAT: lambda kind: kind.is_integer(),
    Kind.PECAHAN: lambda kind: kind.is_float(),
    Kind.DESIMAL: lambda kind: kind.is_decimal() or kind.is_integer(),
    Kind.YA_TIDAK: lambda kind: isinstance(kind, pl.Boolean),
    Kind.TANGGAL: lambda kind: isinstance(kind, pl.Date),
}


@dataclass(frozen=True)
class Rule:
    """What must hold in every row. column : that is blamed; holds : true where all is well."""

    column: str
    holds: pl.Expr
    text: str


@dataclass(frozen=True, eq=False)
class Table:
    """A table and where it came from, as its reader would call it."""

    source: str
    frame: pl.DataFrame

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return set(names) <= set(self.frame.columns)

    def check_columns(self, columns: Sequence[Column]) -> None:
        """Raise BadTable for a column that is missing or holds another kind of value."""
        for column in columns:
            if column.name not in self.frame.columns:
                rule = f"kolom ini wajib ada: {column.kind}, {column.arti}"
                raise self.problem(column.name, None, None, rule)
            kind = self.frame.schema[column.name]
            if not _FITS[column.kind](kind):
                raise self.problem(column.name, None, str(kind), f"harus berisi {column.kind}")
            if isinstance(kind, pl.Decimal) and kind.scale > MOST_DECIMALS:
                rule = f"paling banyak {MOST_DECIMALS} angka desimal"
                raise self.problem(column.name, None, str(kind), rule)
        filled = [
            Rule(each.name, pl.col(each.name).is_not_null(), "tidak boleh kosong")
            for each in columns
            if not each.may_be_empty
        ]
        decimals = [each.name for each in columns if each.kind is Kind.DESIMAL]
        self.check([*filled, *map(_not_too_large, decimals)])

    def check(self, rules: Sequence[Rule]) -> None:
        """Raise BadTable for the first row that breaks a rule; empty cells break none."""
        broken = [(~rule.holds).fill_null(False) for rule in rules]
        if not rules or not self.frame.height:
            return
        anywhere = self.frame.select(each.any().alias(str(i)) for i, each in enumerate(broken))
        for number, found in enumerate(anywhere.row(0)):
            if found:
                row = self.frame.select(broken[number].arg_max()).item()
                raise self.at(rules[number].column, row, rules[number].text)

    def at(self, column: str, row: int, text: str) -> BadTable:
        """The error for one cell; row from 0."""
        return self.problem(column, row + 1, self.frame[column][row], text)

    def problem(self, column: str, row: int | None, value: Any, rule: str) -> BadTable:
        """The error, naming place, value and rule; row from 1, None for a whole column."""
        place = "" if row is None else f", baris {row}"
        told = "" if value is None and row is None else f", isi {_as_written(value)}"
        return BadTable(
            f"{self.source}: kolom {column}{place}{told}: {rule}",
            column=column,
            row=row,
            value=value,
            rule=rule,
        )


def read_parquet(path: Path) -> Table:
    """A Parquet file as a table; raises BadTable when it cannot be read as one."""
    try:
        return Table(path.name, pl.read_parquet(path))
    except (OSError, pl.exceptions.PolarsError) as error:
        what = str(error).splitlines()[0]
        raise BadTable(f"{path.name}: bukan berkas Parquet yang utuh ({what})") from error


def parts_of(table: Table) -> int:
    """How many SKB parts the formasi table plans: skb_1_maks, skb_2_maks, and so on."""
    number = 0
    while table.has(kolom.skb_plan(number + 1)[0].name):
        number += 1
    return number


def thousandths(name: str) -> pl.Expr:
    """A decimal or whole column as whole thousandths; empty stays empty."""
    return pl.col(name).cast(pl.Decimal(18, MOST_DECIMALS)).to_physical().cast(pl.Int64)


def _not_too_large(name: str) -> Rule:
    fits = pl.col(name).cast(pl.Decimal(18, MOST_DECIMALS), strict=False).is_not_null()
    return Rule(name, fits | pl.col(name).is_null(), "terlalu besar")


def _as_written(value: Any) -> str:
    return "kosong" if value is None else repr(value) if isinstance(value, str) else str(value)
