"""The promises, checked from outside: what candidates were told against what the database has.

Everything is read with SQL of our own. An answer is the k-th final one of its sitting, a choice the
event that carries its page's number; the letter on the screen becomes the item's own through the
order of options, which is the only thing taken from the engine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.faults.ledger import Ledger, Save, Service
from bench.faults.place import Place
from cat.exam.display import option_order

MICROSECONDS = 1_000_000
TIME_SECONDS = 2.0
LETTERS = "ABCDE"


@dataclass(frozen=True)
class Stored:
    """One event as the database has it."""

    kind: str
    at: int
    item: str | None
    option: str | None
    turn: int


@dataclass
class Verdict:
    """What came of one fault.

    time_error : the worst, seconds. replayed, verified : sittings. notes : other broken promises.
    refused : saves that the platform said no to, by code.
    """

    tried: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    time_error: float = 0.0
    replayed: int = 0
    verified: int = 0
    notes: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether every promise held."""
        whole = self.lost == 0 and self.doubled == 0 and self.verified == self.replayed > 0
        return whole and self.time_error <= TIME_SECONDS and not self.notes


def check(
    place: Place, ledgers: Sequence[Ledger], service: Service | None, *, until: float
) -> Verdict:
    """Hold every ledger against the database.

    service : when anybody could be served; None where nothing may have been given back.
    until : moment at which the candidates stopped, seconds of `time.monotonic`.
    """
    verdict = Verdict()
    for ledger in ledgers:
        events = read_events(place, ledger.sitting_id)
        shuffles = read_shuffles(place, ledger.sitting_id)
        verdict.tried += ledger.tried
        verdict.acknowledged += len(ledger.acknowledged)
        verdict.lost += lost(ledger, events, shuffles)
        verdict.doubled += doubled(ledger, events)
        error = time_error(ledger, events, service, until)
        verdict.time_error = max(verdict.time_error, error)
    findings = place.verify([ledger.sitting_id for ledger in ledgers])
    verdict.replayed = len(ledgers)
    verdict.verified = len(ledgers) - len({each.split(":")[0] for each in findings})
    verdict.notes += findings[:3]
    return verdict


def read_events(place: Place, sitting_id: str) -> list[Stored]:
    """The record of a sitting, in order."""
    rows = place.ask(
        "SELECT kind, at, item, option, data FROM sitting_event WHERE sitting_id = ? ORDER BY seq",
        sitting_id,
    )
    return [Stored(*row[:4], _data(row[4]).get("urut", 0)) for row in rows]


def read_shuffles(place: Place, sitting_id: str) -> tuple[int, bool]:
    """Seed of the sitting, and whether its pool shuffles options."""
    seed, digest = place.ask("SELECT seed, pool_digest FROM sitting WHERE id = ?", sitting_id)[0]
    with place.app.app_context():
        from web.db import db
        from web.operations.pools import get_pool

        return seed, get_pool(db.session(), digest).shuffle_options


def lost(ledger: Ledger, events: Sequence[Stored], shuffles: tuple[int, bool]) -> int:
    """Saves that were acknowledged and are not in the record.

    A choice that a later one of the same item overtook on its way counts as kept.
    """
    finals = [each for each in events if each.kind == "answered"]
    chosen = {each.turn: each for each in events if each.kind == "chosen"}
    count = 0
    for save in ledger.acknowledged:
        own = own_letter(save, *shuffles)
        if save.is_final:
            is_kept = len(finals) >= save.number and finals[save.number - 1].option == own
        else:
            found = chosen.get(save.turn)
            is_kept = found.option == own if found else _is_overtaken(save, ledger, chosen)
        count += not is_kept
    return count


def _is_overtaken(save: Save, ledger: Ledger, chosen: dict[int, Stored]) -> bool:
    return any(
        later.number == save.number and later.turn > save.turn
        and (later.turn in chosen or (later.is_final and later.told))
        for later in ledger.saves
    )  # fmt: skip


def own_letter(save: Save, seed: int, shuffle: bool) -> str:
    """The item's own letter behind the one on the screen."""
    return option_order(seed, save.number, shuffle=shuffle)[LETTERS.index(save.shown)]


def doubled(ledger: Ledger, events: Sequence[Stored]) -> int:
    """Saves that the record holds twice, and final answers beyond those that were sent."""
    items = Counter(each.item for each in events if each.kind == "answered")
    turns = Counter(each.turn for each in events if each.kind == "chosen" and each.turn)
    twice = sum(n - 1 for n in items.values()) + sum(n - 1 for n in turns.values())
    sent = {save.number for save in ledger.saves if save.is_final and save.tries}
    beyond = max(0, sum(items.values()) - len(sent)) if ledger.mode == "adaptif" else 0
    return twice + beyond


def idle_seconds(events: Sequence[Stored]) -> float:
    """How long the clock stood still."""
    idle, stopped = 0, None
    for each in events:
        if each.kind == "paused":
            stopped = each.at
        elif each.kind == "resumed" and stopped is not None:
            idle, stopped = idle + each.at - stopped, None
    return idle / MICROSECONDS


def time_error(
    ledger: Ledger, events: Sequence[Stored], service: Service | None, until: float
) -> float:
    """Seconds by which the record, or a time left that was told, differs from the candidate's own.

    The candidate could work from the acknowledged start on, except while nobody was served, and
    until the test was over: whoever had finished before an outage is given nothing.
    """
    if ledger.started is None:
        return 0.0
    away = Service() if service is None else service
    moments = {each.kind: each.at for each in events}
    if "finished" in moments:
        lasted = (moments["finished"] - moments["started"]) / MICROSECONDS
        until = min(until, ledger.started + lasted)
    given = abs(idle_seconds(events) - away.away(ledger.started, until))
    worst = 0.0
    for at, left in ledger.left:
        if at < ledger.started or left == 0:
            continue
        own = ledger.seconds - (at - ledger.started - away.away(ledger.started, at))
        worst = max(worst, abs(left - own))
    return max(given, worst)


def _data(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else dict(json.loads(value or "{}"))
