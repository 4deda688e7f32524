"""An item as JSON, with all that neither QTI nor HTML has a place for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from cat.errors import BadItem
from cat.itembank.content import NOT_ESTIMATED, ItemContent, Parameters, is_keyed
from cat.itembank.exchange.report import CannotKeep

FORMAT, VERSION = "catcpns-butir", 1
# JSON name -> field of ItemContent.
TEXTS = {
    "kode": "code",
    "domain": "domain",
    "soal": "stem",
    "rasional": "rationale",
    "sumber": "source",
    "stimulus": "stimulus",
    "teks_stimulus": "stimulus_text",
    "indikator": "indicator",
    "tingkat_bahasa": "language_level",
    "induk": "parent",
}
LISTS = {"opsi": "options", "seteru": "enemies", "alasan_opsi": "option_rationales"}
OBJECTS = {"gambar": "figures", "aturan": "rule"}


def as_note(content: ItemContent) -> dict[str, Any]:
    """Everything of an item, ready for JSON."""
    p = content.parameters
    note: dict[str, Any] = {name: getattr(content, field) for name, field in TEXTS.items()}
    note |= {name: list(getattr(content, field)) for name, field in LISTS.items()}
    note |= {name: dict(getattr(content, field)) for name, field in OBJECTS.items()}
    note |= {"poin": list(content.points), "detik": content.seconds}
    note |= {"pilihan_terbanyak": content.max_choices}
    note["parameter"] = {"a": p.a, "b": list(p.b), "c": p.c, "status": p.status}
    return note


def note_bytes(content: ItemContent) -> bytes:
    """The note as a file; equal items give equal bytes."""
    whole = {"format": FORMAT, "versi": VERSION, "butir": as_note(content)}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_note(data: bytes, place: str) -> ItemContent:
    """The item in a note. Raises CannotKeep naming place, value and rule."""
    try:
        whole = json.loads(data.decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise CannotKeep(f"{place}: bukan JSON yang utuh") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise CannotKeep(f"{place}: bukan catatan butir")
    if whole.get("versi") != VERSION or not isinstance(whole.get("butir"), dict):
        raise CannotKeep(f"{place}: versi catatan {whole.get('versi')!r} tidak dikenal")
    try:
        return content_of(whole["butir"])
    except BadItem as error:
        raise CannotKeep(f"{place}: {error}") from error


def content_of(note: Mapping[str, Any]) -> ItemContent:
    """The item that a note describes. Raises CannotKeep for an entry of the wrong kind."""
    known = {*TEXTS, *LISTS, *OBJECTS, "poin", "detik", "pilihan_terbanyak", "parameter"}
    if strange := sorted(set(note) - known):
        raise CannotKeep(f"isian {strange[0][:40]!r} tidak dikenal")
    fields: dict[str, Any] = {}
    for name, field in TEXTS.items():
        fields[field] = _checked(note, name, str, "teks", "")
    for name, field in LISTS.items():
        fields[field] = tuple(_list(note, name, str, "teks"))
    for name, field in OBJECTS.items():
        fields[field] = _checked(note, name, dict, "objek", {})
    points = tuple(_list(note, "poin", int, "bilangan bulat"))
    seconds = _number(note.get("detik", 0.0), "detik")
    most = _checked(note, "pilihan_terbanyak", int, "bilangan bulat", 1)
    part = fields["domain"].partition(".")[0]
    parameters = _parameters(note.get("parameter"), part, len(fields["options"]))
    return ItemContent(
        points=points, parameters=parameters, seconds=seconds, max_choices=most, **fields
    )


def start_parameters(part: str, options: int) -> Parameters:
    """Where an item starts whose file says nothing of its parameters."""
    if is_keyed(part):
        return Parameters(0.8, (0.0,), 0.2, NOT_ESTIMATED)
    return Parameters(0.8, tuple(float(k - 2) for k in range(options - 1)), 0.0, NOT_ESTIMATED)


def _parameters(given: Any, part: str, options: int) -> Parameters:
    if given is None:
        return start_parameters(part, options)
    if not isinstance(given, dict):
        raise CannotKeep(f"parameter: harus objek (terbaca: {given!r:.40})")
    b = tuple(_number(each, "parameter b") for each in _list(given, "b", (int, float), "bilangan"))
    status = _checked(given, "status", str, "teks", NOT_ESTIMATED)
    return Parameters(
        _number(given.get("a"), "parameter a"), b, _number(given.get("c"), "parameter c"), status
    )


def _checked(note: Mapping[str, Any], name: str, kind: type, words: str, default: Any) -> Any:
    value = note.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise CannotKeep(f"{name}: harus {words} (terbaca: {value!r:.40})")
    return value


def _list(note: Mapping[str, Any], name: str, kind: Any, words: str) -> list[Any]:
    values = _checked(note, name, list, "daftar", [])
    for value in values:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise CannotKeep(f"{name}: harus daftar {words} (terbaca: {value!r:.40})")
    return list(values)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CannotKeep(f"{name}: harus bilangan (terbaca: {value!r:.40})")
    return float(value)
