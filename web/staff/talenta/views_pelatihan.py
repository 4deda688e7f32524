"""Acts on training plans: draw up, agree, note what was done."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from cat.errors import BadInput, DecisionError
from web import clock
from web.db import db, transaction
from web.operations.talenta import pelatihan, potret
from web.operations.talenta.acuan import get_acuan
from web.operations.talenta.penilaian import assess
from web.staff.talenta import queries
from web.staff.talenta.forms import FinishForm, OutsideForm
from web.staff.talenta.views import bp, render_person
from web.tables import Pegawai, PelatihanPegawai, RencanaPelatihan


@bp.post("/pegawai/<int(max=2147483647):pegawai_id>/rencana")
def draw_up(pegawai_id: int) -> ResponseReturnValue:
    """Draw up the year's plan from the gaps of today."""
    pegawai = queries.get_pegawai(pegawai_id)

    def act(session: Session) -> None:
        acuan, today = get_acuan(session), clock.today()
        found = assess(session, [pegawai], today, acuan)[0]
        pelatihan.draw_up(
            session,
            pegawai,
            found.gaps,
            today.year,
            acuan,
            by=current_user.username,
            now=clock.now(),
        )

    return _answer(pegawai, act, "Rencana disusun. Orang kedua perlu menyetujuinya.")


@bp.post("/rencana/<int(max=2147483647):rencana_id>/setujui")
def approve(rencana_id: int) -> ResponseReturnValue:
    """Agree to a plan as the second person."""
    row = db.get_or_404(RencanaPelatihan, rencana_id)
    return _answer(
        row.pegawai,
        lambda session: pelatihan.approve(
            session, rencana_id, by=current_user.username, now=clock.now()
        ),
        "Rencana disetujui.",
    )


@bp.post("/pelatihan/<int(max=2147483647):pelatihan_id>/selesai")
def finish(pelatihan_id: int) -> ResponseReturnValue:
    """Note that a planned training is finished."""
    row = db.get_or_404(PelatihanPegawai, pelatihan_id)
    pegawai, form = queries.get_pegawai(row.pegawai_id), FinishForm()
    if not form.validate():
        return render_person(pegawai, form, OutsideForm(formdata=None)), 422
    return _answer(
        pegawai,
        lambda session: pelatihan.finish(
            session,
            pelatihan_id,
            selesai=form.selesai.data,
            jp=form.jp.data,
            today=clock.today(),
            by=current_user.username,
            now=clock.now(),
        ),
        "Realisasi dicatat.",
    )


@bp.post("/pegawai/<int(max=2147483647):pegawai_id>/pelatihan")
def add_outside(pegawai_id: int) -> ResponseReturnValue:
    """Note a finished training that stood in no plan."""
    pegawai, form = queries.get_pegawai(pegawai_id), OutsideForm()
    if not form.validate():
        return render_person(pegawai, FinishForm(formdata=None), form), 422
    return _answer(
        pegawai,
        lambda session: pelatihan.add_outside(
            session,
            pegawai,
            nama=form.nama.data.strip(),
            jenis=form.jenis.data,
            jp=form.jp.data,
            selesai=form.selesai.data,
            today=clock.today(),
            by=current_user.username,
            now=clock.now(),
        ),
        "Pelatihan dicatat.",
    )


def _answer(pegawai: Pegawai, act: Callable[[Session], object], done: str) -> ResponseReturnValue:
    """Act and renew the picture in one transaction; say what happened on the employee's page."""
    try:
        with transaction() as session:
            act(session)
            potret.refresh(session, [pegawai], today=clock.today(), now=clock.now())
        flash(done)
    except (BadInput, DecisionError) as error:
        flash(str(error))
    return redirect(url_for(".person", pegawai_id=pegawai.id, _anchor="pelatihan"), 303)
