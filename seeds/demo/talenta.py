"""Serving staff with competency evidence, performance and training, for the pages about talent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.kompetensi.kamus import LEVELS
from cat.kompetensi.standar import Standar
from seeds.demo.people import FIRST, LAST, nik, nip
from seeds.load import read_toml
from web.operations.data_kompetensi import get_aturan_bukti
from web.operations.kompetensi import SETUJU
from web.operations.talenta import kinerja, pelatihan, potret, standar
from web.operations.talenta.acuan import Acuan, get_acuan
from web.operations.talenta.penilaian import assess
from web.tables import (
    BuktiKompetensi,
    Instansi,
    Jabatan,
    KeputusanBukti,
    Pegawai,
    Person,
)

DATA = read_toml(Path(__file__).parent / "talenta.toml")
FIRST_PERSON, SECOND_PERSON = "staf", "staf2"
SEED = 2026
WIB = ZoneInfo("Asia/Jakarta")
ASSESSMENT = "asesmen"
# Every so many of the invented staff: nobody has assessed them, or only in part.
NOT_ASSESSED, PARTLY_ASSESSED = 9, 7
# Pairs of ratings (hasil kerja, perilaku kerja) and how often they occur.
RATINGS = (
    ("di_atas", "di_atas"),
    ("sesuai", "sesuai"),
    ("di_atas", "sesuai"),
    ("di_bawah", "sesuai"),
    ("sesuai", "di_bawah"),
)
SHARES = (0.28, 0.42, 0.12, 0.12, 0.06)
EDUCATION = {
    "jpt_pratama": ("s2", "s3"),
    "administrator": ("s2",),
    "pengawas": ("s1", "s2"),
    "ahli_pertama": ("s1", "s1", "s2"),
    "terampil": ("d3",),
    "pelaksana": ("sma", "d3"),
}
PILLARS = ("digital.cakap", "digital.etika", "digital.budaya", "digital.keamanan")


def load_talent(session: Session, *, now: int) -> None:
    """All of it. Called once, after the agencies and employees are there."""
    today = datetime.fromtimestamp(now / 1_000_000, WIB).date()
    acuan, rng = get_acuan(session), np.random.default_rng(SEED)
    _positions(session)
    _standards(session, acuan, today, now)
    _known_staff(session, acuan, today, now)
    invented = _invented_staff(session, rng)
    for place, (pegawai, row) in enumerate(invented):
        if place % NOT_ASSESSED:
            _evidence(session, pegawai, row, place, acuan, rng, today, now)
        _performance(session, pegawai, acuan, rng, today, now)
    session.flush()
    _training(session, [pegawai for pegawai, _ in invented], acuan, today, now)
    potret.refresh_all(session, today=today, by=FIRST_PERSON, now=now)


def _positions(session: Session) -> None:
    for kode, jenjang in DATA["jenjang"].items():
        _position(session, kode).jenjang = jenjang
    session.add_all(Jabatan(**row) for row in DATA["jabatan"])
    session.flush()


def _standards(session: Session, acuan: Acuan, today: date, now: int) -> None:
    for row in DATA["standar"]:
        content = {name: value for name, value in row.items() if name != "menunggu"}
        made = standar.propose(
            session,
            Standar.from_mapping(content, acuan.kamus),
            acuan,
            berlaku_mulai=date(today.year, 1, 1),
            alasan="Standar contoh untuk peragaan.",
            by=FIRST_PERSON,
            now=now,
        )
        if not row.get("menunggu"):
            standar.decide(
                session, made.id, SETUJU, alasan="Sesuai contoh.", by=SECOND_PERSON, now=now
            )


def _known_staff(session: Session, acuan: Acuan, today: date, now: int) -> None:
    for row in DATA["dikenal"]:
        named = select(Pegawai).join(Pegawai.person).where(Person.nama == row["nama"])
        pegawai = session.scalars(named).one()
        pegawai.pendidikan = row["pendidikan"]
        for age, ratings in reversed(list(enumerate(row["kinerja"], start=1))):
            _record(session, pegawai, acuan, today.year - age, kinerja.Nilai(*ratings), now)


def _invented_staff(
    session: Session, rng: np.random.Generator
) -> list[tuple[Pegawai, Mapping[str, Any]]]:
    made: list[tuple[Pegawai, Mapping[str, Any]]] = []
    for row in DATA["rekaan"]:
        agency = session.scalars(select(Instansi).filter_by(kode=row["instansi"])).one()
        for kode, count in row["jabatan"].items():
            jabatan = _position(session, kode)
            for _ in range(count):
                made.append((_employee(rng, agency, jabatan, len(made) + 1), row))
    session.add_all(pegawai for pegawai, _ in made)
    session.flush()
    return made


def _employee(rng: np.random.Generator, agency: Instansi, jabatan: Jabatan, serial: int) -> Pegawai:
    sex = "LP"[int(rng.integers(2))]
    born = date(1972, 1, 1) + timedelta(days=int(rng.integers(0, 365 * 26)))
    started = date(born.year + int(rng.integers(23, 28)), int(rng.integers(1, 13)), 1)
    person = Person(
        nama=f"{rng.choice(FIRST[sex])} {rng.choice(LAST)}",
        tanggal_lahir=born,
        jenis_kelamin=sex,
        nik=nik(born, sex, 600 + serial),
    )
    return Pegawai(
        person=person,
        nip=nip(born, started, sex, 600 + serial),
        status="pns",
        instansi=agency,
        jabatan=jabatan,
        tmt_jabatan=date(min(started.year + 2, 2025), 4, 1),
        cara_masuk="promosi" if serial % 3 else "rekrutmen",
        # one in twenty was punished, and of one in fifteen nobody has noted whether
        hukuman_disiplin=None if serial % 15 == 0 else serial % 20 == 0,
        proses_disiplin=False,
        pendidikan=str(rng.choice(EDUCATION[jabatan.jenjang or "pelaksana"])),
    )


def _evidence(
    session: Session,
    pegawai: Pegawai,
    row: Mapping[str, Any],
    place: int,
    acuan: Acuan,
    rng: np.random.Generator,
    today: date,
    now: int,
) -> None:
    """One assessment centre for each competency, as two people would have entered it."""
    jenjang = acuan.jenjang.find(pegawai.jabatan.jenjang)
    usual = max(2, jenjang.level) if jenjang else 2
    own = rng.normal(0, 0.5)
    means = {each.kode: usual + row["kekuatan"] + own for each in acuan.kamus.of("manajerial")}
    means |= {each.kode: usual + 0.2 + own for each in acuan.kamus.of("sosial_kultural")}
    means |= dict.fromkeys(PILLARS, row["digital"] + own)
    if place % PARTLY_ASSESSED == 0:
        means = {kode: mean for kode, mean in means.items() if kode not in PILLARS[1:]}
        means.pop("pengambilan_keputusan")
    day = today - timedelta(days=int(rng.integers(60, 500)))
    valid = get_aturan_bukti(session).get_jenis(ASSESSMENT).valid_until(day)
    for kode, mean in means.items():
        level = int(np.clip(round(rng.normal(mean, 0.6)), 1, LEVELS))
        bukti = BuktiKompetensi(
            person_id=pegawai.person_id,
            kompetensi=kode,
            jenis=ASSESSMENT,
            level=level,
            tanggal=day,
            berlaku_sampai=valid,
            asal="Asesmen kompetensi contoh",
            alasan="Data peragaan.",
            noted_at=now,
            noted_by=FIRST_PERSON,
        )
        bukti.keputusan.append(
            KeputusanBukti(jenis=SETUJU, alasan="Data peragaan.", at=now, by=SECOND_PERSON)
        )
        session.add(bukti)


def _performance(
    session: Session,
    pegawai: Pegawai,
    acuan: Acuan,
    rng: np.random.Generator,
    today: date,
    now: int,
) -> None:
    for age in (2, 1):
        ratings = RATINGS[int(rng.choice(len(RATINGS), p=SHARES))]
        result = kinerja.percent(str(int(rng.integers(80, 111))), "capaian")
        target = kinerja.percent("100", "target")
        nilai = kinerja.Nilai(*ratings, target=target, capaian=result)
        _record(session, pegawai, acuan, today.year - age, nilai, now)


def _training(
    session: Session, people: Sequence[Pegawai], acuan: Acuan, today: date, now: int
) -> None:
    """Plans of most people, agreed, of which some trainings are finished; older certificates."""
    first_day = date(today.year, 1, 1)
    finished = max(first_day, today - timedelta(days=40))
    for place, found in enumerate(assess(session, people, today, acuan)):
        pegawai = found.pegawai
        if place % 4 == 3:
            continue
        if place % 2:
            _certificate(session, pegawai, acuan, today, now)
        plan = pelatihan.draw_up(
            session, pegawai, found.gaps, today.year, acuan, by=FIRST_PERSON, now=now
        )
        if place % 4 == 2:
            continue
        pelatihan.approve(session, plan.id, by=SECOND_PERSON, now=now)
        for row in plan.butir if place % 3 == 0 else plan.butir[: len(plan.butir) // 2]:
            pelatihan.finish(
                session,
                row.id,
                selesai=finished,
                jp=row.jp,
                today=today,
                by=FIRST_PERSON,
                now=now,
            )


def _certificate(session: Session, pegawai: Pegawai, acuan: Acuan, today: date, now: int) -> None:
    jenjang = acuan.jenjang.find(pegawai.jabatan.jenjang)
    kind = {"struktural": "kepemimpinan", "fungsional": "fungsional"}.get(
        jenjang.kelompok_jabatan if jenjang else "", "seminar"
    )
    pelatihan.add_outside(
        session,
        pegawai,
        nama="Pelatihan jabatan contoh",
        jenis=kind,
        jp=40,
        selesai=date(today.year - 3, 6, 1),
        today=today,
        by=FIRST_PERSON,
        now=now,
    )


def _record(
    session: Session,
    pegawai: Pegawai,
    acuan: Acuan,
    tahun: int,
    nilai: kinerja.Nilai,
    now: int,
) -> None:
    kinerja.record(session, pegawai, tahun, nilai, acuan.kinerja, by=FIRST_PERSON, now=now)


def _position(session: Session, kode: str) -> Jabatan:
    return session.scalars(select(Jabatan).filter_by(kode=kode)).one()
