"""What the clients were told against what the database has: nothing lost, nothing counted twice.

A client never learns which item it saw, only its number and the letter that it chose. So the n-th
stored answer of a sitting must be the letter that was sent for item n, and each item stands once.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from cat.exam.display import option_order
from cat.exam.record import Kind
from cat.itembank.content import LETTERS
from web.operations.verification import verify_sitting
from web.tables import Sitting, SittingEvent


class Outcome(IntEnum):
    """What a client was told of an answer."""

    ACKNOWLEDGED = 0
    REFUSED = 1
    UNKNOWN = 2  # no reply came: it may be stored or not


@dataclass
class Ledger:
    """Every answer that was tried, in columns: person, item number, letter shown, outcome."""

    person: array[int] = field(default_factory=lambda: array("l"))
    number: array[int] = field(default_factory=lambda: array("h"))
    letter: array[int] = field(default_factory=lambda: array("b"))
    outcome: array[int] = field(default_factory=lambda: array("b"))

    def add(self, person: int, number: int, letter: str, outcome: Outcome) -> None:
        """One answer and what became of it."""
        self.person.append(person)
        self.number.append(number)
        self.letter.append(LETTERS.index(letter))
        self.outcome.append(outcome)

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Verdict:
    """What was found.

    lost : acknowledged and not stored. doubled : stored once more than they were given. changed :
    stored with another option. unconfirmed : stored, though the client never heard so.
    """

    tried: int
    acknowledged: int
    lost: int
    doubled: int
    changed: int
    unconfirmed: int

    @property
    def is_clean(self) -> bool:
        """Whether every acknowledged answer is stored exactly once and as it was given."""
        return not (self.lost or self.doubled or self.changed)


@dataclass(frozen=True)
class Start:
    """A sitting as it was before the load. answered : final answers already given then."""

    sitting_id: str
    seed: int
    answered: int


def check(
    engine: Engine, ledger: Ledger, people: Sequence[Start], *, shuffled: bool, since: int = 0
) -> Verdict:
    """Compare the ledger with the database.

    people : by the number that the ledger gives them. shuffled : whether options are shown in an
    order of each sitting's own. since : microseconds; stored answers before it are not looked at.
    """
    stored, sent = _stored(engine, people, since), _sent(ledger)
    acknowledged = ledger.outcome.count(Outcome.ACKNOWLEDGED)
    final = [told for answers in sent.values() for _, told in answers.values()]
    # Who has to answer an item again although it was acknowledged has lost the first answer.
    lost, doubled, changed, unconfirmed = acknowledged - final.count(Outcome.ACKNOWLEDGED), 0, 0, 0
    for person, start in enumerate(people):
        answers, rows, extra = sent.get(person, {}), stored.get(start.sitting_id, []), 0
        lost += sum(
            told == Outcome.ACKNOWLEDGED and number > start.answered + len(rows)
            for number, (_, told) in answers.items()
        )
        for number, (_, option) in enumerate(rows, start.answered + 1):
            if number not in answers:
                extra += 1
                continue
            letter, told = answers[number]
            order = option_order(start.seed, number, shuffle=shuffled)
            unconfirmed += told != Outcome.ACKNOWLEDGED
            changed += told == Outcome.ACKNOWLEDGED and order[letter] != option
        doubled += max(extra, _repeated(rows))  # one that stands twice also shifts the rest
    return Verdict(len(ledger), acknowledged, lost, doubled, changed, unconfirmed)


def _sent(ledger: Ledger) -> Mapping[int, Mapping[int, tuple[int, int]]]:
    """Letter and outcome by person and number: the last that was acknowledged, else the last."""
    sent: dict[int, dict[int, tuple[int, int]]] = {}
    for row in zip(ledger.person, ledger.number, ledger.letter, ledger.outcome, strict=True):
        person, number, letter, outcome = row
        earlier = sent.setdefault(person, {}).get(number)
        is_known = earlier is not None and earlier[1] == Outcome.ACKNOWLEDGED
        if outcome == Outcome.ACKNOWLEDGED or not is_known:
            sent[person][number] = (letter, outcome)
    return sent


def _repeated(rows: Sequence[tuple[str, str]]) -> int:
    """Answers to an item that was answered before."""
    items = [item for item, _ in rows]
    return len(items) - len(set(items))


def _stored(
    engine: Engine, people: Sequence[Start], since: int
) -> Mapping[str, list[tuple[str, str]]]:
    """Item and option of each final answer given since the load began, in order, by sitting."""
    answered = {start.sitting_id: start.answered for start in people}
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in answered}
    chosen = (
        select(SittingEvent.sitting_id, SittingEvent.item, SittingEvent.option)
        .where(SittingEvent.kind == Kind.ANSWERED.value, SittingEvent.at >= since)
        .order_by(SittingEvent.sitting_id, SittingEvent.seq)
    )
    with engine.connect().execution_options(yield_per=10_000) as connection:
        for name, item, option in connection.execute(chosen):
            if name in found:
                found[name].append((item, option))
    # Without a moment to begin from, what was there before stands at the front.
    return found if since else {name: rows[answered[name] :] for name, rows in found.items()}


def verify(engine: Engine, names: Sequence[str], key: bytes) -> list[str]:
    """What the audit by replay finds wrong with these sittings; empty when nothing."""
    wrong = []
    with Session(engine) as session:
        for name in names:
            found = verify_sitting(session, session.get_one(Sitting, name), key)
            wrong += [f"{name}: {each}" for each in found]
    return wrong
