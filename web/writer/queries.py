"""What the bank pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from werkzeug.exceptions import NotFound

from cat.itembank.content import LANGUAGE_LEVELS, ItemContent
from cat.itembank.lifecycle import Move, Status
from cat.itembank.rendering import render
from cat.itembank.store import latest_version, store_pictures
from web.db import db, transaction
from web.operations.penulisan import alur, pencarian
from web.operations.penulisan.komentar import Thread, threads_of
from web.tables import ItemVersion
from web.writer.reading import Reading

# Words of the address -> the filter that they set.
FIELDS = {
    "bagian": "part",
    "domain": "domain",
    "status": "status",
    "penulis": "author",
    "parameter": "parameters",
    "induk": "parent",
    "kesukaran": "band",
    "bahasa": "language_level",
    "cari": "text",
}


@dataclass(frozen=True)
class Preview:
    """An item as the candidate will see it, with the points beside each option."""

    stem: str
    options: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Life:
    """Where an item can go from here.

    moves : each with what still stands in its way. barred : words on the buttons that only somebody
    else may press, because this person wrote a version.
    """

    moves: list[tuple[Move, list[str]]]
    barred: list[str]
    may_begin_version: bool
    threads: list[Thread]


def wanted(words: Mapping[str, str]) -> pencarian.Wanted:
    """The filter that an address or a form asks for."""
    fields = {name: words.get(word, "").strip() for word, name in FIELDS.items()}
    return pencarian.Wanted(**fields, has_open_comments=words.get("komentar") == "1")


def choices() -> dict[str, list[str]]:
    """What can be chosen in the filters."""
    session = db.session()
    domains = pencarian.domains(session)
    return {
        "bagian": sorted({domain.partition(".")[0] for domain in domains}),
        "domain": _with_steps(domains),
        "domain of items": domains,
        "status": [status.value for status in Status],
        "penulis": pencarian.authors(session),
        "kesukaran": list(pencarian.BANDS),
        "bahasa": list(LANGUAGE_LEVELS),
    }


def domains() -> list[str]:
    """Every domain that the bank has items in."""
    return pencarian.domains(db.session())


def get_version(code: str) -> ItemVersion:
    """The newest wording of an item; 404 when there is none."""
    version = latest_version(db.session(), code)
    if version is None:
        raise NotFound
    return version


def life(reading: Reading) -> Life:
    """What the reader may do with the newest version, and what was said of the item."""
    session, rules, item = db.session(), alur.workflow(), reading.newest.item
    status, who = Status(item.status), reading.actor
    moves = rules.moves(status, who.roles, reading.is_author)
    others = rules.moves(status, who.roles, is_author=False)
    return Life(
        moves=[
            (move, alur.judge(session, reading.newest, move.target, who, None)) for move in moves
        ],
        barred=[move.label for move in others if move not in moves],
        may_begin_version=rules.may_begin_version(status, who.roles, reading.is_author),
        threads=threads_of(session, item.id),
    )


def preview(content: ItemContent) -> Preview:
    """The item rendered as at publication; its pictures are stored for the page to show."""
    rendered = render(content)
    if rendered.pictures:
        with transaction() as session:
            store_pictures(session, rendered.pictures.items())
    letters = ascii_uppercase[: len(rendered.options)]
    return Preview(
        rendered.stem, tuple(zip(letters, rendered.options, content.points, strict=True))
    )


def _with_steps(domains: list[str]) -> list[str]:
    """The domains with the steps above them that gather several, in tree order."""
    steps = {
        ".".join(path[:depth])
        for path in (domain.split(".") for domain in domains)
        for depth in range(2, len(path) + 1)
    }
    return sorted(steps | set(domains))
