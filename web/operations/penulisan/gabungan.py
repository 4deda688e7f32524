"""Two people changed the same draft: what of it can be joined, and what somebody has to choose."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from web.operations.penulisan.isian import LABELS
from web.operations.penulisan.riwayat import is_too_much

WORTH_COMPARING = 0.4  # share of words in common below which the whole text is shown
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words of a text. kind : "same", "ins" or "del" against the text it was compared with."""

    kind: str
    text: str


@dataclass(frozen=True)
class Conflict:
    """A field that both changed, each in their own way."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    theirs_diff: tuple[Piece, ...]
    mine_diff: tuple[Piece, ...]


@dataclass(frozen=True)
class Merge:
    """merged : every field, of a conflict my text. joined : labels of the fields that only they
    changed, and that are taken over.
    """

    merged: dict[str, str]
    conflicts: tuple[Conflict, ...]
    joined: tuple[str, ...]


def merge(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merge:
    """Three-way merge, field by field; what only one side changed is taken from that side."""
    merged, conflicts, joined = {}, [], []
    for name, label in LABELS.items():
        old, other, own = (fields.get(name, "") for fields in (base, theirs, mine))
        chosen = own
        if own in (old, other):
            chosen = other
            if other != own:
                joined.append(label)
        elif other != old:
            conflicts.append(
                Conflict(name, label, old, other, own, diff(old, other), diff(old, own))
            )
        if chosen:
            merged[name] = chosen
    return Merge(merged, tuple(conflicts), tuple(joined))


def diff(old: str, new: str) -> tuple[Piece, ...]:
    """What was taken out of a text and put into it, word by word.

    Of two texts that share little the whole is shown: single common words would only confuse.
    """
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if is_too_much(before, after):
        return _change(old, new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if _shared(matcher, before, after) < WORTH_COMPARING:
        return _change(old, new)
    found: list[Piece] = []
    out, put = "", ""
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal" and (come.strip() or not (out or put)):
            found += [*_change(out, put), Piece("same", come)]
            out, put = "", ""
        else:  # a space between two changes belongs to them
            out, put = out + gone, put + come
    return (*found, *_change(out, put))


def _shared(matcher: difflib.SequenceMatcher[str], before: list[str], after: list[str]) -> float:
    """Share of the words and signs, spaces left out, that both texts have in the same order."""
    blocks = matcher.get_matching_blocks()
    equal = sum(bool(piece.strip()) for b in blocks for piece in before[b.a : b.a + b.size])
    longest = max(sum(bool(piece.strip()) for piece in text) for text in (before, after))
    return equal / longest if longest else 1.0


def _change(out: str, put: str) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in (("del", out), ("ins", put)) if text)
