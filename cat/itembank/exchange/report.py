"""What a file would bring into the bank, item by item, and everything that would not come along."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cat.errors import BadItem
from cat.itembank.content import ItemContent

_SHOWN = 160


class CannotKeep(BadItem):
    """Something of an item that the bank cannot hold; the item is refused and this is named."""


@dataclass(frozen=True)
class Loss:
    """Something that does not come along: where it stands, what it is, and what happens to it."""

    place: str
    what: str
    effect: str


@dataclass(frozen=True)
class ItemReport:
    """The fate of one item of a file.

    place : where it stands: a path inside the package, or a row of a sheet.
    identifier : its name in the file, which need not be unique.
    code : the name it gets in the bank; empty when refused.
    content : the item as it would be stored; None when refused.
    refusals : why it is refused; empty when it may enter.
    pictures : names of the pictures that it needs.
    """

    place: str
    identifier: str
    code: str
    content: ItemContent | None
    losses: tuple[Loss, ...] = ()
    refusals: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """One of: diterima, diterima dengan catatan, ditolak."""
        if self.refusals:
            return "ditolak"
        return "diterima dengan catatan" if self.losses else "diterima"


@dataclass(frozen=True)
class Batch:
    """Everything that a file would do. pictures : name -> (media type, body) of checked pictures.

    losses : what belongs to the file as a whole and to none of its items.
    """

    file_name: str
    sha256: str
    items: tuple[ItemReport, ...]
    losses: tuple[Loss, ...] = ()
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def accepted(self) -> tuple[ItemReport, ...]:
        """Items that would enter."""
        return tuple(item for item in self.items if item.content is not None)

    @property
    def refused(self) -> tuple[ItemReport, ...]:
        """Items that would not."""
        return tuple(item for item in self.items if item.content is None)


def as_json(batch: Batch) -> dict[str, Any]:
    """The report as kept and shown; contents and pictures are not part of it, their hashes are."""
    return {
        "berkas": batch.file_name,
        "sha256": batch.sha256,
        "kehilangan": [_loss(loss) for loss in batch.losses],
        "butir": [
            {
                "tempat": item.place,
                "pengenal": item.identifier,
                "kode": item.code,
                "domain": item.content.domain if item.content else "",
                "soal": shortened(item.content.stem) if item.content else "",
                "putusan": item.verdict,
                "sebab": list(item.refusals),
                "kehilangan": [_loss(loss) for loss in item.losses],
                "sidik": _fingerprint(item),
            }
            for item in batch.items
        ],
    }


def digest(report: Mapping[str, Any]) -> str:
    """SHA-256 of a report: equal only when the same import would be done."""
    text = json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def gathered(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """Losses of one kind said once, with the number of places."""
    places: dict[tuple[str, str], list[str]] = {}
    for loss in losses:
        places.setdefault((loss.what, loss.effect), []).append(loss.place)
    return tuple(
        Loss(at[0] if len(at) == 1 else f"{at[0]} dan {len(at) - 1} tempat lain", what, effect)
        for (what, effect), at in places.items()
    )


def shortened(text: str) -> str:
    """The start of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"


def _loss(loss: Loss) -> dict[str, str]:
    return {"tempat": loss.place, "apa": loss.what, "akibat": loss.effect}


def _fingerprint(item: ItemReport) -> str:
    """Changes with anything that would be stored."""
    if item.content is None:
        return ""
    return hashlib.sha256(repr(item.content).encode()).hexdigest()
