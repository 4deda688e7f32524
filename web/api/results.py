"""Results, announcements and profiles out."""

from __future__ import annotations

from flask import abort, g
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from cat.exam.outcome import profile
from cat.exam.state import Phase
from cat.scoring.profile import DomainScore
from web import clock
from web.api.document import answers, spec
from web.api.guard import bp, explain, needs
from web.api.models import (
    BarisPengumuman,
    DaftarBaris,
    DaftarHasil,
    DaftarPengumuman,
    DomainKeluar,
    Halaman,
    HalamanNomor,
    HasilUjian,
    LevelKeluar,
    NilaiBagian,
    PengumumanKeluar,
    Profil,
)
from web.clock import as_datetime
from web.db import db, transaction
from web.operations import audit, kompetensi
from web.operations.api import changes
from web.operations.pelindungan import access
from web.operations.records import state_of
from web.operations.terhitung import counts
from web.tables import Formasi, Hasil, Pegawai, Pengumuman, Person, Peserta, Sesi, Sitting

TAG = ("hasil",)
SECURITY = {"token": []}


@bp.get("/hasil")
@needs("hasil:baca")
@spec.validate(resp=answers(DaftarHasil), tags=TAG, security=SECURITY, before=explain)
def results(query: Halaman) -> DaftarHasil:
    """Hasil ujian yang selesai sejak kursor; setiap hasil muncul sekali."""
    session = db.session()
    keys, cursor, more = changes.read(session, "hasil", query.sejak, query.banyak)
    rows = session.scalars(
        _own_sittings()
        .where(Sitting.id.in_(keys))
        .options(selectinload(Sitting.results), joinedload(Sitting.peserta))
    ).all()
    found = {each.id: each for each in rows}
    _note("api: baca hasil", f"{len(found)} ujian")
    data = [_result(found[key]) for key in keys if key in found]
    return DaftarHasil(data=data, kursor=cursor, masih_ada=more)


@bp.get("/pengumuman")
@needs("hasil:baca")
@spec.validate(resp=answers(DaftarPengumuman), tags=TAG, security=SECURITY, before=explain)
def announcements() -> DaftarPengumuman:
    """Pengumuman yang sudah disetujui."""
    rows = db.session.scalars(_own_announcements().order_by(Pengumuman.id)).all()
    codes = {row.id: row.kode for row in rows}
    return DaftarPengumuman(
        data=[
            PengumumanKeluar(
                kode=row.kode,
                tahap=row.tahap,
                tahun=row.tahun,
                baris=row.row_count,
                digest=row.digest,
                tanda_tangan=row.signature,
                disetujui=as_datetime(row.approved_at or 0),
                menggantikan=codes.get(row.replaces_id or 0),
            )
            for row in rows
        ]
    )


@bp.get("/pengumuman/<kode>/hasil")
@needs("hasil:baca")
@spec.validate(resp=answers(DaftarBaris, 404), tags=TAG, security=SECURITY, before=explain)
def announced(kode: str, query: HalamanNomor) -> DaftarBaris:
    """Isi satu pengumuman."""
    chosen = db.session.scalar(_own_announcements().where(Pengumuman.kode == kode)) or abort(404)
    wanted = select(Hasil).where(Hasil.pengumuman_id == chosen.id, Hasil.peserta_id > query.setelah)
    if g.token.instansi_id is not None:
        wanted = wanted.join(Hasil.formasi).where(Formasi.instansi_id == g.token.instansi_id)
    rows = db.session.scalars(
        wanted.options(joinedload(Hasil.peserta), joinedload(Hasil.formasi))
        .order_by(Hasil.peserta_id)
        .limit(query.banyak + 1)
    ).all()
    more, rows = len(rows) > query.banyak, rows[: query.banyak]
    return DaftarBaris(
        data=[
            BarisPengumuman(
                nomor=row.peserta.nomor,
                formasi=row.formasi.kode,
                urut=row.urut,
                peringkat=row.rank,
                kode=row.kode,
                twk=row.twk,
                tiu=row.tiu,
                tkp=row.tkp,
                total=row.total,
            )
            for row in rows
        ],
        setelah=rows[-1].peserta_id if rows else query.setelah,
        masih_ada=more,
    )


