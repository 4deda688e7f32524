"""Versions of blueprints: stored under the hash of their content, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations import audit
from web.operations.kisi_kisi import rencana
from web.tables import KisiKisi

LONGEST_REASON = 500
SHIPPED = "disertakan bersama platform"


def versions(session: Session) -> Sequence[KisiKisi]:
    """All versions, each kode together, the newest first."""
    order = KisiKisi.kode, KisiKisi.nomor.desc()
    return session.scalars(select(KisiKisi).order_by(*order)).all()


def newest(session: Session, kode: str) -> KisiKisi | None:
    """The newest version of a kode, or None."""
    found = select(KisiKisi).where(KisiKisi.kode == kode).order_by(KisiKisi.nomor.desc())
    return session.scalar(found.limit(1))


def store(
    session: Session,
    data: Mapping[str, Any],
    *,
    by: str,
    reason: str,
    now: int,
    base: str | None = None,
) -> KisiKisi:
    """Keep a new version.

    data : as a blueprint file holds it. base : digest of the version it began from.

    Raises BadRules for content that breaks a rule, BadInput for a blank reason and for content
    that is stored already.
    """
    plan = rencana.read_plan(data)
    refuse_bad_reason(reason)
    digest = rencana.digest(plan)
    if (same := session.get(KisiKisi, digest)) is not None:
        raise BadInput(
            f"Isi ini sudah tersimpan sebagai {same.kode} versi {same.nomor}; tidak ada yang baru.",
            row=same,
        )
    if base is not None and session.get(KisiKisi, base) is None:
        raise BadInput(f"Versi asal {base} tidak ada.", base=base)
    last = session.scalar(select(func.max(KisiKisi.nomor)).where(KisiKisi.kode == plan["kode"]))
    row = KisiKisi(
        digest=digest,
        kode=plan["kode"],
        nomor=(last or 0) + 1,
        content=plan,
        dari=base,
        alasan=reason.strip(),
        dibuat_at=now,
        dibuat_oleh=by,
    )
    session.add(row)
    session.flush()
    act = "simpan kisi-kisi"
    audit.record(session, at=now, by=by, act=act, subject=row.kode, digest=digest, nomor=row.nomor)
    return row


def adopt(session: Session, data: Mapping[str, Any], *, by: str, now: int) -> None:
    """Take over a blueprint that comes with the platform; nothing where it is stored already."""
    if session.get(KisiKisi, rencana.digest(rencana.read_plan(data))) is None:
        store(session, data, by=by, reason=SHIPPED, now=now)


def refuse_bad_reason(reason: str) -> None:
    """Raise BadInput for a reason that is blank or too long."""
    if not reason.strip():
        raise BadInput("Alasan wajib diisi.")
    if len(reason.strip()) > LONGEST_REASON:
        raise BadInput(f"Alasan paling banyak {LONGEST_REASON} huruf; ada {len(reason.strip())}.")
