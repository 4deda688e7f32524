"""How does the test use its items: exposure, overlap, repeats, lengths, blueprint?

Everything is counted chunk by chunk in whole numbers, so that a national cohort never has to lie
in memory and cutting it differently changes nothing. Repeated items are counted, not refused as in
`cat.selection.exposure.rates`: a report must be able to say that something went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.simulation.measuring.recovery import GROUP_EDGES, group_of
from cat.simulation.measuring.results import Limit, PartFacts, PartResults

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Rows looked at together: bounds the memory of the intermediate arrays.
_BLOCK = 65_536
# Room for counts that are sums of decimal weights.
_SLACK = 1e-9
QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class ItemUse:
    """One item: persons who saw it, and their share (exposure rate, 0 to 1)."""

    code: str
    domain: str
    persons: int
    rate: float


@dataclass(frozen=True)
class Exposure:
    """How evenly the bank is used.

    items : every item of the bank, in bank order.
    highest, mean : exposure rates; quantiles : (share of items, rate) pairs.
    used_items, used_share : items that anybody saw; above_limit : items over the policy's limit.
    overlap : mean number of items that two different people have in common over the mean length.
    """

    items: tuple[ItemUse, ...]
    highest: float
    mean: float
    quantiles: tuple[tuple[float, float], ...]
    used_items: int
    used_share: float
    limit: float | None
    above_limit: int | None
    overlap: float | None


@dataclass(frozen=True)
class LimitCheck:
    """One rule of the blueprint against the tests really given; violations counts people."""

    name: str
    lower: float | None
    upper: float | None
    fewest: float
    mean: float
    most: float
    violations: int


@dataclass(frozen=True)
class BlueprintCheck:
    """limits : each linear rule. other_limits : the hard rules beyond them, in words.

    other_violations : of those, people x rules. violations : all of them together.
    repeats : people who saw some item twice.
    """

    limits: tuple[LimitCheck, ...]
    other_limits: tuple[str, ...]
    other_violations: int
    violations: int
    repeats: int


@dataclass(frozen=True)
class Lengths:
    """Items per person: mean, fewest, most, and the histogram as (length, persons) pairs."""

    mean: float
    fewest: int
    most: int
    histogram: tuple[tuple[int, int], ...]


class UseTally:
    """Counts over the people seen so far.

    persons : how many. seen : (G, I) people of each ability group who saw each item.
    lengths : (n + 1,) people per number of items. reasons : people per stopping reason.
    """

    def __init__(self, facts: PartFacts) -> None:
        self.facts = facts
        self.persons = 0
        self.seen = np.zeros((len(GROUP_EDGES) + 1, len(facts.codes)), dtype=np.int64)
        self.lengths = np.zeros(1, dtype=np.int64)
        self.reasons = np.zeros(len(facts.reasons), dtype=np.int64)
        self.repeats = 0
        self.other_violations = 0
        self._other_limits = facts.other_limits
        self._limits = [_LimitTally(limit) for limit in facts.limits]

    def add(self, results: PartResults) -> None:
        """Count some more people."""
        group = group_of(results.theta_hat if results.theta is None else results.theta)
        for rows in _blocks(len(results)):
            self._add_block(results.items[rows], group[rows])
        self.persons += len(results)
        if results.reason is None:
            self.reasons[0] += len(results)
        else:
            self.reasons += np.bincount(results.reason, minlength=len(self.reasons))
        if results.broken is not None:
            self.other_violations += int(results.broken.sum())

    def exposure(self) -> Exposure:
        """Rates of all items; at least one person must have been counted."""
        facts, persons = self.facts, self.persons
        seen = self.seen.sum(axis=0)
        rate = seen / persons
        limit = facts.exposure_limit
        return Exposure(
            items=tuple(
                ItemUse(code, domain, int(count), float(count / persons))
                for code, domain, count in zip(facts.codes, facts.domains, seen, strict=True)
            ),
            highest=float(rate.max()),
            mean=float(rate.mean()),
            quantiles=tuple((q, float(np.quantile(rate, q))) for q in QUANTILES),
            used_items=int((seen > 0).sum()),
            used_share=float((seen > 0).mean()),
            limit=limit,
            above_limit=None if limit is None else int((rate > limit).sum()),
            overlap=_overlap(seen, persons),
        )

    def blueprint(self) -> BlueprintCheck:
        """Every rule against what was given."""
        limits = tuple(limit.check(self.persons) for limit in self._limits)
        return BlueprintCheck(
            limits=limits,
            other_limits=self._other_limits,
            other_violations=self.other_violations,
            violations=sum(limit.violations for limit in limits) + self.other_violations,
            repeats=self.repeats,
        )

    def length(self) -> Lengths:
        """Lengths of the tests given."""
        found = np.flatnonzero(self.lengths)
        return Lengths(
            mean=float((self.lengths * np.arange(len(self.lengths))).sum() / self.persons),
            fewest=int(found[0]),
            most=int(found[-1]),
            histogram=tuple((int(n), int(self.lengths[n])) for n in found),
        )

    def _add_block(self, items: Ints, group: Ints) -> None:
        presented = items >= 0
        for limit in self._limits:
            limit.add(items)
        self._add_lengths(presented.sum(axis=1))
        ordered = np.sort(items, axis=1)
        again = np.zeros(items.shape, dtype=bool)
        again[:, 1:] = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
        self.repeats += int(again.any(axis=1).sum())
        first = (ordered >= 0) & ~again
        cell = (group[:, None] * self.seen.shape[1] + ordered)[first]
        self.seen += np.bincount(cell, minlength=self.seen.size).reshape(self.seen.shape)

    def _add_lengths(self, length: Ints) -> None:
        counted = np.bincount(length, minlength=len(self.lengths))
        counted[: len(self.lengths)] += self.lengths
        self.lengths = counted


class _LimitTally:
    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        # The last place is read by -1, "not presented", and adds nothing.
        self.weights = np.append(np.asarray(limit.weights, dtype=float), 0.0)
        self.fewest, self.most, self.total, self.violations = np.inf, -np.inf, 0.0, 0

    def add(self, items: Ints) -> None:
        amount = self.weights[items].sum(axis=1)
        if len(amount):
            self.fewest = min(self.fewest, float(amount.min()))
            self.most = max(self.most, float(amount.max()))
        self.total += float(amount.sum())
        outside = (amount < self.limit.lower - _SLACK) | (amount > self.limit.upper + _SLACK)
        self.violations += int(outside.sum())

    def check(self, persons: int) -> LimitCheck:
        limit = self.limit
        return LimitCheck(
            name=limit.name,
            lower=float(limit.lower) if np.isfinite(limit.lower) else None,
            upper=float(limit.upper) if np.isfinite(limit.upper) else None,
            fewest=self.fewest,
            mean=self.total / persons,
            most=self.most,
            violations=self.violations,
        )


def _overlap(seen: Ints, persons: int) -> float | None:
    """Chen, Ankenmann & Spray (2003), J. of Educational Measurement 40, 129-145: each item is
    shared by seen * (seen - 1) of the persons * (persons - 1) ordered pairs."""
    presented = int(seen.sum())
    if persons < 2 or presented == 0:
        return None
    shared = sum(int(count) * (int(count) - 1) for count in seen)
    return shared / ((persons - 1) * presented)


def _blocks(rows: int) -> Iterator[slice]:
    for begin in range(0, rows, _BLOCK):
        yield slice(begin, begin + _BLOCK)
