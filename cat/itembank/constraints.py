"""The kisi-kisi as a table that people can review: each row says one thing of every finished test.

The columns TYPE, WHAT, CONDITION, LB, UB follow the constraints file of the R package TestDesign
(Choi, Lim & van der Linden, 2022, Behaviormetrika 49, 191-229), with one difference: `per stimulus`
and the attribute that is summed stand under WHAT. `docs/kendala.md` explains all types by example.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cat.errors import BadRules
from cat.itembank import constraint_file
from cat.itembank.attributes import Attributes
from cat.itembank.condition import Bools, groups, unknown_values
from cat.itembank.condition_text import Condition, EachValue, number, parse
from cat.itembank.constraint_file import COLUMNS

TYPES = ("number", "sum", "enemy", "include", "exclude", "allornone")
# Types that bound an amount; the others say all they have to say without LB and UB.
BOUNDED = ("number", "sum")
ITEM, STIMULUS, PER_STIMULUS = "item", "stimulus", "per stimulus"


@dataclass(frozen=True)
class Constraint:
    """One row of the table.

    id : unique in its table, for messages and reviewers.
    kind : TYPE, one of TYPES.
    what : item, stimulus or per stimulus; for `sum` the numeric attribute that is added up.
    condition : which items it speaks of, in the language of `condition_text`.
    lower, upper : LB and UB; None where the cell is empty: no limit on that side.
    active : False where ONOFF says OFF; such a row is kept but binds nothing.
    line : its line in the file it came from, for messages only.

    Raises BadRules naming the row, the column, the value and the rule.
    """

    id: str
    kind: str
    what: str
    condition: str = ""
    lower: float | None = None
    upper: float | None = None
    active: bool = True
    line: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w[\w .:/-]*", self.id):
            raise self.refusal(
                "ID", f"{self.id!r}: mulai dengan huruf atau angka, tanpa tanda lain"
            )
        if self.kind not in TYPES:
            raise self.refusal("TYPE", f"{self.kind!r} tak dikenal; pilih {', '.join(TYPES)}")
        self._refuse_bad_subject()
        self._refuse_bad_bounds()
        self._refuse_bad_condition()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], line: int | None = None) -> Constraint:
        """Read one row from its columns by name; columns that would be empty may be left out.

        Raises BadRules naming the row, the column, the value and the rule.
        """
        cells = {name: _text(data.get(name)) for name in ("ID", "TYPE", "WHAT", "CONDITION")}
        place = _place(cells["ID"], line)
        if unknown := sorted(set(data) - set(COLUMNS)):
            raise BadRules(f"{place}: kolom tak dikenal {unknown[0]!r}")
        bounds = [_bound(data.get(column), f"{place}, kolom {column}") for column in ("LB", "UB")]
        switch = _text(data.get("ONOFF")).upper()
        if switch not in ("", "ON", "OFF"):
            raise BadRules(f"{place}, kolom ONOFF: {switch!r}; isi ON, OFF atau kosong")
        what = " ".join(cells["WHAT"].split())
        known = what.lower() in (ITEM, STIMULUS, PER_STIMULUS)
        return cls(
            id=cells["ID"],
            kind=cells["TYPE"].lower(),
            what=what.lower() if known else what,
            condition=cells["CONDITION"],
            lower=bounds[0],
            upper=bounds[1],
            active=switch != "OFF",
            line=line,
        )

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data, for storing and hashing: whole bounds as integers."""
        return {
            "ID": self.id,
            "TYPE": self.kind,
            "WHAT": self.what,
            "CONDITION": self.condition,
            "LB": _plain(self.lower),
            "UB": _plain(self.upper),
            "ONOFF": "" if self.active else "OFF",
        }

    @cached_property
    def parsed(self) -> Condition | EachValue:
        """The condition, read."""
        try:
            return parse(self.condition)
        except BadRules as wrong:
            raise self.refusal("CONDITION", f"{self.condition!r}: {wrong}") from wrong

    def groups(self, attributes: Attributes) -> list[tuple[str, Bools]]:
        """The groups of items, (what sets it apart, (I,) members), that this row bounds one by one.

        Raises BadRules when an attribute is unknown, or when a value or the whole condition picks
        no item; only with a lower bound of zero may a value be one that the bank does not have yet.
        """
        may_be_empty = self.kind in BOUNDED and not (self.lower and self.lower > 0)
        try:
            unknown = None if may_be_empty else next(unknown_values(self.parsed, attributes), None)
            found = groups(self.parsed, attributes)
        except BadRules as wrong:
            raise self.refusal("CONDITION", f"{self.condition!r}: {wrong}") from wrong
        if unknown:
            raise self.refusal("CONDITION", f"{self.condition!r}: {unknown}")
        if self.kind not in BOUNDED and not any(members.any() for _, members in found):
            raise self.refusal("CONDITION", f"{self.condition!r}: tidak ada butir yang memenuhi")
        return found

    @property
    def title(self) -> str:
        """What a message calls the row: "kendala 7 (number item domain under verbal)"."""
        words = " ".join(filter(None, (self.kind, self.what, self.condition)))
        return f"kendala {self.id} ({words})"

    @property
    def unit(self) -> str:
        """What its amounts count: butir, stimulus, or the attribute that is summed."""
        return "butir" if self.what in (ITEM, PER_STIMULUS) else self.what

    @property
    def span(self) -> str:
        """The bounds in words: "2 sampai 4 butir"; empty for a type without bounds."""
        used = " tiap stimulus yang dipakai" if self.what == PER_STIMULUS else ""
        low, high, tail = _plain(self.lower), _plain(self.upper), self.unit + used
        if high is None:
            return "" if low is None else f"paling sedikit {low} {tail}"
        if low == high:
            return f"tepat {low} {tail}"
        if low is None or (low == 0 and self.kind == "number"):
            return f"paling banyak {high} {tail}"
        return f"{low} sampai {high} {tail}"

    def refusal(self, column: str, rule: str) -> BadRules:
        """The error that says which rule the value in a column of this row breaks."""
        return BadRules(
            f"{_place(self.id, self.line)}, kolom {column}: {rule}",
            constraint=self.id,
            column=column,
        )

    def _refuse_bad_subject(self) -> None:
        if self.kind == "sum":
            if self.what in ("", ITEM, STIMULUS, PER_STIMULUS):
                rule = f"{self.what!r}; untuk sum isi nama atribut bilangan, misalnya kata"
                raise self.refusal("WHAT", rule)
            return
        allowed = [ITEM, STIMULUS] + [PER_STIMULUS] * (self.kind == "number")
        if self.what not in allowed:
            rule = f"{self.what!r}; untuk {self.kind} pilih {' atau '.join(allowed)}"
            raise self.refusal("WHAT", rule)

    def _refuse_bad_condition(self) -> None:
        """Read the condition now rather than at its first use."""
        for_each_value = isinstance(self.parsed, EachValue)
        if for_each_value and (self.kind in ("include", "exclude") or self.what == PER_STIMULUS):
            rule = f"{self.condition!r}: perlu perbandingan, misalnya {self.condition} = ..."
            raise self.refusal("CONDITION", rule)

    def _refuse_bad_bounds(self) -> None:
        given = {"LB": self.lower, "UB": self.upper}
        if self.kind not in BOUNDED:
            for column, value in given.items():
                if value is not None:
                    raise self.refusal(column, f"{value:g}; {self.kind} tidak memakai batas")
            return
        if self.lower is None and self.upper is None:
            raise self.refusal("LB", "LB dan UB kosong; isi sedikitnya satu")
        for column, value in given.items():
            if value is None:
                continue
            if not math.isfinite(value):
                raise self.refusal(column, f"{value}: perlu bilangan terhingga")
            if self.kind == "number" and (value < 0 or value != int(value)):
                raise self.refusal(column, f"{value:g}: jumlah harus bilangan bulat, 0 atau lebih")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise self.refusal("LB", f"LB {self.lower:g} melebihi UB {self.upper:g}")


