"""People of a sesi that was called off get another one, without the items that they have seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations.jadwal.hangus import seen_codes
from web.operations.jadwal.penempatan import Penempat, fill, seats_of
from web.operations.jadwal.perubahan.orang import named, sittings_in
from web.operations.jadwal.perubahan.pecah import chosen
from web.operations.jadwal.perubahan.tujuan import (
    describe_target,
    make_target,
    note_both,
    target_problems,
)
from web.operations.sittings import Keys
from web.tables import Sesi, Sitting

JENIS, JUDUL = "jadwal_ulang", "Jadwalkan ulang"


def problems(session: Session, sesi: Sesi, data: Mapping[str, Any], now: int) -> list[str]:
    """Why it cannot be done; data : kursi (all where it is empty), and what `tujuan` reads."""
    if not sesi.is_void:
        return ["sesi ini tidak dibatalkan; hanya sesi yang dibatalkan dijadwalkan ulang"]
    people = _people(session, sesi, data)
    if not people:
        return ["tidak ada peserta pada kursi yang dipilih"]
    found = target_problems(session, sesi, data, len(people), now)
    if again := _already(session, sesi, people):
        found.append(f"{len(again)} peserta sudah punya jadwal pengganti: {named(again)}")
    return found


def describe(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
    """What it would do, in a sentence."""
    people = _people(session, sesi, data)
    where = describe_target(session, sesi, data)
    return (
        f"{len(people)} peserta mengulang di {where} dengan soal, PIN, dan kursi baru; soal yang "
        "sudah mereka lihat tidak diberikan lagi."
    )


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
    """New sittings, each without what its person has seen. Returns what was done."""
    people = _people(session, sesi, data)
    text = describe(session, sesi, data)
    target = make_target(session, sesi, data, by=by, now=now, replaces=True)
    tempat, seater = seats_of(session, target.id), Penempat(session, target, keys)
    free = set(tempat.free)
    seats = fill(tempat, [each.seat if each.seat in free else None for each in people])
    burnt = {}
    for sitting, seat in zip(people, seats, strict=True):
        if seat is None:
            raise BadInput(f"{target.nama}: kursi tidak cukup untuk {len(people)} peserta")
        codes = sorted(seen_codes(session, sitting))
        made = seater.seat(sitting.peserta, seat, tempat.ruang[seat].id, burnt=codes)
        burnt[made.id] = len(codes)
    said = (text, f"Pengganti {sesi.nama} untuk {len(people)} orang.")
    note_both(
        session,
        "dijadwalkan_ulang",
        sesi,
        target,
        said,
        reason=reason,
        by=by,
        now=now,
        hangus=burnt,
    )
    return text


def _people(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> list[Sitting]:
    if not data.get("kursi"):
        return list(sittings_in(session, sesi.id))
    return chosen(session, sesi, data["kursi"])


def _already(session: Session, sesi: Sesi, people: list[Sitting]) -> list[Sitting]:
    """Those who have a sitting of the same test that counts."""
    rows = session.scalars(
        select(Sitting.peserta_id)
        .join(Sesi)
        .where(
            Sitting.peserta_id.in_([each.peserta_id for each in people]),
            Sitting.ujian == sesi.ujian,
            Sitting.is_void.is_(False),
            Sesi.is_void.is_(False),
        )
    )
    with_one = set(rows)
    return [each for each in people if each.peserta_id in with_one]
