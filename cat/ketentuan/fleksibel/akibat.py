"""What does each step change, and what does it ask for beside the right person and place?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cat.errors import NotYourStep, RuleForbids, StepIncomplete, StepOutOfTurn
from cat.ketentuan.fleksibel.isi import Limits, Terms, WeekReport, Wish
from cat.ketentuan.fleksibel.jatah import ShareRow
from cat.ketentuan.fleksibel.kalender import months_after, shown
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.langkah import Actor, Move, Role, Step
from cat.ketentuan.fleksibel.penilaian import Outcome
from cat.ketentuan.fleksibel.putusan import (
    outcome_hindrances,
    share_hindrances,
    terms_hindrances,
)


def is_same_person(first: Actor, second: Actor) -> bool:
    """Whether two accounts are one, or belong to one employee."""
    if first.account == second.account:
        return True
    return first.pegawai_id is not None and first.pegawai_id == second.pegawai_id


def _ask(state: State, step: Step) -> State:
    wish = Wish.from_mapping(_given(step, "permohonan"))
    if wish.dari < step.day:
        raise StepIncomplete("Hari pertama tidak boleh sebelum hari pengajuan.")
    return replace(state, employee=step.actor.pegawai_id, wish=wish, supported=None)


def _support(state: State, step: Step) -> State:
    return replace(state, supported=step.move is Move.DUKUNG)


def _note_evidence(state: State, step: Step) -> State:
    kode = str(_given(step, "uji"))
    return replace(state, evidence={**state.evidence, kode: step.reason.strip()})


def _approve(state: State, step: Step) -> State:
    _refuse_barred(state, step)
    terms = Terms.from_mapping(_given(step, "ketetapan"))
    limits = Limits.from_mapping(_given(step, "batas"))
    _refuse_forbidden(
        [
            *outcome_hindrances(_outcomes(step), state.evidence),
            *terms_hindrances(terms, limits, step.day),
            *share_hindrances(_share(step)),
        ]
    )
    return replace(
        _decided(state, step),
        granted=terms,
        limits=limits,
        evidence={},
        review_due=months_after(terms.dari, limits.evaluasi_bulan),
    )


def _extend(state: State, step: Step) -> State:
    """Only the last day moves; days and conditions stay as they were decided."""
    assert state.granted is not None  # DISETUJUI is reached by an approval only
    limits = Limits.from_mapping(_given(step, "batas"))
    terms = replace(state.granted, sampai=date.fromisoformat(_given(step, "sampai")))
    if terms.sampai <= state.granted.sampai:
        raise StepIncomplete("Hari terakhir yang baru harus sesudah hari terakhir yang lama.")
    added = replace(terms, dari=state.granted.sampai + timedelta(days=1))
    _refuse_forbidden(
        [
            *outcome_hindrances(_outcomes(step), state.evidence),
            *terms_hindrances(added, limits, step.day),
            *share_hindrances(_share(step)),
        ]
    )
    return replace(_decided(state, step), granted=terms, limits=limits, evidence={})


def _refuse(state: State, step: Step) -> State:
    _refuse_barred(state, step)
    limits = Limits.from_mapping(_given(step, "batas"))
    return replace(_decided(state, step), limits=limits)


def _report(state: State, step: Step) -> State:
    if not state.is_active(step.day):
        raise StepIncomplete("Laporan baru dapat dibuat sejak hari pertama masa berlaku.")
    report = WeekReport.from_mapping(_given(step, "laporan"))
    if report.minggu > step.day:
        raise StepIncomplete("Minggu laporan belum dimulai.")
    if report.sesuai is not None and step.actor.role is not Role.ATASAN:
        raise NotYourStep("Kesesuaian hasil kerja dinilai oleh atasan.")
    return replace(state, reports=(*state.reports, (step.actor.role, report)))


def _review(state: State, step: Step) -> State:
    assert state.limits is not None
    return replace(state, review_due=months_after(step.day, state.limits.evaluasi_bulan))


def _call(state: State, step: Step) -> State:
    hearing = date.fromisoformat(_given(step, "pada"))
    if hearing < step.day:
        raise StepIncomplete("Hari klarifikasi tidak boleh sudah lewat.")
    return replace(state, hearing_on=hearing, is_heard=False)


def _answer(state: State, step: Step) -> State:
    return replace(state, is_heard=True)


def _revoke(state: State, step: Step) -> State:
    assert state.hearing_on is not None
    if not state.is_heard and step.day <= state.hearing_on:
        raise StepIncomplete(
            f"Pegawai belum didengar: tunggu tanggapannya atau lewatnya {shown(state.hearing_on)}."
        )
    return _decided(state, step)


def _carry_on(state: State, step: Step) -> State:
    return replace(state, hearing_on=None, is_heard=False)


def _object(state: State, step: Step) -> State:
    until = state.objection_until()
    if until is None:
        raise StepOutOfTurn("Keberatan atas keputusan ini sudah pernah diputus.")
    if step.day > until:
        raise StepOutOfTurn(f"Masa keberatan sudah berakhir pada {shown(until)}.")
    return replace(state, has_objected=True)


def _judge_objection(state: State, step: Step) -> State:
    assert state.decided_by is not None
    if is_same_person(step.actor, state.decided_by):
        raise NotYourStep("Keberatan diputus oleh orang lain daripada pemutus sebelumnya.")
    if step.move is Move.TOLAK_KEBERATAN:
        return state
    return replace(_carry_on(state, step), barred=(*state.barred, state.decided_by))


def _decided(state: State, step: Step) -> State:
    return replace(state, decided_by=step.actor, decided_on=step.day, has_objected=False)


def _refuse_barred(state: State, step: Step) -> None:
    if any(is_same_person(step.actor, each) for each in state.barred):
        raise NotYourStep("Setelah keberatan dikabulkan, orang lain yang memutuskan.")


def _refuse_forbidden(hindrances: list[str]) -> None:
    if hindrances:
        raise RuleForbids(" ".join(hindrances), hindrances=tuple(hindrances))


def _outcomes(step: Step) -> dict[str, Outcome]:
    return {kode: Outcome(said) for kode, said in _given(step, "hasil").items()}


def _share(step: Step) -> list[ShareRow]:
    return [ShareRow(**row) for row in step.data.get("jatah", ())]


def _given(step: Step, key: str) -> Any:
    if not step.data.get(key):
        raise StepIncomplete(f"Isian {key} tidak ada pada langkah {step.move}.")
    return step.data[key]


# Steps that are not named here change nothing but where the request stands.
EFFECTS: dict[Move, Callable[[State, Step], State]] = {
    Move.AJUKAN: _ask,
    Move.AJUKAN_ULANG: _ask,
    Move.DUKUNG: _support,
    Move.TIDAK_DUKUNG: _support,
    Move.CATAT_BUKTI: _note_evidence,
    Move.SETUJUI: _approve,
    Move.TOLAK: _refuse,
    Move.PANTAU: _report,
    Move.EVALUASI: _review,
    Move.PERPANJANG: _extend,
    Move.PANGGIL: _call,
    Move.TANGGAPI: _answer,
    Move.LANJUTKAN: _carry_on,
    Move.CABUT: _revoke,
    Move.AJUKAN_KEBERATAN: _object,
    Move.KABULKAN: _judge_objection,
    Move.TOLAK_KEBERATAN: _judge_objection,
}
