"""Pages of changes of plan: propose one about a sesi; see, agree to or refuse those that wait."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from cat.errors import BadInput, CatError, DecisionError
from web import clock
from web.db import db, transaction
from web.errors import refusal_of
from web.formatting import tanggal
from web.operations.jadwal.denah import denah_of
from web.operations.jadwal.lokasi import rooms_in, rooms_of
from web.operations.jadwal.perubahan import TINDAKAN, approve, pending, propose, reject
from web.operations.jadwal.perubahan.usul import decided
from web.operations.jadwal.syarat import ujian_yang_ada
from web.operations.jadwal.waktu import moment, moment_text
from web.staff.jadwal import queries
from web.staff.jadwal.blueprint import ID, attempt, bp, keys, sentence, signed
from web.staff.jadwal.forms import ActForm, DecisionForm, read_seats
from web.tables import Ruang, Sesi, UsulSesi

# What an act has no use for: a list that was not shown cannot be chosen from.
_PEOPLE = ("kursi", "ruang_asal", "tujuan", "nama", "ruang", "pool")
_NOT_ASKED = {
    "geser": _PEOPLE,
    "batal": (*_PEOPLE, "tanggal", "jam"),
    "pecah": ("pool",),
}


@bp.get("/usul")
def proposals() -> ResponseReturnValue:
    """Proposals that wait, and those decided last."""
    return render_template(
        "staff/jadwal/usul.html",
        waiting=[(row, db.session.get(Sesi, row.sesi_id), _said(row)) for row in _waiting()],
        done=[(row, db.session.get(Sesi, row.sesi_id)) for row in decided(db.session())],
        kinds=TINDAKAN,
        form=DecisionForm(),
        me=current_user.username,
    )


@bp.post(f"/usul/{ID.format('usul_id')}/setujui")
def agree_to(usul_id: int) -> ResponseReturnValue:
    """Agree to a proposal and carry it out."""
    try:
        with transaction() as session:
            flash(f"Dilakukan. {approve(session, usul_id, keys=keys(), **signed())}")
    except DecisionError as error:
        flash(f"Tidak dilakukan. {refusal_of(error).sentence}")
    except BadInput as error:
        flash(f"Tidak dilakukan. {sentence(error)}")
    return redirect(url_for(".proposals"), 303)


@bp.post(f"/usul/{ID.format('usul_id')}/tolak")
def refuse(usul_id: int) -> ResponseReturnValue:
    """Refuse a proposal, or withdraw the own one."""
    form = DecisionForm()
    if not form.validate():
        flash("Belum ditolak: tulis alasannya, 5 sampai 500 huruf.")
        return redirect(url_for(".proposals"), 303)
    try:
        with transaction() as session:
            reject(session, usul_id, reason=form.alasan.data, **signed())
        flash("Usul tidak dilaksanakan.")
    except (BadInput, DecisionError) as error:
        flash(f"Tidak disimpan. {sentence(error)}")
    return redirect(url_for(".proposals"), 303)


@bp.route(f"/sesi/{ID.format('sesi_id')}/<jenis>", methods=["GET", "POST"])
def act(sesi_id: int, jenis: str) -> ResponseReturnValue:
    """Propose a change of one sesi."""
    chosen = db.get_or_404(Sesi, sesi_id)
    if jenis not in TINDAKAN:
        abort(404)
    form = ActForm()
    _offer(form, chosen)
    for name in _NOT_ASKED.get(jenis, ()):
        del form[name]
    if form.is_submitted():

        def put(session: Session) -> UsulSesi:
            return propose(
                session,
                sesi_id,
                jenis,
                _data(form, chosen, jenis),
                reason=form.alasan.data,
                **signed(),
            )

        if attempt(form, put) is not None:
            flash("Usul dicatat. Petugas lain perlu menyetujui sebelum dilaksanakan.")
            return redirect(url_for(".proposals"), 303)
    page = render_template(
        "staff/jadwal/ubah.html",
        sesi=chosen,
        jenis=jenis,
        title=TINDAKAN[jenis].JUDUL,
        form=form,
        row=queries.with_counts([chosen])[0],
    )
    return page, 422 if form.errors else 200


def _waiting() -> list[UsulSesi]:
    return list(pending(db.session()))


def _said(row: UsulSesi) -> tuple[str, list[str]]:
    """What a proposal would do as things stand now, and what stands against it."""
    session, kind = db.session(), TINDAKAN[row.jenis]
    sesi = session.get_one(Sesi, row.sesi_id)
    try:
        text = kind.describe(session, sesi, row.data)
        return text, kind.problems(session, sesi, row.data, clock.now())
    except CatError as error:
        return "Usul ini tidak dapat dibaca lagi.", [sentence(error)]


def _offer(form: ActForm, sesi: Sesi) -> None:
    session = db.session()
    own = rooms_in(session, sesi.id)
    form.ruang_asal.choices = [(room.id, room.nama) for room in own]
    form.ruang.choices = [
        (room.id, f"{room.nama} ({denah_of(room).kapasitas} kursi)")
        for room in rooms_of(session, sesi.titik_lokasi_id)
    ]
    form.tujuan.choices = [("0", "Sesi baru di titik lokasi ini")] + [
        (
            str(each.id),
            f"{each.nama} · {each.titik_lokasi.nama} · "
            f"{moment_text(each.starts_at, each.titik_lokasi.zona)}",
        )
        for each in queries.targets(sesi)
    ]
    pools = {
        pool.digest: f"{pool.kode}, terbit {tanggal(pool.published_at)}"
        for ujian in ujian_yang_ada(session, clock.today())
        if ujian.kode == sesi.ujian
        for pool in ujian.pools
        if pool.mode == sesi.mode
    }
    form.pool.choices = [("", "Pool yang sama"), *pools.items()]


def _data(form: ActForm, sesi: Sesi, jenis: str) -> dict[str, Any]:
    """What the act needs; raises BadInput for what is missing."""
    if jenis == "batal":
        return {}
    if jenis == "geser":
        return {"mulai": _start(form, sesi)}
    data: dict[str, Any] = {"kursi": _seats(form)}
    if form.tujuan.data != "0":
        return {**data, "sesi_id": int(form.tujuan.data)}
    name = " ".join((form.nama.data or "").split())
    if not name:
        raise BadInput("nama sesi baru belum diisi")
    data |= {"nama": name, "mulai": _start(form, sesi), "ruang": form.ruang.data or []}
    return {**data, "pool_digest": form.pool.data or None} if "pool" in form else data


def _start(form: ActForm, sesi: Sesi) -> int:
    if form.tanggal.data is None or form.jam.data is None:
        raise BadInput("tanggal dan jam mulai yang baru belum diisi")
    return moment(form.tanggal.data, form.jam.data, sesi.titik_lokasi.zona)


def _seats(form: ActForm) -> list[int]:
    seats = set(read_seats(form.kursi.data or ""))
    for room_id in form.ruang_asal.data or ():
        room = db.session.get(Ruang, room_id)
        if room is not None:
            seats |= set(denah_of(room).nomor)
    return sorted(seats)
