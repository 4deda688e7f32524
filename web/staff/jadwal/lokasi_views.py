"""Pages of test sites and their rooms."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cat.errors import BadInput
from web.db import db
from web.operations.jadwal import lokasi
from web.operations.jadwal.denah import Denah, denah_of, write_aisles
from web.staff.jadwal import queries
from web.staff.jadwal.blueprint import ID, attempt, bp, signed
from web.staff.jadwal.forms import RoomForm, SiteForm
from web.tables import Ruang, TitikLokasi


@bp.route("/lokasi/", methods=["GET", "POST"])
def sites() -> ResponseReturnValue:
    """Every site; add one."""
    form = SiteForm()
    if form.is_submitted():
        made = attempt(
            form,
            lambda session: lokasi.create_site(
                session, nama=form.nama.data, zona=form.zona.data, **signed()
            ),
        )
        if made is not None:
            flash(f"Titik lokasi {made.nama} dibuat. Sekarang tambahkan ruangnya.")
            return redirect(url_for(".site", site_id=made.id), 303)
    page = render_template(
        "staff/jadwal/lokasi.html", form=form, sites=queries.sites(), sizes=queries.site_sizes()
    )
    return page, 422 if form.errors else 200


@bp.route(f"/lokasi/{ID.format('site_id')}", methods=["GET", "POST"])
def site(site_id: int) -> ResponseReturnValue:
    """One site with its rooms drawn; mend its name."""
    chosen = db.get_or_404(TitikLokasi, site_id)
    form = SiteForm(obj=chosen)
    if form.is_submitted():

        def change(session: object) -> bool:
            lokasi.change_site(
                db.session(), chosen, nama=form.nama.data, zona=form.zona.data, **signed()
            )
            return True

        if attempt(form, change):
            flash("Titik lokasi diubah.")
            return redirect(url_for(".site", site_id=site_id), 303)
        db.session.refresh(chosen)
    rooms = lokasi.rooms_of(db.session(), site_id)
    page = render_template(
        "staff/jadwal/titik.html",
        form=form,
        site=chosen,
        rooms=[(room, denah_of(room)) for room in rooms],
    )
    return page, 422 if form.errors else 200


@bp.route(f"/lokasi/{ID.format('site_id')}/ruang-baru", methods=["GET", "POST"])
def new_room(site_id: int) -> ResponseReturnValue:
    """Add a room; its first seat follows the last one there is."""
    chosen = db.get_or_404(TitikLokasi, site_id)
    last = max((denah_of(r).kursi_akhir for r in lokasi.rooms_of(db.session(), site_id)), default=0)
    return _room(chosen, None, RoomForm(data={"kursi_awal": last + 1}))


@bp.route(f"/lokasi/{ID.format('site_id')}/ruang/{ID.format('room_id')}", methods=["GET", "POST"])
def room(site_id: int, room_id: int) -> ResponseReturnValue:
    """One room drawn; change its grid."""
    chosen, ruang = db.get_or_404(TitikLokasi, site_id), db.get_or_404(Ruang, room_id)
    if ruang.titik_lokasi_id != site_id:
        raise NotFound
    grid = denah_of(ruang)
    form = RoomForm(
        data={
            "nama": ruang.nama,
            "baris": grid.baris,
            "kolom": grid.kolom,
            "kursi_awal": grid.kursi_awal,
            "lorong": write_aisles(grid),
        }
    )
    return _room(chosen, ruang, form)


def _room(site: TitikLokasi, ruang: Ruang | None, form: RoomForm) -> ResponseReturnValue:
    if form.is_submitted():
        made = attempt(
            form,
            lambda session: lokasi.save_room(
                session, site, form.denah(), nama=form.nama.data, ruang=ruang, **signed()
            ),
        )
        if made is not None:
            flash(f"{made.nama} disimpan: {denah_of(made).kapasitas} kursi.")
            return redirect(url_for(".room", site_id=site.id, room_id=made.id), 303)
    page = render_template(
        "staff/jadwal/ruang.html", form=form, site=site, ruang=ruang, denah=_drawn(form)
    )
    return page, 422 if form.errors else 200


def _drawn(form: RoomForm) -> Denah | None:
    """The grid as the form has it, None where it cannot be one."""
    try:
        return form.denah()
    except BadInput:
        return None
