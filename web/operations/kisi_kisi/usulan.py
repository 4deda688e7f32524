"""Publication by two people: one proposes, a job checks, another one publishes or refuses.

What is published are the very bytes that were checked. Where the bank, the rules or the blueprint
would now give other ones, the proposal is stale and cannot be published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson, NotDue
from cat.itembank.pool import load
from cat.itembank.store import store_pool
from web.clock import WIB, as_datetime
from web.operations import audit, jobs
from web.operations.kisi_kisi import sumber
from web.operations.kisi_kisi.versi import refuse_bad_reason
from web.tables import (
    Job,
    KisiKisi,
    PoolCandidate,
    PoolCheck,
    PoolDecision,
    PoolProposal,
    PoolWithdrawal,
    PublishedPool,
)

KIND = "pool_usulan"
FEWEST, MOST, PERSONS = 200, 20_000, 2_000
LARGEST_SEED = 2**31


class Keadaan(StrEnum):
    """Where a proposal stands, in the words that are shown."""

    DIPERIKSA = "sedang diperiksa"
    TERHENTI = "pemeriksaan terhenti"
    TIDAK_LULUS = "tidak lulus pemeriksaan"
    MENUNGGU = "menunggu orang kedua"
    USANG = "usang: bank berubah"
    TERBIT = "terbit"
    DITOLAK = "ditolak"


@dataclass(frozen=True)
class Usulan:
    """A proposal with all that is known of it."""

    row: PoolProposal
    kisi_kisi: KisiKisi
    job: Job
    check: PoolCheck | None
    decision: PoolDecision | None
    keadaan: Keadaan


def propose(
    session: Session,
    kisi_kisi: str,
    *,
    by: str,
    reason: str,
    now: int,
    persons: int = PERSONS,
    seed: int = 1,
) -> PoolProposal:
    """Ask that the bank be published under a version of a blueprint; a job checks it first.

    Raises BadInput for an unknown version, a blank reason or figures out of range, AlreadyDecided
    while another proposal for the same version still waits.
    """
    refuse_bad_reason(reason)
    if session.get(KisiKisi, kisi_kisi) is None:
        raise BadInput(f"Tidak ada kisi-kisi dengan sidik {kisi_kisi}.", digest=kisi_kisi)
    if not FEWEST <= persons <= MOST:
        raise BadInput(f"Peserta simulasi: antara {FEWEST} dan {MOST}; tertulis {persons}.")
    if not 0 <= seed < LARGEST_SEED:
        raise BadInput(f"Benih: antara 0 dan {LARGEST_SEED - 1}; tertulis {seed}.")
    for other in proposals(session, kisi_kisi):
        if other.keadaan in (Keadaan.DIPERIKSA, Keadaan.MENUNGGU):
            raise AlreadyDecided(
                f"Usulan {other.row.by} untuk kisi-kisi ini {other.keadaan}.", usulan=other.row.id
            )
    job = jobs.enqueue(session, KIND, {"kisi_kisi": kisi_kisi}, by, now)
    row = PoolProposal(
        id=job.id,
        kisi_kisi=kisi_kisi,
        persons=persons,
        seed=seed,
        at=now,
        by=by,
        reason=reason.strip(),
    )
    session.add(row)
    session.flush()
    _note(session, row, at=now, by=by, act="usulkan pool", reason=reason)
    return row


def publish(session: Session, proposal_id: str, *, by: str, reason: str, now: int) -> PublishedPool:
    """Publish what was checked, by another person than who proposed it; returns the pool's row.

    Raises NeedsSecondPerson, AlreadyDecided, NotDue where the check is not done, not passed or no
    longer true of the bank, and BadInput for a blank reason.
    """
    usulan = _undecided(session, proposal_id, reason)
    if by == usulan.row.by:
        raise NeedsSecondPerson(
            "Usulan ini Anda sendiri yang mengajukan; orang lain harus menerbitkannya."
        )
    if usulan.keadaan is Keadaan.USANG:
        raise NotDue(
            "Bank, ketentuan, atau kalibrasi berubah sejak pemeriksaan. Tolak usulan ini, lalu"
            " usulkan lagi."
        )
    if usulan.keadaan is not Keadaan.MENUNGGU or usulan.check is None:
        raise NotDue(f"Usulan ini {usulan.keadaan}; belum ada yang dapat diterbitkan.")
    candidate = session.get_one(PoolCandidate, proposal_id)
    pool = load(candidate.manifest, candidate.tables, usulan.check.pool_digest)
    is_new = store_pool(session, pool, by=by, now=now)
    _decide(session, usulan.row, published=True, by=by, reason=reason, now=now)
    act = "terbitkan pool" if is_new else "terbitkan pool yang sudah ada"
    audit.record(
        session, at=now, by=by, act=act, subject=pool.code, hash=pool.digest, usulan=proposal_id
    )
    return session.get_one(PublishedPool, pool.digest)


def refuse(session: Session, proposal_id: str, *, by: str, reason: str, now: int) -> None:
    """Refuse a proposal; who made it may withdraw it so. One being checked is cancelled.

    Raises AlreadyDecided, and BadInput for a blank reason.
    """
    usulan = _undecided(session, proposal_id, reason)
    if usulan.keadaan is Keadaan.DIPERIKSA:
        jobs.cancel(session, proposal_id, by=by, now=now)
    _decide(session, usulan.row, published=False, by=by, reason=reason, now=now)


def withdraw(session: Session, digest: str, *, by: str, reason: str, now: int) -> None:
    """Let no new sitting use a pool; those that have it go on, and it stays for ever.

    Raises BadInput for an unknown pool or a blank reason, AlreadyDecided when it is withdrawn.
    """
    refuse_bad_reason(reason)
    code = session.scalar(select(PublishedPool.code).where(PublishedPool.digest == digest))
    if code is None:
        raise BadInput(f"Tidak ada pool dengan sidik {digest}.", digest=digest)
    if session.get(PoolWithdrawal, digest) is not None:
        raise AlreadyDecided("Pool ini sudah ditarik.")
    session.add(PoolWithdrawal(pool_digest=digest, at=now, by=by, reason=reason.strip()))
    session.flush()
    audit.record(
        session, at=now, by=by, act="tarik pool", subject=code, hash=digest, alasan=reason.strip()
    )


def get(session: Session, proposal_id: str) -> Usulan:
    """One proposal; raises BadInput when there is none."""
    row = session.get(PoolProposal, proposal_id)
    if row is None:
        raise BadInput(f"Tidak ada usulan {proposal_id}.", usulan=proposal_id)
    return _with_state(session, row)


def proposals(session: Session, kisi_kisi: str | None = None, most: int = 50) -> list[Usulan]:
    """The newest proposals, of one version or of all."""
    chosen = select(PoolProposal).order_by(PoolProposal.at.desc(), PoolProposal.id).limit(most)
    if kisi_kisi is not None:
        chosen = chosen.where(PoolProposal.kisi_kisi == kisi_kisi)
    return [_with_state(session, row) for row in session.scalars(chosen)]


def proposal_of(session: Session, digest: str) -> PoolProposal | None:
    """The proposal by which a pool was published; None for one that came from the command line."""
    rows: Sequence[PoolProposal] = session.scalars(
        select(PoolProposal)
        .join(PoolCheck, PoolCheck.proposal_id == PoolProposal.id)
        .join(PoolDecision, PoolDecision.proposal_id == PoolProposal.id)
        .where(PoolCheck.pool_digest == digest, PoolDecision.published)
        .order_by(PoolDecision.at)
    ).all()
    return rows[0] if rows else None


def _with_state(session: Session, row: PoolProposal) -> Usulan:
    kisi_kisi = session.get_one(KisiKisi, row.kisi_kisi)
    job, check = session.get_one(Job, row.id), session.get(PoolCheck, row.id)
    decision = session.get(PoolDecision, row.id)
    state = _state(session, row, check, decision)
    return Usulan(row, kisi_kisi, job, check, decision, state)


def _state(
    session: Session,
    row: PoolProposal,
    check: PoolCheck | None,
    decision: PoolDecision | None,
) -> Keadaan:
    if decision is not None:
        return Keadaan.TERBIT if decision.published else Keadaan.DITOLAK
    if check is None:
        is_open = session.get_one(Job, row.id).status in jobs.OPEN_STATUSES
        return Keadaan.DIPERIKSA if is_open else Keadaan.TERHENTI
    if not check.passed:
        return Keadaan.TIDAK_LULUS
    return Keadaan.USANG if is_stale(session, row, check) else Keadaan.MENUNGGU


def is_stale(session: Session, row: PoolProposal, check: PoolCheck) -> bool:
    """Whether the bank of this moment would give another pool than the one that was checked."""
    plan = session.get_one(KisiKisi, row.kisi_kisi).content
    # The rules of the day of the proposal: a rule set that merely ends does not change a pool.
    day = as_datetime(row.at).astimezone(WIB).date()
    try:
        rules = sumber.rules_of(session, plan, day)
    except BadInput:
        return True
    return sumber.sources_digest(session, plan, rules) != check.sources_digest


def _undecided(session: Session, proposal_id: str, reason: str) -> Usulan:
    refuse_bad_reason(reason)
    locked = select(PoolProposal).where(PoolProposal.id == proposal_id).with_for_update()
    session.scalar(locked)
    usulan = get(session, proposal_id)
    if usulan.decision is not None:
        raise AlreadyDecided(f"Usulan ini sudah {usulan.keadaan}.")
    return usulan


def _decide(
    session: Session, row: PoolProposal, *, published: bool, by: str, reason: str, now: int
) -> None:
    session.add(
        PoolDecision(proposal_id=row.id, published=published, at=now, by=by, reason=reason.strip())
    )
    session.execute(delete(PoolCandidate).where(PoolCandidate.proposal_id == row.id))
    session.flush()
    act = "setujui usulan pool" if published else "tolak usulan pool"
    _note(session, row, at=now, by=by, act=act, reason=reason)


def _note(session: Session, row: PoolProposal, *, at: int, by: str, act: str, reason: str) -> None:
    audit.record(
        session,
        at=at,
        by=by,
        act=act,
        subject=row.id,
        kisi_kisi=row.kisi_kisi,
        alasan=reason.strip(),
    )
