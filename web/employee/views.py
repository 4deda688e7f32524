"""Pages and acts of an employee: asking, answering, objecting, and speaking for own staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cat.errors import RequestError
from cat.ketentuan.fleksibel.isi import Wish
from cat.ketentuan.fleksibel.langkah import Move, Role
from web import clock
from web.access import PEGAWAI, role_required
from web.db import db, transaction
from web.employee import queries
from web.employee.forms import OpinionForm, ReportForm, WishForm
from web.forms import Form, ReasonForm
from web.operations.fleksibel import kebijakan, permohonan
from web.operations.fleksibel.berkas import berkas_of, by_group
from web.operations.fleksibel.rekaman import Check, Moment, check, standing_on, state_of, wish_of
from web.tables import Permohonan

bp = Blueprint("employee", __name__, url_prefix="/pegawai")
bp.before_request(role_required(PEGAWAI))

ID = "<int(max=2147483647):permohonan_id>"


@bp.get("/")
def index() -> ResponseReturnValue:
    """Own requests, and those of own staff that wait for an opinion."""
    return render_template(
        "employee/index.html",
        pegawai=queries.own_pegawai(),
        rows=queries.own_requests(),
        reports=queries.requests_of_reports(),
        standing_on=standing_on,
        today=clock.today(),
    )


@bp.get("/permohonan/baru")
def baru() -> ResponseReturnValue:
    """The form of a new request."""
    form = WishForm()
    return _ask(form)


@bp.post("/permohonan/baru")
def ajukan() -> ResponseReturnValue:
    """Show what the tests say; with the second button, ask."""
    form = WishForm()

    def send(wish: Wish) -> Permohonan:
        with transaction() as session:
            pegawai = queries.own_pegawai()
            actor, at = queries.acting_as(Role.PEGAWAI), _now()
            return permohonan.submit(session, pegawai, wish, actor=actor, at=at)

    return _preview_or_send(form, send, "Permohonan diajukan kepada atasan langsung Anda.")


@bp.get(f"/permohonan/{ID}")
def lihat(permohonan_id: int) -> ResponseReturnValue:
    """One own request, with everything that was said and decided."""
    return _show(permohonan_id)


@bp.get(f"/permohonan/{ID}/ubah")
def ubah(permohonan_id: int) -> ResponseReturnValue:
    """The form of a request that was returned."""
    chosen = queries.get_own_request(permohonan_id)
    form = WishForm()
    form.fill(wish_of(state_of(chosen)))
    return _ask(form, chosen)


@bp.post(f"/permohonan/{ID}/ubah")
def ajukan_ulang(permohonan_id: int) -> ResponseReturnValue:
    """Show what the tests say of the changed request; with the second button, send it again."""
    chosen = queries.get_own_request(permohonan_id)

    def send(wish: Wish) -> Permohonan:
        with transaction() as session:
            actor, at = queries.acting_as(Role.PEGAWAI), _now()
            permohonan.resubmit(session, chosen, wish, actor=actor, at=at)
        return chosen

    return _preview_or_send(WishForm(), send, "Permohonan diajukan kembali.", chosen)


@bp.post(f"/permohonan/{ID}/tarik")
def tarik(permohonan_id: int) -> ResponseReturnValue:
    """Withdraw."""
    return _own_act(permohonan_id, Move.TARIK, "Permohonan ditarik.")


@bp.post(f"/permohonan/{ID}/bukti")
def bukti(permohonan_id: int) -> ResponseReturnValue:
    """Answer a demand for evidence."""
    return _own_act(permohonan_id, Move.BERI_BUKTI, "Keterangan Anda diteruskan kepada pimpinan.")


@bp.post(f"/permohonan/{ID}/tanggapan")
def tanggapan(permohonan_id: int) -> ResponseReturnValue:
    """Be heard before a revocation."""
    return _own_act(permohonan_id, Move.TANGGAPI, "Tanggapan Anda dicatat.")


@bp.post(f"/permohonan/{ID}/keberatan")
def keberatan(permohonan_id: int) -> ResponseReturnValue:
    """Object to a refusal or a revocation."""
    done = "Keberatan diajukan. Orang lain daripada pemutus pertama yang memutuskannya."
    return _own_act(permohonan_id, Move.AJUKAN_KEBERATAN, done)


@bp.post(f"/permohonan/{ID}/laporan")
def laporan(permohonan_id: int) -> ResponseReturnValue:
    """Report a week of one's own."""
    chosen = queries.get_own_request(permohonan_id)
    form = ReportForm()
    if not form.validate():
        return _show(permohonan_id, report_form=form), 422
    return _report(chosen, form, Role.PEGAWAI, url_for(".lihat", permohonan_id=chosen.id))


@bp.get(f"/bawahan/{ID}")
def bawahan(permohonan_id: int) -> ResponseReturnValue:
    """One request of somebody who reports to the employee."""
    return _show_report(permohonan_id)


