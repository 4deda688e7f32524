"""Moments of a sesi in the local time of its site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from web.clock import as_datetime
from web.operations.jadwal.pelaksanaan import Pelaksanaan, aturan_pelaksanaan
from web.tables import Sesi

ZONA = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MINUTE = 60 * MICROSECONDS


@dataclass(frozen=True)
class Jendela:
    """When a sesi begins and its desk works, microseconds since 1970-01-01 UTC.

    From `buka_at` to just before `tutup_at` a PIN may be given.
    """

    buka_at: int
    hadir_at: int
    tutup_at: int
    mulai_at: int

    def is_open(self, now: int) -> bool:
        """Whether a PIN may be given now."""
        return self.buka_at <= now < self.tutup_at


def moment(day: date, at: time, zona: str) -> int:
    """A local time of a day as microseconds since 1970-01-01 UTC."""
    return int(datetime.combine(day, at, ZoneInfo(zona)).timestamp()) * MICROSECONDS


def local(at: int, zona: str) -> datetime:
    """A moment in the local time of a zone."""
    return as_datetime(at).astimezone(ZoneInfo(zona))


def moment_text(at: int, zona: str) -> str:
    """A moment in words: local date and time with the name of the zone."""
    return f"{local(at, zona):%d-%m-%Y %H.%M} {ZONA[zona]}"


def day_of(sesi: Sesi) -> date:
    """The local day on which a sesi begins."""
    return local(sesi.starts_at, sesi.titik_lokasi.zona).date()


def rules_on(session: Session, sesi: Sesi) -> Pelaksanaan:
    """The rules of the day on which a sesi begins."""
    return aturan_pelaksanaan(session, day_of(sesi))


def jendela_of(session: Session, sesi: Sesi) -> Jendela:
    """When the desk of a sesi opens and closes, by the rules of its day."""
    rules = rules_on(session, sesi)
    return Jendela(
        sesi.starts_at - rules.registrasi_buka_menit * MINUTE,
        sesi.starts_at - rules.kedatangan_menit * MINUTE,
        sesi.starts_at - rules.pin_tutup_menit * MINUTE,
        sesi.starts_at,
    )
