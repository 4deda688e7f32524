"""What do many stored records of adaptive sittings come to at once? The same results as `replay`
and `outcome`, in bulk.

A record in which anything is out of the ordinary is set aside as doubtful: it is for `replay` to
say what is wrong with it, or that it is lawful after all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.exam.outcome import PartOutcome
from cat.exam.pretest import slots
from cat.exam.record import Kind
from cat.exam.state import TRANSITIONS, Phase
from cat.itembank.pool import Pool
from cat.scoring import eap
from cat.scoring.scale_many import PointsCurve, nilai_se_of_many
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.ending import reasons_to_stop
from cat.selection.progress import Progress, begin, learn, posterior
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

KINDS = tuple(Kind)
UNKNOWN = -1
_PHASES = tuple(Phase)


@dataclass(frozen=True, eq=False)
class Records:
    """The events of J sittings on one pool; all arrays (M,), sitting after sitting, each in order.

    sitting : 0 to J - 1, ascending; seq : number of the event; at : microseconds.
    kind : place in KINDS.
    item : place in `item_keys(pool)`, option : place in LETTERS; UNKNOWN for anything else.
    """

    sitting: Ints
    seq: Ints
    at: Ints
    kind: Ints
    item: Ints
    option: Ints


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What J records come to; arrays (J,) and, for each part, (J, P).

    doubtful : records to be replayed one by one; nothing else is said of them.
    finished : whether the record ends with the end of the sitting.
    theta and the others : as in `PartOutcome`.
    """

    doubtful: Flags
    finished: Flags
    theta: Floats
    se: Floats
    nilai: Ints
    nilai_se: Floats
    answered: Ints
    length: Ints
    reason: Ints


def part_outcomes(pool: Pool, found: Outcomes) -> list[tuple[PartOutcome, ...]]:
    """The outcome of every sitting, as `cat.exam.outcome` gives it."""
    count = len(found.doubtful)
    of_part = []
    for place, part in enumerate(pool.parts):
        given: dict[str, list[Any]] = {
            "part": [part.part] * count,
            "maximum": [part.reference_form.maximum] * count,
        }
        columns = [
            given[name] if name in given else getattr(found, name)[:, place].tolist()
            for name in PartOutcome.__dataclass_fields__
        ]
        of_part.append(map(PartOutcome, *columns))
    return list(zip(*of_part, strict=True))


def item_keys(pool: Pool) -> tuple[str, ...]:
    """The keys of all items of a pool, part after part; then those of all items on trial."""
    scored = tuple(item.key for part in pool.parts for item in part.items)
    return scored + tuple(item.key for part in pool.parts for item in part.pretest)


def score_many(
    pool: Pool, records: Records, sittings: int, seeds: Sequence[int] | None = None
) -> Outcomes:
    """Check and score the records of J = `sittings` sittings, each bit for bit as `outcome` does.

    seeds : (J,) of the sittings, which tell where items on trial belong; without them every record
        that holds such an item is doubtful. So must be the caller of one whose person may not be
        given all items, where the pool has items on trial.

    Order, time order and phases are checked, and that every option marked or answered belongs to
    an item of the part where it stands. Not checked: seals, whether the engine would have chosen
    these items, and whether the time had run out; see `cat.exam.verify`.
    """
    fold = _Fold(pool, records, sittings)
    found = fold.outcomes()
    found.doubtful[sorted(_astray(pool, records, fold, seeds))] = True
    return found


@dataclass(frozen=True, eq=False)
class _Tables:
    """What all records of a pool share.

    first : position of each part's first item among the keys, and the number of all items.
    category : (I, 5) response category of each option of all items.
    nothing : theta and SE of each part for who answered nothing.
    """

    parts: tuple[AdaptivePart, ...]
    first: Ints
    category: NDArray[np.int8]
    nothing: tuple[tuple[float, float], ...]
    curves: tuple[PointsCurve, ...]


@lru_cache(maxsize=8)
def _tables(pool: Pool) -> _Tables:
    parts = adaptive_parts(pool)
    blank = [
        eap.estimate(posterior(part, begin(part, 1)), part.tables.quadrature) for part in parts
    ]
    return _Tables(
        parts=parts,
        first=np.cumsum([0, *(len(part.items) for part in pool.parts)]),
        category=np.array([row for part in pool.parts for row in part.category], dtype=np.int8),
        nothing=tuple((float(theta[0]), float(se[0])) for theta, se in blank),
        curves=tuple(PointsCurve(part.reference_form) for part in pool.parts),
    )


