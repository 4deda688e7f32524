"""Units, superiors, accounts and requests for flexible work that the demonstration shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.fakta import Devices
from cat.ketentuan.fleksibel.isi import Terms, WeekReport, Wish
from cat.ketentuan.fleksibel.langkah import Actor, Move, Role
from cat.ketentuan.fleksibel.penilaian import Outcome
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI
from seeds.demo.people import nik, nip
from seeds.ketentuan_files import read_policies
from seeds.load import read_toml
from web.operations.accounts import create_user
from web.operations.fleksibel import kebijakan, permohonan, rekaman
from web.operations.fleksibel.rekaman import Moment
from web.tables import Instansi, Jabatan, Pegawai, Permohonan, Person, TelaahWaktu, UnitKerja

DATA = read_toml(Path(__file__).parent / "fleksibel.toml")
ACCOUNTS = {
    **{name: (nama, "pegawai") for name, nama in DATA["akun_pegawai"].items()},
    **{name: (row["nama"], "pimpinan") for name, row in DATA["akun_pimpinan"].items()},
}
LAYER_OF = {"9901": "contoh-lengkap", "9902": "contoh", "9903": "contoh"}
IN_FORCE = date(2025, 4, 21)
A_DAY = 24 * 3600 * 1_000_000
WIB = ZoneInfo("Asia/Jakarta")
HEAD, STAFF = Actor("pimpinan", Role.PIMPINAN), Actor("staf", Role.STAF)
REASONS = {
    Move.DUKUNG: "Tugasnya terukur dan dapat diselesaikan dari luar kantor.",
    Move.TIDAK_DUKUNG: "Tim sedang menyelesaikan pekerjaan yang memerlukan kehadiran.",
    Move.SETUJUI: "Disetujui sesuai dengan dukungan atasan dan hasil pemeriksaan.",
    Move.TOLAK: "Ditolak karena atasan memerlukan kehadiran sampai akhir triwulan.",
    Move.AJUKAN_KEBERATAN: "Pekerjaan yang disebut atasan sudah selesai bulan lalu.",
    Move.MINTA_BUKTI: "Mohon lampirkan bukti kemampuan digital terbaru.",
    Move.PANGGIL: "Jam kerja dua minggu berturut-turut kurang dari yang diwajibkan.",
}
ROLE_OF = {
    Move.DUKUNG: Role.ATASAN,
    Move.TIDAK_DUKUNG: Role.ATASAN,
    Move.AJUKAN_KEBERATAN: Role.PEGAWAI,
}


def load_flexible_work(session: Session, *, password_hash: str, now: int) -> None:
    """All of it. Called once, after the employees are there."""
    _policies(session, now)
    _organisation(session)
    _accounts(session, password_hash)
    for row in DATA["permohonan"]:
        _request(session, row, now)


def _policies(session: Session, now: int) -> None:
    layers = {p.lapisan.kode: fields_as_plain(p.lapisan) for p in read_policies() if p.lapisan}
    for kode, layer in LAYER_OF.items():
        kebijakan.adopt(
            session,
            kebijakan.LAPISAN,
            layers[layer],
            instansi_id=_agency(session, kode).id,
            berlaku_sejak=IN_FORCE,
            by=("staf", "staf2"),
            now=now,
        )
    kebijakan.propose(
        session,
        kebijakan.LAPISAN,
        {**layers["contoh"], "masa_baru_bulan": 24},
        instansi_id=_agency(session, "9902").id,
        berlaku_sejak=_day(now) + timedelta(days=30),
        by="staf",
        reason="Usulan instansi: masa baru dalam jabatan menjadi dua tahun.",
        now=now,
    )


def _organisation(session: Session) -> None:
    for row in DATA["unit"]:
        agency = _agency(session, row["instansi"])
        session.add(UnitKerja(kode=row["kode"], nama=row["nama"], instansi_id=agency.id))
    session.add_all(Jabatan(**row) for row in DATA["jabatan"])
    session.flush()
    for row in DATA["telaah"]:
        jabatan = session.scalars(select(Jabatan).filter_by(kode=row["jabatan"])).one()
        session.add(TelaahWaktu(**{**row, "jabatan": jabatan}))
    for serial, row in enumerate(DATA["pegawai"], start=1):
        _employee(session, serial, row)
    session.flush()
    for row in DATA["pegawai"]:
        if row.get("memimpin"):
            _lead(session, _find(session, row["nama"]))


def _employee(session: Session, serial: int, row: Mapping[str, Any]) -> None:
    unit = session.scalars(select(UnitKerja).filter_by(kode=row["unit"])).one()
    born, sex = row["lahir"], row["kelamin"]
    person = Person(
        nama=row["nama"], tanggal_lahir=born, jenis_kelamin=sex, nik=nik(born, sex, 700 + serial)
    )
    session.add(
        Pegawai(
            person=person,
            nip=nip(born, row["tmt_cpns"], sex, 500 + serial),
            status="pns",
            instansi_id=unit.instansi_id,
            jabatan=session.scalars(select(Jabatan).filter_by(kode=row["jabatan"])).one(),
            tmt_jabatan=row["tmt_jabatan"],
            cara_masuk=row["cara_masuk"],
            hukuman_disiplin=False,
            proses_disiplin=False,
            predikat_kinerja="baik",
            unit=unit,
        )
    )


def _lead(session: Session, head: Pegawai) -> None:
    """Employees of the agency who have no unit yet join this one; all of the unit report here."""
    rows = session.scalars(select(Pegawai).where(Pegawai.instansi_id == head.instansi_id))
    for each in rows:
        each.unit_id = each.unit_id or head.unit_id
        if each.id != head.id and each.unit_id == head.unit_id and each.atasan_id is None:
            each.atasan_id = head.id
    session.flush()


def _accounts(session: Session, password_hash: str) -> None:
    for name, (nama, role) in ACCOUNTS.items():
        own = _find(session, nama).id if role == "pegawai" else None
        led = DATA["akun_pimpinan"].get(name, {}).get("instansi")
        create_user(
            session,
            username=name,
            nama=nama,
            email=f"{name}@catcpns.example",
            password_hash=password_hash,
            roles=[role],
            pegawai_id=own,
            instansi_id=_agency(session, led).id if led else None,
        )


def _request(session: Session, row: Mapping[str, Any], now: int) -> None:
    pegawai = _find(session, row["pegawai"])
    (_, age), *later = row["jalan"]
    wish = _wish(row, _day(now - age * A_DAY))
    mine = Actor(_account_of(row["pegawai"]), Role.PEGAWAI, pegawai.id)
    request = permohonan.submit(session, pegawai, wish, actor=mine, at=_moment(now, age))
    for name, days in later:
        at = _moment(now, days)
        if name == Move.PANGGIL:
            _reports(session, request, row["laporan"], at)
        _step(session, request, Move(name), mine, at)
        if name == Move.SETUJUI and len(later) == 2:
            _reports(session, request, row.get("laporan", []), _moment(now, 0))


def _step(session: Session, request: Permohonan, move: Move, mine: Actor, at: Moment) -> None:
    if move is Move.SETUJUI:
        _approve(session, request, at)
        return
    if move is Move.TOLAK:
        permohonan.refuse(session, request, actor=HEAD, reason=REASONS[move], at=at)
        return
    role = ROLE_OF.get(move, Role.PIMPINAN)
    superior = Actor("atasan", Role.ATASAN, request.pegawai.atasan_id)
    actor = {Role.ATASAN: superior, Role.PEGAWAI: mine}.get(role, HEAD)
    hearing = {"pada": (at.today + timedelta(days=5)).isoformat()} if move is Move.PANGGIL else {}
    reason = REASONS[move]
    permohonan.take(session, request, move, actor=actor, at=at, reason=reason, data=hearing)


def _approve(session: Session, request: Permohonan, at: Moment) -> None:
    wish = rekaman.wish_of(rekaman.state_of(request))
    found = rekaman.check(session, request.pegawai, wish, at.today).assessment
    for kode in (kode for kode, said in found.outcomes.items() if said is Outcome.PERLU_BUKTI):
        seen = "Dokumen kepegawaian dilihat dan disalin ke dalam berkas (rekaan)."
        permohonan.record_evidence(session, request, kode, actor=STAFF, reason=seen, at=at)
    terms = Terms(
        at.today + timedelta(days=1),
        at.today + timedelta(days=150),
        wish.hari,
        "Hadir di kantor bila dipanggil; laporan mingguan setiap Jumat.",
    )
    reason = REASONS[Move.SETUJUI]
    permohonan.approve(session, request, terms, actor=HEAD, reason=reason, at=at)


def _reports(session: Session, request: Permohonan, weeks: list[Any], at: Moment) -> None:
    superior = Actor("atasan", Role.ATASAN, request.pegawai.atasan_id)
    monday = at.today - timedelta(days=at.today.weekday())
    for age, (minutes, output) in zip(range(len(weeks), 0, -1), weeks, strict=True):
        week = monday - timedelta(weeks=age)
        report = WeekReport(week, minutes, 0, False, output, minutes >= 2250)
        data = {"laporan": report.to_mapping()}
        permohonan.take(session, request, Move.PANTAU, actor=superior, at=at, data=data)


def _wish(row: Mapping[str, Any], asked: date) -> Wish:
    is_place = JENIS_OF[row["bentuk"]] == LOKASI
    return Wish(
        bentuk=row["bentuk"],
        hari=tuple(row["hari"]),
        alasan=row["alasan"],
        dari=asked + timedelta(days=7),
        sampai=asked + timedelta(days=150),
        perangkat=Devices("kantor", True) if is_place else Devices(),
        ergonomi=is_place,
        keamanan=is_place,
    )


def _moment(now: int, days: int) -> Moment:
    return Moment(now - days * A_DAY, _day(now - days * A_DAY))


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1_000_000, WIB).date()


def _account_of(nama: str) -> str:
    own = (name for name, each in DATA["akun_pegawai"].items() if each == nama)
    return next(own, nama.split()[0].lower())


def _agency(session: Session, kode: str) -> Instansi:
    return session.scalars(select(Instansi).filter_by(kode=kode)).one()


def _find(session: Session, nama: str) -> Pegawai:
    return session.scalars(select(Pegawai).join(Pegawai.person).where(Person.nama == nama)).one()
