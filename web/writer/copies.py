"""What the open editor asks for by itself: keep, warn, show; and the list of unfinished writing.

The addresses say `kode`, not `code`: what they show is one's own writing, whose opening was noted
when the editor was opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase
from types import SimpleNamespace

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import NotFound

from cat.errors import BadItem
from cat.itembank.figures import is_uploaded
from cat.itembank.peringatan import Concern, Severity
from cat.itembank.rendering import render
from cat.itembank.store import content_of, latest_version, store_pictures
from web import clock
from web.db import db, transaction
from web.formatting import bagian, jam
from web.operations import items
from web.operations.penulisan import gambar, naskah, peringatan, stimulus
from web.operations.penulisan.isian import content_from, field_of, fields_of
from web.tables import Naskah
from web.writer.blueprint import bp
from web.writer.editor import Draft, editor_page, writers_only
from web.writer.forms import read_editor


@bp.get("/naskah")
def copies() -> ResponseReturnValue:
    """What this person has begun and not saved."""
    writers_only()
    mine = naskah.of_owner(db.session(), current_user.username)
    return render_template("writer/naskah.html", copies=mine)


@bp.post("/naskah/<kode>")
def keep(kode: str) -> ResponseReturnValue:
    """Keep what was typed; answers what to look at again and who else is here."""
    draft, copy = _own(kode)
    sent = read_editor(request.form)
    if sent.base is None:
        return jsonify(masalah="Muat ulang halaman ini."), 422
    is_changed = sent.base != draft.version or sent.fields != fields_of(draft.content)
    try:
        with transaction() as session:
            copy = naskah.keep(
                session,
                kode,
                sent.fields if is_changed else {},
                domain=copy.domain,
                base=sent.base,
                owner=current_user.username,
                now=clock.now(),
            )
            peringatan.catch_up(session)
    except BadItem as error:
        return jsonify(masalah=str(error)), 422
    session = db.session()
    content = content_from(sent.fields, draft.content)
    found = peringatan.warnings_of(session, content, by=current_user.username)
    return jsonify(
        tersimpan=jam(clock.now())[:5],
        peringatan=render_template("writer/_warnings.html", warnings=found, field_of=field_of),
        tempat={
            field: render_template("writer/_warning_marks.html", warnings=own)
            for field, own in _by_field(found).items()
        },
        lain=render_template(
            "writer/_colleagues.html",
            draft=draft,
            base=sent.base,
            colleagues=naskah.colleagues(
                session, kode, owner=current_user.username, now=clock.now()
            ),
        ),
    )


@bp.get("/naskah/<kode>/tampak")
def shown(kode: str) -> ResponseReturnValue:
    """The working copy as the candidate will see it, for the frame beside the editor."""
    draft, copy = _own(kode)
    fields = copy.fields or fields_of(draft.content)
    problem, rendered = "", None
    try:
        content = content_from(fields, draft.content)
        content = stimulus.resolve(db.session(), content, draft.content)
        rendered = render(content)
        if rendered.pictures:
            with transaction() as session:
                store_pictures(session, rendered.pictures.items())
    except BadItem as error:
        problem = str(error)
    part = draft.content.part
    page = SimpleNamespace(
        number=7,
        total=24,
        part_name=bagian(part),
        part_number=1,
        parts=1,
        left_seconds=3600,
        stem=rendered.stem if rendered else "",
        options=tuple(zip(ascii_uppercase, rendered.options, strict=False)) if rendered else (),
        marked="",
    )
    sitting = SimpleNamespace(
        seat=1, peserta=SimpleNamespace(person=SimpleNamespace(nama="Contoh Peserta"))
    )
    return render_template(
        "writer/tampak.html", page=page, sitting=sitting, problem=problem, code=kode
    )


@bp.post("/naskah/<kode>/gambar")
def upload(kode: str) -> ResponseReturnValue:
    """Bring a picture into a draft."""
    draft, copy = _own(kode)
    sent = read_editor(request.form)
    file = request.files.get("berkas_gambar")
    try:
        with transaction() as session:
            fields, picture = gambar.add_picture(
                session,
                sent.fields,
                file.read() if file else b"",
                name=request.form.get("nama_gambar", "").strip().lower(),
                alt=request.form.get("alt_gambar", ""),
                taken=[n for n, f in draft.content.figures.items() if not is_uploaded(f)],
                code=kode,
                by=current_user.username,
                now=clock.now(),
            )
            naskah.keep(
                session,
                kode,
                fields,
                domain=copy.domain,
                base=sent.base or 0,
                owner=current_user.username,
                now=clock.now(),
            )
    except BadItem as error:
        return editor_page(draft, sent, problems=[str(error)])
    note = f"Gambar disimpan, {picture.width} × {picture.height} piksel."
    if picture.dropped:
        note += f" Tidak ikut disimpan: {', '.join(picture.dropped)}."
    flash(note)
    return redirect(draft.address, 303)


@bp.route("/naskah/<kode>/buang", methods=["GET", "POST"])
def discard(kode: str) -> ResponseReturnValue:
    """Ask, then throw the working copy away."""
    draft, copy = _own(kode)
    if request.method == "GET":
        return render_template("writer/buang.html", draft=draft, copy=copy)
    with transaction() as session:
        naskah.discard(session, kode, current_user.username)
    flash(f"Naskah {kode} dibuang.")
    if draft.version:
        return redirect(url_for(".item", code=kode), 303)
    return redirect(url_for(".index"), 303)


def _own(kode: str) -> tuple[Draft, Naskah]:
    """One's own working copy and what it is of; 404 when the editor was never opened."""
    writers_only()
    session = db.session()
    copy = naskah.find(session, kode, current_user.username)
    if copy is None:
        raise NotFound
    version = latest_version(session, kode)
    if version is None or copy.base == 0:  # a new draft, whoever may have taken its code
        return Draft(items.blank(session, copy.domain, kode), 0), copy
    return Draft(content_of(version), version.version, version.written_by), copy


def _by_field(found: Iterable[Concern]) -> dict[str, list[Concern]]:
    by_field: dict[str, list[Concern]] = {}
    for concern in found:
        if concern.severity is Severity.RINGAN:
            continue  # the list says it; beside the fields it would drown the rest
        by_field.setdefault(field_of(concern.place), []).append(concern)
    return by_field
