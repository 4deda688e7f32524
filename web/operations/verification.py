"""The audit of stored sittings by replay."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.outcome import PartOutcome
from cat.exam.verify import Finding, Head, verify
from web.operations.pools import get_pool
from web.operations.records import read_record, terms_of
from web.tables import PartResult, Sitting

_FIELDS = tuple(PartOutcome.__dataclass_fields__)


def verify_sitting(session: Session, sitting: Sitting, key: bytes) -> list[Finding]:
    """What does not hold in a stored sitting; empty when all comes out the same to the last bit."""
    pool = get_pool(session, sitting.pool_digest)
    record = read_record(session, sitting.id)
    head = Head(sitting.event_count, sitting.seal)
    return verify(terms_of(sitting), pool, record, head, _published(session, sitting), key)


def _published(session: Session, sitting: Sitting) -> list[PartOutcome]:
    rows = session.scalars(
        select(PartResult)
        .where(PartResult.sitting_id == sitting.id)
        .order_by(PartResult.position)
        .execution_options(populate_existing=True)
    ).all()
    return [PartOutcome(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]
