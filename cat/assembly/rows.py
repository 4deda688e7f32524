"""A table of constraints as linear rows over yes/no variables, exact for every finished test.

Variable i < I says that item i is in the test; variable I + s says that stimulus s is in it. A
stimulus is in the test exactly when one of its items is; structural rows say so to a solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from cat.assembly.draft import LENGTH, STRUCTURAL, Draft
from cat.errors import BadInput
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import (
    BOUNDED,
    ITEM,
    PER_STIMULUS,
    STIMULUS,
    Constraint,
    ConstraintTable,
)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Sums of fractions are compared to within the solver's own tolerance. Counts, and sums of whole
# numbers, miss a bound by one at least, so that for them this is exact.
TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class ConstraintRows:
    """lower <= matrix @ x <= upper for x in {0, 1}, in any solver's words.

    matrix : (R, V) coefficients, V = I + S.
    lower, upper : (R,) bounds of each row; -inf and inf where there is none.
    source : (R,) which constraint of the table, counted from 0, a row expresses; STRUCTURAL where
        it ties items to their stimulus, LENGTH where it fixes the length.
    names : (R,) per row one readable sentence.
    stimulus : (I,) stimulus of each item, or -1.
    fixed_lower, fixed_upper : (V,) bounds of each variable: 1 and 1 forced in, 0 and 0 forced out.
        They repeat what the rows of `include` and `exclude` say, for solvers that profit from it.
    """

    matrix: csr_array
    lower: Floats
    upper: Floats
    source: Ints
    names: tuple[str, ...]
    stimulus: Ints
    fixed_lower: Floats
    fixed_upper: Floats

    @cached_property
    def fixes_length(self) -> Bools:
        """(R,) rows that ask for one exact number of items of any kind."""
        items = len(self.stimulus)
        weights = self.matrix[:, :items]
        # Sum and sum of squares both equal the number of items only where every weight is 1.
        every_item = (weights.sum(axis=1) == items) & (weights.power(2).sum(axis=1) == items)
        return np.asarray(every_item & (self.lower == self.upper))

    def accepted(self, chosen: ArrayLike) -> Bools:
        """Whether each test (J, n), padded by -1, breaks nothing but perhaps its length; (J,)."""
        return np.asarray(~broken(self, chosen)[:, ~self.fixes_length].any(axis=1))


def broken(rows: ConstraintRows, chosen: ArrayLike) -> Bools:
    """Which rows finished tests break.

    chosen : (J, n) positions of the items of each test, padded by -1; the order does not matter,
        and an item named twice counts once.

    Returns (J, R). Raises BadInput for a position that no item has.
    """
    excess = _excess(rows, np.asarray(chosen))
    found = np.zeros((len(excess), len(rows.names)), dtype=bool)
    # A structural row cannot break here, since which stimuli are in follows from the items.
    found[:, rows.source != STRUCTURAL] = np.abs(excess) > TOLERANCE
    return found


def violations(rows: ConstraintRows, chosen: ArrayLike) -> list[str]:
    """What one finished test, positions (n,), breaks: a sentence a row, with by how much."""
    excess = _excess(rows, np.asarray(chosen)[None, :])[0]
    names = [name for name, s in zip(rows.names, rows.source, strict=True) if s != STRUCTURAL]
    return [missed(n, e) for n, e in zip(names, excess, strict=True) if abs(e) > TOLERANCE]


def missed(name: str, excess: float) -> str:
    """A row's sentence with how far below (negative) or above its bounds a test lies."""
    return f"{name}; {'kurang' if excess < 0 else 'lebih'} {abs(excess):.10g}"


def outside(activity: Floats, lower: Floats, upper: Floats) -> Floats:
    """How far amounts lie below (negative) or above (positive) their limits; 0 within them."""
    return np.asarray(np.minimum(activity - lower, 0.0) + np.maximum(activity - upper, 0.0))


def _excess(rows: ConstraintRows, chosen: NDArray[np.integer]) -> Floats:
    """How far each test lies below (negative) or above the bounds of the rows not structural."""
    items = len(rows.stimulus)
    if chosen.ndim != 2 or chosen.dtype.kind not in "iu":
        raise BadInput(f"butir terpilih: perlu posisi (J, n); got {chosen.dtype} {chosen.shape}")
    if chosen.size and (chosen.min() < -1 or chosen.max() >= items):
        raise BadInput(f"butir terpilih: posisi harus -1 sampai {items - 1}; got {chosen}")
    test, place = np.nonzero(chosen >= 0)
    position = chosen[test, place].astype(np.int64)
    stimulus = rows.stimulus[position]
    shared = stimulus >= 0
    taken = csr_array(
        (
            np.ones(len(test) + int(shared.sum())),
            (
                np.concatenate([test, test[shared]]),
                np.concatenate([position, items + stimulus[shared]]),
            ),
        ),
        shape=(len(chosen), rows.matrix.shape[1]),
    )
    taken.sum_duplicates()
    taken.data[:] = 1.0
    kept = rows.source != STRUCTURAL
    activity = (rows.matrix[kept] @ taken.T).toarray().T
    return outside(activity, rows.lower[kept], rows.upper[kept])


