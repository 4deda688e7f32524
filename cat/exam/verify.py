"""The audit of a stored sitting: replay its record and say whether all comes out the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cat.errors import RecordBroken
from cat.exam.outcome import PartOutcome, outcome
from cat.exam.record import Event, Kind, Terms, first_seal, seal
from cat.exam.state import Phase, State, apply, begin
from cat.itembank.pool import Pool


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. seq : the event at fault, 0 for the terms or the result."""

    seq: int
    what: str

    def __str__(self) -> str:
        place = f"event {self.seq}" if self.seq else "hasil"
        return f"{place}: {self.what}"


@dataclass(frozen=True)
class SealedEvent:
    """An event with the seal stored beside it."""

    event: Event
    seal: str


@dataclass(frozen=True)
class StoredResult:
    """What was published of a sitting. events, seal : count and last seal of its record."""

    parts: tuple[PartOutcome, ...]
    events: int
    seal: str


def verify(
    terms: Terms,
    pool: Pool,
    record: Sequence[SealedEvent],
    result: StoredResult | None,
    key: bytes,
) -> list[Finding]:
    """Everything in which a stored sitting differs from what its record implies; empty if nothing.

    Checks the seals, the order and legality of events, that each item answered is the one the
    engine chooses there, that no answer came after the time, and the published result bit by bit.
    """
    findings = _check_seals(terms, record, key)
    try:
        state, replayed = _replay_strictly(terms, pool, [each.event for each in record])
    except RecordBroken as error:
        return [*findings, Finding(int(error.evidence.get("seq", 0)), str(error))]
    return findings + replayed + _check_result(state, record, result)


def _check_seals(terms: Terms, record: Sequence[SealedEvent], key: bytes) -> list[Finding]:
    previous = first_seal(key, terms)
    for each in record:
        previous = seal(key, previous, each.event)
        if previous != each.seal:
            # Later seals build on this one: naming the first says where to look.
            return [Finding(each.event.seq, "segel tidak cocok; baris ini atau syaratnya diubah")]
    return []


def _replay_strictly(
    terms: Terms, pool: Pool, events: Sequence[Event]
) -> tuple[State, list[Finding]]:
    state, findings = begin(terms, pool), []
    for event in events:
        if event.kind in (Kind.CHOSEN, Kind.ANSWERED) and not state.is_complete:
            expected = state.current_item.key
            if event.item != expected:
                what = f"butir {event.item}, mesin memilih {expected}"
                findings.append(Finding(event.seq, what))
        deadline = state.clock.deadline(state.limit)
        if deadline is not None and event.at > deadline:
            findings.append(Finding(event.seq, "terjadi sesudah waktu habis"))
        state = apply(state, event)
    return state, findings


def _check_result(
    state: State, record: Sequence[SealedEvent], result: StoredResult | None
) -> list[Finding]:
    if result is None:
        closed = state.phase is Phase.FINISHED
        return [Finding(0, "sesi selesai tetapi hasil tidak tersimpan")] if closed else []
    findings = []
    if state.phase is not Phase.FINISHED:
        findings.append(Finding(0, "ada hasil, tetapi rekaman tidak sampai selesai"))
    if result.events != len(record):
        what = f"rekaman berisi {len(record)} peristiwa, hasil dibuat dari {result.events}"
        findings.append(Finding(min(len(record), result.events) + 1, what))
    elif record and result.seal != record[-1].seal:
        findings.append(Finding(0, "segel hasil berbeda dari segel peristiwa terakhir"))
    for computed, stored in zip(outcome(state), result.parts, strict=False):
        for name, value in vars(computed).items():
            published = getattr(stored, name)
            if value != published:
                what = f"{computed.part}.{name} tersimpan {published!r}, dihitung {value!r}"
                findings.append(Finding(0, what))
    if len(result.parts) != len(state.pool.parts):
        findings.append(Finding(0, f"hasil memuat {len(result.parts)} bagian"))
    return findings
