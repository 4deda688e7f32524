"""What a column of an export is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import polars as pl


class Kind(StrEnum):
    """Type of a column, in the words of the documentation."""

    TEXT = "teks"
    WHOLE = "bilangan bulat"
    REAL = "bilangan pecahan"
    DECIMAL = "desimal tetap"
    YES_NO = "ya/tidak"
    DAY = "tanggal"
    MOMENT = "waktu"


_DTYPES: dict[Kind, Any] = {
    Kind.TEXT: pl.String,
    Kind.WHOLE: pl.Int64,
    Kind.REAL: pl.Float64,
    Kind.YES_NO: pl.Boolean,
    Kind.DAY: pl.Date,
    Kind.MOMENT: pl.Int64,  # microseconds since 1970-01-01 UTC
}


@dataclass(frozen=True)
class Column:
    """One column; its name is a promise to those who read the files.

    kind : its type. meaning, unit : for the documentation. scale : decimals of a DECIMAL.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    scale: int = 0

    @property
    def dtype(self) -> Any:
        """The type of the values as they come from the database."""
        return pl.Decimal(18, self.scale) if self.kind is Kind.DECIMAL else _DTYPES[self.kind]

    def described(self) -> dict[str, Any]:
        """The column as it stands in a manifest."""
        names = {"name": "nama", "kind": "tipe", "meaning": "arti", "unit": "satuan"}
        return {names[k]: v for k, v in asdict(self).items() if k in names} | (
            {"desimal": self.scale} if self.kind is Kind.DECIMAL else {}
        )

    @classmethod
    def read(cls, row: dict[str, Any]) -> Column:
        """The column that a manifest describes; raises KeyError and ValueError when it does not."""
        kind = Kind(row["tipe"])
        return cls(row["nama"], kind, row["arti"], row["satuan"], int(row.get("desimal", 0)))


def text(name: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, meaning)


def whole(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, Kind.WHOLE, meaning, unit)


def real(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, Kind.REAL, meaning, unit)


def decimal(name: str, scale: int, meaning: str, unit: str = "") -> Column:
    return Column(name, Kind.DECIMAL, meaning, unit, scale)


def yes_no(name: str, meaning: str) -> Column:
    return Column(name, Kind.YES_NO, meaning)


def day(name: str, meaning: str) -> Column:
    return Column(name, Kind.DAY, meaning)


def moment(name: str, meaning: str) -> Column:
    return Column(name, Kind.MOMENT, meaning)
