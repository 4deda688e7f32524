"""One act for many seats: each sitting is judged on its own; the summary names who could not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cat.errors import BadInput, CatError
from cat.exam.state import Phase
from web.operations import audit, proctoring
from web.operations.hari_ujian import kejadian, masuk
from web.operations.jadwal.denah import denah_of
from web.operations.pengawasan import tindakan
from web.operations.pengawasan.pelaku import Pelaku
from web.operations.pengawasan.tindakan import Sebab
from web.operations.records import States
from web.tables import Kejadian, Ruang, SesiRuang, Sitting

JEDA, LANJUT, CABUT = "jeda_bersama", "lanjut_bersama", "izin_dicabut"
# Seats of one transaction: those who answer meanwhile wait for the lock no longer than that takes.
CHUNK = 40


@dataclass(frozen=True)
class Lingkup:
    """Whom an act is meant for: the sesi, a room of it, a row of the room, or the seats named.

    seats : sitting ids; None for all that the rest allows. baris : row of the room, from 1.
    """

    sesi_id: int
    ruang_id: int | None = None
    baris: int | None = None
    seats: tuple[str, ...] | None = None


@dataclass
class Ringkasan:
    """What became of one act. done : seats. refused : seat and error of those who could not.

    urut : sitting -> number of the event that the act left in its record.
    """

    done: list[int] = field(default_factory=list)
    refused: list[tuple[int, CatError]] = field(default_factory=list)
    urut: dict[str, int] = field(default_factory=dict)

    def add(self, other: Ringkasan) -> None:
        """Take in what became of the next seats."""
        self.done += other.done
        self.refused += other.refused
        self.urut |= other.urut


def sittings_in(
    session: Session, lingkup: Lingkup, phase: Phase, *, arrived: bool = False
) -> list[str]:
    """Ids of those in a phase, in the order in which rows are locked.

    arrived : only those who sit at a computer. Raises BadInput for a room or row that is not there.
    """
    chosen = _within(session, lingkup).where(Sitting.phase == phase.value)
    if arrived:
        chosen = chosen.where(Sitting.arrived_at.is_not(None))
    return list(session.scalars(chosen.order_by(Sitting.id)))


def clocks_in(session: Session, lingkup: Lingkup) -> list[str]:
    """Ids of those whose clock a stop of many concerns, in the order in which rows are locked:
    whoever works, and whoever was stopped only because two computers compete. Raises as above.
    """
    paused = sittings_in(session, lingkup, Phase.PAUSED)
    held = masuk.stopped_for_two_computers(session, paused)
    return sorted([*sittings_in(session, lingkup, Phase.WORKING), *held])


def everybody_in(session: Session, lingkup: Lingkup) -> list[str]:
    """Ids of all of them, seat by seat. Raises as `sittings_in`."""
    return list(session.scalars(_within(session, lingkup).order_by(Sitting.seat)))


def _within(session: Session, lingkup: Lingkup) -> Select[tuple[str]]:
    chosen = select(Sitting.id).where(Sitting.sesi_id == lingkup.sesi_id)
    if lingkup.ruang_id is not None:
        chosen = chosen.where(Sitting.ruang_id == lingkup.ruang_id)
    if lingkup.baris is not None:
        chosen = chosen.where(Sitting.seat.in_(_row(session, lingkup)))
    if lingkup.seats is not None:
        chosen = chosen.where(Sitting.id.in_(lingkup.seats))
    return chosen


def admit(session: Session, ids: Sequence[str], who: Pelaku) -> Ringkasan:
    """Let these in."""
    return _summary(session, ids, tindakan.admit_all(session, ids, who))


def pause(session: Session, ids: Sequence[str], sebab: Sebab, who: Pelaku) -> Ringkasan:
    """Stop these clocks; `note_pause` then says so once for all."""
    return _summary(session, ids, tindakan.stop_clocks(session, ids, sebab, who))


def revoke(session: Session, ids: Sequence[str], sebab: Sebab, who: Pelaku) -> Ringkasan:
    """Take these admissions back, so that nobody starts while the others stand still; `note_revoke`
    then says so once for all.
    """
    found = proctoring.revoke_all(
        session, ids, by=who.by, reason=sebab.text, now=who.now, keys=who.keys
    )
    return _summary(session, ids, found)


def resume(session: Session, ids: Sequence[str], who: Pelaku) -> Ringkasan:
    """Let these clocks run again; `note_resume` then says so once for all.

    Not for somebody who logged out, or was moved, and is at no computer yet.
    """
    return _summary(session, ids, tindakan.resume_all(session, ids, who, at_computers=True))


def stopped_together(session: Session, lingkup: Lingkup) -> list[str]:
    """Those whose clock still stands because of an act for many, not for a reason of their own."""
    paused = sittings_in(session, lingkup, Phase.PAUSED)
    heads: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(Sitting.id, Sitting.event_count).where(Sitting.sesi_id == lingkup.sesi_id)
        )
    }
    notes = session.scalars(
        select(Kejadian.data).where(Kejadian.sesi_id == lingkup.sesi_id, Kejadian.jenis == JEDA)
    )
    together = {(one, seq) for data in notes for one, seq in data.get("urut", {}).items()}
    return [one for one in paused if (one, heads[one]) in together]


def note_pause(
    session: Session, lingkup: Lingkup, sebab: Sebab, found: Ringkasan, who: Pelaku
) -> Kejadian | None:
    """One row for a stop of many clocks; none where nobody's was stopped."""
    if not found.done:
        return None
    text = f"{sebab.text} ({len(found.done)} peserta)"
    return _note(session, JEDA, text, lingkup, found, who, sebab=sebab.kode)


