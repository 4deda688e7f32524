"""What a proctor does to one seat. None of these acts adds time: terms alone say how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, NotDue
from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase, State
from web.operations import audit, proctoring, records
from web.operations.hari_ujian import kejadian, masuk, panggilan
from web.operations.pengawasan.aturan import aturan
from web.operations.pengawasan.keadaan import quiet_seconds
from web.operations.pengawasan.pelaku import (
    Pelaku,
    lock_sitting,
    open_sesi,
    reason_of,
)
from web.operations.records import States, lock_sittings
from web.tables import Kejadian, Kontak, Masuk, Panggilan, Sitting


@dataclass(frozen=True)
class Sebab:
    """Why a clock is stopped. kode : one that the rules let stop it.

    from_contact : count from when a silent computer was last heard of, rather than from now.
    """

    kode: str
    alasan: str
    from_contact: bool = False

    @property
    def text(self) -> str:
        """The cause and what happened. Raises BadInput."""
        names = aturan().sebab
        if self.kode not in names:
            raise BadInput(f"Sebab {self.kode!r} tidak menghentikan waktu; pilih dari daftar.")
        return f"{names[self.kode]}: {reason_of(self.alasan)}"


def admit(session: Session, sitting_id: str, who: Pelaku) -> State:
    """Let a candidate in who has logged in. Raises NotDue for an empty seat, SesiClosed,
    SittingClosed.
    """
    return records.the_state(admit_all(session, [sitting_id], who), sitting_id)


def admit_all(session: Session, sitting_ids: Sequence[str], who: Pelaku) -> States:
    """Let many in; returns for each the state, or why not."""
    found: States = {}
    for sitting in lock_sittings(session, sitting_ids):
        if sitting.phase == Phase.WAITING and sitting.arrived_at is None:
            found[sitting.id] = NotDue("Peserta ini belum masuk di komputernya.")
    seated = [each for each in sitting_ids if each not in found]
    return found | proctoring.admit_all(session, seated, by=who.by, now=who.now, keys=who.keys)


def refuse_entry(session: Session, sitting_id: str, alasan: str, who: Pelaku) -> Kejadian:
    """Send somebody away who has not started, let in or not; the same person may come back once it
    is cleared.

    Raises AlreadyStarted, SittingClosed, BadInput for a reason that is none.
    """
    alasan = reason_of(alasan)
    sitting = lock_sitting(session, sitting_id)
    open_sesi(session, sitting.sesi_id)
    proctoring.revoke(session, sitting_id, by=who.by, reason=alasan, now=who.now, keys=who.keys)
    masuk.release(session, sitting, by=who.by, now=who.now)
    sitting.arrived_at = None
    audit.record(
        session, at=who.now, by=who.by, act="tolak masuk", subject=sitting.id, alasan=alasan
    )
    return _note(session, "masuk_ditolak", alasan, sitting, who)


def pause(session: Session, sitting_id: str, sebab: Sebab, who: Pelaku) -> State:
    """Stop a clock for a technical cause; a stop that was there already leaves no second note.

    Raises NotWorking, SittingClosed, BadInput.
    """
    before = lock_sitting(session, sitting_id).event_count
    state = stop_clock(session, sitting_id, sebab, who)
    if state.phase is Phase.PAUSED and state.seq > before:
        sitting = session.get_one(Sitting, sitting_id)
        _note(session, sebab.kode, reason_of(sebab.alasan), sitting, who, urut=state.seq)
    return state


def stop_clock(session: Session, sitting_id: str, sebab: Sebab, who: Pelaku) -> State:
    """Only the move itself, without a note of its own."""
    return records.the_state(stop_clocks(session, [sitting_id], sebab, who), sitting_id)


def stop_clocks(session: Session, sitting_ids: Sequence[str], sebab: Sebab, who: Pelaku) -> States:
    """Stop many; returns for each the state, or why not.

    A clock that stands because of two computers is stopped anew for this cause: it must not run
    again as soon as one of them is allowed.
    """
    chosen = lock_sittings(session, sitting_ids)
    held = masuk.stopped_for_two_computers(session, sitting_ids)
    proctoring.resume_all(session, held, by=masuk.SISTEM, now=who.now, keys=who.keys)
    return proctoring.pause_all(
        session,
        sitting_ids,
        by=who.by,
        reason=sebab.text,
        now=who.now,
        keys=who.keys,
        since=silent_since(session, chosen, who.now) if sebab.from_contact else {},
    )


def silent_since(session: Session, chosen: Sequence[Sitting], now: int) -> dict[str, int]:
    """When seats fell silent, microseconds; those that are heard of are left out: nothing is given
    back there.
    """
    contacts = select(Kontak.sitting_id, Kontak.at).where(
        Kontak.sitting_id.in_([each.id for each in chosen])
    )
    asked = {row.sitting_id: row.at for row in session.execute(contacts)}
    heard = {each.id: max(each.last_at, asked.get(each.id, 0)) for each in chosen}
    longest = quiet_seconds(session, now) * MICROSECONDS
    return {sitting_id: at for sitting_id, at in heard.items() if now - at >= longest}


def resume(session: Session, sitting_id: str, who: Pelaku) -> State:
    """Let a clock run again. Raises NotDue while two computers compete for the sitting."""
    return records.the_state(resume_all(session, [sitting_id], who), sitting_id)


def resume_all(
    session: Session, sitting_ids: Sequence[str], who: Pelaku, *, at_computers: bool = False
) -> States:
    """Let many clocks run again; returns for each the state, or why not.

    at_computers : not for somebody who logged out, or was moved, and is at no computer yet.
    """
    lock_sittings(session, sitting_ids)
    logins = masuk.standings(session, sitting_ids)
    found: States = {}
    for sitting_id in sitting_ids:
        if masuk.DITAHAN in logins[sitting_id]:
            found[sitting_id] = NotDue("Pilih dahulu komputer yang boleh melanjutkan.")
        elif at_computers and logins[sitting_id] == {masuk.SELESAI}:
            found[sitting_id] = NotDue("belum masuk lagi di komputernya")
    rest = [each for each in sitting_ids if each not in found]
    return found | proctoring.resume_all(session, rest, by=who.by, now=who.now, keys=who.keys)


def end(session: Session, sitting_id: str, alasan: str, who: Pelaku) -> State:
    """End somebody's exam; what is answered counts. Raises NotWorking, SittingClosed, BadInput."""
    alasan = reason_of(alasan)
    before = lock_sitting(session, sitting_id).event_count
    state = proctoring.end(
        session, sitting_id, by=who.by, reason=alasan, now=who.now, keys=who.keys
    )
    if state.seq > before:
        sitting = session.get_one(Sitting, sitting_id)
        _note(session, "diakhiri", alasan, sitting, who, urut=state.seq)
    return state


