"""What a bank knows of each item, as named columns that a constraint may speak of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TEXT_COLUMNS = ("kode", "domain", "kunci", "stimulus")
# Words of the grammar of conditions: a column of this name could not be read.
RESERVED = frozenset({"and", "or", "not", "in", "under"})


@dataclass(frozen=True, eq=False)
class Attributes:
    """Columns over the I items of one part, in the order of its items.

    columns : name -> (I,) texts or finite numbers. The standard names, each optional:
        kode      the item's code, unique;
        domain    dotted path inside the part, "verbal.analogi";
        kunci     letter of the key, "" where there is none;
        kata      number of words;
        detik     expected seconds;
        stimulus  code of the shared stimulus, "" where the item stands alone.
        Any other column may be added under a name of letters, digits and underscores.

    Raises BadInput naming the column and, where it applies, the item.
    """

    columns: Mapping[str, NDArray[Any]]

    def __post_init__(self) -> None:
        clean = {name: _column(name, values) for name, values in self.columns.items()}
        lengths = {name: len(column) for name, column in clean.items()}
        if len(set(lengths.values())) != 1 or 0 in lengths.values():
            raise BadInput(f"kolom atribut harus sama panjang dan tidak kosong; got {lengths}")
        object.__setattr__(self, "columns", clean)
        if "kode" in clean:
            codes, counts = np.unique(clean["kode"], return_counts=True)
            if counts.max() > 1:
                raise BadInput(f"kode butir harus unik; {codes[counts.argmax()]} muncul berulang")

    @property
    def count(self) -> int:
        """Number of items, I."""
        return len(next(iter(self.columns.values())))

    def column(self, name: str) -> NDArray[Any]:
        """(I,) texts or numbers of this column; raises BadInput listing the columns that exist."""
        if name not in self.columns:
            raise BadInput(f"atribut tak dikenal {name!r}; yang ada: {', '.join(self.columns)}")
        return self.columns[name]

    def numbers(self, name: str) -> Floats:
        """(I,) numbers of this column; raises BadInput when it holds texts."""
        column = self.column(name)
        if column.dtype.kind != "f":
            raise BadInput(f"atribut {name!r} berisi teks, padahal perlu bilangan")
        return column

    @cached_property
    def stimuli(self) -> tuple[str, ...]:
        """Codes of the S stimuli in alphabetical order; none when there is no such column."""
        if "stimulus" not in self.columns:
            return ()
        return tuple(str(code) for code in np.unique(self.columns["stimulus"]) if code)

    @cached_property
    def stimulus_of(self) -> Ints:
        """(I,) position of each item's stimulus in `stimuli`; -1 where the item stands alone."""
        if not self.stimuli:
            return np.full(self.count, -1, dtype=np.int64)
        column = self.columns["stimulus"]
        return np.where(column == "", -1, np.searchsorted(self.stimuli, column)).astype(np.int64)

    def name_of(self, item: int) -> str:
        """What to call an item in a sentence: its code, or its place counted from 1."""
        return str(self.columns["kode"][item]) if "kode" in self.columns else f"ke-{item + 1}"


def _column(name: str, values: ArrayLike) -> NDArray[Any]:
    if not re.fullmatch(r"[^\W\d]\w*", name) or name.lower() in RESERVED:
        raise BadInput(f"nama kolom {name!r}: perlu huruf, angka, garis bawah; bukan kata baku")
    column = np.array(values)
    if column.ndim != 1:
        raise BadInput(f"kolom {name}: perlu satu nilai per butir; got shape {column.shape}")
    if column.dtype.kind in "iuf":
        column = column.astype(np.float64)
        if not np.isfinite(column).all():
            first = int(np.flatnonzero(~np.isfinite(column))[0])
            raise BadInput(f"kolom {name}, butir ke-{first + 1}: {column[first]} bukan bilangan")
        if name in TEXT_COLUMNS:
            raise BadInput(f"kolom {name}: perlu teks; got {column.dtype}")
    elif column.dtype.kind != "U":
        raise BadInput(f"kolom {name}: perlu teks semua atau bilangan semua; got {column.dtype}")
    column.flags.writeable = False
    return column
