"""Answers in files, CSV or Parquet: a row for each person, or a row for each answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.calibration.answers import Answers
from cat.errors import BadInput

Floats = NDArray[np.float64]

PERSON, ITEM, CATEGORY, GROUP, WEIGHT = "person", "item", "category", "group", "weight"
# Columns of a table that describe persons; those that are not asked for are left alone.
COVARIATE = "cov_"
MISSING = ("", "NA", "-1")


@dataclass(frozen=True)
class FileShape:
    """What the columns of a file mean.

    group, weight, person : names of columns; None where there is none. A file with the columns
        person, item and category is taken as long, and then has group and weight by these names
        if it has them at all.
    missing : values that stand for an answer not given. lowest : number of the lowest category.
    left_out : columns that are no items; cov_* never are.
    """

    group: str | None = None
    weight: str | None = None
    person: str | None = None
    missing: Collection[str] = MISSING
    lowest: int = 0
    left_out: Collection[str] = ()


def read_answer_data(path: Path, shape: FileShape | None = None) -> Answers:
    """The answers in a file that ends in .csv, .csv.gz or .parquet.

    Raises BadInput; its evidence holds `rule` (file, columns, and those of Answers.of_long) and,
    where there is one, `item`, `person` (line, from 0, where persons have no names) and `value`.
    """
    shape = shape or FileShape()
    table = _read(path)
    if not table.height:
        raise BadInput(f"{path.name} holds no rows", rule="file", value=0)
    if {PERSON, ITEM, CATEGORY} <= set(table.columns):
        return _of_long(table, shape)
    return _of_wide(table, shape)


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.name.endswith(".parquet"):
            return pl.read_parquet(path)
        if path.name.endswith((".csv", ".csv.gz")):
            return _read_csv(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        problem = f"{path.name} cannot be read: {error}"
        raise BadInput(problem, rule="file", value=str(error)) from error
    raise BadInput(
        f"a file of answers ends in .csv, .csv.gz or .parquet; got {path.name}",
        rule="file",
        value=path.name,
    )


def _read_csv(path: Path) -> pl.DataFrame:
    """Everything as text: what a cell means is decided where its place can be named."""
    names = pl.read_csv(path, n_rows=0, infer_schema=False).columns
    # Spreadsheets under Indonesian settings separate with semicolons.
    separator = ";" if len(names) == 1 and ";" in names[0] else ","
    return pl.read_csv(path, infer_schema=False, separator=separator)


def _of_wide(table: pl.DataFrame, shape: FileShape) -> Answers:
    described = {shape.group, shape.weight, shape.person, *shape.left_out}
    absent = [name for name in described if name and name not in table.columns]
    if absent:
        raise BadInput(f"there is no column {absent[0]!r}", rule="columns", value=absent[0])
    items = [n for n in table.columns if n not in described and not n.startswith(COVARIATE)]
    persons: Sequence[object] = range(table.height)
    if shape.person:
        persons = _named_once(table[shape.person].cast(pl.String))
    who, what, how = [], [], []
    for i, name in enumerate(items):  # a column at a time: memory grows with answers
        values = _numbers(table[name], name, shape, persons)
        there = np.flatnonzero(~np.isnan(values))
        who.append(there.astype(np.int32))
        what.append(np.full(len(there), i, dtype=np.int32))
        how.append(values[there] - shape.lowest)
    return Answers.of_long(
        np.concatenate(who) if who else [],
        np.concatenate(what) if what else [],
        np.concatenate(how) if how else [],
        items=items,
        persons=persons,
        group=table[shape.group].to_list() if shape.group else None,
        weight=_weights(table[shape.weight]) if shape.weight else None,
    )


def _of_long(table: pl.DataFrame, shape: FileShape) -> Answers:
    person, persons = _positions(table[PERSON])
    item, items = _positions(table[ITEM])
    values = _numbers(table[CATEGORY], "", shape, table[PERSON], table[ITEM])
    there = ~np.isnan(values)
    first = np.unique(person, return_index=True)[1]
    group = weight = None
    if GROUP in table.columns:
        group = _of_person(table, GROUP, person, first, persons)
    if WEIGHT in table.columns:
        weight = _weights(pl.Series(WEIGHT, _of_person(table, WEIGHT, person, first, persons)))
    return Answers.of_long(
        person[there],
        item[there],
        values[there] - shape.lowest,
        items=items,
        persons=persons,
        group=group,
        weight=weight,
    )


def _named_once(names: pl.Series) -> list[Any]:
    twice = names.is_duplicated() | names.is_null()
    if twice.any():
        row = int(twice.arg_max() or 0)
        raise BadInput(
            f"every row must name a person of its own; row {row} has {names[row]!r}",
            rule="duplicate",
            person=names[row],
            value=names[row],
        )
    return names.to_list()


def _positions(column: pl.Series) -> tuple[NDArray[np.int32], list[str]]:
    """Place of each value among the different ones, which stand in the order they are met in."""
    text = column.cast(pl.String)
    if text.null_count():
        raise BadInput(
            f"column {column.name} has an empty cell in row {text.is_null().arg_max()}",
            rule="columns",
            value=column.name,
        )
    names = text.unique(maintain_order=True)
    place = text.cast(pl.Enum(names)).to_physical().to_numpy()
    return place.astype(np.int32), names.to_list()


def _of_person(
    table: pl.DataFrame, name: str, person: NDArray[np.int32], first: Any, persons: list[str]
) -> list[Any]:
    """One value for each person; all of a person's rows must agree."""
    place, values = _positions(table[name])
    own = place[first]
    differs = np.flatnonzero(place != own[person])
    if len(differs):
        who = persons[person[differs[0]]]
        raise BadInput(
            f"all rows of a person must have one {name}; person {who} has several",
            rule=name,
            person=who,
            value=values[place[differs[0]]],
        )
    return [values[k] for k in own]


def _numbers(
    column: pl.Series,
    item: str,
    shape: FileShape,
    persons: Sequence[object] | pl.Series,
    items: pl.Series | None = None,
) -> Floats:
    """(N,) categories as the file numbers them, NaN where there is no answer."""
    text = column.cast(pl.String).str.strip_chars()
    nothing = text.is_null() | text.is_in(list(shape.missing))
    values = text.cast(pl.Float64, strict=False)
    bad = ~nothing & (values.is_null() | (values < shape.lowest) | (values != values.floor()))
    if bad.any():
        row = int(bad.arg_max() or 0)
        where = str(items[row]) if items is not None else item
        raise BadInput(
            f"an answer must be a whole number from {shape.lowest}; item {where}, person"
            f" {persons[row]} has {text[row]!r}",
            rule="category",
            item=where,
            person=persons[row],
            value=str(text[row]),
        )
    found = values.fill_null(float("nan")).to_numpy().copy()
    found[nothing.to_numpy()] = np.nan
    return found


def _weights(column: pl.Series) -> Floats:
    values = column.cast(pl.Float64, strict=False)
    bad = values.is_null()
    if bad.any():
        row = int(bad.arg_max() or 0)
        raise BadInput(
            f"a weight must be a number; row {row} has {column[row]!r}",
            rule="weight",
            person=row,
            value=str(column[row]),
        )
    return values.to_numpy()
