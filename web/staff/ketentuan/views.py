"""Pages of rule sets: every version readable, proposals by one person and approval by another."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, BadRules
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.toml_text import read_toml, write_toml
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations import audit, ketentuan
from web.operations.banding import years_with_results
from web.staff.ketentuan import queries
from web.staff.ketentuan.forms import PutusanForm, TeksForm, UsulForm

bp = Blueprint("ketentuan", __name__, url_prefix="/staf/ketentuan")
bp.before_request(role_required(STAF))


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every rule set with its versions."""
    return render_template("staff/ketentuan/index.html", groups=queries.groups(clock.today()))


@bp.get("/<digest>")
def versi(digest: str) -> ResponseReturnValue:
    """One version, fully readable."""
    return _show(digest, PutusanForm())


@bp.get("/<digest>/ketentuan.toml")
def unduh(digest: str) -> ResponseReturnValue:
    """One version as a file for `catcpns ketentuan`."""
    chosen = queries.get_versi(digest, clock.today())
    reply = Response(write_toml(chosen.rules), mimetype="application/toml; charset=utf-8")
    name = f"{chosen.row.kode}-{digest[:8]}.toml"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


@bp.get("/<digest>/usul")
def usul(digest: str) -> ResponseReturnValue:
    """The form that begins with this version."""
    chosen = queries.get_versi(digest, clock.today())
    form = UsulForm()
    form.fill(chosen.rules)
    return render_template("staff/ketentuan/usul.html", versi=chosen, form=form)


@bp.post("/<digest>/usul")
def usulkan(digest: str) -> ResponseReturnValue:
    """Propose what the form says."""
    chosen = queries.get_versi(digest, clock.today())
    form = UsulForm()
    if form.validate():
        try:
            rules = RuleSet.from_mapping(form.mapping(chosen.rules))
            return _proposed(rules, form.alasan.data)
        except BadRules as problem:
            form.show(problem)
        except BadInput as problem:
            form.problems.append(str(problem))
    return render_template("staff/ketentuan/usul.html", versi=chosen, form=form), 422


@bp.get("/<digest>/usul-teks")
def usul_teks(digest: str) -> ResponseReturnValue:
    """The text that begins with this version."""
    chosen = queries.get_versi(digest, clock.today())
    form = TeksForm()
    form.teks.data = write_toml(chosen.rules)
    return render_template("staff/ketentuan/usul_teks.html", versi=chosen, form=form)


@bp.post("/<digest>/usul-teks")
def usulkan_teks(digest: str) -> ResponseReturnValue:
    """Propose what the text says."""
    chosen = queries.get_versi(digest, clock.today())
    form = TeksForm()
    if form.validate():
        try:
            return _proposed(read_toml(form.teks.data), form.alasan.data)
        except BadRules as problem:
            form.show(problem)
        except BadInput as problem:
            form.problems.append(str(problem))
    return render_template("staff/ketentuan/usul_teks.html", versi=chosen, form=form), 422


@bp.post("/<digest>/setujui")
def setujui(digest: str) -> ResponseReturnValue:
    """Put a proposal in force; the second person's act."""
    return _decide(digest, ketentuan.approve, "Versi ini disetujui.")


@bp.post("/<digest>/tolak")
def tolak(digest: str) -> ResponseReturnValue:
    """Refuse or withdraw a proposal."""
    return _decide(digest, ketentuan.reject, "Usulan ini ditolak.")


@bp.get("/banding")
def banding() -> ResponseReturnValue:
    """What another version would change, on the stored results of a year."""
    years, today = years_with_results(db.session()), clock.today()
    tahun = request.args.get("tahun", type=int) or (years[0] if years else None)
    if years and tahun not in years:
        abort(404)
    lama, baru = request.args.get("lama", ""), request.args.get("baru", "")
    found = None
    if lama and baru and tahun:
        pair = queries.get_versi(lama, today), queries.get_versi(baru, today)
        found = queries.compare(*pair, tahun)
        with transaction() as session:
            audit.record(
                session,
                at=clock.now(),
                by=current_user.username,
                act="bandingkan ketentuan",
                subject=str(tahun),
                lama=lama,
                baru=baru,
            )
    return render_template(
        "staff/ketentuan/banding.html",
        years=years,
        tahun=tahun,
        choices=queries.choices(today),
        lama=lama,
        baru=baru,
        found=found,
    )


def _proposed(rules: RuleSet, reason: str | None) -> ResponseReturnValue:
    with transaction() as session:
        row = ketentuan.propose(
            session, rules, by=current_user.username, reason=reason or "", now=clock.now()
        )
    flash("Usulan tersimpan. Orang lain harus menyetujuinya sebelum berlaku.")
    return redirect(url_for(".versi", digest=row.digest), 303)


def _decide(digest: str, act: ketentuan.Decision, done: str) -> ResponseReturnValue:
    queries.get_versi(digest, clock.today())
    form = PutusanForm()
    if not form.validate():
        return _show(digest, form), 422
    try:
        with transaction() as session:
            row = ketentuan.get_version(session, digest)
            act(
                session,
                row,
                by=current_user.username,
                reason=form.alasan.data or "",
                now=clock.now(),
            )
    except BadInput as problem:
        form.problems.append(str(problem))
        return _show(digest, form), 409
    flash(done)
    return redirect(url_for(".versi", digest=digest), 303)


def _show(digest: str, form: PutusanForm) -> str:
    chosen = queries.get_versi(digest, clock.today())
    return render_template(
        "staff/ketentuan/versi.html", versi=chosen, changes=queries.changes(chosen), form=form
    )
