"""Pages and acts of the head: a person decides; the tests only say what may be decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from cat.errors import RequestError
from cat.ketentuan.fleksibel.langkah import Move
from web import clock
from web.access import PIMPINAN, role_required
from web.db import db, transaction
from web.forms import ReasonForm
from web.head import queries
from web.head.forms import (
    ApproveForm,
    CallForm,
    EvidenceForm,
    ExtendForm,
    HearingForm,
    ObjectionForm,
)
from web.operations.fleksibel import permohonan
from web.operations.fleksibel.berkas import Berkas, Outlook, berkas_of, by_group, outlook
from web.operations.fleksibel.rekaman import Moment
from web.operations.pelindungan import access
from web.tables import Permohonan

bp = Blueprint("head", __name__, url_prefix="/pimpinan")
bp.before_request(role_required(PIMPINAN))

ID = "<int(max=2147483647):permohonan_id>"
Act = Callable[[Session, Permohonan, Moment], object]


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for a decision."""
    today = clock.today()
    return render_template(
        "head/index.html", agency=queries.own_agency(), groups=queries.inbox(today)
    )


@bp.get("/aktif")
def aktif() -> ResponseReturnValue:
    """Arrangements that run, with the reviews that are due."""
    today = clock.today()
    return render_template(
        "head/aktif.html",
        agency=queries.own_agency(),
        rows=queries.running(today),
        is_due=queries.is_due,
        today=today,
    )


@bp.get("/unit")
def unit() -> ResponseReturnValue:
    """How much of each unit is away, day by day."""
    today = clock.today()
    return render_template(
        "head/unit.html", agency=queries.own_agency(), rows=queries.units(today), today=today
    )


@bp.get(f"/permohonan/{ID}")
def lihat(permohonan_id: int) -> ResponseReturnValue:
    """One request, with what a decision made now would meet."""
    chosen = queries.get_request(permohonan_id)
    with transaction() as session:
        access.note(
            session,
            chosen.pegawai.person_id,
            f"permohonan {chosen.id}",
            act="buka permohonan fleksibel",
            activity="kerja_fleksibel",
            by=current_user.username,
            at=clock.now(),
        )
    return _show(chosen)


@bp.post(f"/permohonan/{ID}/setujui")
def setujui(permohonan_id: int) -> ResponseReturnValue:
    """Approve, within what tests, days and share allow."""
    chosen = queries.get_request(permohonan_id)
    berkas = berkas_of(db.session(), chosen, clock.today())
    form = ApproveForm()
    form.offer(berkas.policy.batas)
    if not form.validate():
        return _show(chosen, approve_form=form), 422

    def act(session: Session, row: Permohonan, at: Moment) -> object:
        reason, actor = form.alasan.data, queries.acting()
        return permohonan.approve(session, row, form.terms(), actor=actor, reason=reason, at=at)

    try:
        with transaction() as session:
            act(session, chosen, _now())
    except RequestError as problem:
        return _show(chosen, approve_form=form, problem=str(problem)), 409
    flash("Permohonan disetujui.")
    return redirect(url_for(".lihat", permohonan_id=chosen.id), 303)


@bp.post(f"/permohonan/{ID}/tolak")
def tolak(permohonan_id: int) -> ResponseReturnValue:
    """Refuse, with the reason that the employee reads."""
    form = ReasonForm()

    def act(session: Session, row: Permohonan, at: Moment) -> object:
        reason = form.alasan.data
        return permohonan.refuse(session, row, actor=queries.acting(), reason=reason, at=at)

    return _act(permohonan_id, form, act, "Permohonan ditolak. Pegawai dapat mengajukan keberatan.")


@bp.post(f"/permohonan/{ID}/minta-bukti")
def minta_bukti(permohonan_id: int) -> ResponseReturnValue:
    """Ask the employee for evidence."""
    return _plain(permohonan_id, ReasonForm(), Move.MINTA_BUKTI, "Bukti diminta kepada pegawai.")


@bp.post(f"/permohonan/{ID}/catat-bukti")
def catat_bukti(permohonan_id: int) -> ResponseReturnValue:
    """Note what was seen for one test."""
    form = EvidenceForm()
    found = outlook(db.session(), _berkas(queries.get_request(permohonan_id)))
    form.offer(found.open_tests)

    def act(session: Session, row: Permohonan, at: Moment) -> object:
        uji, reason = form.uji.data, form.alasan.data
        actor = queries.acting()
        return permohonan.record_evidence(session, row, uji, actor=actor, reason=reason, at=at)

    return _act(permohonan_id, form, act, "Bukti dicatat.")


