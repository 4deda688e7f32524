"""The schedule out: sesi, and who sits where."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, g
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from web.api.document import answers, spec
from web.api.guard import bp, explain, needs
from web.api.models import DaftarPenempatan, DaftarSesi, HalamanNomor, Penempatan, SesiKeluar
from web.clock import as_datetime
from web.db import db
from web.formatting import keadaan
from web.tables import Formasi, Peserta, Sesi, Sitting

TAG = ("jadwal",)
SECURITY = {"token": []}


@bp.get("/sesi")
@needs("jadwal:baca")
@spec.validate(resp=answers(DaftarSesi), tags=TAG, security=SECURITY, before=explain)
def sesi(query: HalamanNomor) -> DaftarSesi:
    """Sesi ujian menurut nomor."""
    counted = select(Sitting.sesi_id, func.count().label("n")).group_by(Sitting.sesi_id).subquery()
    rows = db.session.execute(
        select(Sesi, func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.sesi_id == Sesi.id)
        .where(Sesi.id > query.setelah)
        .options(joinedload(Sesi.titik_lokasi))
        .order_by(Sesi.id)
        .limit(query.banyak + 1)
    ).all()
    more, rows = len(rows) > query.banyak, rows[: query.banyak]
    return DaftarSesi(
        data=[_shown(each, count) for each, count in rows],
        setelah=rows[-1][0].id if rows else query.setelah,
        masih_ada=more,
    )


@bp.get("/sesi/<int(max=2147483647):sesi_id>/peserta")
@needs("jadwal:baca")
@spec.validate(resp=answers(DaftarPenempatan, 404), tags=TAG, security=SECURITY, before=explain)
def seats(sesi_id: int) -> DaftarPenempatan:
    """Penempatan peserta pada satu sesi."""
    if db.session.get(Sesi, sesi_id) is None:
        abort(404)
    query = (
        select(Sitting)
        .where(Sitting.sesi_id == sesi_id)
        .options(joinedload(Sitting.peserta).joinedload(Peserta.person))
        .order_by(Sitting.seat)
    )
    if g.token.instansi_id is not None:
        query = (
            query.join(Sitting.peserta)
            .join(Peserta.formasi)
            .where(Formasi.instansi_id == g.token.instansi_id)
        )
    return DaftarPenempatan(
        data=[
            Penempatan(
                nomor=each.peserta.nomor,
                nama=each.peserta.person.nama,
                kursi=each.seat,
                keadaan=keadaan(each.phase),
            )
            for each in db.session.scalars(query)
        ]
    )


def _shown(sesi: Sesi, people: int) -> SesiKeluar:
    zona = sesi.titik_lokasi.zona
    return SesiKeluar(
        id=sesi.id,
        nama=sesi.nama,
        titik_lokasi=sesi.titik_lokasi.nama,
        ruang=sesi.ruang,
        zona=zona,
        mulai=as_datetime(sesi.starts_at).astimezone(ZoneInfo(zona)),
        ditutup=sesi.is_closed,
        peserta=people,
    )
