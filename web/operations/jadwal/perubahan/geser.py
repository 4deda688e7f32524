"""A sesi begins at another time, all of it: one for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations.hari_ujian import kejadian
from web.operations.jadwal.lokasi import rooms_in
from web.operations.jadwal.perubahan.orang import (
    begun_by,
    let_nobody_start,
    sittings_in,
    start_afresh,
)
from web.operations.jadwal.sesi import clashes, lock_rooms, minutes_of
from web.operations.jadwal.waktu import local, moment_text
from web.operations.sittings import Keys
from web.tables import Sesi

JENIS, JUDUL = "geser", "Geser sesi"


def problems(session: Session, sesi: Sesi, data: Mapping[str, Any], now: int) -> list[str]:
    """Why it cannot be done; data : mulai, microseconds since 1970-01-01 UTC."""
    found = begun_by(sittings_in(session, sesi.id))
    if data["mulai"] <= now:
        found.append("jam mulai yang baru sudah lewat")
    if data["mulai"] == sesi.starts_at:
        found.append("jam mulai yang baru sama dengan yang lama")
    rooms, menit = rooms_in(session, sesi.id), minutes_of(session, sesi)
    site = sesi.titik_lokasi
    return found + clashes(session, site, rooms, sesi.nama, data["mulai"], menit, own=sesi.id)


def describe(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
    """What it would do, in a sentence."""
    zona = sesi.titik_lokasi.zona
    before, after = moment_text(sesi.starts_at, zona), moment_text(data["mulai"], zona)
    other_day = local(sesi.starts_at, zona).date() != local(data["mulai"], zona).date()
    dies = " Hari berubah: semua PIN yang sudah diberikan mati." if other_day else ""
    return f"Mulai dari {before} menjadi {after} untuk semua peserta.{dies}"


def carry_out(
    session: Session,
    sesi: Sesi,
    data: Mapping[str, Any],
    *,
    reason: str,
    by: str,
    now: int,
    keys: Keys,
) -> str:
    """Move the start; PINs die when the day changes. Returns what was done."""
    lock_rooms(session, rooms_in(session, sesi.id))
    if found := problems(session, sesi, data, now):
        raise BadInput("; ".join(found))
    zona, before = sesi.titik_lokasi.zona, sesi.starts_at
    text = describe(session, sesi, data)
    dead, people, why = 0, sittings_in(session, sesi.id), f"sesi digeser: {reason}"[:200]
    if local(before, zona).date() != local(data["mulai"], zona).date():
        dead = start_afresh(session, people, why, by=by, now=now, keys=keys)
    else:
        let_nobody_start(session, people, why, by=by, now=now, keys=keys)
    sesi.starts_at = data["mulai"]
    kejadian.note(
        session,
        sesi.id,
        "sesi_digeser",
        f"{text} Alasan: {reason}",
        by=by,
        now=now,
        dari=before,
        menjadi=data["mulai"],
        pin_mati=dead,
    )
    return text
