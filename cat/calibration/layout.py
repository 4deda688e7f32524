"""Answers of one group as matrices of who chose what, made for the two products of every cycle.

Log-likelihoods are (patterns x cells) times (cells x nodes), expected counts the transpose of the
first times (patterns x nodes). Full tables are dense and coded against each item's lowest
category, which halves them where items are right or wrong; sparse answers stay sparse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cat.calibration.answers import Answers
from cat.calibration.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]

# Dense products do some thirty times as much in a second as sparse ones.
_FULL_ENOUGH = 0.2
_DENSE_NUMBERS = 40_000_000  # 320 MB
_DENSE_ROWS, _SPARSE_ROWS = 2048, 1024  # blocks of patterns that stay in the cache
# With more answers than this a pattern that occurs twice is a rare accident.
_SHORT_PATTERN = 40


@dataclass(frozen=True, eq=False)
class Layout:
    """U different answer patterns of one group.

    weight : (U,) persons that gave each pattern, weighted.
    cells : (N,) cells of all patterns, one after the other; starts : (U + 1,).
    pattern_of : (J',) pattern of each person that has answers; persons : (J',) who they are.
    dense : (U, R) or None. mix : (R, C) turns log probabilities of cells into those of `dense`'s
        columns; None where columns are cells.
    is_full : whether everybody answered every item; the first column is then all ones.
    """

    weight: Floats
    cells: SmallInts
    starts: Ints
    pattern_of: Ints
    persons: Ints
    cell_count: int
    dense: Floats | None
    mix: csr_array | None
    is_full: bool

    def blocks(self) -> Iterator[tuple[slice, Floats | csr_array]]:
        """Rows of patterns, and the matrix whose columns `mix` describes."""
        patterns = len(self.weight)
        if self.dense is not None:
            for low in range(0, patterns, _DENSE_ROWS):
                rows = slice(low, min(low + _DENSE_ROWS, patterns))
                yield rows, self.dense[rows]
            return
        ends = self.starts[_SPARSE_ROWS::_SPARSE_ROWS]
        longest = int(np.diff(np.concatenate([[0], ends, [len(self.cells)]])).max(initial=0))
        ones = np.ones(longest)
        for low in range(0, patterns, _SPARSE_ROWS):
            rows = slice(low, min(low + _SPARSE_ROWS, patterns))
            first, last = self.starts[rows.start], self.starts[rows.stop]
            pointers = (self.starts[rows.start : rows.stop + 1] - first).astype(np.int32)
            shape = (rows.stop - rows.start, self.cell_count)
            matrix = csr_array((ones[: last - first], self.cells[first:last], pointers), shape)
            yield rows, matrix


def laid_out(answers: Answers, plan: Plan, group: int) -> Layout:
    """The answers of one group to the items that take part; persons without any are left out."""
    cells, starts, persons = _cells(answers, plan, group)
    weight = answers.weight[persons]
    pattern_of = np.arange(len(persons))
    if len(persons) and len(cells) <= _SHORT_PATTERN * len(persons):
        first, joined = _patterns(cells, starts)
        if len(first) < len(persons):
            pattern_of = joined
            weight = np.asarray(np.bincount(pattern_of, weight), dtype=float)
            cells, starts = _rows(cells, starts, first)
    dense, mix, is_full = _dense(cells, starts, plan)
    return Layout(
        weight=weight,
        cells=cells,
        starts=starts,
        pattern_of=pattern_of,
        persons=persons,
        cell_count=plan.cells,
        dense=dense,
        mix=mix,
        is_full=is_full,
    )


def _cells(answers: Answers, plan: Plan, group: int) -> tuple[SmallInts, Ints, Ints]:
    """Cells of each person's answers one after the other, where each begins, and the persons."""
    cells = plan.cell_of.astype(np.int32)[answers.item, answers.category]
    takes_part = cells >= 0
    if len(answers.groups) > 1:
        takes_part &= (answers.group == group)[answers.person]
    given = np.bincount(answers.person[takes_part], minlength=len(answers.persons))
    persons = np.flatnonzero(given)
    starts = np.concatenate([[0], np.cumsum(given[persons])])
    return cells if takes_part.all() else cells[takes_part], starts, persons


