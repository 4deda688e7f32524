"""What happened at one seat, in the order of time: for the side panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from cat.errors import BadInput
from cat.exam.record import MICROSECONDS, Kind
from web.clock import WIB, as_datetime
from web.db import db
from web.operations.hari_ujian.kejadian import JENIS
from web.operations.hari_ujian.panggilan import BANTUAN
from web.operations.jadwal.pelaksanaan import aturan_pelaksanaan
from web.tables import (
    Akomodasi,
    Kejadian,
    Kontak,
    Masuk,
    Panggilan,
    Pesan,
    Sitting,
    SittingEvent,
)

# What a record says that is not an answer.
_EVENTS = {
    Kind.ADMITTED.value: "Diizinkan mulai",
    Kind.REVOKED.value: "Izin mulai dicabut",
    Kind.STARTED.value: "Mulai ujian",
    Kind.PAUSED.value: "Waktu dihentikan",
    Kind.RESUMED.value: "Waktu berjalan lagi",
    Kind.FINISHED.value: "Ujian selesai",
    Kind.REOPENED.value: "Dibuka kembali",
}


@dataclass(frozen=True)
class Peristiwa:
    """One line. at : microseconds. by : account, "sistem", or empty for the candidate."""

    at: int
    what: str
    text: str
    by: str


def of_sitting(sitting: Sitting) -> list[Peristiwa]:
    """Everything known of a seat but its answers, the newest first."""
    found = [*_of_record(sitting), *_noted(sitting), *_said(sitting), *_asked(sitting)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def logins_of(sitting: Sitting) -> Sequence[Masuk]:
    """The computers on which somebody logged in, the newest first."""
    return db.session.scalars(
        select(Masuk).where(Masuk.sitting_id == sitting.id).order_by(Masuk.at.desc(), Masuk.id)
    ).all()


def contact_of(sitting: Sitting) -> int:
    """When the seat was last heard of, seconds since 1970; 0 for never."""
    contact = db.session.scalar(select(Kontak.at).where(Kontak.sitting_id == sitting.id))
    return max(sitting.last_at, contact or 0) // MICROSECONDS


def needs_of(sitting: Sitting) -> list[str]:
    """What the person needs in the room, in words."""
    codes = db.session.scalars(
        select(Akomodasi.kode)
        .where(Akomodasi.peserta_id == sitting.peserta_id)
        .order_by(Akomodasi.kode)
    ).all()
    if not codes:
        return []
    day = as_datetime(sitting.sesi.starts_at).astimezone(WIB).date()
    try:
        known = aturan_pelaksanaan(db.session(), day).akomodasi
    except BadInput:
        known = {}
    return [known[code].nama if code in known else code.replace("_", " ") for code in codes]


def _of_record(sitting: Sitting) -> list[Peristiwa]:
    events = db.session.scalars(
        select(SittingEvent)
        .where(SittingEvent.sitting_id == sitting.id, SittingEvent.kind.in_(_EVENTS))
        .order_by(SittingEvent.seq)
    )
    return [
        Peristiwa(
            event.at,
            _EVENTS[event.kind],
            str(event.data.get("alasan") or event.data.get("sebab") or ""),
            str(event.data.get("oleh", "")),
        )
        for event in events
    ]


def _noted(sitting: Sitting) -> list[Peristiwa]:
    rows = db.session.scalars(select(Kejadian).where(Kejadian.sitting_id == sitting.id))
    names = JENIS.get
    return [Peristiwa(row.at, names(row.jenis, row.jenis), row.uraian, row.oleh) for row in rows]


def _said(sitting: Sitting) -> list[Peristiwa]:
    own = or_(Pesan.sitting_id == sitting.id, Pesan.sitting_id.is_(None))
    rooms = or_(Pesan.ruang_id.is_(None), Pesan.ruang_id == sitting.ruang_id)
    rows = db.session.scalars(select(Pesan).where(Pesan.sesi_id == sitting.sesi_id, own, rooms))
    return [Peristiwa(row.at, "Pesan", row.isi, row.oleh) for row in rows]


def _asked(sitting: Sitting) -> list[Peristiwa]:
    rows = db.session.scalars(select(Panggilan).where(Panggilan.sitting_id == sitting.id)).all()
    calls = [
        Peristiwa(
            row.at, "Panggilan", "Minta bantuan" if row.jenis == BANTUAN else "Masuk ganda", ""
        )
        for row in rows
    ]
    answered = [
        Peristiwa(row.ditangani_at, "Panggilan dijawab", "", row.ditangani_oleh or "")
        for row in rows
        if row.ditangani_at is not None
    ]
    return calls + answered
