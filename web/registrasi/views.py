"""Pages of the registration desk: choose the sesi, scan, check, give the PIN, see who is absent."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select

from cat.errors import BadInput, DecisionError
from web import clock, limits
from web.access import REGISTRASI, role_required
from web.db import db, transaction
from web.operations.jadwal.waktu import jendela_of
from web.operations.registrasi import cari, kehadiran, meja, pencocok
from web.registrasi import queries
from web.registrasi.forms import CheckForm, ScanForm, UndoForm
from web.tables import Foto, Sesi, Sitting, User

bp = Blueprint("registrasi", __name__, url_prefix="/registrasi")
bp.before_request(role_required(REGISTRASI))

SESI = "/sesi/<int(max=2147483647):sesi_id>"


@bp.get("/")
def index() -> ResponseReturnValue:
    """The sesi of the officer's own site: today's and the next ones first."""
    return render_template("registrasi/index.html", rows=queries.own_sesi(), now=clock.now())


@bp.get(SESI)
def desk(sesi_id: int) -> ResponseReturnValue:
    """Where numbers are scanned, with the attendance so far."""
    return _desk(queries.get_own_sesi(sesi_id))


@bp.post(f"{SESI}/cari")
def scan(sesi_id: int) -> ResponseReturnValue:
    """A scanned or typed nomor peserta."""
    sesi, form = queries.get_own_sesi(sesi_id), ScanForm()
    if not form.validate():
        return _desk(sesi, form=form), 422
    found = cari.find(db.session(), sesi, form.nomor.data)
    if found.sitting is None:
        return _desk(sesi, found=found), 404
    return redirect(url_for(".person", sesi_id=sesi_id, sitting_id=found.sitting.id), 303)


@bp.get(f"{SESI}/peserta/<sitting_id>")
def person(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """One participant: photograph, facts, what to look out for, what can be done."""
    sitting = queries.get_sitting(sesi_id, sitting_id)
    with transaction() as session:
        cari.note_look(session, sitting, "kebutuhan", by=current_user.username, now=clock.now())
    return _person(queries.get_sitting(sesi_id, sitting_id))


@bp.get(f"{SESI}/peserta/<sitting_id>/foto")
def photo(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """The photograph."""
    sitting = queries.get_sitting(sesi_id, sitting_id)
    row = db.get_or_404(Foto, sitting.peserta.person_id)
    with transaction() as session:
        cari.note_look(session, sitting, "foto", by=current_user.username, now=clock.now())
    return Response(row.isi, mimetype=row.mime)


def check(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """Two officers say whether it is the person; the second one shows a password."""
    sitting, form = queries.get_sitting(sesi_id, sitting_id), CheckForm()
    if not form.validate():
        return _person(sitting, form=form), 422
    second = _second(form.saksi.data, form.sandi.data)
    if second is None:
        form.sandi.errors = ["Nama pengguna atau kata sandi petugas kedua salah."]
        return _person(sitting, form=form), 401
    try:
        with transaction() as session:
            row = meja.check_by_hand(
                session,
                sitting.id,
                cocok=form.putusan.data == "cocok",
                catatan=form.catatan.data or "",
                oleh=current_user.username,
                saksi=second.username,
                now=clock.now(),
                keys=current_app.config["KEYS"],
            )
    except (BadInput, DecisionError) as error:
        return _person(queries.get_sitting(sesi_id, sitting_id), form=form, told=str(error)), 409
    flash("Identitas cocok." if row.cocok else "Ketidakcocokan dicatat; PIN tidak diberikan.")
    return redirect(url_for(".person", sesi_id=sesi_id, sitting_id=sitting_id), 303)


bp.add_url_rule(
    f"{SESI}/peserta/<sitting_id>/periksa",
    view_func=limits.limit_failures("akun", "saksi", check),
    methods=["POST"],
)


@bp.post(f"{SESI}/peserta/<sitting_id>/wajah")
def match(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """An installed matcher compares the photograph with a face at the desk."""
    sitting = queries.get_sitting(sesi_id, sitting_id)
    upload, kode = request.files.get("wajah"), request.form.get("pencocok", "")[:20]
    face = upload.read() if upload else b""
    try:
        if not face:
            raise BadInput("ambil gambar wajah dahulu")
        with transaction() as session:
            row = meja.check_by_matcher(
                session,
                sitting.id,
                kode,
                face,
                oleh=current_user.username,
                now=clock.now(),
                keys=current_app.config["KEYS"],
            )
    except (BadInput, DecisionError) as error:
        return _person(queries.get_sitting(sesi_id, sitting_id), told=str(error)), 409
    flash("Wajah cocok." if row.cocok else "Wajah tidak cocok; periksa manual oleh dua petugas.")
    return redirect(url_for(".person", sesi_id=sesi_id, sitting_id=sitting_id), 303)


@bp.post(f"{SESI}/peserta/<sitting_id>/pin")
def pin(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """A new PIN, shown this once, as a slip to print."""
    sitting = queries.get_sitting(sesi_id, sitting_id)
    try:
        with transaction() as session:
            issued = meja.issue_pin(
                session,
                sitting.id,
                by=current_user.username,
                now=clock.now(),
                keys=current_app.config["KEYS"],
            )
    except (BadInput, DecisionError) as error:
        return _person(queries.get_sitting(sesi_id, sitting_id), told=str(error)), 409
    sitting = queries.get_sitting(sesi_id, sitting_id)
    kartu = cari.card(db.session(), sitting)
    return render_template("registrasi/pin.html", kartu=kartu, sesi=sitting.sesi, pin=issued)


@bp.post(f"{SESI}/peserta/<sitting_id>/batal")
def undo(sesi_id: int, sitting_id: str) -> ResponseReturnValue:
    """Take attendance and PIN back; the record of it stays."""
    sitting, form = queries.get_sitting(sesi_id, sitting_id), UndoForm()
    if not form.validate():
        return _person(sitting, undo_form=form), 422
    try:
        with transaction() as session:
            meja.take_back(
                session,
                sitting.id,
                alasan=form.alasan.data,
                by=current_user.username,
                now=clock.now(),
                keys=current_app.config["KEYS"],
            )
    except (BadInput, DecisionError) as error:
        return _person(queries.get_sitting(sesi_id, sitting_id), told=str(error)), 409
    flash("Kehadiran dan PIN dibatalkan; catatannya tetap ada.")
    return redirect(url_for(".person", sesi_id=sesi_id, sitting_id=sitting_id), 303)


@bp.get(f"{SESI}/kehadiran")
def attendance(sesi_id: int) -> ResponseReturnValue:
    """Who has not come; once the sesi began: the list of TH."""
    sesi, session = queries.get_own_sesi(sesi_id), db.session()
    return render_template(
        "registrasi/kehadiran.html",
        sesi=sesi,
        hitungan=kehadiran.counts_of(session, sesi_id),
        absent=kehadiran.absent(session, sesi),
        jendela=jendela_of(session, sesi),
        now=clock.now(),
    )


def _desk(sesi: Sesi, **shown: Any) -> str:
    session = db.session()
    return render_template(
        "registrasi/meja.html",
        sesi=sesi,
        jendela=jendela_of(session, sesi),
        hitungan=kehadiran.counts_of(session, sesi.id),
        now=clock.now(),
        **{"form": ScanForm(formdata=None), "found": None, **shown},
    )


def _person(sitting: Sitting, **shown: Any) -> str:
    session, sesi = db.session(), sitting.sesi
    jendela, now = jendela_of(session, sesi), clock.now()
    forms = {"form": CheckForm(formdata=None), "undo_form": UndoForm(formdata=None)}
    return render_template(
        "registrasi/peserta.html",
        kartu=cari.card(session, sitting),
        sesi=sesi,
        jendela=jendela,
        is_open=jendela.is_open(now) and not (sesi.is_void or sesi.is_closed or sitting.is_void),
        matchers=pencocok.terpasang(),
        now=now,
        **{**forms, "scan": ScanForm(formdata=None), "told": None, **shown},
    )


def _second(username: str, password: str) -> User | None:
    """The account of the second officer, None where name or password is wrong."""
    user = db.session.scalar(
        select(User).where(User.username == username.strip().lower(), User.active.is_(True))
    )
    if user is None or not user.verify_and_update_password(password):
        return None
    return user
