"""The bank's list and the page of one item."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cat.itembank.lifecycle import EDITABLE, Status
from cat.itembank.store import content_of
from web.db import db
from web.operations.penulisan import massal, pencarian
from web.operations.penulisan.komentar import may_settle
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.forms import NewItemForm
from web.writer.reading import actor, reading


@bp.get("/")
def index() -> ResponseReturnValue:
    """The bank, filtered."""
    sort = request.args.get("urut", "kode")
    page = pencarian.page(
        db.session(),
        queries.wanted(request.args),
        sort=sort,
        number=request.args.get("halaman", 1, type=int),
    )
    choices, new = queries.choices(), NewItemForm()
    new.offer(choices["domain of items"])
    asked = {word: request.args[word].strip() for word in queries.FIELDS if request.args.get(word)}
    if request.args.get("komentar") == "1":
        asked["komentar"] = "1"
    return render_template(
        "writer/index.html",
        page=page,
        asked=asked,
        sort=sort if sort in pencarian.SORTS else "kode",
        choices=choices,
        bands=pencarian.BANDS,
        new=new,
        targets=massal.targets(actor()),
        most=massal.MOST,
    )


@bp.get("/butir/<code>")
def item(code: str) -> ResponseReturnValue:
    """One item: as the candidate sees it, and what only the bank's people see."""
    read = reading()
    content = content_of(read.version)
    return render_template(
        "writer/item.html",
        read=read,
        version=read.version,
        content=content,
        preview=queries.preview(content),
        life=queries.life(read),
        may_settle=lambda thread: may_settle(thread, read.actor.username, read.actor.roles),
        is_editable=Status(read.newest.item.status) in EDITABLE and "penulis" in read.actor.roles,
    )