def allow_login(session: Session, masuk_id: str, who: Pelaku) -> Sitting:
    """Let one of several computers go on; the others are ended, and a clock they stopped runs."""
    login = session.get_one(Masuk, masuk_id)
    sitting = session.get_one(Sitting, login.sitting_id)
    open_sesi(session, sitting.sesi_id)
    masuk.allow(session, masuk_id, by=who.by, now=who.now, keys=who.keys)
    return sitting


def attend(session: Session, panggilan_id: int, who: Pelaku) -> Panggilan:
    """A call has been answered; again changes nothing."""
    call = session.get_one(Panggilan, panggilan_id, populate_existing=True)
    is_new = call.ditangani_at is None
    panggilan.attend(session, panggilan_id, by=who.by, now=who.now)
    if is_new:
        audit.record(session, at=who.now, by=who.by, act="jawab panggilan", subject=call.sitting_id)
    return call


def note_irregularity(
    session: Session,
    sesi_id: int,
    jenis: str,
    uraian: str,
    who: Pelaku,
    *,
    sitting: Sitting | None = None,
    ruang_id: int | None = None,
) -> Kejadian:
    """Note what happened at a seat, in a room, or in the sesi. The clock is not touched.

    Raises BadInput for a kind that a proctor does not choose, or a text of the wrong length.
    """
    if jenis not in kejadian.PELANGGARAN:
        raise BadInput(f"Jenis kejadian {jenis!r} tidak ada dalam daftar.")
    open_sesi(session, sesi_id)
    subject = sitting.id if sitting else f"sesi {sesi_id}"
    audit.record(session, at=who.now, by=who.by, act="catat kejadian", subject=subject, jenis=jenis)
    return kejadian.note(
        session,
        sesi_id,
        jenis,
        " ".join(uraian.split()),
        by=who.by,
        now=who.now,
        sitting=sitting,
        ruang_id=ruang_id,
    )


def _note(
    session: Session, jenis: str, uraian: str, sitting: Sitting, who: Pelaku, **data: int
) -> Kejadian:
    return kejadian.note(
        session,
        sitting.sesi_id,
        jenis,
        uraian,
        by=who.by,
        now=who.now,
        sitting=sitting,
        **data,
    )
