"""Between an item and a row of the sheet: every cell a text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cat.itembank.content import ItemContent, is_keyed
from cat.itembank.exchange.note import as_note, content_of
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.spreadsheet.columns import LETTERS

_SAME = ("kode", "domain", "stimulus", "teks_stimulus", "soal", "rasional", "sumber")
_TEXTS = (*_SAME, "indikator", "tingkat_bahasa", "induk")
_SHORT = ("kode", "domain", "stimulus", "tingkat_bahasa", "induk")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def as_row(item: ItemContent) -> dict[str, str]:
    """The cells of an item; columns that say nothing are left out."""
    note, p = as_note(item), item.parameters
    row = {name: note[name] for name in _TEXTS}
    for prefix, values in (("opsi", item.options), ("alasan", item.option_rationales)):
        row |= {f"{prefix}_{x}": text for x, text in zip(LETTERS, values, strict=False)}
    if is_keyed(item.part):
        keys = (x for x, worth in zip(LETTERS, item.points, strict=False) if worth)
        row["kunci"] = ", ".join(keys).upper()
    else:
        row |= {f"poin_{x}": str(n) for x, n in zip(LETTERS, item.points, strict=False)}
    row["pilihan_terbanyak"] = str(item.max_choices)
    row |= {"detik": repr(item.seconds), "seteru": "; ".join(item.enemies)}
    row |= {"a": repr(p.a), "b": "; ".join(map(repr, p.b)), "c": repr(p.c)}
    row["status_parameter"] = p.status
    for name in ("gambar", "aturan"):
        row[name] = json.dumps(note[name], ensure_ascii=False) if note[name] else ""
    return {name: text for name, text in row.items() if text}


def content_of_row(row: Mapping[str, str], domain: str) -> ItemContent:
    """The item that a row describes. domain : of rows that name none.

    Raises CannotKeep naming the column, the value and the rule.
    """
    note: dict[str, Any] = {name: row.get(name, "") for name in _TEXTS}
    note |= {name: note[name].strip() for name in _SHORT}
    note["domain"] = note["domain"] or domain
    size = max((n for n, x in enumerate(LETTERS, 1) if row.get(f"opsi_{x}", "").strip()), default=0)
    letters = LETTERS[:size]
    note["opsi"] = [row.get(f"opsi_{x}", "") for x in letters]
    reasons = [row.get(f"alasan_{x}", "") for x in letters]
    note["alasan_opsi"] = reasons if any(reason.strip() for reason in reasons) else []
    note["poin"] = _points(row, letters, note["domain"].partition(".")[0])
    note["pilihan_terbanyak"] = _whole(row, "pilihan_terbanyak", 1)
    note["detik"] = _number(row, "detik", 0.0)
    note["seteru"] = [each.strip() for each in row.get("seteru", "").split(";") if each.strip()]
    for name in ("gambar", "aturan"):
        note[name] = _object(row, name)
    if any(row.get(name, "").strip() for name in ("a", "b", "c")):
        note["parameter"] = _parameters(row)
    return content_of(note)


def _points(row: Mapping[str, str], letters: str, part: str) -> list[int]:
    given = {x: row.get(f"poin_{x}", "").strip() for x in LETTERS}
    keys = [each for each in re.split(r"[\s,;/]+", row.get("kunci", "").strip().lower()) if each]
    if wrong := [key for key in keys if key not in letters or len(key) != 1]:
        raise CannotKeep(f"kunci: {wrong[0]!r} bukan huruf pilihan yang terisi")
    if extra := [x for x in LETTERS if given[x] and x not in letters]:
        raise CannotKeep(f"poin_{extra[0]}: pilihannya kosong")
    points = [_whole(row, f"poin_{x}", 0) for x in letters]
    if not keys:
        return points
    if not is_keyed(part):
        raise CannotKeep("kunci: bagian TKP memakai poin_a sampai poin_e, bukan kunci")
    keyed = [int(x in keys) for x in letters]
    if any(given.values()) and points != keyed:
        raise CannotKeep("kunci dan poin tidak sepakat; isi salah satu saja")
    return keyed


def _parameters(row: Mapping[str, str]) -> dict[str, Any]:
    steps = [each for each in row.get("b", "").split(";") if each.strip()]
    return {
        "a": _number(row, "a", None),
        "b": [_number({"b": each}, "b", None) for each in steps],
        "c": _number(row, "c", 0.0),
        "status": row.get("status_parameter", ""),
    }


def _number(row: Mapping[str, str], name: str, empty: float | None) -> float:
    text = row.get(name, "").strip()
    if not text and empty is not None:
        return empty
    if not _NUMBER.fullmatch(text):
        raise CannotKeep(f"{name}: {text[:40]!r} bukan bilangan")
    return float(text.replace(",", "."))


def _whole(row: Mapping[str, str], name: str, empty: int) -> int:
    number = _number(row, name, float(empty))
    if not number.is_integer():  # nor is what no float can hold
        raise CannotKeep(f"{name}: {row[name][:40]!r} bukan bilangan bulat")
    return int(number)


def _object(row: Mapping[str, str], name: str) -> dict[str, Any]:
    text = row.get(name, "").strip()
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotKeep(f"{name}: bukan JSON yang utuh") from error
    if not isinstance(value, dict):
        raise CannotKeep(f"{name}: harus objek JSON")
    return value
