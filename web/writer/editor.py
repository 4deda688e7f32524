"""Pages and acts of writing: begin a draft, edit it, look at it, save it, merge it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cat.errors import BadItem
from cat.itembank.content import LANGUAGE_LEVELS, ItemContent
from cat.itembank.lifecycle import EDITABLE, Status
from cat.itembank.store import content_of
from web import clock
from web.access import PENULIS
from web.db import db, transaction
from web.operations import items
from web.operations.penulisan import naskah, peringatan, stimulus
from web.operations.penulisan.gabungan import merge
from web.operations.penulisan.isian import (
    LETTERS,
    Fields,
    content_from,
    field_of,
    field_problems,
    fields_of,
    pictures,
)
from web.tables import Item, ItemVersion, Naskah
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.forms import NewItemForm, Sent, read_editor

OPTIONS_SHOWN = 5


@dataclass(frozen=True)
class Draft:
    """What is being edited. content : of the newest version or blank. version : its number or 0."""

    content: ItemContent
    version: int
    written_by: str = ""

    @property
    def code(self) -> str:
        return self.content.code

    @property
    def address(self) -> str:
        """Where it is edited."""
        if self.version:
            return url_for("writer.edit", code=self.code)
        return url_for("writer.draft", domain=self.content.domain, code=self.code)


def writers_only() -> None:
    """Reviewers and analysts read and comment; only writers write."""
    if not current_user.has_role(PENULIS):
        abort(403)


@bp.post("/baru")
def new() -> ResponseReturnValue:
    """Open an empty draft in a domain."""
    writers_only()
    form = NewItemForm()
    form.offer(queries.domains())
    if not form.validate():
        flash("Pilih domain kisi-kisi yang ada.")
        return redirect(url_for(".index"), 303)
    with transaction() as session:
        copy = items.begin_draft(
            session, form.domain.data, by=current_user.username, now=clock.now()
        )
    return redirect(url_for(".draft", domain=copy.domain, code=copy.code), 303)


@bp.route("/draf/<domain>/<code>", methods=["GET", "POST"])
def draft(domain: str, code: str) -> ResponseReturnValue:
    """Write a new draft."""
    writers_only()
    if domain not in queries.domains():
        return redirect(url_for(".index"), 303)
    session, me = db.session(), current_user.username
    is_taken = session.scalar(select(Item.id).where(Item.code == code)) is not None
    own = naskah.find(session, code, me)
    if request.method == "GET" and (is_taken or own is None):
        with transaction() as writing:
            if own is not None and own.fields:  # somebody else took the code first
                own.code = items.next_draft_code(writing, domain)
            else:
                own = items.begin_draft(writing, domain, by=me, now=clock.now())
        if own.code != code:
            return redirect(url_for(".draft", domain=domain, code=own.code), 303)
    elif is_taken or own is None:
        if sent := items.sent_before(session, request.form.get("kiriman", "")):
            newest = queries.get_version(sent.item.code)
            return _edit(Draft(content_of(newest), newest.version, newest.written_by))
        with transaction() as writing:
            naskah.discard(writing, code, me)  # what was sent is kept under the next code
            code = items.next_draft_code(writing, domain)
    return _edit(Draft(items.blank(session, domain, code), 0))


@bp.route("/butir/<code>/ubah", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Edit a draft."""
    writers_only()
    version = queries.get_version(code)
    if Status(version.item.status) not in EDITABLE:
        flash(f"{code} berstatus {version.item.status}; hanya draf yang dapat diubah.")
        return redirect(url_for(".item", code=code), 303)
    return _edit(Draft(content_of(version), version.version, version.written_by))


def _edit(draft: Draft) -> ResponseReturnValue:
    if request.method == "GET":
        with transaction() as session:
            copy = naskah.open_copy(session, draft.code, **_copy_of(draft, draft.version))
        fields = copy.fields or _starting_fields(draft)
        return editor_page(draft, Sent(fields, copy.base, secrets.token_hex(16)), copy=copy)
    sent = read_editor(request.form)
    if sent.base is None:
        return editor_page(draft, sent, problems=["Muat ulang halaman ini, lalu ulangi."])
    if "simpan" in request.form:
        return _save(draft, sent)
    found = _keep(draft, sent)
    if "gabung" in request.form and not found:
        return redirect(request.path, 303)
    return editor_page(draft, sent, problems=found)


