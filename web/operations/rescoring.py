"""Rescoring by replay: what the stored records come to, beside what was published; many at once.

Nothing is written: differences are for people to decide on. Included are the order, the phases and
the legality of all events, the folding of the answers, where each part ended, and every figure of
the result bit by bit; with a key also the seals. Not included is whether the engine would choose
the same items again: that is `web.operations.verification`, one sitting at a time.

Linear sittings, and those of people who may not be given every item, are replayed one by one.
"""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from cat.errors import RecordBroken
from cat.exam.outcome import PartOutcome, outcome
from cat.exam.record import Event, Kind
from cat.exam.rescoring import (
    KINDS,
    UNKNOWN,
    Outcomes,
    Records,
    item_keys,
    part_outcomes,
    score_many,
)
from cat.exam.state import Phase, replay
from cat.exam.verify import Finding, Head, SealedEvent, check_result, check_seals
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from web.operations.bulk import copy_out
from web.operations.pools import get_pool
from web.operations.records import read_record, terms_of
from web.tables import PartResult, Peserta, Sitting, SittingEvent

# Sittings that are read and scored together: enough for numpy, few enough for little memory.
CHUNK = 2_000
_FIELDS = tuple(PartOutcome.__dataclass_fields__)
_EVENT = {
    "sitting": pl.Int64,
    "seq": pl.Int64,
    "kind": pl.String,
    "at": pl.Int64,
    "item": pl.String,
    "option": pl.String,
}


@dataclass(frozen=True)
class Chunk:
    """Sittings of one pool. ids : at most CHUNK of them."""

    pool: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What was found in some sittings.

    sittings, parts : how many were looked at, and how many published parts were computed again.
    replayed : sittings out of the ordinary, replayed one by one.
    differences : (id of the sitting, what does not hold).
    """

    sittings: int
    parts: int
    replayed: int
    differences: tuple[tuple[str, Finding], ...]

    def plus(self, other: Report) -> Report:
        """Both together."""
        return Report(
            self.sittings + other.sittings,
            self.parts + other.parts,
            self.replayed + other.replayed,
            self.differences + other.differences,
        )


def plan(session: Session, *, sesi_id: int | None = None, which: str | None = None) -> list[Chunk]:
    """Chunks of the stored sittings, sesi by sesi.

    sesi_id : of this sesi only. which : this sitting only.
    """
    chosen = select(Sitting.pool_digest, Sitting.id)
    if sesi_id is not None:
        chosen = chosen.where(Sitting.sesi_id == sesi_id)
    if which is not None:
        chosen = chosen.join(Peserta).where((Sitting.id == which) | (Peserta.nomor == which))
    by_pool: dict[str, list[str]] = {}
    for digest, sitting in session.execute(chosen.order_by(Sitting.sesi_id, Sitting.seat)):
        by_pool.setdefault(digest, []).append(sitting)
    return [
        Chunk(digest, tuple(ids[start : start + CHUNK]))
        for digest, ids in by_pool.items()
        for start in range(0, len(ids), CHUNK)
    ]


def rescore(session: Session, chunk: Chunk, key: bytes | None = None) -> Report:
    """Score the records of a chunk again and compare with what was published.

    key : of the seals, to check them too. Raises BadInput, PoolDamaged for the pool.
    """
    pool = get_pool(session, chunk.pool)
    published = _published(session, chunk)
    doubtful, differences = list(range(len(chunk.ids))), []
    if not pool.is_linear:
        seeds, is_burnt = _seeds(session, chunk)
        found = score_many(pool, _records(session, chunk, pool), len(chunk.ids), seeds)
        found.doubtful[is_burnt] = True
        differences = _compare(chunk, pool, found, published)
        doubtful = np.flatnonzero(found.doubtful).tolist()
    for place in doubtful:
        findings = _replayed(session, chunk.ids[place], pool, published[place])
        differences += [(chunk.ids[place], finding) for finding in findings]
    if key is not None:
        differences += _broken_seals(session, chunk, key)
    parts = sum(map(len, published))
    return Report(len(chunk.ids), parts, len(doubtful), tuple(differences))


def rescore_all(
    url: str, chunks: Sequence[Chunk], *, workers: int, key: bytes | None = None
) -> Iterator[Report]:
    """A report for each chunk, from processes that each read the database by themselves.

    url : of the database, with its password.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _connect, (url, key)) as pool:
        yield from pool.map(_rescore_one, chunks)


_worker: dict[str, Any] = {}


def _connect(url: str, key: bytes | None) -> None:
    _worker.update(engine=create_engine(url), key=key)


def _rescore_one(chunk: Chunk) -> Report:
    with Session(_worker["engine"]) as session:
        return rescore(session, chunk, _worker["key"])


