"""The sesi that people go to when plans change: one on the calendar, or a new one.

data : sesi_id of one that is there; or nama, mulai (microseconds since 1970-01-01 UTC) and ruang
(ids) of a new one, with pool_digest where it runs on another pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import BadInput
from web.operations.hari_ujian import kejadian
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.penempatan import seats_of
from web.operations.jadwal.syarat import Syarat, terms_of_sesi
from web.operations.jadwal.waktu import moment_text
from web.operations.pools import get_pool, refuse_withdrawn
from web.tables import Ruang, Sesi


def target_problems(
    session: Session, sesi: Sesi, data: Mapping[str, Any], people: int, now: int
) -> list[str]:
    """Why so many people cannot go there."""
    try:
        syarat = _terms(session, sesi, data)
        if data.get("sesi_id"):
            return _problems_of(session, sesi, _existing(session, data), syarat, people, now)
        rooms = _rooms(session, data)
        calendar.refuse_bad_rooms(sesi.titik_lokasi, rooms)
    except BadInput as error:
        return [str(error)]
    starts_at = data["mulai"]
    found = calendar.clashes(
        session, sesi.titik_lokasi, rooms, data["nama"], starts_at, syarat.menit
    )
    if starts_at <= now:
        found.append("jam mulai sesi baru sudah lewat")
    seats = calendar.seats_in(rooms)
    if seats < people:
        found.append(f"{people} peserta untuk {seats} kursi pada ruang yang dipilih")
    return found


def describe_target(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
    """Where people go, in words."""
    if data.get("sesi_id"):
        target = _existing(session, data)
        when = moment_text(target.starts_at, target.titik_lokasi.zona)
        return f"{target.nama} ({target.titik_lokasi.nama}, {when})"
    rooms = ", ".join(room.nama for room in _rooms(session, data))
    when = moment_text(data["mulai"], sesi.titik_lokasi.zona)
    return f"sesi baru {data['nama']} ({rooms}, {when})"


def make_target(
    session: Session,
    sesi: Sesi,
    data: Mapping[str, Any],
    *,
    by: str,
    now: int,
    replaces: bool = False,
) -> Sesi:
    """The sesi that is there, or the new one. replaces : whether the old one was called off."""
    if data.get("sesi_id"):
        return _existing(session, data)
    return calendar.create(
        session,
        sesi.titik_lokasi,
        _rooms(session, data),
        _terms(session, sesi, data),
        nama=data["nama"],
        starts_at=data["mulai"],
        by=by,
        now=now,
        pengganti_dari=sesi.id if replaces else None,
    )


def _terms(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> Syarat:
    """The terms of the old sesi, on another pool of the same test and mode where one is named."""
    syarat = terms_of_sesi(session, sesi)
    digest = data.get("pool_digest") or syarat.pool_digest
    refuse_withdrawn(session, digest)
    old, new = get_pool(session, syarat.pool_digest), get_pool(session, digest)
    same_parts = [part.part for part in old.parts] == [part.part for part in new.parts]
    if not same_parts or old.is_linear != new.is_linear:
        raise BadInput(f"pool {new.code} bukan untuk ujian dan moda sesi ini")
    return replace(syarat, pool_digest=digest)


def _existing(session: Session, data: Mapping[str, Any]) -> Sesi:
    found = session.scalar(
        select(Sesi)
        .where(Sesi.id == data["sesi_id"])
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
    )
    if found is None:
        raise BadInput(f"sesi {data['sesi_id']} tidak ada")
    return found


def _problems_of(
    session: Session, sesi: Sesi, target: Sesi, syarat: Syarat, people: int, now: int
) -> list[str]:
    found = []
    if target.id == sesi.id:
        found.append("sesi tujuan sama dengan sesi asal")
    if target.is_void or target.is_closed or target.starts_at <= now:
        found.append(f"{target.nama} sudah mulai, ditutup, atau dibatalkan")
    theirs = (target.ujian, target.mode, target.rules_digest, target.pool_digest)
    if theirs != (syarat.ujian, syarat.mode, syarat.rules_digest, syarat.pool_digest):
        found.append(f"{target.nama} memakai ujian, moda, atau pool lain")
    free = len(seats_of(session, target.id).free)
    if free < people:
        found.append(f"{target.nama}: {people} peserta untuk {free} kursi kosong")
    return found


def _rooms(session: Session, data: Mapping[str, Any]) -> Sequence[Ruang]:
    order = Ruang.kursi_awal, Ruang.nama
    return session.scalars(
        select(Ruang).where(Ruang.id.in_(data.get("ruang", ()))).order_by(*order)
    ).all()


def note_both(
    session: Session,
    jenis: str,
    sesi: Sesi,
    target: Sesi,
    said: tuple[str, str],
    *,
    reason: str,
    by: str,
    now: int,
    **data: object,
) -> None:
    """Note a change of plan at the sesi that people leave and at the one that they come to.

    said : at the one and at the other.
    """
    for each, text in zip((sesi, target), said, strict=True):
        kejadian.note(
            session,
            each.id,
            jenis,
            f"{text} Alasan: {reason}"[: kejadian.LONGEST],
            by=by,
            now=now,
            dari=sesi.id,
            ke=target.id,
            **data,
        )
