"""What candidate pages show, read from the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import session as browser
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.exam.linear import LinearState
from cat.exam.moves import TIME
from cat.exam.record import MICROSECONDS, Kind
from cat.exam.state import AdaptiveState, State
from cat.itembank.content import LETTERS
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from web.db import db
from web.operations import pools
from web.operations.hari_ujian import panggilan
from web.tables import (
    Formasi,
    Kejadian,
    Masuk,
    Panggilan,
    Pesan,
    Peserta,
    Sesi,
    Sitting,
    SittingEvent,
    TitikLokasi,
)

Rules = RuleSet | BentukTes
_rules: dict[str, Rules] = {}


@dataclass(frozen=True)
class ItemPage:
    """All that the page of an item may show; nothing here tells right from wrong.

    options : letter on the screen and HTML. marked : letter marked, or None; not final in an
    adaptive sitting. is_unsure : flagged, in a linear one. left_seconds : served time left.
    """

    number: int
    total: int
    part_name: str
    part_number: int
    parts: int
    number_in_part: int
    part_length: int
    stem: str
    options: tuple[tuple[str, str], ...]
    marked: str | None
    left_seconds: float
    is_unsure: bool = False


@dataclass(frozen=True)
class GridPart:
    """One part in the number grid. cells : number, is it answered, is it unsure."""

    name: str
    cells: tuple[tuple[int, bool, bool], ...]


_PERSON = joinedload(Sitting.peserta)
_SHOWN = (
    joinedload(Sitting.sesi).joinedload(Sesi.titik_lokasi),
    _PERSON.joinedload(Peserta.person),
    _PERSON.joinedload(Peserta.formasi).options(
        joinedload(Formasi.jabatan), joinedload(Formasi.instansi)
    ),
)


def own_sitting(sitting_id: str, *, is_shown: bool = True) -> Sitting:
    """The sitting that this browser logged in to, with all that pages show of its person.

    404 for anybody else's. Whether this login may still act is for the caller to ask.
    is_shown : False for a reply to a script, which shows nothing of the person.
    """
    if browser.get("sitting_id") != sitting_id:
        raise NotFound
    chosen = select(Sitting).where(Sitting.id == sitting_id)
    sitting = db.session.scalar(chosen.options(*_SHOWN) if is_shown else chosen)
    if sitting is None:
        raise NotFound
    return sitting


def get_rules(digest: str) -> Rules:
    """The rules of a sitting, read once: they are immutable and named by their digest."""
    if digest not in _rules:
        _rules[digest] = pools.get_rules(db.session(), digest)
    return _rules[digest]


def item_page(state: State, rules: Rules, now: int, number: int | None = None) -> ItemPage:
    """The page of an item. number : in a linear sitting, which one; the current one otherwise."""
    left = state.left(now) / MICROSECONDS
    if isinstance(state, LinearState):
        return _linear_page(state, rules, left, number or state.number)
    if not isinstance(state, AdaptiveState):
        raise TypeError(f"no such way of delivery: {type(state)}")
    item, part, order = state.current_item, state.current_part, state.order
    return ItemPage(
        number=state.number,
        total=state.length,
        part_name=rules.get_bagian(part.part).nama,
        part_number=state.part + 1,
        parts=len(state.pool.parts),
        number_in_part=state.answered_in_part + 1,
        part_length=part.length,
        stem=item.stem,
        options=_shown(item.options, order),
        marked=LETTERS[order.index(state.draft)] if state.draft else None,
        left_seconds=left,
    )


def linear_pages(state: LinearState, rules: Rules, now: int) -> list[ItemPage]:
    """The pages of all items of a linear sitting."""
    return [item_page(state, rules, now, number) for number in range(1, state.length + 1)]


def grid(state: LinearState, rules: Rules) -> list[GridPart]:
    """The number grid, part by part."""
    cells: list[list[tuple[int, bool, bool]]] = [[] for _ in state.pool.parts]
    for number, (part, _) in enumerate(state.pool.places(state.terms.form), start=1):
        mark = state.mark_at(number)
        cells[part].append((number, mark.option is not None, mark.is_unsure))
    return [
        GridPart(rules.get_bagian(part.part).nama, tuple(found))
        for part, found in zip(state.pool.parts, cells, strict=True)
        if found
    ]


def lengths(state: State) -> list[tuple[str, int]]:
    """Part code and number of items, in the order of the test."""
    if isinstance(state, LinearState):
        counts = Counter(part for part, _ in state.pool.places(state.terms.form))
        return [(part.part, counts[p]) for p, part in enumerate(state.pool.parts) if counts[p]]
    return [(part.part, part.length) for part in state.pool.parts]


def ended_by_the_clock(sitting: Sitting) -> bool:
    """Whether it was the time that ended a finished sitting."""
    data = db.session.scalar(
        select(SittingEvent.data)
        .where(SittingEvent.sitting_id == sitting.id, SittingEvent.kind == Kind.FINISHED.value)
        .order_by(SittingEvent.seq.desc())
        .limit(1)
    )
    return bool(data) and data.get("sebab") == TIME


def first_turn(state: State, now: int) -> int:
    """A number above every turn that the record knows, from which a page counts its acts on.

    Tenths of a second of the server's clock keep two tabs apart; a clock set back does not make
    the acts of a new page look late.
    """
    if isinstance(state, LinearState):
        highest = max((mark.turn for _, mark in state.marks), default=0)
    else:
        highest = state.turn_of(state.number)
    return max(now // (MICROSECONDS // 10), highest + 1)


def newest_message(sitting: Sitting) -> int:
    """Id of the newest message to this seat; 0 when there is none."""
    return db.session.scalar(_newest(sitting)) or 0


def news(sitting: Sitting) -> tuple[int, bool]:
    """The newest message as above, and whether a call for help waits for the proctor."""
    calls = exists().where(
        Panggilan.sitting_id == sitting.id,
        Panggilan.jenis == panggilan.BANTUAN,
        Panggilan.ditangani_at.is_(None),
    )
    newest, is_calling = db.session.execute(select(_newest(sitting).scalar_subquery(), calls)).one()
    return newest or 0, is_calling


def _newest(sitting: Sitting) -> Select[tuple[int | None]]:
    return select(func.max(Pesan.id)).where(
        Pesan.sesi_id == sitting.sesi_id,
        or_(Pesan.sitting_id.is_(None), Pesan.sitting_id == sitting.id),
        or_(Pesan.ruang_id.is_(None), Pesan.ruang_id == sitting.ruang_id),
    )


def unread(sitting: Sitting, after: int) -> Sequence[Pesan]:
    """Messages to this seat that nobody here has marked as read."""
    return panggilan.messages_for(db.session(), sitting, after=after)


def refusal(sitting: Sitting, masuk_id: str) -> Kejadian | None:
    """Why the proctor did not let this person in, if that happened since this login."""
    return db.session.scalar(
        select(Kejadian)
        .join(Masuk, Masuk.sitting_id == Kejadian.sitting_id)
        .where(
            Masuk.id == masuk_id,
            Kejadian.sitting_id == sitting.id,
            Kejadian.jenis == "masuk_ditolak",
            Kejadian.at >= Masuk.at,
        )
        .order_by(Kejadian.id.desc())
        .limit(1)
    )


def open_sesi(now: int, within_seconds: int) -> Sequence[Sesi]:
    """Sesi that are not over and start at most so long before or after now, first ones first."""
    span = within_seconds * MICROSECONDS
    return db.session.scalars(
        select(Sesi)
        .join(TitikLokasi)
        .where(
            Sesi.is_closed.is_(False),
            Sesi.is_void.is_(False),
            Sesi.starts_at.between(now - span, now + span),
        )
        .order_by(Sesi.starts_at, Sesi.id)
        .options(joinedload(Sesi.titik_lokasi))
        .limit(20)
    ).all()


def _linear_page(state: LinearState, rules: Rules, left: float, number: int) -> ItemPage:
    places = state.pool.places(state.terms.form)
    part, _ = places[number - 1]
    numbers = [n for n, (each, _) in enumerate(places, start=1) if each == part]
    return ItemPage(
        number=number,
        total=len(places),
        part_name=rules.get_bagian(state.pool.parts[part].part).nama,
        part_number=part + 1,
        parts=len(state.pool.parts),
        number_in_part=number - numbers[0] + 1,
        part_length=len(numbers),
        stem=state.item_at(number).stem,
        options=_shown(state.item_at(number).options, state.order_at(number)),
        marked=state.shown_at(number),
        left_seconds=left,
        is_unsure=state.mark_at(number).is_unsure,
    )


def _shown(options: Sequence[str], order: str) -> tuple[tuple[str, str], ...]:
    by_letter = dict(zip(LETTERS, options, strict=True))
    return tuple((shown, by_letter[own]) for shown, own in zip(LETTERS, order, strict=True))


def as_number(text: str | None, digits: int = 4) -> int | None:
    """The whole number that an address or a button names; None for anything else, and for one of
    more digits.
    """
    return int(text) if text and text.isdecimal() and len(text) <= digits else None
