"""The answers of a sitting while its record is folded: which count, and where parts end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cat.errors import RecordBroken
from cat.exam.pretest import slots as pretest_slots
from cat.exam.record import Event, Terms
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from cat.scoring import linked_prior
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.ending import reasons_to_stop
from cat.selection.progress import Progress, posterior, refold
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason


class Answer(NamedTuple):
    """One final answer that counts: part, position of the item in that part, its category, option
    letter.
    """

    part: int
    item: int
    category: int
    option: str


class PretestAnswer(NamedTuple):
    """One final answer to an item on trial: part, position among the part's trial items, how many
    scored answers of the part came before it, option letter.
    """

    part: int
    item: int
    after: int
    option: str


_NO_ITEM: tuple[int, Mapping[str, int]] = (-1, {})


class AnswerLog:
    """The answers of a record while it is folded; begins where an earlier fold stood.

    pool, terms : of the sitting. The others : as in `cat.exam.state.AdaptiveState`.
    """

    def __init__(
        self,
        pool: Pool,
        terms: Terms,
        *,
        answers: Sequence[Answer],
        starts: Sequence[int],
        endings: Sequence[Reason],
        pretest: Sequence[PretestAnswer],
        options: Sequence[str],
    ) -> None:
        self.pool, self.seed, self.burnt = pool, terms.seed, terms.burnt
        self.given, self.starts = list(answers), list(starts)
        self.endings = list(endings)
        self.pretest, self.options = list(pretest), list(options)
        self._enter()
        self.seen = {answer.item for answer in self.given[self.starts[-1] :]}

    def _enter(self) -> None:
        """Turn to the part that follows those which have ended."""
        self.place = len(self.endings)
        self.is_complete = self.place == len(self.pool.parts)
        if not self.is_complete:
            self.part = self.pool.parts[self.place]
            self.known = self.part.answers
            self.adaptive = adaptive_parts(self.pool, self.burnt)[self.place]
            self.has_rules = bool(self.adaptive.policy.stopping.rules)
            self.full = self.starts[-1] + self.adaptive.longest
            self.slots = pretest_slots(self.seed, self.place, self.part, self.burnt)

    def is_on_trial(self, event: Event) -> bool:
        """Whether the event names the trial item that stands here; refuses it anywhere else."""
        if self.is_complete or event.item not in self.part.pretest_position:
            return False
        met = sum(answer.part == self.place for answer in self.pretest)
        here = (len(self.given) - self.starts[-1], self.part.pretest_position[event.item or ""])
        if met >= len(self.slots) or self.slots[met] != here:
            raise broken(event, f"item {event.item} is on trial, but not at this place")
        if event.option not in tuple(LETTERS):
            raise broken(event, f"option {event.option} does not exist")
        return True

    def check(self, event: Event) -> tuple[int, int]:
        """Position and category that the event names, when it may name them."""
        if self.is_complete:
            raise broken(event, "all items have been answered")
        item, categories = self.known.get(event.item or "", _NO_ITEM)
        if item < 0:
            raise broken(event, f"item {event.item} is not in part {self.part.part} of the pool")
        if item in self.seen:
            raise broken(event, f"item {event.item} was answered before")
        category = categories.get(event.option or "")
        if category is None:
            raise broken(event, f"option {event.option} does not exist")
        return item, category

    def add(self, event: Event) -> None:
        """Take in a final answer; raises RecordBroken."""
        item, categories = self.known.get(event.item or "", _NO_ITEM)
        category = categories.get(event.option or "")
        if self.is_complete or category is None or item in self.seen:
            if self.is_on_trial(event):
                self._add_on_trial(event)
                return
            item, category = self.check(event)  # says what is wrong
        self.options.append(event.option or "")
        self.given.append(Answer(self.place, item, category, event.option or ""))
        self.seen.add(item)
        if self.has_rules or len(self.given) == self.full:
            self._end_if_due()

    def _add_on_trial(self, event: Event) -> None:
        slot, option = self.slots[sum(a.part == self.place for a in self.pretest)], event.option
        self.pretest.append(PretestAnswer(self.place, slot.item, slot.after, option or ""))
        self.options.append(option or "")

    def _end_if_due(self) -> None:
        bounds = [*self.starts, len(self.given)]
        so_far = [self.given[a:b] for a, b in pairwise(bounds)]
        progress = progress_of(self.pool, so_far, self.burnt)
        reason = Reason(int(reasons_to_stop(self.adaptive, progress)[0]))
        if reason is not Reason.GOING_ON:
            self.endings.append(reason)
            self.seen = set()
            if self.place + 1 < len(self.pool.parts):
                self.starts.append(len(self.given))
            self._enter()


def progress_of(
    pool: Pool, answers: Sequence[Sequence[Answer]], burnt: tuple[str, ...] = ()
) -> Progress:
    """Progress in the last of the parts whose answers are given, informed by those before it.

    burnt : codes of items that the person may not be given.
    """
    parts, prior = adaptive_parts(pool, burnt), None
    if pool.transition is None:
        return _refold(parts[len(answers) - 1], answers[-1], None)
    for part, given in zip(parts, answers[:-1], strict=False):
        earlier = posterior(part, _refold(part, given, prior))
        prior = linked_prior.prior_after(earlier, pool.transition)
    return _refold(parts[len(answers) - 1], answers[-1], prior)


def _refold(
    part: AdaptivePart, answers: Sequence[Answer], prior: NDArray[np.float64] | None
) -> Progress:
    _, items, categories, _ = zip(*answers, strict=True) if answers else ((), (), (), ())
    return refold(part, np.array(items, np.int64), np.array(categories, np.int64), prior)


def broken(event: Event, why: str) -> RecordBroken:
    """The error that names the event which cannot follow."""
    return RecordBroken(f"event {event.seq} ({event.kind}): {why}", seq=event.seq)
