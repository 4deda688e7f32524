"""Some people of a sesi go to another one, which is there already or is made for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations.jadwal.penempatan import Tempat, fill, seats_of
from web.operations.jadwal.perubahan.orang import begun_by, named, sittings_in, start_afresh
from web.operations.jadwal.perubahan.tujuan import (
    describe_target,
    make_target,
    note_both,
    target_problems,
)
from web.operations.sittings import Keys
from web.tables import Sesi, Sitting

JENIS, JUDUL = "pecah", "Pecah sesi"


def problems(session: Session, sesi: Sesi, data: Mapping[str, Any], now: int) -> list[str]:
    """Why it cannot be done; data : kursi, the seats that move, and what `tujuan` reads."""
    people = chosen(session, sesi, data["kursi"])
    if not people:
        return ["tidak ada peserta pada kursi yang dipilih"]
    found = begun_by(people) + target_problems(session, sesi, data, len(people), now)
    if len(people) == len(sittings_in(session, sesi.id)):
        found.append("semua peserta terpilih: geser sesinya, jangan dipecah")
    return found


def describe(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
    """What it would do, in a sentence."""
    people = chosen(session, sesi, data["kursi"])
    where = describe_target(session, sesi, data)
    return f"{len(people)} peserta pindah ke {where}: {named(people)}. PIN mereka mati."


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
    """Move the people, on their own seats where those are free there. Returns what was done."""
    people = chosen(session, sesi, data["kursi"])
    text = describe(session, sesi, data)
    target = make_target(session, sesi, data, by=by, now=now)
    why = f"sesi dipecah: {reason}"[:200]
    start_afresh(session, people, why, by=by, now=now, keys=keys)
    tempat = seats_of(session, target.id)
    seats = fill(tempat, [_own_seat(each, tempat) for each in people])
    moved = []
    for sitting, seat in zip(people, seats, strict=True):
        if seat is None:
            raise BadInput(f"{target.nama}: kursi tidak cukup untuk {len(people)} peserta")
        moved.append([sitting.id, sitting.seat, seat])
        sitting.sesi, sitting.seat, sitting.ruang_id = target, seat, tempat.ruang[seat].id
    session.flush()
    session.expire(sesi, ["sittings"])
    said = (text, f"{len(people)} peserta datang dari {sesi.nama}.")
    note_both(
        session, "sesi_dipecah", sesi, target, said, reason=reason, by=by, now=now, pindah=moved
    )
    return text


def chosen(session: Session, sesi: Sesi, seats: Sequence[int]) -> list[Sitting]:
    """The people on these seats."""
    wanted = set(seats)
    return [each for each in sittings_in(session, sesi.id) if each.seat in wanted]


def _own_seat(sitting: Sitting, tempat: Tempat) -> int | None:
    """The seat that somebody has now, where the new sesi has it in the same room and free."""
    room = tempat.ruang.get(sitting.seat)
    is_same = room is not None and room.id == sitting.ruang_id
    return sitting.seat if is_same and sitting.seat not in tempat.taken else None
