"""What proctors and seats said to each other, for the berita acara: messages and calls for help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.operations.dokumen import words
from web.operations.dokumen.peristiwa_sesi import Catatan
from web.operations.hari_ujian.panggilan import BANTUAN
from web.tables import Panggilan, Pesan, Ruang, Sitting


def talk_of(
    session: Session, sesi_id: int, sittings: Sequence[Sitting], zona: str
) -> list[Catatan]:
    """Messages to a seat, a room or all, and calls for help with the moment of their answer.

    A call that the platform itself makes for a seat is told with what it is about.
    """
    seats = {each.id: f"kursi {each.seat}, {each.peserta.nomor}" for each in sittings}
    return [*_messages(session, sesi_id, seats), *_calls(session, sesi_id, seats, zona)]


def _messages(session: Session, sesi_id: int, seats: Mapping[str, str]) -> list[Catatan]:
    rows = session.execute(
        select(Pesan, Ruang.nama)
        .outerjoin(Ruang, Ruang.id == Pesan.ruang_id)
        .where(Pesan.sesi_id == sesi_id)
        .order_by(Pesan.id)
    )
    return [
        Catatan(
            sent.at,
            seats.get(sent.sitting_id or "", room or "seluruh sesi"),
            "Pesan kepada peserta",
            sent.isi,
            sent.oleh,
        )
        for sent, room in rows
    ]


def _calls(session: Session, sesi_id: int, seats: Mapping[str, str], zona: str) -> list[Catatan]:
    calls = session.scalars(
        select(Panggilan)
        .where(Panggilan.sesi_id == sesi_id, Panggilan.jenis == BANTUAN)
        .order_by(Panggilan.id)
    )
    return [
        Catatan(
            call.at,
            seats.get(call.sitting_id, "kursi yang dipindahkan"),
            "Peserta memanggil pengawas",
            "belum dijawab"
            if call.ditangani_at is None
            else f"dijawab pukul {words.pukul(call.ditangani_at, zona)}",
            call.ditangani_oleh or "–",
        )
        for call in calls
    ]
