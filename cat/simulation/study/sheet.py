"""Reading a table of people from a CSV file; every refusal names file, line and column."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from cat.errors import BadInput


@dataclass(frozen=True)
class Sheet:
    """A CSV file. names : column names; rows : the cells below them, all rows equally long.

    path : the file, for messages.
    """

    path: Path
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def problem(self, row: int, column: str, value: object, rule: str) -> BadInput:
        """The error to raise about a cell; row counts persons from 0."""
        place = f"{self.path.name} baris {row + 2}, kolom {column}"
        return BadInput(f"{place}: {rule} (terbaca: {value!r})", place=place, value=value)


def read_sheet(path: Path) -> Sheet:
    """The cells of a CSV file in UTF-8 with a line of column names.

    Cells end in commas or semicolons, whichever the first line has; a `.gz` is unpacked.

    Raises BadInput when it cannot be read, a row has too many or too few cells, a name is empty or
    appears twice, or there is no row.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = ";" if ";" in first and "," not in first else ","
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [tuple(cell.strip() for cell in row) for row in lines if row]
    except OSError as error:
        raise BadInput(f"{path}: tidak dapat dibaca ({error})") from error
    except (UnicodeDecodeError, EOFError, zlib.error, csv.Error) as error:
        raise BadInput(f"{path}: bukan CSV dalam UTF-8 ({error})") from error
    if len(rows) < 2:
        raise BadInput(f"{path}: perlu baris nama kolom dan sedikitnya satu baris isi")
    names = rows[0]
    if "" in names or len(set(names)) < len(names):
        again = next(name for name in names if not name or names.count(name) > 1)
        raise BadInput(f"{path}: nama kolom {again!r} kosong atau terulang")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(names):
            raise BadInput(
                f"{path} baris {number}: ada {len(row)} sel, seharusnya {len(names)} seperti"
                " baris nama kolom"
            )
    return Sheet(path, names, tuple(rows[1:]))
