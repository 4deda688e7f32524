"""Every test of small banks, tried one by one: rows and feasibility against plain sentences.

`holds` says in plain Python what a constraint means. It shares nothing with the compiled rows: its
conditions are predicates that were drawn together with their texts.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from cat.assembly.draft import LENGTH, STRUCTURAL
from cat.assembly.feasibility import check
from cat.assembly.rows import broken, compile_rows, violations
from cat.errors import BadRules, BlueprintInfeasible
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import Constraint, ConstraintTable

ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
COLUMNS = ("domain", "kunci", "kata", "stimulus", "tema")


@dataclass(frozen=True)
class Meaning:
    """A condition's text with what it means: a predicate, or the column whose values it splits."""

    text: str
    predicate: Callable[[dict], bool] = lambda item: True
    splits: str | None = None


@st.composite
def banks(draw):
    themes = {"S": draw(st.sampled_from("pq")), "T": draw(st.sampled_from("pq"))}
    items = []
    for _ in range(draw(st.integers(2, 7))):
        item = {
            "domain": draw(st.sampled_from(["a.x", "a.y", "ab", "b"])),
            "kunci": draw(st.sampled_from(["A", "B", ""])),
            "kata": draw(st.integers(-2, 8)) / 4,
            "stimulus": draw(st.sampled_from(["", "S", "T"])),
        }
        items.append({**item, "tema": themes.get(item["stimulus"], "")})
    return items


@st.composite
def comparisons(draw, items, columns):
    column = draw(st.sampled_from(columns))
    value = draw(st.sampled_from(items))[column]
    if column == "kata":
        sign = draw(st.sampled_from(sorted(ORDER)))
        return Meaning(f"kata {sign} {value}", lambda item: ORDER[sign](item["kata"], value))
    if column == "domain" and draw(st.booleans()):
        branch = draw(st.sampled_from([value, value.split(".")[0]]))
        return Meaning(
            f"domain under {branch}", lambda item: (item["domain"] + ".").startswith(branch + ".")
        )
    match draw(st.sampled_from(["=", "!=", "in"])):
        case "=":
            return Meaning(f'{column} = "{value}"', lambda item: item[column] == value)
        case "!=":
            return Meaning(f"{column} != '{value}'", lambda item: item[column] != value)
    other = draw(st.sampled_from(items))[column]
    return Meaning(
        f'{column} in ("{value}", "{other}")', lambda item: item[column] in (value, other)
    )


def joined(parts):
    left, word, right = parts
    both = all if word == "and" else any
    return Meaning(
        f"({left.text}) {word} {right.text}",
        lambda item: both([left.predicate(item), right.predicate(item)]),
    )


def conditions(items, columns):
    single = comparisons(items, columns)
    negated = single.map(lambda m: Meaning(f"not {m.text}", lambda item: not m.predicate(item)))
    pair = st.tuples(single | negated, st.sampled_from(["and", "or"]), single)
    return st.one_of(st.just(Meaning("")), single, negated, pair.map(joined))


@st.composite
def constraints(draw, items, name):
    kind = draw(
        st.sampled_from(["number"] * 4 + ["sum", "enemy", "include", "exclude", "allornone"])
    )
    what = "kata"
    subjects = ["item", "item", "stimulus", "per stimulus"][: 4 if kind == "number" else 3]
    if kind != "sum":
        what = draw(st.sampled_from(subjects))
    columns = ("stimulus", "tema") if "stimulus" in what else COLUMNS
    meaning = draw(conditions(items, columns))
    may_split = kind not in ("include", "exclude") and what != "per stimulus"
    if may_split and draw(st.integers(0, 3)) == 0:
        column = draw(st.sampled_from(columns))
        meaning = Meaning(column, splits=column)
    lower = upper = None
    if kind in ("number", "sum"):
        unit = 4 if kind == "sum" else 1
        low = draw(st.integers(0, 3 * unit)) / unit
        lower, upper = low, low + draw(st.integers(0, 2 * unit)) / unit
        match draw(st.sampled_from(["both", "both", "lower", "upper"])):
            case "lower":
                upper = None
            case "upper":
                lower = None
    return Constraint(name, kind, what, meaning.text, lower, upper), meaning


@st.composite
def cases(draw):
    items = draw(banks())
    rows = [draw(constraints(items, str(n))) for n in range(1, draw(st.integers(1, 4)) + 1)]
    length = draw(st.none() | st.integers(1, len(items)))
    return items, [row for row, _ in rows], [meaning for _, meaning in rows], length


def holds(row, meaning, test, items):
    """What the row says of the test (a list of items), in plain words."""
    if meaning.splits is None:
        return says(row, meaning.predicate, test, items)
    values = {item[meaning.splits] for item in items} - {""}
    return all(says(row, lambda i, v=v: i[meaning.splits] == v, test, items) for v in values)