def _save(draft: Draft, sent: Sent) -> ResponseReturnValue:
    if before := items.sent_before(db.session(), sent.token):
        if _is_of(before, sent):
            return _saved(before)
        sent = replace(sent, token="")  # written on after it was sent: not the same any more
    found = _keep(draft, sent) or [str(problem) for problem in field_problems(sent.fields)]
    if found:
        return editor_page(draft, sent, problems=found)
    try:
        version = _store(draft, sent)
    except items.StaleDraft:
        return _merge_page(draft, sent)
    except BadItem as error:
        return editor_page(draft, sent, problems=error.evidence.get("problems") or [str(error)])
    return _saved(version)


def _is_of(version: ItemVersion, sent: Sent) -> bool:
    """Whether a version says what was sent."""
    stored = content_of(version)
    written = content_from(sent.fields, stored)
    return stimulus.resolve(db.session(), written, stored) == stored


def _saved(version: ItemVersion) -> ResponseReturnValue:
    code = version.item.code
    flash(f"{code} disimpan sebagai versi {version.version}.")
    return redirect(url_for(".item", code=code), 303)


def _store(draft: Draft, sent: Sent) -> ItemVersion:
    """Store the version; once more when somebody else stored the same code at the same moment."""
    for is_last_try in (False, True):
        try:
            with transaction() as session:
                content = content_from(sent.fields, draft.content)
                return items.save_draft(
                    session,
                    stimulus.resolve(session, content, draft.content),
                    base=sent.base or 0,
                    by=current_user.username,
                    now=clock.now(),
                    token=sent.token,
                )
        except IntegrityError:
            if is_last_try:
                raise
    raise AssertionError("unreachable")


def _keep(draft: Draft, sent: Sent) -> Sequence[object]:
    """Keep the writing before anything can refuse it; returns what is beyond its length."""
    is_changed = sent.base != draft.version or sent.fields != fields_of(draft.content)
    try:
        with transaction() as session:
            naskah.keep(
                session,
                draft.code,
                sent.fields if is_changed else {},
                **_copy_of(draft, sent.base or 0),
            )
    except BadItem as error:
        return list(error.evidence["problems"])
    return []


def _merge_page(draft: Draft, sent: Sent) -> ResponseReturnValue:
    session = db.session()
    versions = {
        version.version: version
        for version in session.scalars(
            select(ItemVersion)
            .join(Item)
            .where(
                Item.code == draft.code,
                ItemVersion.version.in_([sent.base or 0, draft.version]),
            )
        )
    }
    begun = versions.get(sent.base or 0)
    merged = merge(
        fields_of(content_of(begun)) if begun else {}, fields_of(draft.content), sent.fields
    )
    page = render_template(
        "writer/gabung.html",
        draft=draft,
        sent=sent,
        merged=merged,
        token=secrets.token_hex(16),
        by=naskah.name_of(session, draft.written_by),
    )
    return page, 409


def editor_page(
    draft: Draft,
    sent: Sent,
    *,
    problems: Sequence[object] = (),
    copy: Naskah | None = None,
) -> ResponseReturnValue:
    """The editor with what was typed, what is wrong with it, and what to look at again."""
    if peringatan.is_behind(db.session()):
        with transaction() as session:
            peringatan.catch_up(session)
    session, me = db.session(), current_user.username
    content = content_from(sent.fields, draft.content)
    letters = LETTERS[: max(OPTIONS_SHOWN, len(content.options), len(draft.content.options))]
    part = draft.content.part
    page = render_template(
        "writer/edit.html",
        draft=draft,
        sent=sent,
        fields=sent.fields,
        part=part,
        letters=letters,
        levels=LANGUAGE_LEVELS,
        pictures=pictures(sent.fields),
        domains=[path for path in queries.domains() if path.startswith(f"{part}.")],
        stimuli=stimulus.codes_of(session, part),
        problems=problems,
        problems_of=_by_field(problems),
        warnings=peringatan.warnings_of(session, content, by=me),
        field_of=field_of,
        copy=copy if copy is not None and copy.fields else None,
        colleagues=naskah.colleagues(session, draft.code, owner=me, now=clock.now()),
    )
    return page, 422 if problems else 200


def _by_field(problems: Sequence[object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        if hasattr(problem, "field"):
            found.setdefault(field_of(problem.field), []).append(problem.rule)
    return found


def _starting_fields(draft: Draft) -> Fields:
    return fields_of(draft.content) if draft.version else {"domain": draft.content.domain}


def _copy_of(draft: Draft, base: int) -> dict[str, object]:
    """What a working copy of a draft is kept under."""
    return {
        "domain": draft.content.domain,
        "base": base,
        "owner": current_user.username,
        "now": clock.now(),
    }
