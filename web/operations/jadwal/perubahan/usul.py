"""Proposals to change a sesi: who proposed cannot agree; what is agreed to is done at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from web.operations import audit
from web.operations.jadwal.perubahan import batal, geser, jadwal_ulang, pecah
from web.operations.jadwal.sesi import get_sesi
from web.operations.sittings import Keys
from web.tables import Sesi, UsulSesi

SHORTEST_REASON, LONGEST_REASON = 5, 500


class Tindakan(Protocol):
    """One kind of change: what stands against it, what it says, what it does."""

    JENIS: str
    JUDUL: str

    def problems(
        self, session: Session, sesi: Sesi, data: Mapping[str, Any], now: int
    ) -> list[str]:
        """Why it cannot be done; empty where it can."""
        ...

    def describe(self, session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
        """What it would do, in words."""
        ...

    def carry_out(
        self,
        session: Session,
        sesi: Sesi,
        data: Mapping[str, Any],
        *,
        reason: str,
        by: str,
        now: int,
        keys: Keys,
    ) -> str:
        """Do it; returns what was done, in words."""
        ...


TINDAKAN: Mapping[str, Tindakan] = {
    each.JENIS: each  # type: ignore[misc]
    for each in (geser, pecah, batal, jadwal_ulang)
}


def propose(
    session: Session,
    sesi_id: int,
    jenis: str,
    data: Mapping[str, Any],
    *,
    reason: str,
    by: str,
    now: int,
) -> UsulSesi:
    """Propose a change of a sesi. data : what the act needs, see its module.

    Raises BadInput for a bad reason and for what could not be done anyway, AlreadyDecided while a
    proposal about the same sesi waits.
    """
    sesi = get_sesi(session, sesi_id)
    reason = _reason(reason)
    if waiting := _waiting_for(session, sesi_id):
        raise AlreadyDecided(f"usul {TINDAKAN[waiting.jenis].JUDUL} untuk sesi ini masih menunggu")
    _refuse_impossible(session, sesi, jenis, data, now)
    row = UsulSesi(sesi_id=sesi_id, jenis=jenis, data=dict(data), alasan=reason, at=now, oleh=by)
    session.add(row)
    session.flush()
    _note(session, row, f"usul {TINDAKAN[jenis].JUDUL.lower()}", by, now, reason)
    return row


def approve(session: Session, usul_id: int, *, by: str, now: int, keys: Keys) -> str:
    """Agree to a proposal and carry it out; returns what was done.

    Raises NeedsSecondPerson for the proposer, AlreadyDecided, and BadInput where it has become
    impossible since: the proposal then still waits.
    """
    row = _locked(session, usul_id)
    if row.oleh == by:
        raise NeedsSecondPerson("usul sendiri disetujui oleh orang lain")
    sesi = _locked_sesi(session, row)
    _refuse_impossible(session, sesi, row.jenis, row.data, now)
    row.disetujui, row.diputus_at, row.diputus_oleh = True, now, by
    reason = f"{row.alasan} (diusulkan {row.oleh}, disetujui {by})"
    done = TINDAKAN[row.jenis].carry_out(
        session, sesi, row.data, reason=reason, by=by, now=now, keys=keys
    )
    row.catatan = done[:LONGEST_REASON]
    _note(session, row, f"setujui {TINDAKAN[row.jenis].JUDUL.lower()}", by, now, row.alasan)
    session.flush()
    return done


def reject(session: Session, usul_id: int, *, reason: str, by: str, now: int) -> None:
    """Refuse a proposal, or withdraw the own one. Raises BadInput, AlreadyDecided."""
    row = _locked(session, usul_id)
    row.catatan = _reason(reason)
    row.disetujui, row.diputus_at, row.diputus_oleh = False, now, by
    act = "tarik usul" if row.oleh == by else "tolak usul"
    _note(session, row, f"{act} {TINDAKAN[row.jenis].JUDUL.lower()}", by, now, reason)
    session.flush()


def pending(session: Session) -> Sequence[UsulSesi]:
    """Every proposal of these kinds that waits, oldest first."""
    return session.scalars(
        select(UsulSesi)
        .where(UsulSesi.disetujui.is_(None), UsulSesi.jenis.in_(TINDAKAN))
        .order_by(UsulSesi.id)
    ).all()


def decided(session: Session, most: int = 30) -> Sequence[UsulSesi]:
    """Proposals that were decided, the newest first."""
    return session.scalars(
        select(UsulSesi)
        .where(UsulSesi.disetujui.is_not(None), UsulSesi.jenis.in_(TINDAKAN))
        .order_by(UsulSesi.diputus_at.desc(), UsulSesi.id.desc())
        .limit(most)
    ).all()


def _waiting_for(session: Session, sesi_id: int) -> UsulSesi | None:
    return session.scalar(
        select(UsulSesi)
        .where(
            UsulSesi.sesi_id == sesi_id,
            UsulSesi.disetujui.is_(None),
            UsulSesi.jenis.in_(TINDAKAN),
        )
        .limit(1)
    )


def _refuse_impossible(
    session: Session, sesi: Sesi, jenis: str, data: Mapping[str, Any], now: int
) -> None:
    if jenis not in TINDAKAN:
        raise BadInput(f"tindakan {jenis!r} tidak ada; yang ada: {', '.join(TINDAKAN)}")
    problems = TINDAKAN[jenis].problems(session, sesi, data, now)
    if sesi.is_void and jenis != jadwal_ulang.JENIS:
        problems.append("sesi ini sudah dibatalkan")
    elif sesi.is_closed and jenis in (geser.JENIS, pecah.JENIS):
        problems.append("sesi ini sudah ditutup")
    if problems:
        raise BadInput("; ".join(problems))


def _locked(session: Session, usul_id: int) -> UsulSesi:
    row = session.get(UsulSesi, usul_id, with_for_update=True, populate_existing=True)
    if row is None or row.jenis not in TINDAKAN:
        raise BadInput(f"usul {usul_id} tidak ada")
    if row.disetujui is not None:
        raise AlreadyDecided(f"usul ini sudah diputus oleh {row.diputus_oleh}")
    return row


def _locked_sesi(session: Session, row: UsulSesi) -> Sesi:
    """The sesi of a proposal, locked with the one that people go to: by id, as two may go across.

    Two proposals must not give one seat there to two people, nor one be called off meanwhile.
    """
    found = {
        sesi_id: get_sesi(session, sesi_id)
        for sesi_id in sorted({row.sesi_id, row.data.get("sesi_id") or row.sesi_id})
    }
    return found[row.sesi_id]


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise BadInput(f"alasan: {SHORTEST_REASON} sampai {LONGEST_REASON} huruf")
    return text


def _note(session: Session, row: UsulSesi, act: str, by: str, now: int, reason: str) -> None:
    subject = f"sesi {row.sesi_id}"
    audit.record(session, at=now, by=by, act=act[:60], subject=subject, usul=row.id, alasan=reason)
