"""Reads the starter bank: one TOML file per domain under `seeds/bank/<part>/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cat.errors import BadItem
from cat.itembank.content import (
    ItemContent,
    Parameters,
    exam_problems,
    is_keyed,
    points_of_key,
    problems,
)
from cat.itembank.rendering import render

BANK = Path(__file__).parent / "bank"
_KEYS = {
    *("kode", "soal", "opsi", "kunci", "poin", "rasional", "sumber"),
    *("a", "b", "c", "gambar", "aturan"),
    *("stimulus", "seteru", "detik", "alasan_opsi", "indikator", "tingkat_bahasa", "induk"),
}


def read_bank(folder: Path = BANK) -> list[ItemContent]:
    """All items of the bank by code; raises BadItem naming file, item and rule."""
    items = [item for path in sorted(folder.glob("*/*.toml")) for item in read_file(path)]
    by_code: dict[str, ItemContent] = {}
    for item in items:
        if item.code in by_code:
            raise BadItem(f"{item.code}: kode dipakai dua kali di bank", code=item.code)
        by_code[item.code] = item
    for item in items:
        if unknown := set(item.enemies) - set(by_code):
            raise BadItem(f"{item.code}: seteru {sorted(unknown)} tidak ada", code=item.code)
    return [by_code[code] for code in sorted(by_code)]


def read_file(path: Path) -> list[ItemContent]:
    """Items of one domain file; raises BadItem naming file, item and rule."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = document["butir"]
        stimuli = {each["kode"]: each["teks"].strip() for each in document.get("stimulus", ())}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise BadItem(f"{path.name}: bukan berkas butir yang benar ({error})") from error
    items = []
    for row in rows:
        place = f"{path.name}, {row.get('kode', 'butir tanpa kode')}"
        if unknown := set(row) - _KEYS:
            raise BadItem(f"{place}: isian tidak dikenal {sorted(unknown)}", place=place)
        try:
            item = _item(document, row, stimuli)
        except (KeyError, ValueError, TypeError) as error:
            what = f"{place}: isian kurang atau salah bentuk ({error!r})"
            raise BadItem(what, place=place) from error
        if found := problems(item) + exam_problems(item):
            raise BadItem(f"{place}: " + "; ".join(map(str, found)), place=place, problems=found)
        try:
            render(item)
        except BadItem as error:
            raise BadItem(f"{place}: {error}", place=place) from error
        items.append(item)
    return items


def _item(
    document: Mapping[str, Any], row: Mapping[str, Any], stimuli: Mapping[str, str]
) -> ItemContent:
    domain = document["domain"]
    keyed = is_keyed(domain.split(".", 1)[0])
    b, stimulus = row["b"], row.get("stimulus", "")
    return ItemContent(
        code=row["kode"],
        domain=domain,
        stem=row["soal"].strip(),
        options=tuple(option.strip() for option in row["opsi"]),
        points=points_of_key(row["kunci"]) if keyed else tuple(row["poin"]),
        rationale=row["rasional"].strip(),
        source=row.get("sumber", "").strip(),
        parameters=Parameters(
            a=float(row["a"]),
            b=tuple(map(float, b)) if isinstance(b, list) else (float(b),),
            c=float(row.get("c", 0.0)),
            status=document["status_parameter"],
        ),
        figures=row.get("gambar", {}),
        rule=row.get("aturan", {}),
        stimulus=stimulus,
        enemies=tuple(row.get("seteru", ())),
        seconds=float(row.get("detik", document.get("detik", 0.0))),
        stimulus_text=stimuli[stimulus] if stimulus else "",
        option_rationales=tuple(reason.strip() for reason in row.get("alasan_opsi", ())),
        indicator=row.get("indikator", document.get("indikator", "")).strip(),
        language_level=row.get("tingkat_bahasa", document.get("tingkat_bahasa", "")),
        parent=row.get("induk", ""),
    )