def _patterns(cells: SmallInts, starts: Ints) -> tuple[Ints, Ints]:
    """First person of each different pattern, and the pattern of each person.

    Patterns are found by a sum of random numbers and then compared cell by cell, so that an
    accident of the sum cannot join two of them: then nothing is joined.
    """
    luck = np.random.Generator(np.random.PCG64(20_240_601))
    most = 2**64 - 1
    numbers = luck.integers(0, most, int(cells.max()) + 1, dtype=np.uint64, endpoint=True)
    sums = np.add.reduceat(numbers[cells], starts[:-1])
    _, first, pattern_of = np.unique(sums, return_index=True, return_inverse=True)
    lengths = np.diff(starts)
    like = first[pattern_of]
    if (lengths[like] == lengths).all():
        shift = np.repeat(starts[like] - starts[:-1], lengths)
        if (cells[np.arange(len(cells)) + shift] == cells).all():
            return first, pattern_of
    everyone = np.arange(len(lengths))
    return everyone, everyone


def _rows(cells: SmallInts, starts: Ints, rows: Ints) -> tuple[SmallInts, Ints]:
    """The cells of some rows, one after the other."""
    lengths = np.diff(starts)[rows]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    place = np.arange(ends[-1]) + np.repeat(starts[rows] - ends[:-1], lengths)
    return cells[place], ends


def _dense(
    cells: SmallInts, starts: Ints, plan: Plan
) -> tuple[Floats | None, csr_array | None, bool]:
    """The matrix and what mixes cells into its columns, where a table is full enough to pay."""
    patterns = len(starts) - 1
    item_of = np.full(plan.cells, -1)
    for batch in plan.batches:
        item_of[batch.cells] = batch.items[:, None]
    seen = np.zeros(plan.cells, dtype=bool)
    seen[cells] = True
    items = np.unique(item_of[seen])
    columns = int(np.isin(item_of, items).sum())
    is_full = len(cells) == patterns * len(items)
    if patterns * columns > _DENSE_NUMBERS or len(cells) < _FULL_ENOUGH * patterns * len(items):
        return None, None, is_full
    mix = _mix(plan, items, is_full)
    rises = mix.tocoo()
    ones = rises.data > 0
    column_of = np.full(plan.cells, -1)
    column_of[rises.col[ones]] = rises.row[ones]
    dense = np.zeros((patterns, mix.shape[0]))
    if is_full:
        # Answers stand in order of items, so each column compares one of them with one cell.
        dense[:, 0] = 1.0
        kept = np.flatnonzero(column_of > 0)
        place = np.searchsorted(items, item_of[kept])
        dense[:, column_of[kept]] = cells.reshape(patterns, -1)[:, place] == kept
    else:
        dense[np.repeat(np.arange(patterns), np.diff(starts)), column_of[cells]] = 1.0
    return dense, mix, is_full


def _mix(plan: Plan, items: Ints, is_full: bool) -> csr_array:
    """(R, C): columns as cells; of a full table one column of all lowest categories, then what
    every other category adds to its item's lowest."""
    here = set(items.tolist())
    own = [
        cells
        for batch in plan.batches
        for item, cells in zip(batch.items.tolist(), batch.cells, strict=True)
        if item in here
    ]
    if not is_full:
        kept = np.concatenate(own)
        return csr_array(
            (np.ones(len(kept)), (np.arange(len(kept)), kept)), shape=(len(kept), plan.cells)
        )
    lowest = np.array([cells[0] for cells in own])
    others = np.concatenate([cells[1:] for cells in own])
    bases = np.concatenate([np.full(len(cells) - 1, cells[0]) for cells in own])
    at = np.arange(1, len(others) + 1)
    return csr_array(
        (
            np.concatenate([np.ones(len(lowest) + len(others)), np.full(len(others), -1.0)]),
            (
                np.concatenate([np.zeros(len(lowest), dtype=np.int64), at, at]),
                np.concatenate([lowest, others, bases]),
            ),
        ),
        shape=(len(others) + 1, plan.cells),
    )
