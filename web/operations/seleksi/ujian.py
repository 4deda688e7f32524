"""Which exam counts for a participant who sat, or should have sat, more than once?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.errors import NotDue
from cat.exam.state import Phase
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.usul import Jenis, agreed, propose
from web.operations.terhitung import SKD
from web.tables import Peserta, Sitting, Usul

RULE = (
    "Yang dihitung ialah ujian terakhir yang selesai dan tidak dibatalkan. Peserta tercatat tidak "
    "hadir bila semua sesinya sudah ditutup dan tidak satu pun ujiannya selesai; sesi yang "
    "dibatalkan tidak ikut dihitung."
)


@dataclass(frozen=True)
class Ujian:
    """All exams of one participant.

    counted : the one that counts; None for who has none.
    sittings : all, the earliest sesi first, each with why it counts or not.
    is_over : False while an exam may still be sat, or the only one was declared void.
    """

    peserta: Peserta
    counted: Sitting | None
    sittings: tuple[tuple[Sitting, str], ...]
    is_over: bool


def exams_of(
    session: Session, formasi_ids: Sequence[int], as_of: AsOf = NOW
) -> dict[int, list[Ujian]]:
    """The exams of everybody who has one, by formasi, in the order of the participant's id."""
    void = {
        row.sitting_id
        for row in agreed(session, Jenis.BATAL_UJIAN, formasi_ids=formasi_ids, as_of=as_of)
    }
    rows = session.scalars(
        select(Sitting)
        .join(Sitting.peserta)
        .where(Peserta.formasi_id.in_(formasi_ids), Sitting.ujian == SKD)
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.sesi),
            selectinload(Sitting.results),
        )
        .order_by(Sitting.peserta_id, Sitting.id)
        .execution_options(populate_existing=True)
    )
    of_person: defaultdict[int, list[Sitting]] = defaultdict(list)
    for sitting in rows:
        of_person[sitting.peserta_id].append(sitting)
    found: defaultdict[int, list[Ujian]] = defaultdict(list)
    for sittings in of_person.values():
        exam = _judge(sittings, void, as_of)
        assert exam.peserta.formasi_id is not None
        found[exam.peserta.formasi_id].append(exam)
    return found


def void_exam(session: Session, sitting: Sitting, *, alasan: str, by: str, now: int) -> Usul:
    """Propose that a finished exam does not count, so that another one can.

    Raises NotDue for an exam that has not ended or is no part of a selection.
    """
    if sitting.phase != Phase.FINISHED.value or sitting.peserta.formasi is None:
        raise NotDue("Hanya ujian seleksi yang sudah selesai yang dapat dibatalkan.")
    return propose(
        session,
        Jenis.BATAL_UJIAN,
        tahun=sitting.peserta.formasi.tahun,
        peserta_id=sitting.peserta_id,
        sitting_id=sitting.id,
        isi={"sesi": sitting.sesi.nama},
        alasan=alasan,
        by=by,
        now=now,
    )


def _judge(sittings: list[Sitting], void: set[str | None], as_of: AsOf) -> Ujian:
    """Apply RULE to one participant."""
    held = [each for each in sittings if not each.is_void]
    ended = [each for each in held if as_of.is_finished(each)]
    valid = [each for each in ended if each.id not in void]
    counted = max(valid, key=lambda each: (each.last_at, each.id), default=None)
    # Who has but a sesi that was called off is still to sit.
    is_over = counted is not None or (
        bool(held) and not ended and all(as_of.is_closed(each.sesi) for each in held)
    )
    told = sorted(sittings, key=lambda each: (each.sesi.starts_at, each.id))
    return Ujian(
        peserta=sittings[0].peserta,
        counted=counted,
        sittings=tuple((each, _why(each, counted, ended, void, as_of)) for each in told),
        is_over=is_over,
    )


def _why(
    sitting: Sitting,
    counted: Sitting | None,
    ended: list[Sitting],
    void: set[str | None],
    as_of: AsOf,
) -> str:
    if sitting is counted:
        return "dihitung: ujian terakhir yang selesai"
    if sitting.is_void:
        return "tidak dihitung: sesi dibatalkan"
    if sitting.id in void:
        return "tidak dihitung: dibatalkan"
    if sitting in ended:
        return "tidak dihitung: ada ujian selesai yang lebih akhir"
    return "tidak hadir" if as_of.is_closed(sitting.sesi) else "belum selesai"