def note_revoke(
    session: Session, lingkup: Lingkup, sebab: Sebab, found: Ringkasan, who: Pelaku
) -> Kejadian | None:
    """One row for admissions that were taken back; none where nobody had one."""
    if not found.done:
        return None
    text = f"{sebab.text} ({len(found.done)} peserta yang belum mulai)"
    return _note(session, CABUT, text, lingkup, found, who, sebab=sebab.kode)


def note_resume(
    session: Session, lingkup: Lingkup, found: Ringkasan, who: Pelaku
) -> Kejadian | None:
    """One row for many clocks that run again; none where nobody's does."""
    if not found.done:
        return None
    return _note(session, LANJUT, f"Dilanjutkan: {len(found.done)} peserta", lingkup, found, who)


def _note(
    session: Session,
    jenis: str,
    text: str,
    lingkup: Lingkup,
    found: Ringkasan,
    who: Pelaku,
    **data: str,
) -> Kejadian:
    subject = f"sesi {lingkup.sesi_id}"
    audit.record(
        session,
        at=who.now,
        by=who.by,
        act=jenis.replace("_", " "),
        subject=subject,
        peserta=len(found.done),
        tidak_dapat=len(found.refused),
    )
    return kejadian.note(
        session,
        lingkup.sesi_id,
        jenis,
        text,
        by=who.by,
        now=who.now,
        ruang_id=lingkup.ruang_id,
        urut=found.urut,
        kursi=sorted(found.done),
        **data,
    )


def _summary(session: Session, ids: Sequence[str], states: States) -> Ringkasan:
    found = Ringkasan()
    for sitting_id in ids:
        state, seat = states[sitting_id], session.get_one(Sitting, sitting_id).seat
        if isinstance(state, CatError):
            found.refused.append((seat, state))
        else:
            found.urut[sitting_id] = state.seq
            found.done.append(seat)
    return found


def _row(session: Session, lingkup: Lingkup) -> list[int]:
    in_use = select(Ruang).join(SesiRuang, SesiRuang.ruang_id == Ruang.id)
    room = session.scalar(
        in_use.where(SesiRuang.sesi_id == lingkup.sesi_id, Ruang.id == lingkup.ruang_id)
    )
    if room is None:
        raise BadInput("Pilih ruang dari baris itu.")
    seats = [seat for seat, (row, _) in denah_of(room).letak.items() if row == lingkup.baris]
    if not seats:
        raise BadInput(f"{room.nama} tidak mempunyai baris {lingkup.baris}.")
    return seats