@dataclass(frozen=True)
class ConstraintTable:
    """All rows of a kisi-kisi, in the order in which people read them.

    Tables are joined by joining their rows. Raises BadRules when two rows have the same ID.
    """

    rows: tuple[Constraint, ...]

    def __post_init__(self) -> None:
        seen: dict[str, Constraint] = {}
        for row in self.rows:
            if row.id in seen:
                raise row.refusal("ID", f"{row.id!r} sudah dipakai kendala lain")
            seen[row.id] = row

    @classmethod
    def read_csv(cls, source: Path | str) -> ConstraintTable:
        """The table in a CSV file (a Path) or in CSV text (a str), as `constraint_file` reads it.

        Raises BadRules naming the line, the column, the value and the rule.
        """
        return cls._numbered(constraint_file.read(source))

    @classmethod
    def from_mapping(cls, data: Sequence[Mapping[str, Any]]) -> ConstraintTable:
        """The table in plain data, as `to_mapping` gives it."""
        return cls._numbered([(None, row) for row in data])

    @classmethod
    def _numbered(cls, data: Sequence[tuple[int | None, Mapping[str, Any]]]) -> ConstraintTable:
        """Rows without an ID get their place in the table, counted from 1."""
        return cls(
            tuple(
                Constraint.from_mapping({**row, "ID": _text(row.get("ID")) or str(place)}, line)
                for place, (line, row) in enumerate(data, start=1)
            )
        )

    def to_mapping(self) -> list[dict[str, Any]]:
        """The same as plain data, for storing and hashing in a pool's manifest."""
        return [row.to_mapping() for row in self.rows]

    def to_csv(self) -> str:
        """The table as CSV text that `read_csv` reads back to an equal table."""
        return constraint_file.written(self.to_mapping())

    def write(self, path: Path) -> None:
        """Write the table to a CSV file."""
        path.write_text(self.to_csv(), encoding="utf-8", newline="")


def _place(name: str, line: int | None) -> str:
    return f"kendala {name}" if line is None else f"baris {line} (kendala {name})"


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _bound(cell: Any, place: str) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    try:
        return number(_text(cell)) if _text(cell) else None
    except BadRules as wrong:
        raise BadRules(f"{place}: {wrong}") from wrong


def _plain(bound: float | None) -> int | float | None:
    return int(bound) if bound is not None and bound == int(bound) else bound
