"""The fields of the editor: texts by name, complete or not, and the item that they amount to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from cat.itembank.content import (
    MOST_OPTIONS,
    NOT_ESTIMATED,
    ItemContent,
    Parameters,
    Problem,
    is_keyed,
)
from cat.itembank.figures import is_uploaded, uploaded_figure

Fields = Mapping[str, str]

LETTERS = ascii_lowercase[:MOST_OPTIONS]
PICTURE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LABELS = {
    "domain": "Domain",
    "stimulus": "Kode stimulus",
    "teks_stimulus": "Teks stimulus",
    "soal": "Soal",
    **{f"opsi_{letter}": f"Pilihan {letter.upper()}" for letter in LETTERS},
    **{f"poin_{letter}": f"Nilai {letter.upper()}" for letter in LETTERS},
    "kunci": "Kunci",
    **{f"alasan_{letter}": f"Alasan {letter.upper()}" for letter in LETTERS},
    "rasional": "Rasional",
    "sumber": "Sumber",
    "indikator": "Indikator",
    "tingkat_bahasa": "Tingkat bahasa",
    "detik": "Perkiraan waktu",
    "seteru": "Seteru",
    "gambar": "Gambar",
}
_LIMITS = {
    "domain": 80,
    "stimulus": 40,
    "teks_stimulus": 10_000,
    "soal": 5_000,
    **{f"opsi_{letter}": 500 for letter in LETTERS},
    **{f"alasan_{letter}": 500 for letter in LETTERS},
    "rasional": 500,
    "sumber": 300,
    "indikator": 300,
    "seteru": 1_000,
    "gambar": 20_000,
}
_SHORT = 20  # letters of all other fields
# Where `cat.itembank.content.problems` names a field otherwise than the editor does.
_FIELD_OF_PLACE = {"opsi": "opsi_a", "poin": "poin_a", "alasan opsi": "alasan_a", "kode": "soal"}


def limit(name: str) -> int:
    """The most letters that a field may hold."""
    return _LIMITS.get(name, _SHORT)


def field_of(place: str) -> str:
    """The field that a place named by a Problem or a Concern stands for."""
    if place in _FIELD_OF_PLACE:
        return _FIELD_OF_PLACE[place]
    return place.lower().replace("alasan opsi", "alasan").replace(" ", "_")


def fields_of(content: ItemContent) -> dict[str, str]:
    """What the editor shows of an item."""
    keyed = is_keyed(content.part)
    keys = "".join(
        letter for letter, worth in zip(ascii_uppercase, content.points, strict=False) if worth == 1
    )
    shown = {
        "domain": content.domain,
        "stimulus": content.stimulus,
        "teks_stimulus": content.stimulus_text,
        "soal": content.stem,
        "kunci": keys if keyed else "",
        "rasional": content.rationale,
        "sumber": content.source,
        "indikator": content.indicator,
        "tingkat_bahasa": content.language_level,
        "detik": f"{content.seconds:g}".replace(".", ",") if content.seconds else "",
        "seteru": ", ".join(content.enemies),
        "gambar": pictures_text({name: f for name, f in content.figures.items() if is_uploaded(f)}),
    }
    for k, letter in enumerate(LETTERS[: len(content.options)]):
        shown[f"opsi_{letter}"] = content.options[k]
        if content.option_rationales:
            shown[f"alasan_{letter}"] = content.option_rationales[k]
        if not keyed and content.points[k]:
            shown[f"poin_{letter}"] = str(content.points[k])
    return {name: text for name, text in shown.items() if text}


def cleaned(fields: Fields) -> dict[str, str]:
    """Known fields that say something, with one kind of line end."""
    known = ((name, fields.get(name, "").replace("\r\n", "\n").strip()) for name in LABELS)
    return {name: text for name, text in known if text}


def content_from(fields: Fields, base: ItemContent) -> ItemContent:
    """The item as written, with what the editor does not show taken from `base`.

    Incomplete fields make an incomplete item; `field_problems` and `problems` say what it lacks.
    """
    fields = cleaned(fields)
    told = [k for k, x in enumerate(LETTERS) if fields.get(f"opsi_{x}") or fields.get(f"poin_{x}")]
    count = max(told, default=-1) + 1
    letters = LETTERS[:count]
    reasons = tuple(_one_line(fields.get(f"alasan_{x}", "")) for x in letters)
    drawn = {name: f for name, f in base.figures.items() if not is_uploaded(f)}
    written = replace(
        base,
        domain=fields.get("domain", base.domain),
        stem=fields.get("soal", ""),
        options=tuple(fields.get(f"opsi_{x}", "") for x in letters),
        points=_points(fields, letters, base),
        rationale=_one_line(fields.get("rasional", "")),
        source=fields.get("sumber", ""),
        indicator=_one_line(fields.get("indikator", "")),
        language_level=fields.get("tingkat_bahasa", ""),
        seconds=_number(fields.get("detik", "")) or 0.0,
        enemies=codes(fields.get("seteru", "")),
        stimulus=fields.get("stimulus", ""),
        stimulus_text=fields.get("teks_stimulus", "") if fields.get("stimulus") else "",
        option_rationales=reasons if any(reasons) else (),
        figures={**drawn, **pictures(fields)},
    )
    return replace(written, parameters=_parameters(written))


def field_problems(fields: Fields) -> list[Problem]:
    """What of the fields cannot be read, or is too long."""
    found = []
    for name, text in fields.items():
        if len(text) > limit(name):
            rule = f"paling banyak {limit(name)} huruf"
            found.append(Problem(LABELS.get(name, name).lower(), f"{len(text)} huruf", rule))
    for name in [f"poin_{letter}" for letter in LETTERS]:
        text = fields.get(name, "").strip()
        if text and not (text.isascii() and text.isdigit()):
            found.append(Problem(name.replace("_", " "), text[:20], "harus bilangan bulat"))
    seconds = fields.get("detik", "").strip()
    if seconds and _number(seconds) is None:
        rule = "harus bilangan lebih dari 0, paling banyak 3.600"
        found.append(Problem("detik", seconds[:20], rule))
    return found


def codes(text: str) -> tuple[str, ...]:
    """Codes between commas, spaces or lines, each once."""
    return tuple(dict.fromkeys(code for code in re.split(r"[\s,;]+", text) if code))


def pictures(fields: Fields) -> dict[str, dict[str, str]]:
    """The uploaded pictures that the fields name: name in the item -> figure description."""
    try:
        listed: Any = json.loads(fields.get("gambar") or "{}")
        return {
            str(name): uploaded_figure(str(figure["nama"]), str(figure["alt"]))
            for name, figure in listed.items()
            if PICTURE_NAME.fullmatch(str(name))
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def pictures_text(figures: Mapping[str, Any]) -> str:
    """Uploaded pictures as one field; equal pictures give equal text."""
    return json.dumps(figures, sort_keys=True, ensure_ascii=False) if figures else ""


def _points(fields: Fields, letters: str, base: ItemContent) -> tuple[int, ...]:
    if is_keyed(base.part):
        keys = fields.get("kunci", "").upper()
        return tuple(int(letter.upper() in keys) for letter in letters)
    texts = (fields.get(f"poin_{letter}", "") for letter in letters)
    return tuple(int(text) if _is_whole(text) else 0 for text in texts)


def _parameters(item: ItemContent) -> Parameters:
    """Those of the item; steps that no longer fit its options begin anew, evenly spread."""
    steps = 1 if is_keyed(item.part) else len(item.options) - 1
    if len(item.parameters.b) == steps or steps < 1:
        return item.parameters
    middle = (steps - 1) / 2
    return Parameters(0.8, tuple(k - middle - 0.5 for k in range(steps)), 0.0, NOT_ESTIMATED)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _SHORT


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 < value <= 3600 else None