def _records(session: Session, chunk: Chunk, pool: Pool) -> Records:
    frame = _events(session, chunk).sort("sitting", "seq")
    codes = {"kind": [kind.value for kind in KINDS], "item": item_keys(pool), "option": LETTERS}
    for name, known in codes.items():
        place = pl.col(name).cast(pl.Enum(list(known)), strict=False).to_physical()
        frame = frame.with_columns(place.cast(pl.Int64).fill_null(UNKNOWN))
    return Records(**{name: frame[name].to_numpy() for name in _EVENT})


def _seeds(session: Session, chunk: Chunk) -> tuple[list[int], list[bool]]:
    """Seed of each sitting, and whether some items are burnt for its person."""
    rows = session.execute(
        select(Sitting.id, Sitting.seed, Sitting.hangus).where(Sitting.id.in_(chunk.ids))
    )
    found = {sitting: (seed, bool(burnt)) for sitting, seed, burnt in rows}
    return [found[each][0] for each in chunk.ids], [found[each][1] for each in chunk.ids]


def _events(session: Session, chunk: Chunk) -> pl.DataFrame:
    """The events of a chunk; `sitting` is the place of the sitting in it."""
    if session.get_bind().dialect.name == "postgresql":
        return _copied_events(session, chunk)
    places = {sitting: place for place, sitting in enumerate(chunk.ids)}
    columns = (SittingEvent.sitting_id, *(getattr(SittingEvent, n) for n in list(_EVENT)[1:]))
    rows = session.execute(select(*columns).where(SittingEvent.sitting_id.in_(chunk.ids)))
    return pl.DataFrame(
        [(places[sitting], *rest) for sitting, *rest in rows], schema=_EVENT, orient="row"
    )


def _copied_events(session: Session, chunk: Chunk) -> pl.DataFrame:
    """The same from PostgreSQL, without a Python object for each of millions of values."""
    query = """
        SELECT asked.place - 1, e.seq, e.kind, e.at, e.item, e.option
        FROM unnest(%s::text[]) WITH ORDINALITY AS asked (id, place)
        JOIN sitting_event AS e ON e.sitting_id = asked.id
    """
    text = copy_out(session, query, [list(chunk.ids)])
    if not text:
        return pl.DataFrame(schema=_EVENT)
    return pl.read_csv(io.BytesIO(text), has_header=False, schema=_EVENT)


def _published(session: Session, chunk: Chunk) -> list[list[PartOutcome]]:
    """The published parts of each sitting, in order."""
    places = {sitting: place for place, sitting in enumerate(chunk.ids)}
    columns = [getattr(PartResult, name) for name in ("sitting_id", *_FIELDS)]
    chosen = select(*columns).where(PartResult.sitting_id.in_(chunk.ids))
    found: list[list[PartOutcome]] = [[] for _ in chunk.ids]
    for sitting, *fields in session.execute(chosen.order_by(PartResult.position)):
        found[places[sitting]].append(PartOutcome(*fields))
    return found


def _compare(
    chunk: Chunk, pool: Pool, found: Outcomes, published: list[list[PartOutcome]]
) -> list[tuple[str, Finding]]:
    """What does not hold in the results of records that are beyond doubt."""
    computed, finished = part_outcomes(pool, found), found.finished.tolist()
    return [
        (chunk.ids[place], finding)
        for place in np.flatnonzero(~found.doubtful).tolist()
        for finding in check_result(computed[place], finished[place], published[place])
    ]


def _replayed(
    session: Session, sitting_id: str, pool: Pool, published: list[PartOutcome]
) -> list[Finding]:
    """The same for one sitting, by replaying its record event by event."""
    sitting = session.get_one(Sitting, sitting_id)
    events = [each.event for each in read_record(session, sitting_id)]
    try:
        state = replay(terms_of(sitting), pool, events)
    except RecordBroken as error:
        what = f"rekaman tidak dapat diputar ulang ({error})"
        return [Finding(int(error.evidence.get("seq", 0)), what)]
    return check_result(outcome(state), state.phase is Phase.FINISHED, published)


def _broken_seals(session: Session, chunk: Chunk, key: bytes) -> Iterator[tuple[str, Finding]]:
    """The first broken seal of each sitting that has one."""
    sittings = session.scalars(select(Sitting).where(Sitting.id.in_(chunk.ids)))
    records = _sealed_events(session, chunk)
    for sitting in sittings:
        head = Head(sitting.event_count, sitting.seal)
        for finding in check_seals(terms_of(sitting), records.get(sitting.id, []), head, key):
            yield sitting.id, finding


def _sealed_events(session: Session, chunk: Chunk) -> dict[str, list[SealedEvent]]:
    names = ("sitting_id", "seal", "seq", "kind", "at", "item", "option", "data")
    columns = [getattr(SittingEvent, name) for name in names]
    chosen = select(*columns).where(SittingEvent.sitting_id.in_(chunk.ids))
    found: dict[str, list[SealedEvent]] = {}
    for sitting, seal, seq, kind, *rest in session.execute(
        chosen.order_by(SittingEvent.sitting_id, SittingEvent.seq)
    ):
        found.setdefault(sitting, []).append(SealedEvent(Event(seq, Kind(kind), *rest), seal))
    return found
