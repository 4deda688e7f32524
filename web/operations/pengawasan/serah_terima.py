"""Handing a duty over: the one proposes, the other accepts under the own login."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson, NotDue
from web.operations import audit
from web.operations.hari_ujian import kejadian
from web.operations.pengawasan.pelaku import Pelaku, lock_sesi, open_sesi, take_up_duty
from web.tables import Role, Ruang, Sesi, TugasPengawas, User, UsulSesi

SERAH_TERIMA = "serah_terima"
PENGAWAS = "pengawas"


def colleagues(session: Session, sesi: Sesi, by: str) -> list[User]:
    """Other proctors of the site, by name."""
    return list(
        session.scalars(
            select(User)
            .where(
                User.titik_lokasi_id == sesi.titik_lokasi_id,
                User.active.is_(True),
                User.username != by,
                User.roles.any(Role.name == PENGAWAS),
            )
            .order_by(User.nama)
        )
    )


def propose(session: Session, sesi_id: int, to: str, catatan: str, who: Pelaku) -> UsulSesi:
    """Ask a colleague to take over; a duty that was not yet noted begins with it.

    Raises BadInput for somebody who is no proctor of the site, AlreadyDecided where one waits.
    """
    sesi = lock_sesi(session, sesi_id)
    open_sesi(session, sesi_id)
    if to not in {each.username for each in colleagues(session, sesi, who.by)}:
        raise BadInput("Pilih pengawas lain di titik lokasi ini.")
    duty = take_up_duty(session, sesi_id, who)
    if duty is None:
        raise NotDue("Sesi ini sudah berakhir.")
    if any(each.oleh == who.by for each in waiting(session, sesi_id)):
        raise AlreadyDecided("Serah terima Anda masih menunggu jawaban.")
    row = UsulSesi(
        sesi_id=sesi_id,
        jenis=SERAH_TERIMA,
        data={"tugas": duty.id, "ke": to},
        alasan=" ".join(catatan.split())[:500] or "Tanpa catatan.",
        at=who.now,
        oleh=who.by,
    )
    session.add(row)
    audit.record(
        session, at=who.now, by=who.by, act="usul serah terima", subject=f"sesi {sesi_id}", ke=to
    )
    session.flush()
    return row


def waiting(session: Session, sesi_id: int) -> list[UsulSesi]:
    """Hand-overs of a sesi that nobody has answered, oldest first."""
    return list(
        session.scalars(
            select(UsulSesi)
            .where(
                UsulSesi.sesi_id == sesi_id,
                UsulSesi.jenis == SERAH_TERIMA,
                UsulSesi.disetujui.is_(None),
            )
            .order_by(UsulSesi.id)
        )
    )


def answer(session: Session, usul_id: int, accept: bool, who: Pelaku) -> UsulSesi:
    """The colleague accepts or declines; whoever proposed may take it back.

    Raises NeedsSecondPerson for anybody else, AlreadyDecided, NotDue.
    """
    row = session.get(UsulSesi, usul_id, with_for_update=True, populate_existing=True)
    if row is None or row.jenis != SERAH_TERIMA:
        raise BadInput(f"serah terima {usul_id} tidak ada")
    if row.disetujui is not None:
        raise AlreadyDecided("Serah terima ini sudah dijawab.")
    if who.by != row.data["ke"] and (accept or who.by != row.oleh):
        raise NeedsSecondPerson("Hanya pengawas yang dituju yang dapat menerima serah terima ini.")
    row.disetujui, row.diputus_at, row.diputus_oleh = accept, who.now, who.by
    act = "terima serah terima" if accept else "tolak serah terima"
    audit.record(session, at=who.now, by=who.by, act=act, subject=f"sesi {row.sesi_id}")
    if accept:
        _take_over(session, row, who)
    session.flush()
    return row


def _take_over(session: Session, row: UsulSesi, who: Pelaku) -> None:
    open_sesi(session, row.sesi_id)
    old = session.get_one(TugasPengawas, row.data["tugas"])
    if old.selesai_at is not None:
        raise NotDue("Tugas yang diserahkan sudah berakhir.")
    old.selesai_at, old.diserahkan_ke = who.now, who.by
    take_up_duty(session, row.sesi_id, who, ruang_id=old.ruang_id)
    room = session.get(Ruang, old.ruang_id) if old.ruang_id else None
    names = {
        user.username: user.nama
        for user in session.scalars(select(User).where(User.username.in_([row.oleh, who.by])))
    }
    text = (
        f"{room.nama if room else 'Seluruh sesi'} diserahkan {names.get(row.oleh, row.oleh)} "
        f"kepada {names.get(who.by, who.by)}. {row.alasan}"
    )
    kejadian.note(
        session,
        row.sesi_id,
        SERAH_TERIMA,
        text,
        by=who.by,
        now=who.now,
        ruang_id=old.ruang_id,
        dari=row.oleh,
        ke=who.by,
    )