class _Fold:
    """Records while they are folded, part after part, all sittings of a part side by side."""

    def __init__(self, pool: Pool, records: Records, sittings: int) -> None:
        self.pool, self.records, self.tables = pool, records, _tables(pool)
        shape = (sittings, len(pool.parts))
        self.theta, self.se = np.empty(shape), np.empty(shape)
        self.theta[:], self.se[:] = np.array(self.tables.nothing).T
        self.answered = np.zeros(shape, dtype=np.int64)
        self.length = np.tile([part.blueprint.length for part in pool.parts], (sittings, 1))
        self.reason = np.full(shape, int(Reason.GOING_ON), dtype=np.int64)
        self.doubtful = _out_of_order(records, sittings)

        # Items on trial count for nothing; their answers are as if they had never been given.
        counts = records.item < self.tables.first[-1]
        is_answer = (records.kind == KINDS.index(Kind.ANSWERED)) & counts
        # One unknown answer at the end stands for what was not answered.
        self.item = np.append(records.item[is_answer], UNKNOWN)
        self.category = self._category(self.item, np.append(records.option[is_answer], UNKNOWN))
        self.total = np.bincount(records.sitting[is_answer], minlength=sittings)
        self.base = np.cumsum(self.total) - self.total
        self._check_marks(np.cumsum(is_answer), counts)

    def outcomes(self) -> Outcomes:
        start = np.zeros(len(self.total), dtype=np.int64)
        persons = np.flatnonzero(~self.doubtful)
        for place in range(len(self.pool.parts)):
            persons = self._fold_part(place, persons, start)
        # Whoever ended the last part may not have answered on.
        self.doubtful[persons[start[persons] < self.total[persons]]] = True
        return self._scored()

    def _category(self, item: Ints, option: Ints) -> Ints:
        """Category of each answer, UNKNOWN where item or option is."""
        known = (item >= 0) & (option >= 0)
        found = self.tables.category[np.where(known, item, 0), np.where(known, option, 0)]
        return np.where(known, found, UNKNOWN)

    def _check_marks(self, answers_up_to: Ints, counts: Flags) -> None:
        """A mark is in order where the very item that it names is answered next."""
        records = self.records
        at = np.flatnonzero((records.kind == KINDS.index(Kind.CHOSEN)) & counts)
        sitting, following = records.sitting[at], answers_up_to[at]
        within = following < (self.base + self.total)[sitting]
        answered = np.full(len(at), UNKNOWN)
        answered[within] = self.item[following[within]]
        legal = self._category(records.item[at], records.option[at]) >= 0
        self.doubtful[sitting[~(legal & (answered == records.item[at]))]] = True

    def _fold_part(self, place: int, persons: Ints, start: Ints) -> Ints:
        """Fold one part; returns who ended it, with `start` moved on to their next answer."""
        part, first = self.tables.parts[place], self.tables.first[place : place + 2]
        progress, ended = begin(part, len(persons)), []
        while len(persons):
            following = start[persons] + progress.answered
            has_more = following < self.total[persons]
            at = np.where(has_more, self.base[persons] + following, -1)
            item, category = self.item[at] - first[0], self.category[at]
            legal = (category >= 0) & (item >= 0) & (item < first[1] - first[0])
            legal &= ~(progress.items == item[:, None]).any(axis=1)
            self.doubtful[persons[has_more & ~legal]] = True
            if not legal.all():
                self._leave(place, progress.only(~legal), persons[~legal], None)
                progress, persons = progress.only(legal), persons[legal]
                item, category = item[legal], category[legal]
            if not len(persons):
                break
            learn(part, progress, item, category)
            reasons = reasons_to_stop(part, progress)
            done = reasons != Reason.GOING_ON
            if done.any():
                self._leave(place, progress.only(done), persons[done], reasons[done])
                ended.append(persons[done])
                progress, persons = progress.only(~done), persons[~done]
        finished = np.sort(np.concatenate(ended)) if ended else np.empty(0, dtype=np.int64)
        start[finished] += self.answered[finished, place]
        return finished

    def _leave(
        self, place: int, progress: Progress, persons: Ints, reasons: NDArray[np.int8] | None
    ) -> None:
        """Note how far people came in a part; reasons : why it ended, None where broken off."""
        part = self.tables.parts[place]
        theta, se = eap.estimate(posterior(part, progress), part.tables.quadrature)
        self.theta[persons, place], self.se[persons, place] = theta, se
        self.answered[persons, place] = progress.answered
        if reasons is not None:
            self.reason[persons, place] = reasons
            self.length[persons, place] = progress.answered  # ended by its own rules: complete

    def _scored(self) -> Outcomes:
        nilai, nilai_se = np.empty_like(self.answered), np.empty_like(self.theta)
        for place, curve in enumerate(self.tables.curves):
            theta, progress = self.theta[:, place], (self.answered[:, place], self.length[:, place])
            nilai[:, place] = curve.nilai(theta, *progress)
            se = self.se[:, place]
            nilai_se[:, place] = nilai_se_of_many(theta, se, curve.form, *progress)
        return Outcomes(
            doubtful=self.doubtful,
            finished=_finished(self.records, len(self.doubtful)),
            theta=self.theta,
            se=self.se,
            nilai=nilai,
            nilai_se=nilai_se,
            answered=self.answered,
            length=self.length,
            reason=self.reason,
        )


