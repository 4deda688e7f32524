"""What happened to an item, how two versions differ, and who opened it."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from cat.itembank.store import content_of
from web.access import ANALIS
from web.db import db
from web.operations.penulisan import pembacaan, riwayat
from web.writer.blueprint import bp
from web.writer.reading import reading

MOST_OPENINGS = 500


@bp.get("/butir/<code>/riwayat")
def history(code: str) -> ResponseReturnValue:
    """Versions and steps, and the difference between two versions."""
    read = reading()
    versions = {each.version: each for each in riwayat.versions(db.session(), read.version.item_id)}
    last = read.newest.version
    new = request.args.get("ke", last, type=int)
    old = request.args.get("dari", max(1, new - 1), type=int)
    if new not in versions or old not in versions:
        abort(404)
    return render_template(
        "writer/riwayat.html",
        read=read,
        happenings=riwayat.history(db.session(), read.version.item_id),
        versions=sorted(versions, reverse=True),
        old=versions[old],
        new=versions[new],
        differences=riwayat.differences(
            content_of(versions[old]), content_of(versions[new]), with_key=read.sees_key
        ),
    )


@bp.get("/butir/<code>/pembuka")
def openings(code: str) -> ResponseReturnValue:
    """Who opened the item, for analysts."""
    read = reading()
    if ANALIS not in read.actor.roles:
        abort(403)
    item_id = read.version.item_id
    times, people = pembacaan.count_openings(db.session(), item_id)
    return render_template(
        "writer/pembuka.html",
        read=read,
        rows=pembacaan.openings_of(db.session(), item_id, MOST_OPENINGS),
        times=times,
        people=people,
    )
