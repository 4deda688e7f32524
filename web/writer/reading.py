"""Every page that names an item by its code: noted, counted, and with or without the key.

The rule stands before the views, so that no page of an item can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from cat.itembank.store import latest_version
from web import clock
from web.db import db, transaction
from web.operations.penulisan.alur import Actor, Seen, is_author
from web.operations.penulisan.kuota import quota_of
from web.operations.penulisan.pembacaan import QuotaReached, open_item
from web.tables import ItemVersion
from web.writer.blueprint import bp

# What these answer shows nothing of the item.
_SHOW_NOTHING = {
    f"writer.{name}" for name in ("move", "begin_version", "comment", "reply", "settle", "openings")
}


@dataclass(frozen=True)
class Reading:
    """What somebody reads. version : the one shown; newest : the last one of the item."""

    version: ItemVersion
    newest: ItemVersion
    actor: Actor
    is_author: bool
    sees_key: bool

    @property
    def seen(self) -> Seen:
        """The item as the page shows it, for acts that begin there."""
        item = self.newest.item
        return Seen(item.code, item.latest, item.status)


def actor() -> Actor:
    """Who asks."""
    return Actor(current_user.username, frozenset(role.name for role in current_user.roles))


def reading() -> Reading:
    """What this request reads; 404 when the bank has no such item or version."""
    found: Reading | None = g.get("reading")
    if found is None:
        raise NotFound
    return found


@bp.before_request
def note_opening() -> None:
    code = (request.view_args or {}).get("code")
    newest = latest_version(db.session(), code) if code else None
    if newest is None:
        return  # a new draft that nobody has stored; or the view finds nothing
    who, version = actor(), _version(newest)
    wrote = is_author(db.session(), newest.item_id, who.username)
    sees_key = quota_of(who.roles).sees_key(newest.item.status, is_author=wrote)
    g.reading = Reading(version, newest, who, wrote, sees_key)
    if request.endpoint not in _SHOW_NOTHING:
        with transaction() as session:
            open_item(
                session,
                version,
                actor=who,
                page=(request.endpoint or "").rpartition(".")[2],
                key_shown=sees_key,
                now=clock.now(),
                once=request.method != "GET",
            )


@bp.errorhandler(QuotaReached)
def wait(error: QuotaReached) -> ResponseReturnValue:
    page = render_template("writer/kuota.html", error=error)
    reply = make_response(page, 429)
    reply.headers["Retry-After"] = str(max(1, -(-(error.opens_at - clock.now()) // 1_000_000)))
    return reply


def _version(newest: ItemVersion) -> ItemVersion:
    number = request.args.get("versi", newest.version, type=int)
    if number == newest.version:
        return newest
    if not 0 < number < newest.version:
        raise NotFound
    found = select(ItemVersion).where(
        ItemVersion.item_id == newest.item_id, ItemVersion.version == number
    )
    version = db.session.scalar(found)
    if version is None:
        raise NotFound
    return version
