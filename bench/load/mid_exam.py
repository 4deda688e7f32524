"""Records of people in the middle of their exam, as the platform itself would have written them.

The items are those that the engine chooses for each seed and each answer before, so every record
replays; the seals are those that the platform's key gives.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.exam.record import MICROSECONDS, Event, Kind, Terms, first_seal, seal
from cat.itembank.content import LETTERS
from cat.itembank.pool import PartPool, Pool
from cat.selection.published import adaptive_parts
from cat.simulation import cohort
from cat.simulation.cohort import SimulatedAnswers

# How long people take over an item, and how evenly: 50,000 people give 920 answers a second.
SECONDS_PER_ITEM, VARIATION = 54.3, 0.6
DRAFTS = 0.3  # share of answers that were saved as a choice before they were made final
PROCTOR = "pengawas"
ADMITTED_BEFORE = 60 * MICROSECONDS
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Exam:
    """On what everybody is examined. key : of the seals. seconds : served time allowed."""

    pool: Pool
    rules: str
    key: bytes
    seconds: int


@dataclass(frozen=True)
class Group:
    """Sittings that began together, J of them.

    ids : names of the sittings. seeds : (J,). answered : (J,) final answers given.
    events : rows of the table of events. heads : one row a sitting, what its last event left.
    """

    ids: list[str]
    seeds: Ints
    answered: Ints
    events: pl.DataFrame
    heads: pl.DataFrame


def names(rng: np.random.Generator, size: int) -> list[str]:
    """Random names of sittings, as the platform gives them."""
    return [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(size)]


def record(exam: Exam, size: int, *, begun: int, now: int, rng: np.random.Generator) -> Group:
    """What a group has done that pressed start within a minute from `begun` on (microseconds)."""
    ids, seeds = names(rng, size), rng.integers(0, 2**63, size)
    times = _times(exam.pool.length, size, begun, now, rng)
    answered = (times[:, 1:] < now).sum(axis=1)
    keys, letters = _answers(exam.pool, seeds, rng)
    has_draft = rng.random(keys.shape) < DRAFTS
    lead = rng.uniform(0.05, 0.5, keys.shape)
    rows: list[tuple[str, int, str, int, str | None, str | None, str, str]] = []
    heads = []
    for j, name in enumerate(ids):
        terms = Terms(name, exam.pool.digest, exam.rules, "adaptif", int(seeds[j]), exam.seconds)
        start = int(times[j, 0])
        events = [
            Event(1, Kind.ADMITTED, start - ADMITTED_BEFORE, data={"oleh": PROCTOR}),
            Event(2, Kind.STARTED, start),
        ]
        for n in range(answered[j]):
            item, option, at = keys[j, n], letters[j, n], int(times[j, n + 1])
            if has_draft[j, n]:
                before = at - int(lead[j, n] * (at - times[j, n]))
                seq = len(events) + 1
                events.append(Event(seq, Kind.CHOSEN, before, item, option, {"urut": 1}))
            events.append(Event(len(events) + 1, Kind.ANSWERED, at, item, option))
        last = first_seal(exam.key, terms)
        for event in events:
            last = seal(exam.key, last, event)
            data = "{}" if not event.data else _DATA[event.kind]
            rows.append(
                (name, event.seq, event.kind.value, event.at, event.item, event.option, data, last)
            )
        deadline = start + exam.seconds * MICROSECONDS
        heads.append((len(events), int(answered[j]), events[-1].at, last, deadline))
    return Group(ids, seeds, answered, _frame(rows), _heads(heads))


_DATA = {Kind.ADMITTED: f'{{"oleh": "{PROCTOR}"}}', Kind.CHOSEN: '{"urut": 1}'}
_EVENT = ("sitting_id", "seq", "kind", "at", "item", "option", "data", "seal")
_HEAD = ("event_count", "answered", "last_at", "seal", "deadline")


def _frame(rows: list[tuple[str, int, str, int, str | None, str | None, str, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=_EVENT, orient="row", infer_schema_length=None)
    return frame.sort("at")  # as they came in, not person by person


def _heads(rows: list[tuple[int, int, int, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_HEAD, orient="row")


def gaps(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """How long people take over items, seconds: lognormal, never under three."""
    sigma = np.sqrt(np.log1p(VARIATION**2))
    drawn = rng.lognormal(np.log(SECONDS_PER_ITEM) - sigma**2 / 2, sigma, shape)
    return np.asarray(np.maximum(drawn, 3.0))


def _times(length: int, size: int, begun: int, now: int, rng: np.random.Generator) -> Ints:
    """(J, 1 + items) when each pressed start and would answer each item but the last one.

    Nobody has finished: the last item is still before everybody.
    """
    start = begun + rng.integers(0, 60 * MICROSECONDS, (size, 1))
    steps = (gaps(rng, (size, length - 1)) * MICROSECONDS).astype(np.int64)
    times = np.hstack([start, start + steps.cumsum(axis=1)])
    return np.hstack([times, np.full((size, 1), now)])


def _answers(
    pool: Pool, seeds: Ints, rng: np.random.Generator
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """(J, items) keys of the items that the engine gives, and own letters of the answers."""
    if any(part.pretest_slots for part in pool.parts):
        raise ValueError(f"pool {pool.code} has items on trial, which a cohort does not meet")
    parts = adaptive_parts(pool)
    theta = rng.normal(0.3, 0.8, (len(seeds), 1)) + rng.normal(0, 0.5, (len(seeds), len(parts)))
    drawn = seeds.astype(np.uint64)
    runs = cohort.run(parts, SimulatedAnswers(parts, theta, drawn), drawn)
    pairs = list(zip(pool.parts, runs, strict=True))
    known = [np.array([item.key for item in part.items], dtype=object) for part in pool.parts]
    keys = [known[place][run.items] for place, run in enumerate(runs)]
    return np.hstack(keys), np.hstack([_letters(part, run, rng) for part, run in pairs])


def _letters(part: PartPool, run: cohort.PartRun, rng: np.random.Generator) -> NDArray[np.object_]:
    """A letter of each item's own that falls into the category answered, drawn where several do."""
    fits = np.array(part.category)[run.items] == run.categories[:, :, None]
    chosen = np.where(fits, rng.random(fits.shape), -1.0).argmax(axis=2)
    return np.array(list(LETTERS), dtype=object)[chosen]
