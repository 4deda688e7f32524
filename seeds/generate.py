"""Prints children of an item model as rows of a bank file.

    python -m seeds.generate seeds/model_butir/MODEL.toml --count 5 --seed 7 >> FILE.toml

Numbers follow the highest of the starter bank, and no child is like an item there. Enemies that
belong to items with lower codes are told on the error output: the files name a pair once.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Item, Table

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.models import generate, parse_model
from seeds.bank import read_bank

MODELS = Path(__file__).parent / "model_butir"
WIDEST = 100  # characters of a list that stays on one line


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; returns 1 when the model or the bank breaks a rule."""
    parser = argparse.ArgumentParser(prog="python -m seeds.generate", description=__doc__)
    parser.add_argument("model", type=Path, help="model butir (TOML)")
    parser.add_argument("--count", type=int, default=5, help="banyaknya butir (bawaan: 5)")
    parser.add_argument("--seed", type=int, required=True, help="benih: sama benih, sama butir")
    chosen = parser.parse_args(arguments)
    try:
        model = parse_model(chosen.model.read_text(encoding="utf-8"))
        bank = read_bank()
        children = generate(model, chosen.count, chosen.seed, existing=bank)
    except (BadItem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(rows(children), end="")
    for code, enemies in elsewhere(children).items():
        print(f"tambahkan pada {code}: seteru = {json.dumps(enemies)}", file=sys.stderr)
    return 0


def elsewhere(items: Sequence[ItemContent]) -> dict[str, list[str]]:
    """Lower codes -> those of the items that are their enemies: where the files declare a pair."""
    found: dict[str, list[str]] = {}
    for item in items:
        for enemy in item.enemies:
            if enemy < item.code:
                found.setdefault(enemy, []).append(item.code)
    return found


def rows(items: Sequence[ItemContent]) -> str:
    """The items as `[[butir]]` tables of a bank file, each after an empty line."""
    document, tables = tomlkit.document(), tomlkit.aot()
    for item in items:
        tables.append(_row(item))
    document["butir"] = tables
    # The library keeps a text that begins on the line of its quotes; ours begin on the next.
    return "\n" + re.sub(r"^(soal = (?:\"{3}|'{3}))", r"\1\n", tomlkit.dumps(document), flags=re.M)


def _row(item: ItemContent) -> Table:
    row = tomlkit.table()
    row["kode"] = item.code
    row["soal"] = _text(item.stem)
    row["opsi"] = _list(item.options)
    row["kunci"] = item.key
    row["rasional"] = _line(item.rationale)
    row["sumber"] = item.source
    row["a"], (row["b"],), row["c"] = item.parameters.a, item.parameters.b, item.parameters.c
    row["detik"] = int(item.seconds) if item.seconds.is_integer() else item.seconds
    row["indikator"] = item.indicator
    row["tingkat_bahasa"] = item.language_level
    row["induk"] = item.parent
    row["alasan_opsi"] = _list(item.option_rationales)
    if enemies := [code for code in item.enemies if code > item.code]:
        row["seteru"] = _list(enemies)
    for name, table in (("gambar", item.figures), ("aturan", item.rule)):
        if table:
            row[name] = _flat(table)
    return row


def _text(text: str) -> Item:
    return tomlkit.string(f"{text}\n", literal="\\" in text, multiline=True)


def _line(text: str) -> Item:
    return tomlkit.string(text, literal="\\" in text and "'" not in text)


def _list(values: Sequence[Any]) -> Item:
    array = tomlkit.array()
    array.extend(_inline(value) for value in values)
    return array.multiline(len(array.as_string()) > WIDEST)


def _inline(value: Any) -> Any:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({key: _inline(each) for key, each in value.items()})
        return table
    if isinstance(value, list | tuple):
        return _list(value)
    return _line(value) if isinstance(value, str) else value


def _flat(table: Mapping[str, Any]) -> Table:
    found = tomlkit.table()
    for key, value in table.items():
        found[key] = _inline(value)
    return found


if __name__ == "__main__":
    sys.exit(main())
