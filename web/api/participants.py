"""Participants in, and those that changed out."""

from __future__ import annotations

from decimal import Decimal

from flask import abort, current_app, g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from web import clock
from web.api.document import answers, spec
from web.api.guard import bp, explain, needs
from web.api.models import (
    DaftarPeserta,
    Halaman,
    HasilKiriman,
    JawabanKiriman,
    Kiriman,
    PesertaKeluar,
    PesertaMasuk,
)
from web.db import db, transaction
from web.operations import peserta as operations
from web.operations.api import changes
from web.operations.sitting_terms import follow_facts
from web.tables import Formasi, Peserta

TAG = ("peserta",)
SECURITY = {"token": []}


@bp.post("/peserta")
@needs("peserta:tulis")
@spec.validate(resp=answers(JawabanKiriman, 413), tags=TAG, security=SECURITY, before=explain)
def register(json: Kiriman) -> JawabanKiriman:
    """Daftarkan atau ubah peserta; semua diterima atau tidak satu pun.

    Kiriman yang sama boleh diulang. Baris yang ditolak menyebut tempat dan aturannya.
    """
    entries = [_entry(each) for each in json.peserta]
    with transaction() as session:
        outcomes = operations.register(
            session,
            entries,
            by=f"api:{g.token.nama}",
            now=clock.now(),
            instansi_id=g.token.instansi_id,
            dry_run=json.uji_coba,
        )
        if not json.uji_coba:
            altered = [each.nomor for each in outcomes if each.status == "diubah"]
            follow_facts(session, altered, current_app.config["KEYS"].record)
    refused = any(each.status == "ditolak" for each in outcomes)
    return JawabanKiriman(
        ditulis=not (refused or json.uji_coba),
        peserta=[
            HasilKiriman(
                nomor=each.nomor,
                keadaan=each.status,
                masalah=list(each.problems),
                peringatan=list(each.warnings),
            )
            for each in outcomes
        ],
    )


@bp.get("/peserta")
@needs("peserta:baca")
@spec.validate(resp=answers(DaftarPeserta), tags=TAG, security=SECURITY, before=explain)
def changed(query: Halaman) -> DaftarPeserta:
    """Peserta yang baru atau berubah sejak kursor."""
    session = db.session()
    numbers, cursor, more = changes.read(session, "peserta", query.sejak, query.banyak)
    found = {p.nomor: p for p in session.scalars(_own().where(Peserta.nomor.in_(numbers)))}
    data = [_shown(found[nomor]) for nomor in numbers if nomor in found]
    return DaftarPeserta(data=data, kursor=cursor, masih_ada=more)


@bp.get("/peserta/<nomor>")
@needs("peserta:baca")
@spec.validate(resp=answers(PesertaKeluar, 404), tags=TAG, security=SECURITY, before=explain)
def one(nomor: str) -> PesertaKeluar:
    """Satu peserta."""
    return _shown(db.session.scalar(_own().where(Peserta.nomor == nomor)) or abort(404))


def _entry(given: PesertaMasuk) -> operations.Entry:
    fields = given.model_dump()
    ipk = fields.pop("ipk")
    return operations.Entry(**fields, ipk=None if ipk is None else Decimal(ipk))


def _own():
    """Participants that the caller's agency may see."""
    query = select(Peserta).options(
        joinedload(Peserta.person), joinedload(Peserta.formasi).joinedload(Formasi.instansi)
    )
    if g.token.instansi_id is not None:
        query = query.join(Peserta.formasi).where(Formasi.instansi_id == g.token.instansi_id)
    return query


def _shown(peserta: Peserta) -> PesertaKeluar:
    formasi = peserta.formasi
    return PesertaKeluar(
        nomor=peserta.nomor,
        nama=peserta.person.nama,
        nik_akhir=peserta.person.nik[-4:],
        jenis_kelamin=peserta.person.jenis_kelamin,
        formasi=formasi.kode if formasi else None,
        instansi=formasi.instansi.kode if formasi else None,
        jenis_kebutuhan=formasi.jenis_kebutuhan if formasi else None,
    )
