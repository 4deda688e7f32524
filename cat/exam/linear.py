"""The state of a linear sitting: one form, its items open all the time, the last choice counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cat.exam.answer_log import Answer, broken
from cat.exam.record import Event, Kind
from cat.exam.standing import Course, State
from cat.itembank.content import LETTERS
from cat.itembank.pool import PartPool, PoolItem
from cat.selection.progress import Progress, refold
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason


class Mark(NamedTuple):
    """What the candidate left at one item.

    option : own letter chosen last, None while empty. is_unsure : whether it is flagged.
    turn : the page's number of the last act on it. acts : how many acts there were.
    """

    option: str | None = None
    is_unsure: bool = False
    turn: int = 0
    acts: int = 0


@dataclass(frozen=True)
class LinearState(State):
    """The state of a linear sitting.

    marks : number of an item -> what was left there; items never touched are not in it.
    last : number of the item touched last, 0 before the first.
    """

    marks: tuple[tuple[int, Mark], ...] = ()
    last: int = 0

    @cached_property
    def by_number(self) -> dict[int, Mark]:
        """The marks, to look them up."""
        return dict(self.marks)

    @property
    def number(self) -> int:
        """Number of the item touched last: where somebody goes on who comes back."""
        return self.last or 1

    @property
    def length(self) -> int:
        """Items of the form."""
        return len(self.pool.places(self.terms.form))

    @property
    def answered(self) -> int:
        """Items with an option."""
        return sum(mark.option is not None for _, mark in self.marks)

    @property
    def empty(self) -> int:
        """Items without an option."""
        return self.length - self.answered

    @property
    def unsure(self) -> int:
        """Items that are flagged, with an option or without."""
        return sum(mark.is_unsure for _, mark in self.marks)

    @property
    def is_complete(self) -> bool:
        """Never: answers may be changed until the end."""
        return False

    def mark_at(self, number: int) -> Mark:
        """What was left at the item with this number."""
        return self.by_number.get(number, Mark())

    def part_at(self, number: int) -> PartPool:
        """The part to which the item with this number belongs."""
        return self.pool.parts[self.pool.places(self.terms.form)[number - 1][0]]

    def item_at(self, number: int) -> PoolItem:
        """The item with this number."""
        part, position = self.pool.places(self.terms.form)[number - 1]
        return self.pool.parts[part].items[position]

    def shown_at(self, number: int) -> str | None:
        """The chosen option as the letter on the screen; None while empty."""
        option = self.mark_at(number).option
        return None if option is None else LETTERS[self.order_at(number).index(option)]

    def turn_of(self, number: int) -> int:
        """The last turn that the page gave an act on this item; 0 where there was none."""
        return self.mark_at(number).turn

    def answers_in(self, part: int) -> tuple[Answer, ...]:
        """The answers to one part that stand, in the order of the form."""
        items = self.pool.parts[part]
        found = []
        for number, (place, position) in enumerate(self.pool.places(self.terms.form), start=1):
            option = self.mark_at(number).option if place == part else None
            if option is not None:
                category = items.category[position][LETTERS.index(option)]
                found.append(Answer(part, position, category, option))
        return tuple(found)

    def progress(self, part: int) -> Progress:
        """What the answers to one part say; parts are taken by themselves."""
        given = self.answers_in(part)
        items = np.array([answer.item for answer in given], dtype=np.int64)
        categories = np.array([answer.category for answer in given], dtype=np.int64)
        return refold(adaptive_parts(self.pool)[part], items, categories, None)

    def ending(self, part: int) -> Reason:
        """LENGTH where every item of the part has an answer, else GOING_ON."""
        whole = len(self.answers_in(part)) == self.pool.parts[part].blueprint.length
        return Reason.LENGTH if whole else Reason.GOING_ON


def fold_linear(state: LinearState, events: Iterable[Event]) -> LinearState:
    """The state after the events; raises RecordBroken naming the first impossible one."""
    course, marks, last = Course(state), dict(state.marks), state.last
    numbers = state.pool.numbers(state.terms.form)
    for event in events:
        course.take(event)
        if event.kind is Kind.ANSWERED:
            raise broken(event, "a linear sitting has no final answers")
        if event.kind is not Kind.CHOSEN and event.kind is not Kind.FLAGGED:
            continue
        number = numbers.get(event.item or "", 0)
        if not number:
            raise broken(event, f"item {event.item} is not in form {state.terms.form}")
        marks[number] = _marked(marks.get(number, Mark()), event)
        last = number
    return LinearState(
        state.terms,
        state.pool,
        course.phase,
        course.clock,
        course.seq,
        course.last_at,
        tuple(marks.items()),
        last,
    )


def _marked(mark: Mark, event: Event) -> Mark:
    """What stands at an item after one more act on it."""
    turn = event.data.get("urut", mark.turn)
    if event.kind is Kind.CHOSEN:
        if event.option not in tuple(LETTERS):
            raise broken(event, f"option {event.option} does not exist")
        return Mark(event.option, mark.is_unsure, turn, mark.acts + 1)
    if not isinstance(event.data.get("ragu"), bool):
        raise broken(event, "a flag must be up or down")
    return Mark(mark.option, event.data["ragu"], turn, mark.acts + 1)
