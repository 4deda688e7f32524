"""The blueprint editor: versions, forms, files. Every page works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, BadRules
from web import clock
from web.db import db, transaction
from web.operations.kisi_kisi import pemeriksaan, rencana, versi
from web.operations.kisi_kisi.pemeriksaan import Check
from web.pools import queries
from web.pools.blueprint import bp
from web.pools.forms import MOST_CHARACTERS, SIMPAN, BerkasForm, EditorForm, UsulForm


@bp.get("/kisi-kisi/<digest>")
def version(digest: str) -> ResponseReturnValue:
    """One version, held against the rules and the bank of this moment."""
    return show_version(digest, UsulForm())


def show_version(digest: str, form: UsulForm) -> str:
    """The page of a version with the form of a proposal."""
    row = queries.get_version(digest)
    return render_template(
        "pools/kisi_kisi.html",
        row=row,
        plan=row.content,
        teks=rencana.write_toml(row.content),
        check=_check(row.content),
        form=form,
    )


@bp.get("/kisi-kisi/<digest>/kisi-kisi.toml")
def download_version(digest: str) -> ResponseReturnValue:
    """One version as a file."""
    row = queries.get_version(digest)
    reply = Response(rencana.write_toml(row.content), mimetype="application/toml; charset=utf-8")
    name = f"{row.kode}-{row.nomor}.toml"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


@bp.route("/kisi-kisi/<digest>/ubah", methods=["GET", "POST"])
def edit(digest: str) -> ResponseReturnValue:
    """The form that begins with this version; it checks, and stores a new version."""
    row = queries.get_version(digest)
    form = EditorForm()
    if request.method == "GET":
        form.fill(row.content)
        return _editor(row, form, None)
    if not form.validate():
        return _editor(row, form, None), 422
    return _checked_or_stored(
        form,
        lambda: form.mapping(row.content),
        lambda check: _editor(row, form, check),
        base=digest,
    )


@bp.route("/kisi-kisi/baru", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """A new version from a TOML text or file."""
    form = BerkasForm()
    if request.method == "GET":
        return _file_page(form, None)
    if not form.validate():
        return _file_page(form, None), 422
    return _checked_or_stored(form, lambda: _read_text(form), lambda c: _file_page(form, c))


def _checked_or_stored(
    form: EditorForm | BerkasForm,
    read: Callable[[], dict[str, Any]],
    show: Callable[[Check | None], str],
    base: str | None = None,
) -> ResponseReturnValue:
    """Check what was typed, or keep it as a version where the other button was pressed."""
    check = None
    try:
        plan = rencana.read_plan(read())
        check = _check(plan)
        if request.form.get("aksi") != SIMPAN:
            return show(check)
        with transaction() as session:
            stored = versi.store(
                session,
                plan,
                by=current_user.username,
                reason=form.alasan.data or "",
                now=clock.now(),
                base=base,
            )
    except (BadRules, BadInput) as problem:
        line = problem.evidence.get("line")
        form.problems.append(f"Baris {line}. {problem}" if line else str(problem))
        return show(check), 422
    flash(f"Kisi-kisi {stored.kode} versi {stored.nomor} tersimpan.")
    return redirect(url_for(".version", digest=stored.digest), 303)


def _read_text(form: BerkasForm) -> dict[str, Any]:
    given = request.files.get("berkas")
    if given is not None and given.filename:
        body = given.stream.read(MOST_CHARACTERS + 1)
        if len(body) > MOST_CHARACTERS:
            raise BadInput(f"Berkas paling besar {MOST_CHARACTERS} bita.")
        try:
            form.teks.data = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("Berkas bukan teks UTF-8.") from error
    if not (form.teks.data or "").strip():
        raise BadInput("Isi kisi-kisi wajib diisi: tulis di kotak, atau pilih berkas.")
    return rencana.read_toml(form.teks.data)


def _check(plan: dict[str, Any]) -> Check:
    return pemeriksaan.check(db.session(), plan, clock.today())


def _editor(row: Any, form: EditorForm, check: Check | None) -> str:
    form.widen()
    return render_template(
        "pools/ubah.html", row=row, form=form, check=check, rules=queries.rule_codes()
    )


def _file_page(form: BerkasForm, check: Check | None) -> str:
    return render_template("pools/berkas.html", form=form, check=check)
