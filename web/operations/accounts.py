"""Accounts of staff."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.tables import Role, User

ROLES = {
    "staf": "Staf BKN: pemantauan, peringkat, profil, ekspor",
    "penulis": "Penulis soal: bank soal dan draf butir",
    "penelaah": "Penelaah butir: telaah dan persetujuan; tidak menyetujui tulisannya sendiri",
    "analis": "Analis psikometri: kalibrasi, kisi-kisi, dan penerbitan pool",
    "pengawas": "Pengawas: ruang ujian di titik lokasinya",
    "registrasi": "Petugas registrasi: pemeriksaan identitas dan PIN di titik lokasinya",
    "pegawai": "Pegawai ASN: profil sendiri, permohonan kerja fleksibel, bawahannya",
    "pimpinan": "PPK atau pimpinan instansi: keputusan kerja fleksibel di instansinya",
}


def create_user(
    session: Session,
    *,
    username: str,
    nama: str,
    email: str,
    password_hash: str,
    roles: Sequence[str],
    titik_lokasi_id: int | None = None,
    pegawai_id: int | None = None,
    instansi_id: int | None = None,
) -> User:
    """Add an account; raises BadInput when a field is not legal or already taken."""
    _refuse_bad(username, nama, email)
    _refuse_homeless(roles, titik_lokasi_id, pegawai_id, instansi_id)
    taken = select(User).where((User.username == username) | (User.email == email))
    if session.scalar(taken) is not None:
        raise BadInput(f"nama pengguna {username} atau surel {email} sudah dipakai")
    user = User(
        username=username,
        nama=nama,
        email=email,
        password=password_hash,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        titik_lokasi_id=titik_lokasi_id,
        pegawai_id=pegawai_id,
        instansi_id=instansi_id,
        roles=[get_role(session, name) for name in roles],
    )
    session.add(user)
    session.flush()
    return user


def _refuse_bad(username: str, nama: str, email: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,39}", username):
        raise BadInput(f"nama pengguna {username!r}: 3 sampai 40 huruf kecil, angka, titik, -, _")
    if not 1 <= len(nama.strip()) <= 120:
        raise BadInput(f"nama {nama[:20]!r}: 1 sampai 120 huruf")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise BadInput(f"surel {email!r} bukan alamat surel")


def _refuse_homeless(
    roles: Sequence[str],
    titik_lokasi_id: int | None,
    pegawai_id: int | None,
    instansi_id: int | None,
) -> None:
    for role in ("pengawas", "registrasi"):
        if role in roles and titik_lokasi_id is None:
            raise BadInput(f"{role} perlu titik lokasi tempat bertugas")
    if "pegawai" in roles and pegawai_id is None:
        raise BadInput("akun pegawai perlu data pegawainya")
    if "pimpinan" in roles and instansi_id is None:
        raise BadInput("pimpinan perlu instansi yang dipimpinnya")


def get_role(session: Session, name: str) -> Role:
    """The role with this name, created when the database is new."""
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name, description=ROLES[name])
        session.add(role)
        session.flush()
    return role
