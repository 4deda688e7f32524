"""Reading whom an act is meant for, and offering the choices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations.jadwal.denah import denah_of
from web.operations.pengawasan.kelompok import Lingkup
from web.proctor.forms import SESI, ScopeForm
from web.tables import Ruang, Sesi, Sitting

_SCOPE = re.compile(r"(?:ruang-(\d{1,9})|baris-(\d{1,9})-(\d{1,3}))")
_SEATS = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?")


def read_scope(session: Session, sesi: Sesi, rooms: Sequence[Ruang], form: ScopeForm) -> Lingkup:
    """What the form says. Raises BadInput for a room of another sesi or for no seat numbers."""
    lingkup = _place(sesi, rooms, form.lingkup.data or SESI)
    if not form.kursi.data:
        return lingkup
    wanted = read_seats(form.kursi.data)
    ids = session.scalars(
        select(Sitting.id).where(Sitting.sesi_id == sesi.id, Sitting.seat.in_(wanted))
    ).all()
    return Lingkup(sesi.id, seats=tuple(ids))


def read_seats(text: str) -> set[int]:
    """Seat numbers as people write them: "1-20, 35". Raises BadInput."""
    seats: set[int] = set()
    for piece in filter(None, (each.strip() for each in text.replace(";", ",").split(","))):
        match = _SEATS.fullmatch(piece)
        if match is None:
            raise BadInput(f"Kursi {piece!r}: tulis seperti 1-20, 35.")
        first = int(match[1])
        seats.update(range(first, int(match[2] or first) + 1))
    return seats


def scope_choices(sesi: Sesi, rooms: Sequence[Ruang]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(value, label)]) of everything that an act may be meant for."""
    whole = [(SESI, "Seluruh sesi")]
    if len(rooms) > 1:
        whole += [(f"ruang-{room.id}", room.nama) for room in rooms]
    rows = [
        (
            f"Baris di {room.nama}",
            [(f"baris-{room.id}-{row}", f"Baris {row}: {span}") for row, span in _rows(room)],
        )
        for room in rooms
    ]
    return [(sesi.nama, whole), *rows]


def _rows(room: Ruang) -> list[tuple[int, str]]:
    found = []
    for number, seats in enumerate(denah_of(room).barisan(), start=1):
        own = [seat for seat in seats if seat is not None]
        if own:
            found.append((number, f"kursi {own[0]}–{own[-1]}"))
    return found


def _place(sesi: Sesi, rooms: Sequence[Ruang], text: str) -> Lingkup:
    if text == SESI:
        return Lingkup(sesi.id)
    match = _SCOPE.fullmatch(text)
    room = int(match[1] or match[2]) if match else 0
    if match is None or room not in {each.id for each in rooms}:
        raise BadInput("Pilih sesi, ruang, atau baris dari daftar.")
    return Lingkup(sesi.id, ruang_id=room, baris=int(match[3]) if match[3] else None)