@bp.get("/profil/<nomor>")
@needs("profil:baca")
@spec.validate(resp=answers(Profil, 404), tags=("profil",), security=SECURITY, before=explain)
def competency(nomor: str) -> Profil:
    """Profil kompetensi dari ujian selesai terakhir; setiap pembacaan dicatat."""
    session = db.session()
    sitting = session.scalar(
        _own_sittings()
        .where(Peserta.nomor == nomor, Sitting.phase == Phase.FINISHED.value)
        .join(Sitting.sesi)
        .order_by(Sesi.starts_at.desc())
    ) or abort(404)
    parts = profile(state_of(session, sitting))
    beliefs = {}
    if _may_see_evidence(sitting.peserta.person):
        beliefs = kompetensi.beliefs(session, sitting.peserta.person_id, clock.today())
    with transaction() as writing:
        access.note(
            writing,
            sitting.peserta.person_id,
            nomor,
            act="api: baca profil",
            activity="profil",
            by=f"api:{g.token.nama}",
            at=clock.now(),
        )
    return Profil(
        nomor=nomor,
        ujian=sitting.id,
        bagian={
            part: [_domain(path, score) for path, score in scores.items()]
            for part, scores in parts.items()
        },
        kompetensi=[
            LevelKeluar(
                kompetensi=kode,
                level=belief.level,
                peluang=[float(p) for p in belief.peluang],
                bukti_lemah=belief.lemah,
            )
            for kode, belief in sorted(beliefs.items())
            if belief.has_evidence
        ],
    )


def _may_see_evidence(person: Person) -> bool:
    """Whether what was gathered about somebody over the years is the caller's to read.

    An agency to which an employee of another agency applies sees the exam, not the evidence.
    """
    own = g.token.instansi_id
    return own is None or person.pegawai is None or person.pegawai.instansi_id == own


def _own_sittings():
    """Sittings of applicants for, or employees of, the caller's agency; all for a free token."""
    query = select(Sitting).join(Sitting.peserta).where(counts())
    if g.token.instansi_id is None:
        return query
    own = g.token.instansi_id
    return (
        query.join(Peserta.person)
        .outerjoin(Person.pegawai)
        .outerjoin(Peserta.formasi)
        .where(
            or_(
                Formasi.instansi_id == own,
                Peserta.formasi_id.is_(None) & (Pegawai.instansi_id == own),
            )
        )
    )


def _own_announcements():
    query = select(Pengumuman).where(Pengumuman.approved_at.is_not(None))
    if g.token.instansi_id is not None:
        query = query.where(
            or_(Pengumuman.instansi_id.is_(None), Pengumuman.instansi_id == g.token.instansi_id)
        )
    return query


def _result(sitting: Sitting) -> HasilUjian:
    formasi = sitting.peserta.formasi
    return HasilUjian(
        ujian=sitting.id,
        nomor=sitting.peserta.nomor,
        formasi=formasi.kode if formasi else None,
        sesi=sitting.sesi_id,
        moda=sitting.mode,
        total=sum(part.nilai for part in sitting.results),
        bagian=[
            NilaiBagian(
                bagian=part.part,
                nilai=part.nilai,
                maksimum=part.maximum,
                galat_baku_nilai=part.nilai_se,
                theta=part.theta,
                galat_baku=part.se,
                dijawab=part.answered,
                panjang=part.length,
            )
            for part in sitting.results
        ],
        kumpulan_soal=sitting.pool_digest,
        ketentuan=sitting.rules_digest,
    )


def _domain(path: str, score: DomainScore) -> DomainKeluar:
    return DomainKeluar(
        domain=path,
        soal=score.items,
        theta=score.theta,
        galat_baku=score.se,
        bagian_nilai=score.share,
        keandalan=score.reliability,
    )


def _note(act: str, subject: str) -> None:
    with transaction() as session:
        audit.record(session, at=clock.now(), by=f"api:{g.token.nama}", act=act, subject=subject)
