"""Where does a request stand? A fold over its steps; nothing else decides.

The engine's assessment is an argument of an approval, never its author: there is no role for the
engine, and an approval that a test forbids is refused whoever signs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cat.errors import NotYourStep, RecordBroken, StepIncomplete, StepOutOfTurn
from cat.ketentuan.fleksibel.akibat import EFFECTS
from cat.ketentuan.fleksibel.isi import LONGEST_TEXT
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.langkah import ROLES_OF, TRANSITIONS, WITHOUT_REASON, Role, Step


def fold(steps: Iterable[Step]) -> State:
    """The state after these steps; raises RequestError at the first that was not legal."""
    state = State()
    for step in steps:
        state = apply(state, step)
    return state


def apply(state: State, step: Step) -> State:
    """The state after one more step.

    Raises StepOutOfTurn, NotYourStep, StepIncomplete or RuleForbids, and RecordBroken for a step
    dated before the one before it.
    """
    if state.last_day is not None and step.day < state.last_day:
        raise RecordBroken(f"step {state.steps + 1} is dated {step.day}, before {state.last_day}")
    standing = state.standing_on(step.day)
    target = TRANSITIONS[step.move].get(standing)
    if target is None:
        raise StepOutOfTurn(
            f"{_words(step.move)} tidak dapat dilakukan: permohonan {_words(standing)}.",
            move=step.move,
            standing=standing,
        )
    _check_actor(state, step)
    _check_reason(step)
    effect = EFFECTS.get(step.move)
    changed = effect(state, step) if effect else state
    return replace(changed, standing=target, steps=state.steps + 1, last_day=step.day)


def _check_actor(state: State, step: Step) -> None:
    role, who = step.actor.role, step.actor.pegawai_id
    if role not in ROLES_OF[step.move]:
        raise NotYourStep(f"{_words(step.move)} bukan wewenang {role}.", move=step.move, role=role)
    if not step.actor.account.strip():
        raise NotYourStep("Setiap langkah harus diambil oleh orang yang dikenal.")
    if role in (Role.PEGAWAI, Role.ATASAN) and who is None:
        raise NotYourStep("Akun ini tidak terhubung dengan data pegawai.")
    if state.employee is None:
        return
    if role is Role.PEGAWAI and who != state.employee:
        raise NotYourStep("Hanya pemohon sendiri yang dapat melakukannya.")
    if role is not Role.PEGAWAI and who == state.employee:
        raise NotYourStep("Permohonan sendiri harus diurus oleh orang lain.")


def _check_reason(step: Step) -> None:
    length = len(step.reason.strip())
    if length > LONGEST_TEXT or (step.move not in WITHOUT_REASON and length < 5):
        raise StepIncomplete(f"Alasan atau keterangan: 5 sampai {LONGEST_TEXT} huruf.")


def _words(code: str) -> str:
    return code.replace("_", " ").lower().capitalize()