@bp.post(f"/permohonan/{ID}/perpanjang")
def perpanjang(permohonan_id: int) -> ResponseReturnValue:
    """Let an arrangement run longer."""
    form = ExtendForm()

    def act(session: Session, row: Permohonan, at: Moment) -> object:
        reason, actor = form.alasan.data, queries.acting()
        return permohonan.extend(session, row, form.sampai.data, actor=actor, reason=reason, at=at)

    return _act(permohonan_id, form, act, "Kerja fleksibel diperpanjang.")


@bp.post(f"/permohonan/{ID}/panggil")
def panggil(permohonan_id: int) -> ResponseReturnValue:
    """Begin a revocation: state the breach and set the day of the hearing."""
    form = CallForm()
    done = "Pegawai dipanggil untuk klarifikasi."

    def act(session: Session, row: Permohonan, at: Moment) -> object:
        data = {"pada": form.pada.data.isoformat()}
        return _take(session, row, Move.PANGGIL, form, at, data)

    return _act(permohonan_id, form, act, done)


@bp.post(f"/permohonan/{ID}/klarifikasi")
def klarifikasi(permohonan_id: int) -> ResponseReturnValue:
    """Carry on or revoke, after the hearing."""
    return _chosen_move(permohonan_id, HearingForm())


@bp.post(f"/permohonan/{ID}/keberatan")
def keberatan(permohonan_id: int) -> ResponseReturnValue:
    """Decide on an objection; never by who made the first decision."""
    return _chosen_move(permohonan_id, ObjectionForm())


def _chosen_move(permohonan_id: int, form: HearingForm | ObjectionForm) -> ResponseReturnValue:
    def act(session: Session, row: Permohonan, at: Moment) -> object:
        return _take(session, row, Move(form.putusan.data), form, at)

    return _act(permohonan_id, form, act, "Putusan dicatat.")


def _plain(permohonan_id: int, form: ReasonForm, move: Move, done: str) -> ResponseReturnValue:
    def act(session: Session, row: Permohonan, at: Moment) -> object:
        return _take(session, row, move, form, at)

    return _act(permohonan_id, form, act, done)


def _take(
    session: Session,
    row: Permohonan,
    move: Move,
    form: ReasonForm,
    at: Moment,
    data: dict[str, Any] | None = None,
) -> object:
    given = {"actor": queries.acting(), "reason": form.alasan.data, "data": data}
    return permohonan.take(session, row, move, at=at, **given)


def _act(permohonan_id: int, form: ReasonForm, act: Act, done: str) -> ResponseReturnValue:
    chosen = queries.get_request(permohonan_id)
    back = redirect(url_for(".lihat", permohonan_id=chosen.id), 303)
    if not form.validate():
        wrong = " ".join(str(text) for errors in form.errors.values() for text in errors)
        flash(f"Belum dapat diproses. {wrong}")
        return back
    try:
        with transaction() as session:
            act(session, chosen, _now())
        flash(done)
    except RequestError as problem:
        flash(f"Belum dapat diproses. {problem}")
    return back


def _show(chosen: Permohonan, approve_form: ApproveForm | None = None, problem: str = "") -> str:
    berkas = _berkas(chosen)
    ahead = _outlook(berkas)
    evidence_form = EvidenceForm()
    if ahead is not None:
        evidence_form.offer(ahead.open_tests)
    if approve_form is None:
        approve_form = ApproveForm()
        if ahead is not None:
            approve_form.fill(ahead.terms)
    approve_form.offer(berkas.policy.batas)
    return render_template(
        "head/permohonan.html",
        berkas=berkas,
        groups=by_group(berkas.assessment),
        outlook=ahead,
        approve_form=approve_form,
        evidence_form=evidence_form,
        extend_form=ExtendForm(),
        call_form=CallForm(),
        hearing_form=HearingForm(),
        objection_form=ObjectionForm(),
        is_first_decider=_is_first_decider(berkas),
        problem=problem,
    )


def _outlook(berkas: Berkas) -> Outlook | None:
    """What a decision would meet, where one may be made."""
    deciding = {Move.SETUJUI, Move.PERPANJANG, Move.CATAT_BUKTI}
    return outlook(db.session(), berkas) if berkas.moves & deciding else None


def _is_first_decider(berkas: Berkas) -> bool:
    decided = berkas.state.decided_by
    return decided is not None and decided.account == current_user.username


def _berkas(chosen: Permohonan) -> Berkas:
    return berkas_of(db.session(), chosen, clock.today())


def _now() -> Moment:
    return Moment(clock.now(), clock.today())
