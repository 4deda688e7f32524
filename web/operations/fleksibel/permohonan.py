"""Requests for flexible work: what people do, one function each.

The facts and the policy are read at the moment of the step, under the lock, and stored with it;
whether the step is legal is for `cat.ketentuan.fleksibel.permohonan` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import RuleForbids, StepIncomplete, StepOutOfTurn
from cat.ketentuan.fleksibel.isi import Terms, Wish
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.langkah import OPEN, Actor, Move, Standing, Step
from cat.ketentuan.fleksibel.penilaian import Outcome
from cat.ketentuan.fleksibel.putusan import limits_of
from cat.ketentuan.fleksibel.uji import JENIS_OF
from web.operations.fleksibel.jatah import share_of
from web.operations.fleksibel.kebijakan import pin, policy_for
from web.operations.fleksibel.rekaman import (
    Moment,
    append,
    check,
    keep,
    standing_on,
    state_of,
    wish_of,
)
from web.tables import Pegawai, Permohonan, UnitKerja


def open_request(session: Session, pegawai_id: int, bentuk: str, today: date) -> Permohonan | None:
    """The employee's request of the same kind (place or time) that is still on its way or runs."""
    rows = session.scalars(
        select(Permohonan)
        .where(
            Permohonan.pegawai_id == pegawai_id,
            Permohonan.keadaan.in_(OPEN),
            Permohonan.bentuk.in_(_same_kind(bentuk)),
        )
        .order_by(Permohonan.id.desc())
    )
    return next((row for row in rows if standing_on(row, today) in OPEN), None)


def submit(
    session: Session, pegawai: Pegawai, wish: Wish, *, actor: Actor, at: Moment
) -> Permohonan:
    """Ask for flexible work; the assessment of that moment is stored with the request.

    Raises RuleForbids without a superior on file or while another request of the kind is open.
    """
    session.refresh(pegawai, with_for_update=True)  # one request of a kind at a time
    if pegawai.atasan_id is None:
        raise RuleForbids("Atasan langsung Anda belum dicatat. Hubungi pengelola kepegawaian.")
    if (other := open_request(session, pegawai.id, wish.bentuk, at.today)) is not None:
        raise RuleForbids(f"Permohonan nomor {other.id} masih berjalan. Tarik dahulu atau tunggu.")
    permohonan = Permohonan(
        pegawai_id=pegawai.id,
        keadaan=Standing.BARU,
        bentuk=wish.bentuk,
        hari=list(wish.hari),
        dari=wish.dari,
        sampai=wish.sampai,
        jumlah_langkah=0,
    )
    session.add(permohonan)
    session.flush()
    _ask(session, permohonan, Move.AJUKAN, wish, actor=actor, at=at)
    return permohonan


def resubmit(
    session: Session, permohonan: Permohonan, wish: Wish, *, actor: Actor, at: Moment
) -> State:
    """Send a returned request again, changed or not."""
    session.refresh(permohonan, with_for_update=True)
    if JENIS_OF[wish.bentuk] != JENIS_OF[permohonan.bentuk]:
        raise StepIncomplete("Jenis fleksibilitas tidak dapat diganti; buat permohonan baru.")
    return _ask(session, permohonan, Move.AJUKAN_ULANG, wish, actor=actor, at=at)


