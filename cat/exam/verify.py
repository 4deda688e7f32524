"""The audit of a stored sitting: replay its record and say whether all comes out the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cat.errors import RecordBroken
from cat.exam.outcome import PartOutcome, outcome
from cat.exam.record import Event, Kind, Terms, first_seal, seal
from cat.exam.state import AdaptiveState, Phase, State, apply, begin
from cat.itembank.pool import Pool


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. seq : the event at fault, 0 for the terms or the result."""

    seq: int
    what: str

    def __str__(self) -> str:
        place = f"peristiwa {self.seq}" if self.seq else "hasil"
        return f"{place}: {self.what}"


@dataclass(frozen=True)
class SealedEvent:
    """An event with the seal stored beside it."""

    event: Event
    seal: str


@dataclass(frozen=True)
class Head:
    """What is kept beside the record: how many events it has, and the last seal."""

    events: int
    seal: str


def verify(
    terms: Terms,
    pool: Pool,
    record: Sequence[SealedEvent],
    head: Head,
    published: Sequence[PartOutcome],
    key: bytes,
) -> list[Finding]:
    """Everything in which a stored sitting differs from what its record implies; empty if nothing.

    Checks the seals, the order and legality of events, that each item answered is the one the
    engine chooses there, that no answer came after the time, and the published result (empty when
    there is none) bit by bit.
    """
    findings = check_seals(terms, record, head, key)
    try:
        state, replayed = _replay_strictly(terms, pool, [each.event for each in record])
    except RecordBroken as error:
        what = f"rekaman tidak dapat diputar ulang ({error})"
        return [*findings, Finding(int(error.evidence.get("seq", 0)), what)]
    finished = state.phase is Phase.FINISHED
    return findings + replayed + check_result(outcome(state), finished, published)


def check_seals(
    terms: Terms, record: Sequence[SealedEvent], head: Head, key: bytes
) -> list[Finding]:
    """The first place where a seal does not fit, or where the record is too short or too long."""
    previous = first_seal(key, terms)
    for each in record:
        previous = seal(key, previous, each.event)
        if previous != each.seal:
            # Later seals build on this one: naming the first says where to look.
            return [Finding(each.event.seq, "segel tidak cocok; baris ini atau syaratnya diubah")]
    if len(record) != head.events:
        what = f"rekaman berisi {len(record)} peristiwa, seharusnya {head.events}"
        return [Finding(min(len(record), head.events) + 1, what)]
    if previous != head.seal:
        return [Finding(len(record), "segel terakhir berbeda dari yang tercatat pada ujian")]
    return []


def _replay_strictly(
    terms: Terms, pool: Pool, events: Sequence[Event]
) -> tuple[State, list[Finding]]:
    state, findings = begin(terms, pool), []
    for event in events:
        if what := _wrong_item(state, event):
            findings.append(Finding(event.seq, what))
        if state.deadline is not None and event.at > state.deadline:
            findings.append(Finding(event.seq, "terjadi sesudah waktu habis"))
        if event.kind is Kind.REOPENED and event.data.get("oleh") == event.data.get("kedua"):
            findings.append(Finding(event.seq, "dibuka kembali tanpa orang kedua"))
        state = apply(state, event)
    return state, findings


def _wrong_item(state: State, event: Event) -> str:
    """What is wrong with the item of an event of an adaptive sitting; empty when nothing is."""
    if not isinstance(state, AdaptiveState) or state.is_complete:
        return ""
    if event.kind not in (Kind.CHOSEN, Kind.ANSWERED):
        return ""
    expected = state.current_item.key
    return "" if event.item == expected else f"butir {event.item}, mesin memilih {expected}"


def check_result(
    computed: Sequence[PartOutcome], finished: bool, published: Sequence[PartOutcome]
) -> list[Finding]:
    """Everything in which the published result differs from what the record comes to.

    finished : whether the record ends with the end of the sitting; only then there is a result.
    """
    if not published:
        return [Finding(0, "ujian selesai tetapi hasil tidak tersimpan")] if finished else []
    if not finished:
        return [Finding(0, "ada hasil, tetapi rekaman tidak sampai selesai")]
    if len(published) != len(computed):
        return [Finding(0, f"hasil memuat {len(published)} dari {len(computed)} bagian")]
    return [
        Finding(0, f"{part.part}.{name} tersimpan {stored!r}, dihitung {value!r}")
        for part, stored_part in zip(computed, published, strict=True)
        for name, value in vars(part).items()
        if (stored := getattr(stored_part, name)) != value
    ]
