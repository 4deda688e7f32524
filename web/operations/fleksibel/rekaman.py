"""The record of a request: its steps, its assessments, and the copy that lists go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cat.errors import StepOutOfTurn
from cat.ketentuan.fleksibel.fakta import Subject
from cat.ketentuan.fleksibel.isi import Terms, Wish
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.langkah import EXPIRING, Actor, Move, Role, Standing, Step
from cat.ketentuan.fleksibel.pemeriksaan import Assessment, assess
from cat.ketentuan.fleksibel.permohonan import apply, fold
from web.operations import audit
from web.operations.eligibility import subject_of
from web.operations.fleksibel.kebijakan import pin, policy_for
from web.tables import LangkahPermohonan, Pegawai, PenilaianFleksibel, Permohonan


@dataclass(frozen=True)
class Moment:
    """When a step is taken. now : microseconds since 1970. today : the day in Jakarta."""

    now: int
    today: date


@dataclass(frozen=True)
class Check:
    """One assessment with what it was made from."""

    policy: Policy
    subject: Subject
    assessment: Assessment


def check(session: Session, pegawai: Pegawai, wish: Wish, today: date) -> Check:
    """Hold a request against the policy in force for the employee's agency today."""
    policy = policy_for(session, pegawai.instansi_id, today)
    subject = subject_of(session, pegawai, today, wish.perangkat)
    return Check(policy, subject, assess(policy, subject, today, wish.bentuk))


def state_of(permohonan: Permohonan) -> State:
    """Where a request stands, from its steps."""
    return fold(map(_as_step, permohonan.langkah))


def standing_on(row: Permohonan, today: date) -> Standing:
    """Where a request stands today, from the copy that lists use."""
    standing = Standing(row.keadaan)
    return Standing.BERAKHIR if standing in EXPIRING and today > row.sampai else standing


def append(session: Session, permohonan: Permohonan, step: Step) -> State:
    """Add a step if the fold allows it, with its audit row; the step just taken changes nothing.

    The caller holds the lock on the request. Raises RequestError.
    """
    session.expire(permohonan, ["langkah"])
    before = state_of(permohonan)
    if permohonan.langkah and _repeats(permohonan.langkah[-1], step):
        return before
    state = apply(before, step)
    session.add(
        LangkahPermohonan(
            permohonan_id=permohonan.id,
            seq=state.steps,
            jenis=step.move,
            at=step.at,
            hari=step.day,
            oleh=step.actor.account,
            peran=step.actor.role,
            pegawai_id=step.actor.pegawai_id,
            alasan=step.reason,
            data=dict(step.data),
        )
    )
    _copy(permohonan, state)
    subject = f"permohonan {permohonan.id}"
    act = f"permohonan: {step.move.replace('_', ' ').lower()}"
    audit.record(session, at=step.at, by=step.actor.account, act=act, subject=subject)
    session.flush()
    session.expire(permohonan, ["langkah"])
    return state


def _repeats(last: LangkahPermohonan, step: Step) -> bool:
    """Whether somebody pressed twice: the same words by the same person on the same day."""
    return (last.jenis, last.oleh, last.hari, last.alasan) == (
        step.move,
        step.actor.account,
        step.day,
        step.reason,
    ) and last.data == step.data


def _copy(permohonan: Permohonan, state: State) -> None:
    shown: Wish | Terms = state.granted or wish_of(state)
    permohonan.keadaan, permohonan.jumlah_langkah = state.standing, state.steps
    permohonan.bentuk, permohonan.hari = wish_of(state).bentuk, list(shown.hari)
    permohonan.dari, permohonan.sampai = shown.dari, shown.sampai
    permohonan.tinjau_pada = state.review_due if state.standing in EXPIRING else None


def keep(session: Session, permohonan: Permohonan, found: Check, at: Moment) -> None:
    """Store an assessment with the step that was just taken."""
    session.add(
        PenilaianFleksibel(
            pegawai_id=permohonan.pegawai_id,
            permohonan_id=permohonan.id,
            seq=permohonan.jumlah_langkah,
            at=at.now,
            hari=at.today,
            policy_digest=pin(session, found.policy),
            fakta=found.subject.to_mapping(),
            kesimpulan=found.assessment.conclusion,
            hasil=found.assessment.to_mapping(),
        )
    )
    session.flush()


def wish_of(state: State) -> Wish:
    """What was asked for; raises StepOutOfTurn before anything was."""
    if state.wish is None:
        raise StepOutOfTurn("Permohonan belum diajukan.")
    return state.wish


def _as_step(row: LangkahPermohonan) -> Step:
    actor = Actor(row.oleh, Role(row.peran), row.pegawai_id)
    return Step(Move(row.jenis), actor, row.at, row.hari, row.alasan, row.data)