def says(row, predicate, test, items):
    low = -np.inf if row.lower is None else row.lower
    high = np.inf if row.upper is None else row.upper
    if row.what == "per stimulus":
        used = Counter(i["stimulus"] for i in test if i["stimulus"] and predicate(i))
        return all(low <= count <= high for count in used.values())
    if row.kind == "sum":
        return low <= sum(i["kata"] for i in test if predicate(i)) <= high
    if row.what == "stimulus":
        concerned = {i["stimulus"] for i in items if predicate(i)} - {""}
        used = len(concerned & {i["stimulus"] for i in test})
    else:
        concerned = [i for i in items if predicate(i)]
        used = len([i for i in test if predicate(i)])
    return {
        "number": low <= used <= high,
        "enemy": used <= 1,
        "include": used == len(concerned),
        "exclude": used == 0,
        "allornone": used in (0, len(concerned)),
    }[row.kind]


def compiled(items, constraints, length):
    columns = {name: [item[name] for item in items] for name in COLUMNS}
    table = ConstraintTable(tuple(constraints))
    try:
        return table, compile_rows(table, Attributes(columns), length)
    except BadRules as refusal:
        if "tidak ada" not in str(refusal):
            raise
    # A drawn condition may pick nothing; that such a row is refused is tested elsewhere.
    return reject()


def every_test(items):
    """All 2**I tests as positions padded by -1, and as lists of items."""
    masks = np.array(list(product([False, True], repeat=len(items))))
    padded = np.where(masks, np.arange(len(items)), -1)
    return masks, padded, [[items[i] for i in np.flatnonzero(mask)] for mask in masks]


@given(cases())
@settings(max_examples=150)
def test_rows_accept_exactly_the_tests_that_the_constraints_mean(case):
    items, constraints, meanings, length = case
    _, rows = compiled(items, constraints, length)
    masks, padded, tests = every_test(items)

    found = broken(rows, padded)

    for place, (row, meaning) in enumerate(zip(constraints, meanings, strict=True)):
        expected = [not holds(row, meaning, test, items) for test in tests]
        assert list(found[:, rows.source == place].any(axis=1)) == expected, row
    if length is not None:
        assert list(found[:, rows.source == LENGTH][:, 0]) == list(masks.sum(axis=1) != length)
    assert [len(violations(rows, test)) for test in padded] == list(found.sum(axis=1))


@given(cases())
@settings(max_examples=100)
def test_a_solver_that_keeps_the_rows_keeps_the_constraints_and_can_reach_every_test(case):
    items, constraints, _, length = case
    _, rows = compiled(items, constraints, length)
    masks, padded, tests = every_test(items)
    accepted = ~broken(rows, padded).any(axis=1)
    stimuli = sorted({item["stimulus"] for item in items} - {""})

    # Every choice of stimuli beside every choice of items, as a solver sees them.
    for used in product([0.0, 1.0], repeat=len(stimuli)):
        x = np.hstack([masks, np.tile(used, (len(masks), 1))])
        activity = x @ rows.matrix.toarray().T
        kept = ((rows.lower <= activity) & (activity <= rows.upper)).all(axis=1)
        unforced = ((rows.fixed_lower <= x) & (x <= rows.fixed_upper)).all(axis=1)
        true = [
            [float(any(i["stimulus"] == s for i in test)) for s in stimuli] == list(used)
            for test in tests
        ]
        assert list(kept) == list(accepted & true)
        assert unforced[kept].all()


def fits(rows, padded, members):
    """Whether some test satisfies the given sources."""
    concerned = np.isin(rows.source, [*members, STRUCTURAL])
    return bool((~broken(rows, padded)[:, concerned].any(axis=1)).any())


def least_price(rows, table, masks):
    """What the nearest of all tests misses, at the prices that `feasibility` documents."""
    weights = rows.matrix.toarray()
    stimuli = range(weights.shape[1] - masks.shape[1])
    used = [masks[:, rows.stimulus == s].any(axis=1) for s in stimuli]
    activity = np.column_stack([masks, *used]) @ weights.T
    misses = np.maximum(rows.lower - activity, 0) + np.maximum(activity - rows.upper, 0)
    return (misses @ prices(rows, table)).min()


def prices(rows, table):
    known = {"tie": 0.0, "length": 1000.0, "number": 1.0}
    found = []
    for source, weights in zip(rows.source, rows.matrix.toarray(), strict=True):
        kind = {LENGTH: "length", STRUCTURAL: "tie"}.get(source) or table.rows[source].kind
        of_sum = 1 / (abs(weights).max() or 1.0)
        found.append(of_sum if kind == "sum" else known.get(kind, 100.0))
    return np.array(found)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_feasibility_agrees_with_trying_everything(case):
    items, constraints, _, length = case
    table, rows = compiled(items, constraints, length)
    masks, padded, _ = every_test(items)
    everyone = [int(s) for s in np.unique(rows.source) if s != STRUCTURAL]
    event("feasible" if fits(rows, padded, everyone) else "infeasible")

    if fits(rows, padded, everyone):
        assert violations(rows, check(rows, table)) == []
        return
    with pytest.raises(BlueprintInfeasible) as refusal:
        check(rows, table)

    evidence = refusal.value.evidence
    members = evidence["constraints"]
    assert evidence["proven"]
    assert not fits(rows, padded, members)
    for member in members:
        assert fits(rows, padded, [m for m in members if m != member])
    missing = evidence["missing"]
    price = dict(zip(rows.names, prices(rows, table), strict=True))
    paid = sum(abs(excess) * price[name] for name, excess in missing.items())
    assert paid == pytest.approx(least_price(rows, table, masks), abs=1e-6)
    assert all(name in str(refusal.value) for name in missing)
