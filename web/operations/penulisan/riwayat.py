"""What happened to an item, and how two of its versions differ, word by word."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from string import ascii_uppercase
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.itembank.content import ItemContent, is_keyed
from web.tables import ItemTransition, ItemVersion

MOST_PAIRS = 3_000_000  # of equal words, one in each text; comparing takes a multiple of it
SAME, GONE, NEW = "tetap", "dihapus", "ditambah"
# Whoever may not see the key may not see these either: each tells it.
KEY_FIELDS = frozenset({"kunci", "nilai", "alasan", "rasional", "aturan"})


@dataclass(frozen=True)
class Happening:
    """One line of the history: a version that was written, or a step (then `source` is set)."""

    at: int
    by: str
    version: int
    source: str = ""
    target: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """A field that differs. pieces : (SAME, GONE or NEW, text), in reading order."""

    label: str
    pieces: tuple[tuple[str, str], ...]


def history(session: Session, item_id: int) -> list[Happening]:
    """Versions and steps of an item, newest first."""
    written = [
        Happening(version.written_at, version.written_by, version.version)
        for version in versions(session, item_id)
    ]
    steps = session.scalars(
        select(ItemTransition).where(ItemTransition.item_id == item_id).order_by(ItemTransition.id)
    )
    # A version is written before the step that it takes at the same moment.
    found = written + [
        Happening(step.at, step.by, step.version, step.source, step.target, step.reason)
        for step in steps
    ]
    return sorted(found, key=lambda each: each.at)[::-1]


def versions(session: Session, item_id: int) -> Sequence[ItemVersion]:
    """All versions of an item, oldest first."""
    return session.scalars(
        select(ItemVersion)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.version)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    ).all()


def differences(old: ItemContent, new: ItemContent, *, with_key: bool) -> list[Difference]:
    """The fields in which two versions differ, in the order of the item page.

    with_key : whether fields that tell the key are compared too.
    """
    before, after = (dict(_fields(content, with_key)) for content in (old, new))
    labels = [*before, *(label for label in after if label not in before)]
    return [
        Difference(label, compare(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def compare(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Word by word, what stayed, what went and what came; joined pieces give both texts again."""
    before, after = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    if is_too_much(before, after):
        return tuple((kind, text) for kind, text in ((GONE, old), (NEW, new)) if text)
    pieces: list[tuple[str, str]] = []
    for _, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[i:j] == after[k:m]:
            pieces.append((SAME, "".join(before[i:j])))
            continue
        for kind, words in ((GONE, before[i:j]), (NEW, after[k:m])):
            if words:
                pieces.append((kind, "".join(words)))
    return tuple(pieces)


def is_too_much(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether comparing two long texts of the same few words would take minutes."""
    counted = Counter(after)
    return sum(times * counted[word] for word, times in Counter(before).items()) > MOST_PAIRS


def _fields(content: ItemContent, with_key: bool) -> Iterator[tuple[str, str]]:
    hidden = frozenset() if with_key else KEY_FIELDS
    for name, label, text in _all_fields(content):
        if name not in hidden:
            yield label, text


def _all_fields(content: ItemContent) -> Iterator[tuple[str, str, str]]:
    p = content.parameters
    yield "domain", "Domain", content.domain
    yield "stimulus", "Stimulus", content.stimulus
    yield "stimulus", "Teks stimulus", content.stimulus_text
    yield "soal", "Soal", content.stem
    for letter, text in zip(ascii_uppercase, content.options, strict=False):
        yield "pilihan", f"Pilihan {letter}", text
    if is_keyed(content.part):
        right = (x for x, each in zip(ascii_uppercase, content.points, strict=False) if each)
        yield "kunci", "Kunci", ", ".join(right)
    else:
        for letter, each in zip(ascii_uppercase, content.points, strict=False):
            yield "nilai", f"Nilai {letter}", str(each)
    for letter, text in zip(ascii_uppercase, content.option_rationales, strict=False):
        yield "alasan", f"Alasan {letter}", text
    yield "rasional", "Rasional", content.rationale
    yield "sumber", "Sumber", content.source
    yield "indikator", "Indikator", content.indicator
    yield "bahasa", "Tingkat bahasa", content.language_level
    yield "seteru", "Seteru", ", ".join(content.enemies)
    yield "waktu", "Perkiraan waktu (detik)", f"{content.seconds:g}"
    yield "induk", "Model induk", content.parent
    yield "pilihan", "Pilihan terbanyak", str(content.max_choices)
    yield "gambar", "Gambar", _as_text(content.figures)
    yield "aturan", "Aturan", _as_text(content.rule)
    numbers = f"a {p.a:g}; b {', '.join(f'{b:g}' for b in p.b)}; c {p.c:g}; {p.status}"
    yield "parameter", "Parameter", numbers


def _as_text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) if value else ""
