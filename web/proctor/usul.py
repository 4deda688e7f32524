"""Proposals to open an exam again, for the second person: a proctor of the site, or staff."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from web.access import PENGAWAS, STAF, role_required
from web.db import db
from web.operations.pengawasan import buka_kembali
from web.proctor.forms import AnswerForm
from web.proctor.replies import faults, me, perform, say
from web.tables import Person, Peserta, Sesi, Sitting, TitikLokasi, User, UsulSesi

bp = Blueprint("usul", __name__, url_prefix="/persetujuan")
bp.before_request(role_required(PENGAWAS, STAF))

SHOWN = 50


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for a second person, and what was decided lately."""
    proposer, second = aliased(User), aliased(User)
    chosen = (
        select(UsulSesi, Sesi, Sitting.seat, Person.nama, TitikLokasi, proposer.nama, second.nama)
        .join(Sesi, Sesi.id == UsulSesi.sesi_id)
        .join(TitikLokasi, TitikLokasi.id == Sesi.titik_lokasi_id)
        .join(Sitting, Sitting.id == UsulSesi.sitting_id)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .join(Person, Person.id == Peserta.person_id)
        .outerjoin(proposer, proposer.username == UsulSesi.oleh)
        .outerjoin(second, second.username == UsulSesi.diputus_oleh)
        .where(UsulSesi.jenis == buka_kembali.BUKA_KEMBALI)
        .order_by(UsulSesi.disetujui.is_not(None), UsulSesi.id.desc())
        .limit(SHOWN)
    )
    if not current_user.has_role(STAF):
        chosen = chosen.where(Sesi.titik_lokasi_id == current_user.titik_lokasi_id)
    rows = db.session.execute(chosen).all()
    return render_template("proctor/usul.html", rows=rows, me=current_user.username)


@bp.post("/<int(max=2147483647):usul_id>")
def decide(usul_id: int) -> ResponseReturnValue:
    """Agree or refuse."""
    row = db.session.get(UsulSesi, usul_id)
    if row is None or row.jenis != buka_kembali.BUKA_KEMBALI or not _may_decide(row):
        raise NotFound
    form, back = AnswerForm(), url_for(".index")
    if not form.validate():
        return say(faults(form), back=back, is_good=False)
    agree = form.jawaban.data == "ya"
    return perform(
        lambda s: buka_kembali.decide(s, usul_id, agree, form.catatan.data or "", me()),
        lambda row: (
            "Ujian dibuka kembali dan dijeda; pengawas melanjutkannya."
            if agree
            else "Usul ditolak."
        ),
        back=back,
    )


def _may_decide(row: UsulSesi) -> bool:
    if current_user.has_role(STAF):
        return True
    return db.session.get_one(Sesi, row.sesi_id).titik_lokasi_id == current_user.titik_lokasi_id
