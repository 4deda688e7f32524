"""What people ask for under the law on personal data, and the answers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import MICROSECONDS
from web.operations import audit
from web.tables import DataRequest, Person

KINDS = {
    "akses": "Memperoleh salinan datanya",
    "perbaikan": "Memperbaiki data yang keliru",
    "penghapusan": "Menghapus data",
    "keberatan": "Keberatan atas keputusan dari pemrosesan otomatis",
    "penundaan": "Menunda atau membatasi pemrosesan",
}
# UU 27/2022 arts. 30 to 33 and 40 to 41 give 3 x 24 hours.
ANSWER_HOURS = 72


def receive(
    session: Session, person: Person, *, kind: str, wish: str, by: str, now: int
) -> DataRequest:
    """Register a request; raises BadInput for an unknown kind or an empty wish."""
    if kind not in KINDS:
        raise BadInput(f"jenis: {kind!r} tidak dikenal; yang ada {', '.join(KINDS)}")
    if not 5 <= len(wish.strip()) <= 1000:
        raise BadInput("permintaan: 5 sampai 1.000 huruf")
    request = DataRequest(
        person_id=person.id,
        kind=kind,
        wish=wish.strip(),
        received_at=now,
        received_by=by,
        due_at=now + ANSWER_HOURS * 3600 * MICROSECONDS,
    )
    session.add(request)
    session.flush()
    audit.record(
        session, at=now, by=by, act="terima permintaan data", subject=str(request.id), jenis=kind
    )
    return request


def answer(
    session: Session, request: DataRequest, *, granted: bool, text: str, by: str, now: int
) -> None:
    """Answer a request once; raises BadInput where it has been answered or the text is empty."""
    session.refresh(request, with_for_update=True)
    if request.answered_at is not None:
        raise BadInput(f"permintaan {request.id} sudah dijawab")
    if not 5 <= len(text.strip()) <= 1000:
        raise BadInput("jawaban: 5 sampai 1.000 huruf")
    request.granted, request.answer = granted, text.strip()
    request.answered_at, request.answered_by = now, by
    audit.record(
        session,
        at=now,
        by=by,
        act="jawab permintaan data",
        subject=str(request.id),
        dikabulkan=granted,
    )
