"""Withdrawing a document: one person proposes with a reason, another agrees or refuses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, NeedsSecondPerson, NotDue
from web.operations import audit
from web.operations.dokumen.issuing import check_reason
from web.tables import Dokumen, PenarikanDokumen


def propose(
    session: Session, dokumen: Dokumen, *, alasan: str, by: str, now: int
) -> PenarikanDokumen:
    """Write down that a document should no longer hold.

    Raises NotDue without a reason, AlreadyDecided when it is withdrawn or a proposal is waiting.
    """
    alasan = check_reason(alasan)
    for row in _proposals(session, dokumen.id):
        if row.decided_at is None:
            raise AlreadyDecided(f"Penarikan {dokumen.nomor} sudah menunggu orang kedua.")
        if row.agreed:
            raise AlreadyDecided(f"Dokumen {dokumen.nomor} sudah ditarik.")
    row = PenarikanDokumen(dokumen_id=dokumen.id, alasan=alasan, proposed_by=by, proposed_at=now)
    session.add(row)
    act = "usul tarik dokumen"
    audit.record(session, at=now, by=by, act=act, subject=dokumen.nomor, alasan=alasan)
    session.flush()
    return row


def decide(
    session: Session, dokumen: Dokumen, *, agree: bool, by: str, now: int
) -> PenarikanDokumen:
    """The decision of the second person. Who proposed may take it back (refuse it).

    Raises NotDue when no proposal waits, NeedsSecondPerson.
    """
    waiting = [row for row in _proposals(session, dokumen.id) if row.decided_at is None]
    if not waiting:
        raise NotDue(f"Tidak ada usul penarikan {dokumen.nomor} yang menunggu keputusan.")
    row = waiting[0]
    if agree and row.proposed_by == by:
        raise NeedsSecondPerson(
            "Anda yang mengusulkan penarikan ini. Persetujuan harus diberikan akun lain."
        )
    row.agreed, row.decided_by, row.decided_at = agree, by, now
    act = "setujui tarik dokumen" if agree else "tolak tarik dokumen"
    audit.record(session, at=now, by=by, act=act, subject=dokumen.nomor, alasan=row.alasan)
    session.flush()
    return row


def _proposals(session: Session, dokumen_id: int) -> list[PenarikanDokumen]:
    """All of a document, oldest first; it is locked, so that two cannot decide at once."""
    session.scalars(select(Dokumen.id).where(Dokumen.id == dokumen_id).with_for_update()).one()
    rows = session.scalars(
        select(PenarikanDokumen)
        .where(PenarikanDokumen.dokumen_id == dokumen_id)
        .order_by(PenarikanDokumen.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)