def compile_rows(
    table: ConstraintTable, attributes: Attributes, length: int | None
) -> ConstraintRows:
    """The rows that say exactly what the active rows of a table say of a test from this bank.

    attributes : of the I items of the bank, in the order of the positions.
    length : items that every test has; None where only the table limits it.

    Raises BadRules naming the row, column and value that do not fit the bank, BadInput for a length
    that is not a positive whole number. Whether any test fits is for `feasibility.check` to say.
    """
    if length is not None and (isinstance(length, bool) or length != int(length) or length < 1):
        raise BadInput(f"panjang tes harus bilangan bulat positif; got {length!r}")
    draft = Draft(attributes)
    if length is not None:
        every = np.arange(attributes.count)
        draft.add(
            every, np.ones(len(every)), length, length, LENGTH, f"panjang tes: {length} butir"
        )
    for source, row in enumerate(table.rows):
        if not row.active:
            continue
        if row.what == PER_STIMULUS:
            _add_per_stimulus(draft, source, row)
        elif row.kind == "allornone":
            _add_all_or_none(draft, source, row)
        else:
            _add_amounts(draft, source, row)
    return _finished(draft)


def _finished(draft: Draft) -> ConstraintRows:
    lower, upper = draft.limits()
    return ConstraintRows(
        matrix=draft.matrix(),
        lower=lower,
        upper=upper,
        source=np.array(draft.source, dtype=np.int64),
        names=tuple(draft.names),
        stimulus=draft.attributes.stimulus_of,
        fixed_lower=draft.fixed_lower,
        fixed_upper=draft.fixed_upper,
    )


def _add_amounts(draft: Draft, source: int, row: Constraint) -> None:
    """Rows that bound a count or a sum; enemy, include and exclude bound one too."""
    for label, variables, weights in _groups(draft.attributes, row):
        match row.kind:
            case "number" | "sum":
                lower, upper, rule = row.lower, row.upper, row.span
            case "enemy":
                lower, upper, rule = None, 1.0, f"paling banyak satu {row.unit}"
            case "include":
                lower, upper, rule = len(variables), None, f"{len(variables)} {row.unit} harus ikut"
                draft.fixed_lower[variables] = 1.0
            case _:
                lower, upper, rule = None, 0.0, f"tidak satu {row.unit} pun boleh ikut"
                draft.fixed_upper[variables] = 0.0
        draft.add(variables, weights, lower, upper, source, f"{row.title}{label}: {rule}")


def _add_all_or_none(draft: Draft, source: int, row: Constraint) -> None:
    for label, variables, _ in _groups(draft.attributes, row):
        first = variables[:1]
        for other in variables[1:]:
            rule = f"{draft.name_of(other)} hanya bersama {draft.name_of(first[0])}"
            pair = np.append(other, first)
            weights = np.array([1.0, -1.0])
            draft.add(pair, weights, 0.0, 0.0, source, f"{row.title}{label}: {rule}")


def _add_per_stimulus(draft: Draft, source: int, row: Constraint) -> None:
    """Rows "items - bound * stimulus": they bind a stimulus that is used and no other."""
    for _, variables, _ in _groups(draft.attributes, row):
        for own in variables:
            members = draft.items_of(own)
            pair, ones = np.append(members, own), np.ones(len(members))
            name = f"{row.title}, {draft.name_of(own)}: {row.span}"
            # The structural rows already ask a used stimulus for one item.
            if row.lower is not None and row.lower > 1:
                draft.add(pair, np.append(ones, -row.lower), 0.0, None, source, name)
            if row.upper is not None:
                draft.add(pair, np.append(ones, -row.upper), None, 0.0, source, name)


def _groups(attributes: Attributes, row: Constraint) -> Iterator[tuple[str, Ints, Floats]]:
    """What sets each group of a row apart, its variables, and what each adds to the amount."""
    if row.what not in (ITEM, STIMULUS, PER_STIMULUS):
        amounts = _summed(attributes, row)
    for label, members in row.groups(attributes):
        comma = f", {label}" if label else ""
        variables = np.flatnonzero(members)
        if row.kind == "sum":
            yield comma, variables, amounts[variables]
            continue
        if row.what != ITEM:
            variables = attributes.count + _stimuli_among(attributes, row, members)
        yield comma, variables, np.ones(len(variables))


def _summed(attributes: Attributes, row: Constraint) -> Floats:
    try:
        return attributes.numbers(row.what)
    except BadInput as wrong:
        raise row.refusal("WHAT", str(wrong)) from wrong


def _stimuli_among(attributes: Attributes, row: Constraint, members: Bools) -> Ints:
    """Stimuli all of whose items are members; a stimulus split by the condition is refused."""
    if "stimulus" not in attributes.columns:
        raise row.refusal("WHAT", f"{row.what!r}: bank ini tidak punya kolom stimulus")
    shared = attributes.stimulus_of >= 0
    number = len(attributes.stimuli)
    size = np.bincount(attributes.stimulus_of[shared], minlength=number)
    met = np.bincount(attributes.stimulus_of[shared & members], minlength=number)
    if (split := np.flatnonzero((met > 0) & (met < size))).size:
        code = attributes.stimuli[split[0]]
        rule = f"{row.condition!r}: hanya sebagian butir stimulus {code} memenuhinya"
        raise row.refusal("CONDITION", f"{rule}; syarat stimulus harus sama bagi semua butirnya")
    if row.kind not in BOUNDED and not met.any():
        raise row.refusal("CONDITION", f"{row.condition!r}: tidak ada stimulus yang memenuhi")
    return np.flatnonzero(met)
