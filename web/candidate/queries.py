"""What candidate pages show, read from the record."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session as browser
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.exam.record import MICROSECONDS
from cat.exam.state import State
from cat.itembank.content import LETTERS
from cat.ketentuan.ruleset import RuleSet
from web.db import db
from web.tables import Peserta, Sesi, Sitting


@dataclass(frozen=True)
class ItemPage:
    """All that the page of an item may show; nothing here tells right from wrong.

    options : letter on the screen and HTML. marked : letter marked but not final, or None.
    left_seconds : served time left.
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


def own_sitting(sitting_id: str) -> Sitting:
    """The sitting that this browser is logged in to; 404 for anybody else's."""
    if browser.get("sitting_id") != sitting_id:
        raise NotFound
    sitting = db.session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .options(
            joinedload(Sitting.sesi).joinedload(Sesi.titik_lokasi),
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi),
        )
    )
    if sitting is None:
        raise NotFound
    return sitting


def item_page(state: State, rules: RuleSet, now: int) -> ItemPage:
    """The page of the current item."""
    item, part = state.current_item, state.current_part
    order = state.order
    by_letter = dict(zip(LETTERS, item.options, strict=True))
    return ItemPage(
        number=state.number,
        total=state.pool.length,
        part_name=rules.get_bagian(part.part).nama,
        part_number=state.part + 1,
        parts=len(state.pool.parts),
        number_in_part=state.answered_in_part + 1,
        part_length=part.length,
        stem=item.stem,
        options=tuple((shown, by_letter[own]) for shown, own in zip(LETTERS, order, strict=True)),
        marked=LETTERS[order.index(state.draft)] if state.draft else None,
        left_seconds=state.left(now) / MICROSECONDS,
    )
