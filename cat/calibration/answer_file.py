"""A table of scored answers as operators export it: one row per person, one column per item."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from cat.errors import BadInput

COVARIATE = "cov_"


@dataclass(frozen=True)
class AnswerTable:
    """Columns that are items, and the answers under them.

    answers : J rows of I whole numbers >= 0; person j stands on line j + 2 of the file.
    """

    items: tuple[str, ...]
    answers: tuple[tuple[int, ...], ...]


def read_answers(lines: Iterable[str]) -> AnswerTable:
    """Read CSV text, commas or semicolons, first line the column names; cov_* is left out.

    Raises BadInput; its evidence holds `rule` (empty_file, csv, names, persons, row,
    missing, category) and,
    where there is one, `item`, `person` (from 0) and `value`.
    """
    text = list(lines)
    if not text:
        raise BadInput("the file is empty", rule="empty_file", value="")
    # Spreadsheets under Indonesian settings separate with semicolons.
    delimiter = ";" if text[0].count(";") > text[0].count(",") else ","
    try:
        header, *rows = csv.reader(text, delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise BadInput(f"not a CSV table: {error}", rule="csv", value=str(error)) from error
    names = [name.strip() for name in header]
    _check_names(names)
    kept = [i for i, name in enumerate(names) if not name.startswith(COVARIATE)]
    if not rows:
        raise BadInput("the file names its columns but holds no person", rule="persons", value=0)
    answers = tuple(_answers(person, row, names, kept) for person, row in enumerate(rows))
    return AnswerTable(tuple(names[i] for i in kept), answers)


def _check_names(names: list[str]) -> None:
    for name in names:
        if not name or "\n" in name or names.count(name) > 1:
            raise BadInput(
                f"column names must be different, not empty and on one line; got {name!r}",
                rule="names",
                value=name,
            )


def _answers(person: int, row: list[str], names: list[str], kept: list[int]) -> tuple[int, ...]:
    if len(row) != len(names):
        raise BadInput(
            f"every row must have {len(names)} cells; person {person} has {len(row)}",
            rule="row",
            person=person,
            value=len(row),
            wanted=len(names),
        )
    return tuple(_answer(row[i].strip(), names[i], person) for i in kept)


def _answer(cell: str, item: str, person: int) -> int:
    if cell.isascii() and cell.isdigit():
        return int(cell)
    raise BadInput(
        f"an answer must be a whole number from 0; item {item}, person {person} has {cell!r}",
        rule="category" if cell else "missing",
        item=item,
        person=person,
        value=cell,
    )
