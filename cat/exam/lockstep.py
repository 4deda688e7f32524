"""Many sittings of one pool advanced together, each at its own item.

`State` follows one sitting and is what counts. A `Cohort` keeps for each of many sittings just what
the next item depends on, in one row of arrays, so that the answers of one moment cost one pass
through numpy however many they are. It begins from states, and gives the same items to the same
bits; what it does not know it refuses, see `can_follow`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.exam.display import order_codes
from cat.exam.pretest import slots as pretest_slots
from cat.exam.record import ADAPTIVE, Terms
from cat.exam.state import AdaptiveState
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool, PoolItem
from cat.scoring import linked_prior
from cat.selection import step
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.progress import RESCALE_EVERY, Progress, posterior
from cat.selection.published import adaptive_parts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_TRIAL = -1
_LETTER = {letter: code for code, letter in enumerate(LETTERS)}


def can_follow(terms: Terms, pool: Pool) -> bool:
    """Whether a cohort of the pool can follow a sitting on these terms: it is adaptive, no item is
    burnt, and every part has a fixed length and looks its items up in a ranking, without shadow
    tests.
    """
    if terms.mode != ADAPTIVE or terms.burnt or terms.form:
        return False
    return all(
        part.ranking is not None and part.shadow is None and not part.policy.stopping.rules
        for part in adaptive_parts(pool)
    )


class Cohort:
    """Where up to C sittings of one pool stand; Q nodes, N items that a sitting meets at most.

    Memory is taken when a row is first used.

    seed : (C,) of the sittings. part : (C,) position of the part being answered.
    given : (C,) final answers, those on trial included. options : (C, N) their letters from 0.
    scored : (C,) answers that count, over all parts. here : (C,) those in the current part.
    current : (C,) position in the part of the scored item to answer now or next.
    trial : (C,) position of the trial item to answer now, NO_TRIAL for none.
    order : (C,) code of the order in which options are shown now, see `display`.
    draft : (C,) letter marked but not final, from 0; -1 for none. changes : (C,) how often one was
    marked. turn : (C,) the page's number of the last mark.
    """

    def __init__(self, pool: Pool, capacity: int) -> None:
        self.pool, self.parts = pool, adaptive_parts(pool)
        nodes = len(pool.parts[0].tables.quadrature.nodes)
        most = max(len(part.tables) for part in self.parts)
        longest = max(part.longest for part in self.parts)
        trials = max(part.pretest_slots for part in pool.parts)
        position = np.int16 if most < 2**15 else np.int32
        self.seed = np.zeros(capacity, np.uint64)
        self.part = np.zeros(capacity, np.int16)
        self.given = np.zeros(capacity, np.int16)
        self.options = np.zeros((capacity, pool.length), np.int8)
        self.scored = np.zeros(capacity, np.int16)
        self.here = np.zeros(capacity, np.int16)
        self.current = np.zeros(capacity, np.int32)
        self.trial = np.zeros(capacity, np.int32)
        self.order = np.zeros(capacity, np.int8)
        self.draft = np.zeros(capacity, np.int8)
        self.changes = np.zeros(capacity, np.int16)
        self.turn = np.zeros(capacity, np.int64)
        self._likelihood = np.zeros((capacity, nodes))
        self._prior = np.zeros((capacity if pool.transition is not None else 0, nodes))
        self._history = np.zeros((capacity, longest), position)
        self._after = np.zeros((capacity, trials), np.int16)
        self._trials = np.zeros((capacity, trials), np.int32)
        self._met = np.zeros(capacity, np.int16)
        self._category = [np.array(part.category, np.int64) for part in pool.parts]

    @property
    def row_bytes(self) -> int:
        """Memory of one row."""
        return sum(a.nbytes // max(len(a), 1) for a in vars(self).values() if hasattr(a, "nbytes"))

    def load(self, row: int, state: AdaptiveState) -> None:
        """Put an unfinished sitting into a row; `can_follow` must hold for it."""
        place, answers = state.part, state.answers_in(state.part)
        progress = state.progress(place)
        self.seed[row], self.part[row] = state.terms.seed, place
        self.given[row] = len(state.options)
        self.options[row, : len(state.options)] = [_LETTER[each] for each in state.options]
        self.scored[row], self.here[row] = len(state.answers), len(answers)
        self._likelihood[row] = progress.likelihood[0]
        if len(self._prior):
            self._prior[row] = progress.prior[0]
        self._history[row] = -1
        self._history[row, : len(answers)] = [answer.item for answer in answers]
        self._set_trials(row, place)
        self._met[row] = sum(answer.part == place for answer in state.pretest)
        self.current[row] = state.current
        self.draft[row] = _LETTER[state.draft] if state.draft else -1
        self.changes[row], self.turn[row] = state.changes, state.turn
        self._turn_to_next(np.array([row]))

    def item(self, row: int) -> PoolItem:
        """The item to answer now."""
        part, trial = self.pool.parts[int(self.part[row])], int(self.trial[row])
        return part.items[int(self.current[row])] if trial == NO_TRIAL else part.pretest[trial]

    def in_part(self, rows: Ints) -> Ints:
        """(J,) items answered in the current part, those on trial included."""
        return np.asarray(self.here[rows] + self._met[rows], dtype=np.int64)

    def completes(self, rows: Ints) -> Flags:
        """(J,) whether one more answer ends the sitting."""
        last = len(self.parts) - 1
        at_end = self.here[rows] + 1 >= self.parts[last].longest
        return np.asarray((self.part[rows] == last) & at_end & (self.trial[rows] == NO_TRIAL))

    def mark(self, row: int, letter: int, turn: int) -> None:
        """An option of the current item was chosen, not yet final. turn : 0 says nothing."""
        self.draft[row] = letter
        self.changes[row] += 1
        self.turn[row] = turn or self.turn[row]

    def answer(self, rows: Ints, letters: Ints) -> None:
        """Make an option of each row's current item final and choose what comes next.

        rows : (J,) each at most once, none of which this answer completes. letters : (J,) from 0.

        Raises PoolExhausted; the rows are then of no more use.
        """
        self.options[rows, self.given[rows]] = letters
        self.given[rows] += 1
        self.draft[rows], self.changes[rows], self.turn[rows] = -1, 0, 0
        on_trial = self.trial[rows] != NO_TRIAL
        self._met[rows[on_trial]] += 1
        counted, letters = rows[~on_trial], letters[~on_trial]
        place = self.part[counted]
        for each in np.unique(place).tolist():
            self._learn(each, counted[place == each], letters[place == each])
        place = self.part[counted]
        for each in np.unique(place).tolist():
            self._choose(each, counted[place == each])
        self._turn_to_next(rows)

    def _learn(self, place: int, rows: Ints, letters: Ints) -> None:
        """As `progress.learn`, at the place in the part where each row stands."""
        part, items = self.parts[place], self.current[rows]
        categories = self._category[place][items, letters]
        likelihood = self._likelihood[rows] * part.tables.likelihood[items, categories]
        here = self.here[rows]
        self._history[rows, here] = items
        here += 1
        due = here % RESCALE_EVERY == 0
        if due.any():
            likelihood[due] /= likelihood[due].max(axis=1, keepdims=True)
        self._likelihood[rows], self.here[rows] = likelihood, here
        self.scored[rows] += 1
        ended = here >= part.longest
        if ended.any():
            self._enter(place + 1, rows[ended], likelihood[ended])

    def _enter(self, place: int, rows: Ints, likelihood: Floats) -> None:
        """Turn to the next part. likelihood : of the one before, which informs the first choice."""
        if len(self._prior):
            transition = self.pool.transition
            assert transition is not None
            before = posterior(self.parts[place - 1], _only_likelihood(likelihood))
            self._prior[rows] = linked_prior.prior_after(before, transition)
        self.part[rows], self.here[rows], self._met[rows] = place, 0, 0
        self._likelihood[rows], self._history[rows] = 1.0, -1
        for row in rows.tolist():
            self._set_trials(row, place)

    def _set_trials(self, row: int, place: int) -> None:
        self._after[row] = -1
        for position, slot in enumerate(
            pretest_slots(int(self.seed[row]), place, self.pool.parts[place])
        ):
            self._after[row, position], self._trials[row, position] = slot

    def _choose(self, place: int, rows: Ints) -> None:
        part, here = self.parts[place], self.here[rows]
        answered = int(here.max())
        items = self._history[rows, :answered]
        used = self._used(part, items)
        flat = np.where(items < 0, -1, part.leaf[items]) + 1
        flat += np.arange(len(rows))[:, None] * (domains := len(part.tree.leaves) + 1)
        counts = np.bincount(flat.ravel(), minlength=len(rows) * domains)
        is_first = place == 0 or not len(self._prior)
        progress = Progress(
            likelihood=self._likelihood[rows],
            prior=part.tables.quadrature.weights[None, :] if is_first else self._prior[rows],
            used=used,
            taken=counts.reshape(len(rows), domains)[:, 1:],
            history=np.zeros((len(rows), 0), np.int32),
            replies=np.zeros((len(rows), 0), np.int8),
            answered=answered,
            left=_kernel_left(part, used),
        )
        number = self.scored[rows].astype(np.int64) + 1
        self.current[rows] = step.choose(part, progress, self.seed[rows], number)

    @staticmethod
    def _used(part: AdaptivePart, items: NDArray[np.integer]) -> Flags:
        """(J, I) items given, and their enemies; items (J, n), -1 for none."""
        size = len(part.tables)
        used = np.zeros((len(items), size + 1), np.bool_)  # position -1 is the spare column
        persons = np.arange(len(items))[:, None]
        used[persons, items] = True
        if part.rivals is not None and part.rivals.of.size:
            enemies = np.where(items[:, :, None] < 0, -1, part.rivals.of[items])
            used[persons[:, :, None], enemies] = True
        return np.ascontiguousarray(used[:, :size])

    def _turn_to_next(self, rows: Ints) -> None:
        """Whether an item on trial comes now, and in which order options are shown."""
        numbers = self.given[rows].astype(np.int64) + 1
        self.order[rows] = order_codes(self.seed[rows], numbers, shuffle=self.pool.shuffle_options)
        self.trial[rows] = NO_TRIAL
        slots = self._after.shape[1]
        if slots:
            met = self._met[rows]
            at = np.minimum(met, slots - 1)
            due = (met < slots) & (self._after[rows, at] == self.here[rows])
            self.trial[rows[due]] = self._trials[rows, at][due]


def _only_likelihood(likelihood: Floats) -> Progress:
    nothing = np.zeros((len(likelihood), 0), np.int64)
    return Progress(
        likelihood,
        likelihood,
        nothing.astype(np.bool_),
        nothing,
        nothing.astype(np.int32),
        nothing.astype(np.int8),
    )


def _kernel_left(part: AdaptivePart, used: Flags) -> Ints | None:
    """(J, L) items of the kernel still usable, where there are enemies."""
    if part.rivals is None:
        return None
    bounds = np.arange(len(part.tree.leaves))
    gone = used & part.rivals.kernel
    lost = gone.astype(np.float64) @ (part.leaf[:, None] == bounds).astype(np.float64)
    return np.asarray(part.rivals.stock[None, :] - lost.astype(np.int64))