@bp.post(f"/bawahan/{ID}/pendapat")
def pendapat(permohonan_id: int) -> ResponseReturnValue:
    """Support, not support, or return a request."""
    form = OpinionForm()
    if not form.validate():
        return _show_report(permohonan_id, opinion_form=form), 422
    move = Move(form.pendapat.data)
    return _superior_act(permohonan_id, form, move, "Pendapat Anda dicatat.")


@bp.post(f"/bawahan/{ID}/pantau")
def pantau(permohonan_id: int) -> ResponseReturnValue:
    """Report a week of somebody who reports to the employee, and judge it."""
    chosen = queries.get_request_of_report(permohonan_id)
    form = ReportForm()
    if not form.validate():
        return _show_report(permohonan_id, report_form=form), 422
    return _report(chosen, form, Role.ATASAN, url_for(".bawahan", permohonan_id=chosen.id))


@bp.post(f"/bawahan/{ID}/evaluasi")
def evaluasi(permohonan_id: int) -> ResponseReturnValue:
    """Record a periodic review."""
    return _superior_act(permohonan_id, ReasonForm(), Move.EVALUASI, "Evaluasi dicatat.")


def _preview_or_send(
    form: WishForm,
    send: Callable[[Wish], Permohonan],
    done: str,
    chosen: Permohonan | None = None,
) -> ResponseReturnValue:
    pegawai, today = queries.own_pegawai(), clock.today()
    form.offer(kebijakan.policy_for(db.session(), pegawai.instansi_id, today))
    if not form.validate():
        return _ask(form, chosen), 422
    try:
        wish = form.wish()
        if request.form.get("langkah") != "ajukan":
            return _ask(form, chosen, check(db.session(), pegawai, wish, today))
        sent = send(wish)
    except RequestError as problem:
        return _ask(form, chosen, problem=str(problem)), 422
    flash(done)
    return redirect(url_for(".lihat", permohonan_id=sent.id), 303)


def _ask(
    form: WishForm,
    chosen: Permohonan | None = None,
    found: Check | None = None,
    problem: str = "",
) -> str:
    pegawai, today = queries.own_pegawai(), clock.today()
    policy = kebijakan.policy_for(db.session(), pegawai.instansi_id, today)
    form.offer(policy)
    return render_template(
        "employee/permohonan_baru.html",
        form=form,
        chosen=chosen,
        found=found,
        groups=by_group(found.assessment) if found else [],
        problem=problem,
        policy=policy,
        pegawai=pegawai,
        today=today,
    )


def _show(permohonan_id: int, **forms: Form) -> str:
    chosen = queries.get_own_request(permohonan_id)
    return _page("employee/permohonan.html", chosen, forms)


def _show_report(permohonan_id: int, **forms: Form) -> str:
    chosen = queries.get_request_of_report(permohonan_id)
    return _page("employee/bawahan.html", chosen, {"opinion_form": OpinionForm(), **forms})


def _page(template: str, chosen: Permohonan, forms: dict[str, Any]) -> str:
    berkas = berkas_of(db.session(), chosen, clock.today())
    given = {"report_form": ReportForm(), **forms}
    groups = by_group(berkas.assessment)
    return render_template(template, berkas=berkas, groups=groups, **given)


def _own_act(permohonan_id: int, move: Move, done: str) -> ResponseReturnValue:
    chosen = queries.get_own_request(permohonan_id)
    back = url_for(".lihat", permohonan_id=chosen.id)
    return _with_reason(ReasonForm(), chosen, move, Role.PEGAWAI, back, done)


def _superior_act(
    permohonan_id: int, form: ReasonForm, move: Move, done: str
) -> ResponseReturnValue:
    chosen = queries.get_request_of_report(permohonan_id)
    back = url_for(".bawahan", permohonan_id=chosen.id)
    return _with_reason(form, chosen, move, Role.ATASAN, back, done)


def _with_reason(
    form: ReasonForm, chosen: Permohonan, move: Move, role: Role, back: str, done: str
) -> ResponseReturnValue:
    if not form.validate():
        flash("Belum dapat diproses. " + " ".join(form.alasan.errors))
        return redirect(back, 303)
    return _take(chosen, move, role, back, done, reason=form.alasan.data)


def _report(chosen: Permohonan, form: ReportForm, role: Role, back: str) -> ResponseReturnValue:
    try:
        report = form.report(judged=role is Role.ATASAN)
    except RequestError as problem:
        flash(f"Laporan belum dicatat. {problem}")
        return redirect(back, 303)
    data = {"laporan": report.to_mapping()}
    return _take(chosen, Move.PANTAU, role, back, "Laporan dicatat.", data=data)


def _take(
    chosen: Permohonan, move: Move, role: Role, back: str, done: str, **given: Any
) -> ResponseReturnValue:
    actor, at = queries.acting_as(role), _now()
    try:
        with transaction() as session:
            permohonan.take(session, chosen, move, actor=actor, at=at, **given)
        flash(done)
    except RequestError as problem:
        flash(f"Belum dapat diproses. {problem}")
    return redirect(back, 303)


def _now() -> Moment:
    return Moment(clock.now(), clock.today())
