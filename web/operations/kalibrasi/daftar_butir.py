"""Lists of items in CSV that go with a file of answers: which model, which are held as anchors."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path

from cat.calibration.spec import FixedItem, ItemModel
from cat.errors import BadInput

Row = Mapping[str, str]


def read_models(path: Path) -> dict[str, str]:
    """Item -> model, from columns `item` and `model`. Raises BadInput naming line and value."""
    found: dict[str, str] = {}
    for line, row in _rows(path, ("item", "model")):
        name = _name(path, line, row, found)
        found[name] = _model(path, line, row["model"]).value
    return found


def read_anchors(path: Path) -> list[FixedItem]:
    """Items with known parameters: columns `item`, `a`, `b` or `b1`, `b2`, ..., and where it
    matters `c` and `model` (2pl, or 3pl where c is above 0, or gpcm where there are several b).

    Raises BadInput naming line and value.
    """
    found: dict[str, FixedItem] = {}
    for line, row in _rows(path, ("item", "a")):
        name = _name(path, line, row, found)
        b = tuple(_number(path, line, key, row[key]) for key in _difficulties(path, line, row))
        c = _number(path, line, "c", row["c"]) if row.get("c") else 0.0
        word = row.get("model") or ("gpcm" if len(b) > 1 else "3pl" if c else "2pl")
        model = _model(path, line, word)
        try:
            found[name] = FixedItem(name, _number(path, line, "a", row["a"]), b, c, model)
        except BadInput as error:
            raise _refusal(path, line, f"parameter tidak sah: {error}") from error
    return list(found.values())


def _difficulties(path: Path, line: int, row: Row) -> list[str]:
    """The columns of the difficulties that this item has."""
    if row.get("b"):
        return ["b"]
    several = takewhile(lambda key: row.get(key), (f"b{k}" for k in range(1, len(row) + 1)))
    if not (names := list(several)):
        raise _refusal(path, line, "tidak ada nilai b (kolom b, atau b1, b2, ...)")
    return names


def _rows(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, Row]]:
    """Each row with its line in the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name}: bukan teks UTF-8", rule="list") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in head else ",")
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    for name in needed:
        if name not in reader.fieldnames:
            raise BadInput(f"{path.name}: tidak ada kolom '{name}'", rule="list", value=name)
    for line, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            raise _refusal(path, line, f"banyaknya sel bukan {len(reader.fieldnames)}")
        yield line, {key: value.strip() for key, value in row.items()}


def _name(path: Path, line: int, row: Row, known: Mapping[str, object]) -> str:
    name = row["item"]
    if not name or name in known:
        raise _refusal(path, line, f"nama butir '{name}' kosong atau terulang")
    return name


def _model(path: Path, line: int, word: str) -> ItemModel:
    if word not in (known := [model.value for model in ItemModel]):
        raise _refusal(path, line, f"model '{word}' tidak dikenal; yang ada: {', '.join(known)}")
    return ItemModel(word)


def _number(path: Path, line: int, column: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise _refusal(path, line, f"kolom {column}: '{text}' bukan bilangan") from error


def _refusal(path: Path, line: int, what: str) -> BadInput:
    return BadInput(f"{path.name}, baris {line}: {what}", rule="list", line=line)
