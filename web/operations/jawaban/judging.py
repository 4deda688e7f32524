"""Judges the requests of one moment by the locked rows, each by itself.

Follows `cat.exam.moves` for the ordinary moves of a working adaptive sitting with time left, and
leaves everything else to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cat.exam.display import ORDERS, option_order
from cat.exam.moves import MOST_CHANGES
from cat.exam.record import ADAPTIVE, MICROSECONDS, Kind
from cat.exam.state import Phase
from cat.itembank.content import LETTERS
from web.operations.jawaban.asks import ANSWER, CHOOSE, STANDING, Ask
from web.operations.jawaban.cache import Entry, Room
from web.operations.jawaban.rows import Row, Write
from web.operations.jawaban.seals import seal
from web.operations.jawaban.sheets import standing

WORKING, ANSWERED, CHOSEN = Phase.WORKING.value, Kind.ANSWERED.value, Kind.CHOSEN.value
_POSITION = {letter: position for position, letter in enumerate(LETTERS)}
# For each order: the own letter behind each letter shown, both from 0.
_OWN = [[_POSITION[letter] for letter in order] for order in ORDERS]


@dataclass
class Judged:
    """What a batch comes to. accepted : with number and served time left unknown until later.

    unchanged : changed nothing. last : ends its sitting. passed : for the ordinary way.
    """

    writes: list[Write] = field(default_factory=list)
    accepted: list[tuple[Ask, Row, Entry]] = field(default_factory=list)
    looked: list[tuple[Ask, Row]] = field(default_factory=list)
    last: list[Ask] = field(default_factory=list)
    passed: list[Ask] = field(default_factory=list)
    unchanged: int = 0


def is_ordinary(ask: Ask, row: Row) -> bool:
    """Whether the request comes from the login that may act, to a working sitting with time."""
    if row.mode != ADAPTIVE or row.masuk_id != ask.login:
        return False
    if ask.act == STANDING and row.phase in (Phase.WAITING, Phase.ADMITTED):
        return True
    return row.phase == WORKING and row.deadline is not None and ask.at < row.deadline


def judge(pairs: Sequence[tuple[Ask, Row]], entries: Mapping[str, Entry], key: bytes) -> Judged:
    """Judge ordinary requests, at most one of a sitting, and advance their entries.

    The entries are ahead of the database until the writes are stored; where that fails, their
    seals no longer agree with the rows and they are read again.
    """
    judged = Judged()
    rooms: dict[int, list[tuple[Ask, Row, Entry]]] = {}
    for ask, row in pairs:
        entry = entries[row.id]
        if entry.room is None:
            judged.passed.append(ask)
        else:
            rooms.setdefault(id(entry.room), []).append((ask, row, entry))
    for group in rooms.values():
        room = group[0][2].room
        assert room is not None
        _judge_room(room, group, key, judged)
    return judged


def _judge_room(
    room: Room, group: Sequence[tuple[Ask, Row, Entry]], key: bytes, judged: Judged
) -> None:
    cohort = room.cohort
    at = np.array([entry.row for _, _, entry in group])
    ends = cohort.completes(at).tolist()
    fields = (cohort.given, cohort.order, cohort.draft, cohort.changes, cohort.turn)
    final: list[int] = []
    letters: list[int] = []
    for (ask, row, entry), end, (given, order, draft, changes, turn) in zip(
        group, ends, zip(*(each[at].tolist() for each in fields), strict=True), strict=True
    ):
        shown = _POSITION.get(ask.shown, -1)
        if shown < 0 or not 1 <= ask.number <= given + 1:
            judged.passed.append(ask)
        elif ask.number <= given:
            if ask.act == CHOOSE or _is_same(room, ask, entry.row):
                _accept(judged, ask, row, entry)
            else:
                judged.passed.append(ask)
        elif ask.act == ANSWER:
            if end:
                judged.last.append(ask)
                continue
            own = _OWN[order][shown]
            _write(room, ask, row, entry, own, given + 1, key, judged)
            final.append(entry.row)
            letters.append(own)
        else:
            own = _OWN[order][shown]
            if 0 < ask.turn <= turn or (ask.turn <= 0 and own == draft):
                _accept(judged, ask, row, entry)
            elif changes >= MOST_CHANGES:
                judged.passed.append(ask)
            else:
                _write(room, ask, row, entry, own, given, key, judged)
                cohort.mark(entry.row, own, ask.turn)
    if final:
        cohort.answer(np.array(final), np.array(letters))


def _accept(judged: Judged, ask: Ask, row: Row, entry: Entry) -> None:
    judged.accepted.append((ask, row, entry))
    judged.unchanged += 1


def _is_same(room: Room, ask: Ask, row: int) -> bool:
    """Whether the option is the one that was made final for an item left behind."""
    cohort = room.cohort
    shuffle = cohort.pool.shuffle_options
    order = option_order(int(cohort.seed[row]), ask.number, shuffle=shuffle)
    return bool(cohort.options[row, ask.number - 1] == _POSITION[order[_POSITION[ask.shown]]])


def _write(
    room: Room,
    ask: Ask,
    row: Row,
    entry: Entry,
    own: int,
    answered: int,
    key: bytes,
    judged: Judged,
) -> None:
    """The event of an accepted move, and the entry as it will be once that is stored."""
    item, at, seq = room.cohort.item(entry.row).key, max(ask.at, row.last_at), row.event_count + 1
    is_choice = ask.act == CHOOSE
    kind, letter = (CHOSEN if is_choice else ANSWERED), LETTERS[own]
    data = f'{{"urut":{ask.turn}}}' if is_choice and ask.turn > 0 else "{}"
    new = seal(key, row.seal, seq, kind, at, room.keys[item], letter, data)
    judged.writes.append(Write(row.id, seq, kind, at, item, letter, data, new, answered))
    entry.count, entry.seal = seq, new
    judged.accepted.append((ask, row, entry))


def bodies(judged: Judged, now: int, newest: Callable[[Row], int]) -> list[tuple[Ask, bytes]]:
    """The replies to all accepted requests.

    now : of the replies, microseconds. newest : id of the newest message to a seat.
    """
    told = []
    with_item: dict[int, list[tuple[Ask, str, Entry]]] = {}
    for ask, row, entry in judged.accepted:
        room = entry.room
        assert room is not None
        number = int(room.cohort.given[entry.row]) + 1
        text = standing(WORKING, number, _left(row, now), newest(row))
        if ask.act == ANSWER:
            with_item.setdefault(id(room), []).append((ask, text, entry))
        else:
            told.append((ask, f"{{{text}}}".encode()))
    for group in with_item.values():
        room = group[0][2].room
        assert room is not None
        rows = np.array([entry.row for _, _, entry in group])
        for (ask, text, _), item in zip(group, room.sheets.items(room.cohort, rows), strict=True):
            told.append((ask, f'{{{text},"soal":{item}}}'.encode()))
    for ask, row in judged.looked:
        number = row.answered + 1
        text = standing(row.phase, number, _left(row, now), newest(row))
        told.append((ask, f"{{{text}}}".encode()))
    return told


def _left(row: Row, now: int) -> int:
    """Served time left, microseconds."""
    limit = row.seconds * MICROSECONDS
    return limit if row.deadline is None else min(limit, row.deadline - now)
