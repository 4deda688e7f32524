"""Loads the demonstration: one finished sesi of 200, an open sesi of each mode, serving staff."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.record import ADAPTIVE, LINEAR, MICROSECONDS
from cat.exam.state import begin
from cat.itembank.lifecycle import Status
from cat.itembank.pool import Pool
from cat.itembank.store import add_version, content_of, latest_version
from cat.ketentuan.ruleset import RuleSet
from seeds.demo.fleksibel import load_flexible_work
from seeds.demo.people import invent, nik, nip, nomor_peserta
from seeds.demo.profil import load_profil
from seeds.demo.seleksi import load_seleksi
from seeds.demo.simulee import sit
from seeds.demo.talenta import load_talent
from seeds.load import read_toml
from web.clock import as_datetime
from web.operations.accounts import create_user
from web.operations.items import next_draft_code
from web.operations.pools import find_rules, get_pool, latest_pool
from web.operations.proctoring import admit
from web.operations.records import append, terms_of
from web.operations.sittings import Keys, schedule
from web.tables import (
    Formasi,
    Instansi,
    Jabatan,
    Pegawai,
    Person,
    Peserta,
    Ruang,
    Sesi,
    SesiRuang,
    Sitting,
    TitikLokasi,
)

WIB = ZoneInfo("Asia/Jakarta")
FINISHED, OPEN, INTERNAL = "Sesi 1 SKD", "Sesi 2 SKD", "Pemetaan kompetensi internal"
OPEN_LINEAR = "Sesi 3 SKD linear"
PASSWORD = "demo-catcpns-2026"
# username -> name and role; staf2 is the second person whom some acts need.
ACCOUNTS = {
    "staf": ("Staf BKN Contoh", "staf"),
    "staf2": ("Staf BKN Kedua Contoh", "staf"),
    "penulis": ("Penulis Soal Contoh", "penulis"),
    "penulis2": ("Penulis Soal Kedua Contoh", "penulis"),
    "penelaah": ("Penelaah Butir Contoh", "penelaah"),
    "analis": ("Analis Psikometri Contoh", "analis"),
    "analis2": ("Analis Psikometri Kedua Contoh", "analis"),
    "pengawas": ("Pengawas Contoh", "pengawas"),
    "pengawas2": ("Pengawas Kedua Contoh", "pengawas"),
    "registrasi": ("Petugas Registrasi Contoh", "registrasi"),
    "registrasi2": ("Petugas Registrasi Kedua Contoh", "registrasi"),
}
ABSENT = 4
OPEN_SEATS = 12
ADMITTED_SEATS = 6
LINEAR_SEATS, LINEAR_ADMITTED = 6, 3
SEED = 2024
HALF_HOUR = 1800
# name -> rows and columns of its seats
ROOMS = {"Ruang A": (15, 14), "Ruang B": (3, 4), "Ruang C": (2, 4), "Ruang D": (2, 3)}
_ON_FILE = ("tmt_jabatan", "cara_masuk", "predikat_kinerja", "hukuman_disiplin", "proses_disiplin")
_NAMESPACE = uuid.UUID("6d0c1f7e-3a60-4a86-9f61-000000000099")


@dataclass(frozen=True)
class Stage:
    """What every part of the demonstration needs."""

    session: Session
    pool: Pool
    rules: RuleSet
    keys: Keys
    site: TitikLokasi
    rng: np.random.Generator


def load_demo(session: Session, pool: Pool, *, keys: Keys, password_hash: str, now: int) -> None:
    """Everything the demonstration shows. Does nothing when it is already there."""
    if session.scalar(select(Sesi).where(Sesi.nama == FINISHED)) is not None:
        return
    data = read_toml(Path(__file__).parent / "organisasi.toml")
    site = TitikLokasi(**data["titik_lokasi"])
    session.add(site)
    session.flush()
    rng = np.random.default_rng(SEED)
    rules = find_rules(session, "cpns-2024", as_datetime(now).astimezone(WIB).date())
    stage = Stage(session, pool, rules, keys, site, rng)
    formasi = _organisation(session, data)
    _accounts(session, site, password_hash)
    _finished_sesi(stage, data, formasi)
    _open_sesi(stage, formasi, now)
    _serving_staff(stage, data)
    _drafts(session, now)
    load_profil(session, finished=FINISHED, now=now)
    load_seleksi(session, stage.rules, signing_seed=keys.signing)
    load_talent(session, now=now)
    load_flexible_work(session, password_hash=password_hash, now=now)
    _open_linear_sesi(stage, formasi, now)


def demo_pin(nomor: str) -> str:
    """The PIN of a participant of the open sesi; real PINs are random (`operations.pins`)."""
    return f"{(int(nomor) * 7919 + 271828) % 1_000_000:06}"


def open_participants(session: Session, nama: str = OPEN) -> list[Peserta]:
    """Participants of an open sesi, seat by seat."""
    chosen = select(Peserta).join(Sitting).join(Sesi).where(Sesi.nama == nama)
    return list(session.scalars(chosen.order_by(Sitting.seat)))


def _organisation(session: Session, data: Mapping[str, Any]) -> dict[str, Formasi]:
    agencies = {row["kode"]: Instansi(**row) for row in data["instansi"]}
    positions = {row["kode"]: Jabatan(**row) for row in data["jabatan"]}
    formasi = {}
    for row in data["formasi"]:
        plain = {k: v for k, v in row.items() if k not in ("instansi", "jabatan", "peserta")}
        formasi[row["kode"]] = Formasi(
            tahun=2024,
            instansi=agencies[row["instansi"]],
            jabatan=positions[row["jabatan"]],
            **plain,
        )
    session.add_all([*agencies.values(), *positions.values(), *formasi.values()])
    session.flush()
    return formasi


def _accounts(session: Session, site: TitikLokasi, password_hash: str) -> None:
    for username, (nama, role) in ACCOUNTS.items():
        create_user(
            session,
            username=username,
            nama=nama,
            email=f"{username}@catcpns.example",
            password_hash=password_hash,
            roles=[role],
            titik_lokasi_id=site.id if role in ("pengawas", "registrasi") else None,
        )


def _finished_sesi(stage: Stage, data: Mapping[str, Any], formasi: dict[str, Formasi]) -> None:
    starts = datetime(2026, 11, 18, 8, 0, tzinfo=WIB)
    sesi = _sesi(stage, FINISHED, "Ruang A", starts, is_closed=True)
    wanted = [formasi[row["kode"]] for row in data["formasi"] for _ in range(row["peserta"])]
    wanted += [formasi["F99-01"]] * ABSENT
    for serial, chosen in enumerate(wanted, start=1):
        sitting = _seat(stage, sesi, chosen, seat=serial, serial=serial)
        if serial <= len(wanted) - ABSENT:
            _sit(stage, sitting, starts, ability=stage.rng.normal(0.7, 0.8))


def _open_sesi(stage: Stage, formasi: dict[str, Formasi], now: int) -> None:
    starts = datetime.fromtimestamp(now // MICROSECONDS // HALF_HOUR * HALF_HOUR, WIB)
    sesi = _sesi(stage, OPEN, "Ruang B", starts, is_closed=False)
    for seat in range(1, OPEN_SEATS + 1):
        kode = "F99-05" if seat == 2 else "F99-01"
        sitting = _seat(stage, sesi, formasi[kode], seat=seat, serial=900 + seat, netra=seat == 2)
        if seat <= ADMITTED_SEATS:
            admit(stage.session, sitting.id, by="pengawas", now=now, keys=stage.keys)


def _open_linear_sesi(stage: Stage, formasi: dict[str, Formasi], now: int) -> None:
    """Fixed forms and raw points; with draws of its own, so that the others stay as they were."""
    pool = get_pool(stage.session, latest_pool(stage.session, mode=LINEAR).digest)
    own = replace(stage, pool=pool, rng=np.random.default_rng([SEED, 3]))
    starts = datetime.fromtimestamp(now // MICROSECONDS // HALF_HOUR * HALF_HOUR, WIB)
    sesi = _sesi(own, OPEN_LINEAR, "Ruang D", starts, is_closed=False)
    for seat in range(1, LINEAR_SEATS + 1):
        sitting = _seat(own, sesi, formasi["F99-01"], seat=seat, serial=940 + seat)
        if seat <= LINEAR_ADMITTED:
            admit(own.session, sitting.id, by="pengawas", now=now, keys=own.keys)


def _serving_staff(stage: Stage, data: Mapping[str, Any]) -> None:
    starts = datetime(2026, 11, 11, 13, 0, tzinfo=WIB)
    sesi = _sesi(stage, INTERNAL, "Ruang C", starts, is_closed=True)
    agencies = {i.kode: i for i in stage.session.scalars(select(Instansi))}
    positions = {j.kode: j for j in stage.session.scalars(select(Jabatan))}
    for seat, row in enumerate(data["pegawai"], start=1):
        born, sex = row["lahir"], row["kelamin"]
        person = Person(
            nama=row["nama"], tanggal_lahir=born, jenis_kelamin=sex, nik=nik(born, sex, 800 + seat)
        )
        stage.session.add(
            Pegawai(
                person=person,
                nip=nip(born, row["tmt_cpns"], sex, seat),
                status=row["status"],
                instansi=agencies[row["instansi"]],
                jabatan=positions[row["jabatan"]],
                **{name: row.get(name) for name in _ON_FILE},
            )
        )
        peserta = Peserta(nomor=f"INT2026{seat:04}", person=person, formasi=None, netra=False)
        sitting = _schedule(stage, sesi, peserta, seat)
        _sit(stage, sitting, starts, ability=row["kemampuan"])


def _seat(
    stage: Stage, sesi: Sesi, formasi: Formasi, *, seat: int, serial: int, netra: bool = False
) -> Sitting:
    who = invent(stage.rng, serial)
    peserta = Peserta(
        nomor=nomor_peserta(formasi.instansi.kode, str(who["jenis_kelamin"]), serial),
        person=Person(**who),
        formasi=formasi,
        netra=netra,
    )
    return _schedule(stage, sesi, peserta, seat)


def _schedule(stage: Stage, sesi: Sesi, peserta: Peserta, seat: int) -> Sitting:
    stage.session.add(peserta)
    stage.session.flush()
    digits = "".join(c for c in peserta.nomor if c.isdigit())
    sitting = schedule(
        stage.session,
        sesi,
        peserta,
        seat=seat,
        pin=demo_pin(digits),
        pool=stage.pool,
        rules=stage.rules,
        keys=stage.keys,
        mode=LINEAR if stage.pool.is_linear else ADAPTIVE,
        seed=int(stage.rng.integers(2**63)),
        sitting_id=str(uuid.uuid5(_NAMESPACE, peserta.nomor)),
    )
    sitting.ruang_id = stage.session.scalar(
        select(SesiRuang.ruang_id).where(SesiRuang.sesi_id == sesi.id)
    )
    return sitting


def _sit(stage: Stage, sitting: Sitting, starts: datetime, *, ability: float) -> None:
    """Let a simulated person sit; the three parts share most of the ability but not all."""
    state = begin(terms_of(sitting), stage.pool)
    events = sit(
        state,
        0.85 * ability + 0.5 * stage.rng.normal(size=len(stage.pool.parts)),
        stage.rng,
        now=int(starts.timestamp()) * MICROSECONDS,
        seconds_per_item=float(stage.rng.choice([40, 50, 60, 85], p=[0.35, 0.35, 0.27, 0.03])),
        proctor="pengawas",
    )
    append(stage.session, sitting, state, events, stage.keys.record)


def _sesi(stage: Stage, nama: str, ruang: str, starts: datetime, *, is_closed: bool) -> Sesi:
    sesi = Sesi(
        nama=nama,
        titik_lokasi=stage.site,
        ruang=ruang,
        starts_at=int(starts.timestamp()) * MICROSECONDS,
        is_closed=is_closed,
        mode=LINEAR if stage.pool.is_linear else ADAPTIVE,
        pool_digest=stage.pool.digest,
        rules_digest=stage.rules.digest,
    )
    rows, columns = ROOMS[ruang]
    room = Ruang(
        titik_lokasi_id=stage.site.id,
        nama=ruang,
        kursi_awal=1,
        baris=rows,
        kolom=columns,
        lorong=[],
    )
    stage.session.add_all([sesi, room])
    stage.session.flush()
    stage.session.add(SesiRuang(sesi_id=sesi.id, ruang_id=room.id))
    return sesi


def _drafts(session: Session, now: int) -> None:
    """Two drafts for the item writer to work on, begun from items of the bank."""
    for code in ("TWK-BHS-001", "TKP-PEL-001"):
        version = latest_version(session, code)
        if version is not None:
            content = content_of(version)
            fields = {**vars(content), "code": next_draft_code(session, content.domain)}
            fields["stem"] = "(Draf contoh) " + content.stem
            add_version(session, type(content)(**fields), status=Status.DRAF, by="penulis", now=now)
