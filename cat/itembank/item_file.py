"""A bank of calibrated items as a CSV file: parameters and attributes, one row an item.

    kode       the item's code, unique; the only column besides a and b1 that is required
    model      logistic (also where the column or the cell is empty), graded or partial_credit
    a          discrimination, > 0, D = 1
    b1, b2 ... difficulty; thresholds or steps; empty beyond the item's own
    c, d       lower and upper asymptote of logistic items; empty means 0 and 1
    domain, kunci, stimulus    texts; kata, detik    numbers; see `Attributes`
    any other  an attribute: numbers when every cell is one, else texts

Commas separate the cells; or semicolons, and then a decimal comma is read as well as a point.
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, BadParameters
from cat.irt.items import Items, Model
from cat.itembank.attributes import TEXT_COLUMNS, Attributes

Floats = NDArray[np.float64]

_MODELS = (Model.LOGISTIC, Model.GRADED, Model.PARTIAL_CREDIT)
_NUMBER_COLUMNS = ("kata", "detik")
# A thousands separator, "1.200.000" or "1,200", is no number here: it would be read as another.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, eq=False)
class ItemFile:
    """The I items of a file, in the order of its rows, and what else it says of them."""

    items: Items
    attributes: Attributes


def read_items(path: Path) -> ItemFile:
    """Read a bank from a CSV file in UTF-8.

    Raises BadInput or BadParameters, naming the file, the line, the column and the value.
    """
    table = _Table(path)
    table.require("kode", "a", "b1")
    names = table.numbered("b")
    model = tuple(_model(table, row) for row in range(len(table.rows)))
    try:
        items = Items(
            model,
            a=table.numbers("a"),
            b=np.stack([table.numbers(name, math.nan) for name in names], axis=1),
            c=table.numbers("c", 0.0),
            d=table.numbers("d", 1.0),
        )
    except BadParameters as error:
        raise _placed(table, error) from error
    parameters = {"model", "a", "c", "d", *names}
    columns = {name: _attribute(table, name) for name in table.names if name not in parameters}
    try:
        return ItemFile(items, Attributes(columns))
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}", **error.evidence) from error


class _Table:
    """Cells of a CSV file as texts, by column, with the line that each row stands on."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise BadInput(f"{path}: tidak dapat dibaca ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise BadInput(f"{self.name}: simpan berkas sebagai CSV UTF-8") from error
        first = text.partition("\n")[0]
        self._delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True)
        self.names: tuple[str, ...] = ()
        self.rows: list[list[str]] = []
        self._lines: list[int] = []
        try:
            for cells in reader:
                self._take([cell.strip() for cell in cells], reader.line_num)
        except csv.Error as error:
            line = reader.line_num
            raise BadInput(f"{self.name}, baris {line}: bukan CSV utuh ({error})") from error
        if not self.rows:
            raise BadInput(f"{self.name}: perlu baris judul dan paling sedikit satu butir")

    def _take(self, cells: list[str], line: int) -> None:
        if not any(cells):
            return
        if not self.names:
            self.names = tuple(cell.lower() for cell in cells)
            for name in self.names:
                if not name or self.names.count(name) > 1:
                    rule = "judul kolom tidak boleh kosong atau berulang"
                    raise BadInput(f"{self.name}, baris {line}: {rule}; ada {name!r}")
        elif len(cells) != len(self.names):
            raise BadInput(
                f"{self.name}, baris {line}: ada {len(cells)} sel untuk {len(self.names)} kolom"
            )
        else:
            self.rows.append(cells)
            self._lines.append(line)

    def require(self, *names: str) -> None:
        """Refuse a file without these columns, and rows whose code is empty."""
        for name in names:
            if name not in self.names:
                raise BadInput(f"{self.name}: kolom {name} tidak ada; ada {', '.join(self.names)}")
        for row, code in enumerate(self.cells("kode")):
            if not code:
                raise self.refusal(row, "kode", "tidak boleh kosong")

    def numbered(self, letter: str) -> list[str]:
        """The columns b1, b2 and so on; none may be left out in between."""
        found = [name for name in self.names if re.fullmatch(letter + r"[1-9]\d*", name)]
        wanted = [f"{letter}{n}" for n in range(1, len(found) + 1)]
        if missing := [name for name in wanted if name not in found]:
            raise BadInput(f"{self.name}: kolom {missing[0]} tidak ada, padahal ada {max(found)}")
        return wanted

    def cells(self, name: str) -> list[str]:
        """Texts of a column."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]

    def numbers(self, name: str, empty: float | None = None) -> Floats:
        """Numbers of a column; `empty` stands for empty cells, and for a column left out."""
        if name not in self.names and empty is not None:
            return np.full(len(self.rows), empty)
        found = np.zeros(len(self.rows))
        for row, cell in enumerate(self.cells(name)):
            if cell or empty is None:
                value = self.number(cell)
                if value is None:
                    raise self.refusal(row, name, f"{cell!r} bukan bilangan yang jelas")
                found[row] = value
            else:
                found[row] = empty
        return found

    def number(self, cell: str) -> float | None:
        """The finite number that a cell writes; None when it writes none."""
        if self._delimiter == ";" and "." not in cell:
            cell = cell.replace(",", ".", 1)
        value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
        return value if math.isfinite(value) else None

    def refusal(self, row: int, name: str, rule: str) -> BadInput:
        """The error that names the place of a cell, counted as the file's own lines."""
        place = f"{self.name}, baris {self._lines[row]}, kolom {name}"
        return BadInput(f"{place}: {rule}", line=self._lines[row], column=name)

    def place(self, row: int) -> str:
        """Where an item stands, and its code."""
        return f"{self.name}, baris {self._lines[row]} (butir {self.cells('kode')[row]})"


def _model(table: _Table, row: int) -> Model:
    word = table.cells("model")[row].lower() if "model" in table.names else ""
    if word and word not in _MODELS:
        known = ", ".join(_MODELS)
        raise table.refusal(row, "model", f"{word!r} tak dikenal; pilih {known}")
    return Model(word or Model.LOGISTIC)


def _placed(table: _Table, error: BadParameters) -> BadParameters:
    """The same error with the place in the file, where it speaks of one item."""
    item = error.evidence.get("item")
    place = table.name if item is None else table.place(item)
    return BadParameters(f"{place}: parameter tidak sah; {error}", **error.evidence)


def _attribute(table: _Table, name: str) -> NDArray[Any]:
    cells = table.cells(name)
    if name in _NUMBER_COLUMNS:
        return table.numbers(name)
    if name in TEXT_COLUMNS or any(table.number(cell) is None for cell in cells):
        return np.array(cells)
    return table.numbers(name)
