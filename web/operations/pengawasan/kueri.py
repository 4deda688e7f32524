"""The reads behind the map: built once, as plain columns without objects."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_, select, union_all

from cat.exam.record import Kind
from cat.exam.state import Phase
from web.operations.hari_ujian.masuk import DITAHAN
from web.operations.pengawasan.aturan import CEPAT, UBAH
from web.tables import Kejadian, Kontak, Masuk, Panggilan, Sitting, SittingEvent, UsulSesi


class Keadaan(StrEnum):
    """Where a seat stands, as the proctor calls it."""

    KOSONG = "kosong"
    MENUNGGU = "menunggu"
    DIIZINKAN = "diizinkan"
    MENGERJAKAN = "mengerjakan"
    DIAM = "diam"
    DIJEDA = "dijeda"
    SELESAI = "selesai"


# Marks on a seat that are reckoned here; those of `tanda` join them.
KOMPUTER, ALAMAT, CATATAN, USUL = "komputer", "alamat", "catatan", "usul"
TANDA = (KOMPUTER, ALAMAT, CEPAT, UBAH, CATATAN, USUL)
PANGGILAN, GANGGUAN = "panggilan", "gangguan"
PLACES = {1: (KOMPUTER,), 2: (ALAMAT,), 3: (KOMPUTER, ALAMAT)}
TEMPAT = "tempat"
FAULTS = ("gangguan_komputer", "gangguan_listrik", "gangguan_jaringan")


def _seats() -> Select[Any]:
    is_quiet = and_(
        Sitting.last_at < bindparam("cutoff"),
        or_(Kontak.at.is_(None), Kontak.at < bindparam("cutoff")),
    )
    has_come = Sitting.arrived_at.is_not(None)
    keadaan = case(
        (and_(Sitting.phase == Phase.WORKING.value, is_quiet), Keadaan.DIAM.value),
        (Sitting.phase == Phase.WORKING.value, Keadaan.MENGERJAKAN.value),
        (Sitting.phase == Phase.FINISHED.value, Keadaan.SELESAI.value),
        (Sitting.phase == Phase.PAUSED.value, Keadaan.DIJEDA.value),
        (Sitting.phase == Phase.ADMITTED.value, Keadaan.DIIZINKAN.value),
        (has_come, Keadaan.MENUNGGU.value),
        else_=Keadaan.KOSONG.value,
    )
    stands = Sitting.phase == Phase.PAUSED.value
    return (
        select(
            Sitting.id,
            Sitting.seat,
            Sitting.ruang_id,
            keadaan,
            Sitting.deadline,
            # Only where they matter here: they change with every answer.
            case((stands, Sitting.event_count), else_=0),
            case((stands, Sitting.last_at), else_=0),
            Sitting.seconds,
        )
        .outerjoin(Kontak, Kontak.sitting_id == Sitting.id)
        .where(Sitting.sesi_id == bindparam("sesi"))
        .order_by(Sitting.seat)
    )


def _happened() -> Any:
    """Open calls, held and repeated logins, notes and proposals: (what, sitting, jenis, n, at)."""
    sesi = bindparam("sesi")
    calls = select(
        literal(PANGGILAN),
        Panggilan.sitting_id,
        Panggilan.jenis,
        Panggilan.id,
        Panggilan.at,
    ).where(Panggilan.sesi_id == sesi, Panggilan.ditangani_at.is_(None))
    held = (
        select(literal(DITAHAN), Masuk.sitting_id, literal(""), func.count(), func.max(Masuk.at))
        .join(Sitting, Sitting.id == Masuk.sitting_id)
        .where(Sitting.sesi_id == sesi, Masuk.keadaan == DITAHAN)
        .group_by(Masuk.sitting_id)
    )
    is_fault = Kejadian.jenis.in_(FAULTS)
    faults, notes = (
        select(
            literal(what),
            Kejadian.sitting_id,
            literal(""),
            func.count(),
            func.max(Kejadian.at),
        )
        .where(Kejadian.sesi_id == sesi, Kejadian.sitting_id.is_not(None), condition)
        .group_by(Kejadian.sitting_id)
        for what, condition in ((GANGGUAN, is_fault), (CATATAN, ~is_fault))
    )
    proposed = select(
        literal(USUL), UsulSesi.sitting_id, UsulSesi.jenis, UsulSesi.id, UsulSesi.at
    ).where(
        UsulSesi.sesi_id == sesi, UsulSesi.sitting_id.is_not(None), UsulSesi.disetujui.is_(None)
    )
    return union_all(calls, held, faults, notes, proposed, _places(sesi))


def _places(sesi: Any) -> Select[Any]:
    """Seats that logged in from several computers (n is 1), addresses (2), or both (3)."""
    computers = func.min(Masuk.komputer) != func.max(Masuk.komputer)
    addresses = func.min(Masuk.alamat) != func.max(Masuk.alamat)
    which = case((computers, 1), else_=0) + case((addresses, 2), else_=0)
    return (
        select(literal(TEMPAT), Masuk.sitting_id, literal(""), which, func.max(Masuk.at))
        .join(Sitting, Sitting.id == Masuk.sitting_id)
        .where(Sitting.sesi_id == sesi)
        .group_by(Masuk.sitting_id)
        .having(or_(computers, addresses))
    )


def _served() -> Select[Any]:
    """Served microseconds of clocks that stand: each run lasts until the next of these events."""
    kinds = (Kind.STARTED, Kind.PAUSED, Kind.RESUMED, Kind.FINISHED, Kind.REOPENED)
    after = func.lead(SittingEvent.at).over(
        partition_by=SittingEvent.sitting_id, order_by=SittingEvent.seq
    )
    steps = (
        select(
            SittingEvent.sitting_id.label("sitting_id"),
            SittingEvent.kind.label("kind"),
            (after - SittingEvent.at).label("run"),
        )
        .where(
            SittingEvent.sitting_id.in_(bindparam("ids", expanding=True)),
            SittingEvent.kind.in_([kind.value for kind in kinds]),
        )
        .subquery()
    )
    return (
        select(steps.c.sitting_id, func.sum(steps.c.run))
        .where(steps.c.kind.in_((Kind.STARTED.value, Kind.RESUMED.value)))
        .group_by(steps.c.sitting_id)
    )


SEATS, HAPPENED, SERVED = _seats(), _happened(), _served()