def take(
    session: Session,
    permohonan: Permohonan,
    move: Move,
    *,
    actor: Actor,
    at: Moment,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> State:
    """Take a step that needs no assessment: support, return, withdraw, report, review, and so on.

    Raises RequestError. Repeating the step just taken changes nothing.
    """
    session.refresh(permohonan, with_for_update=True)
    step = Step(move, actor, at.now, at.today, reason.strip(), dict(data or {}))
    return append(session, permohonan, step)


def approve(
    session: Session,
    permohonan: Permohonan,
    terms: Terms,
    *,
    actor: Actor,
    reason: str,
    at: Moment,
) -> State:
    """Grant a request: tests, days and share of the unit are looked at now, under the lock.

    Raises RuleForbids naming what stands in the way.
    """
    session.refresh(permohonan, with_for_update=True)
    data = {"ketetapan": terms.to_mapping()}
    return _decide(session, permohonan, Move.SETUJUI, terms, data, actor, reason, at)


def extend(
    session: Session,
    permohonan: Permohonan,
    sampai: date,
    *,
    actor: Actor,
    reason: str,
    at: Moment,
) -> State:
    """Let an arrangement run longer, as it is, if everything still holds."""
    session.refresh(permohonan, with_for_update=True)
    granted = state_of(permohonan).granted
    if granted is None:
        raise StepOutOfTurn("Hanya kerja fleksibel yang berjalan yang dapat diperpanjang.")
    if sampai <= granted.sampai:
        raise StepIncomplete("Hari terakhir yang baru harus sesudah hari terakhir yang lama.")
    added = Terms(granted.sampai + timedelta(days=1), sampai, granted.hari)
    data = {"sampai": sampai.isoformat()}
    return _decide(session, permohonan, Move.PERPANJANG, added, data, actor, reason, at)


def refuse(
    session: Session, permohonan: Permohonan, *, actor: Actor, reason: str, at: Moment
) -> State:
    """Refuse a request, with the days in which the employee may object."""
    policy = policy_for(session, permohonan.pegawai.instansi_id, at.today)
    data = {"batas": limits_of(policy, permohonan.bentuk).to_mapping(), "kebijakan": policy.digest}
    pin(session, policy)
    return take(session, permohonan, Move.TOLAK, actor=actor, at=at, reason=reason, data=data)


def record_evidence(
    session: Session, permohonan: Permohonan, uji: str, *, actor: Actor, reason: str, at: Moment
) -> State:
    """Note what a person has seen for one test that asks for evidence today.

    Raises StepIncomplete for a test that does not ask.
    """
    session.refresh(permohonan, with_for_update=True)
    wish = wish_of(state_of(permohonan))
    found = check(session, permohonan.pegawai, wish, at.today).assessment
    asking = [each.kode for each in found.findings if each.outcome is Outcome.PERLU_BUKTI]
    if uji not in asking:
        raise StepIncomplete("Uji ini tidak meminta bukti.")
    step = Step(Move.CATAT_BUKTI, actor, at.now, at.today, reason.strip(), {"uji": uji})
    return append(session, permohonan, step)


def _ask(
    session: Session,
    permohonan: Permohonan,
    move: Move,
    wish: Wish,
    *,
    actor: Actor,
    at: Moment,
) -> State:
    session.refresh(permohonan, ["pegawai"])
    found = check(session, permohonan.pegawai, wish, at.today)
    data = {"permohonan": wish.to_mapping(), "kebijakan": found.policy.digest}
    state = append(session, permohonan, Step(move, actor, at.now, at.today, "", data))
    keep(session, permohonan, found, at)
    return state


def _decide(
    session: Session,
    permohonan: Permohonan,
    move: Move,
    terms: Terms,
    data: dict[str, Any],
    actor: Actor,
    reason: str,
    at: Moment,
) -> State:
    """Lock the unit, look at everything again, and leave the verdict to the fold."""
    if permohonan.pegawai.unit_id is not None:
        session.get_one(UnitKerja, permohonan.pegawai.unit_id, with_for_update=True)
    found = check(session, permohonan.pegawai, wish_of(state_of(permohonan)), at.today)
    data |= {
        "batas": limits_of(found.policy, permohonan.bentuk).to_mapping(),
        "kebijakan": found.policy.digest,
        "hasil": {kode: str(said) for kode, said in found.assessment.outcomes.items()},
        "jatah": [row.to_mapping() for row in share_of(session, permohonan, found.policy, terms)],
    }
    taken = permohonan.jumlah_langkah
    state = append(session, permohonan, Step(move, actor, at.now, at.today, reason.strip(), data))
    if state.steps > taken:
        keep(session, permohonan, found, at)
    return state


def _same_kind(bentuk: str) -> list[str]:
    return [each for each, jenis in JENIS_OF.items() if jenis == JENIS_OF[bentuk]]
