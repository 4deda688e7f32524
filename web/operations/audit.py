"""The audit row that goes with an act, in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from web.tables import AuditRow


def record(session: Session, *, at: int, by: str, act: str, subject: str, **data: Any) -> None:
    """Note who did what to whom."""
    session.add(AuditRow(at=at, by=by, act=act, subject=subject, data=data))