def _astray(pool: Pool, records: Records, fold: _Fold, seeds: Sequence[int] | None) -> set[int]:
    """Sittings with an item on trial at a place that is not its own."""
    first = int(fold.tables.first[-1])
    at = np.flatnonzero(records.item >= first)
    if seeds is None:
        return set(records.sitting[at].tolist())
    owner = [(place, k) for place, part in enumerate(pool.parts) for k in range(len(part.pretest))]
    counts = (records.kind == KINDS.index(Kind.ANSWERED)) & (records.item < first)
    before = np.cumsum(counts)[at] - fold.base[records.sitting[at]]
    starts = np.cumsum(fold.answered, axis=1) - fold.answered
    found: set[int] = set()
    met: Counter[tuple[int, int]] = Counter()
    for event, scored in zip(at.tolist(), before.tolist(), strict=True):
        sitting = int(records.sitting[event])
        place, item = owner[records.item[event] - first]
        due = slots(seeds[sitting], place, pool.parts[place])[met[sitting, place] :]
        here = (scored - int(starts[sitting, place]), item)
        has_begun = place == 0 or fold.reason[sitting, place - 1] != Reason.GOING_ON
        if not has_begun or not due or due[0] != here or records.option[event] < 0:
            found.add(sitting)
        if records.kind[event] == KINDS.index(Kind.ANSWERED):
            met[sitting, place] += 1
    return found


def _out_of_order(records: Records, sittings: int) -> Flags:
    """Sittings whose events are not numbered from 1, go back in time or come in a wrong phase."""
    opens = np.ones(len(records.sitting), dtype=np.bool_)
    opens[1:] = records.sitting[1:] != records.sitting[:-1]
    before = np.where(opens, 0, np.roll(records.seq, 1))
    earlier = np.where(opens, records.at, np.roll(records.at, 1))
    after, allowed = _phase_tables()
    kind = np.where(records.kind >= 0, records.kind, 0)
    phase = np.where(opens, _PHASES.index(Phase.WAITING), after[np.roll(kind, 1)])
    wrong = (records.seq != before + 1) | (records.at < earlier)
    wrong |= (records.kind < 0) | ~allowed[kind, phase]
    wrong |= records.kind == KINDS.index(Kind.FLAGGED)  # adaptive sittings have no flags
    found = np.zeros(sittings, dtype=np.bool_)
    found[records.sitting[wrong]] = True
    return found


def _phase_tables() -> tuple[Ints, Flags]:
    """(kinds,) phase that each kind of event leaves, and (kinds, phases) which it may find."""
    after = np.array([_PHASES.index(TRANSITIONS[kind][1]) for kind in KINDS])
    allowed = np.array([[phase in TRANSITIONS[kind][0] for phase in _PHASES] for kind in KINDS])
    return after, allowed


def _finished(records: Records, sittings: int) -> Flags:
    """Whether the last event is the end: what was opened again afterwards is not finished."""
    found = np.zeros(sittings, dtype=np.bool_)
    closes = np.ones(len(records.sitting), dtype=np.bool_)
    closes[:-1] = records.sitting[1:] != records.sitting[:-1]
    found[records.sitting[closes & (records.kind == KINDS.index(Kind.FINISHED))]] = True
    return found
