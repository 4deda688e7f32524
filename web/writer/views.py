"""Pages and acts of an item writer: browse, preview, draft."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.lifecycle import EDITABLE, Status
from cat.itembank.store import content_of
from web import clock
from web.db import db, transaction
from web.operations import items
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.forms import ItemForm, NewItemForm

STALE = (
    "Orang lain sudah menyimpan versi baru. Tulisan Anda masih ada di halaman ini; buka versi "
    "barunya di tab lain, gabungkan, lalu simpan dari sana."
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """The bank, filtered."""
    wanted = queries.Filter(
        part=request.args.get("bagian", ""),
        domain=request.args.get("domain", ""),
        status=request.args.get("status", ""),
        text=request.args.get("cari", "").strip(),
    )
    page = queries.page(wanted, request.args.get("halaman", 1, type=int))
    new = NewItemForm()
    new.offer(queries.domains())
    return render_template(
        "writer/index.html",
        page=page,
        wanted=wanted,
        domains=queries.domains(),
        statuses=list(Status),
        new=new,
    )


@bp.get("/butir/<code>")
def item(code: str) -> ResponseReturnValue:
    """One item: as the candidate sees it, and what only writers see."""
    version = queries.get_version(code)
    content = content_of(version)
    return render_template(
        "writer/item.html",
        version=version,
        content=content,
        preview=queries.preview(content),
        is_editable=Status(version.item.status) in EDITABLE,
    )


@bp.post("/baru")
def new() -> ResponseReturnValue:
    """Open an empty draft in a domain."""
    form = NewItemForm()
    form.offer(queries.domains())
    if not form.validate():
        flash("Pilih domain kisi-kisi yang ada.")
        return redirect(url_for(".index"), 303)
    content = items.blank(db.session(), form.domain.data)
    return redirect(url_for(".draft", domain=content.domain, code=content.code), 303)


@bp.route("/draf/<domain>/<code>", methods=["GET", "POST"])
def draft(domain: str, code: str) -> ResponseReturnValue:
    """Write a new draft."""
    if domain not in queries.domains():
        return redirect(url_for(".index"), 303)
    base = items.blank(db.session(), domain)
    if base.code != code and request.method == "GET":
        return redirect(url_for(".draft", domain=domain, code=base.code), 303)
    return _edit(base, 0)


@bp.route("/butir/<code>/ubah", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Edit a draft, with a preview."""
    version = queries.get_version(code)
    if Status(version.item.status) not in EDITABLE:
        flash(f"{code} berstatus {version.item.status}; hanya draf yang dapat diubah.")
        return redirect(url_for(".item", code=code), 303)
    return _edit(content_of(version), version.version)


def _edit(base: ItemContent, version: int) -> ResponseReturnValue:
    form = ItemForm()
    found, preview, status = [], None, 200
    if request.method == "GET":
        form.fill(base, version)
        preview = queries.preview(base) if version else None
    elif not form.validate():
        found = ["Muat ulang halaman ini, lalu ulangi."] if form.dasar.errors else []
        status = 422
    else:
        content = form.content(base)
        try:
            if "simpan" in request.form:
                with transaction() as session:
                    items.save_draft(
                        session,
                        content,
                        base=form.dasar.data or 0,
                        by=current_user.username,
                        now=clock.now(),
                    )
                flash(f"{content.code} disimpan.")
                return redirect(url_for(".item", code=content.code), 303)
            preview = queries.preview(content)
        except items.StaleDraft:
            found, status = [STALE], 409
        except BadItem as error:
            found, status = error.evidence.get("problems") or [str(error)], 422
    page = render_template(
        "writer/edit.html", form=form, base=base, version=version, found=found, preview=preview
    )
    return page, status
