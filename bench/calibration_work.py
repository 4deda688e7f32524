"""Which items, people and answers does every calibration program get?

A   2PL, 50 items, 5,000 persons, complete.
B   3PL, 100 items, 20,000 persons, complete.
C   2PL, 500 items, 50,000 persons, 30 answers each from an adaptive test.
D   graded with 5 categories, 45 items, 5,000 persons, complete.
E   2PL, 1,000 items, 200,000 persons, 100 answers each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from cat.calibration.answers import Answers

Floats = NDArray[np.float64]

_BLOCK = 10_000


@dataclass(frozen=True)
class WorkSet:
    """name, model, and how large."""

    name: str
    model: str
    persons: int
    items: int
    each: int


SETS = {
    work.name: work
    for work in (
        WorkSet("A", "2pl", 5_000, 50, 50),
        WorkSet("B", "3pl", 20_000, 100, 100),
        WorkSet("C", "2pl", 50_000, 500, 30),
        WorkSet("D", "grm", 5_000, 45, 45),
        WorkSet("E", "2pl", 200_000, 1_000, 100),
    )
}


@dataclass(frozen=True)
class Truth:
    """a : (I,). b : (I, K - 1). c : (I,)."""

    a: Floats
    b: Floats
    c: Floats


@dataclass(frozen=True)
class Drawn:
    """N answers in order of person and item, and the parameters that made them."""

    person: NDArray[np.int32]
    item: NDArray[np.int32]
    category: NDArray[np.int8]
    truth: Truth

    def matrix(self, persons: int) -> NDArray[np.int8]:
        """(J, I) categories, -1 where not answered."""
        table = np.full((persons, len(self.truth.a)), -1, dtype=np.int8)
        table[self.person, self.item] = self.category
        return table

    def answers(self, persons: int) -> Answers:
        """The same as the engine takes them."""
        names = [f"i{i}" for i in range(len(self.truth.a))]
        return Answers.of_long(
            self.person, self.item, self.category, items=names, persons=range(persons)
        )


def draw(work: WorkSet, seed: int) -> Drawn:
    """Abilities standard normal, a lognormal, b normal; the same for every program."""
    bank, people, luck, choice = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4)
    )
    truth = _bank(work, bank)
    theta = people.normal(size=work.persons)
    if work.each == work.items:
        item = np.tile(np.arange(work.items, dtype=np.int32), work.persons)
        category = _answers(truth, theta, item.reshape(work.persons, -1), luck)
    elif work.name == "C":
        item, category = _adaptive(work, truth, theta, luck, choice)
    else:
        item = _at_random(work, choice)
        category = _answers(truth, theta, item, luck)
    return Drawn(
        person=np.repeat(np.arange(work.persons, dtype=np.int32), work.each),
        item=item.ravel(),
        category=category.ravel(),
        truth=truth,
    )


def _bank(work: WorkSet, rng: np.random.Generator) -> Truth:
    a = rng.lognormal(0.1, 0.3, work.items)
    c = rng.uniform(0.1, 0.3, work.items) if work.model == "3pl" else np.zeros(work.items)
    if work.model == "grm":
        middle = rng.normal(0, 0.7, (work.items, 1))
        return Truth(a, middle + np.cumsum(rng.uniform(0.5, 1.1, (work.items, 4)), axis=1) - 2, c)
    return Truth(a, rng.normal(size=(work.items, 1)), c)


def _answers(
    truth: Truth, theta: Floats, item: NDArray[np.int32], luck: np.random.Generator
) -> NDArray[np.int8]:
    """Categories (J, n) of the items (J, n) each person sees, a block of persons at a time."""
    found = np.empty(item.shape, dtype=np.int8)
    for low in range(0, len(theta), _BLOCK):
        rows = slice(low, low + _BLOCK)
        seen = item[rows]
        draws = luck.random(seen.shape)
        found[rows] = 0
        for step in truth.b.T:  # one pass for 2PL and 3PL, four for five categories
            z = truth.a[seen] * (theta[rows, None] - step[seen])
            found[rows] += draws < truth.c[seen] + (1 - truth.c[seen]) * expit(z)
    return found


def _at_random(work: WorkSet, rng: np.random.Generator) -> NDArray[np.int32]:
    """(J, n) different items for each person, in order."""
    found = np.empty((work.persons, work.each), dtype=np.int32)
    for low in range(0, work.persons, _BLOCK):
        rows = found[low : low + _BLOCK]
        keys = rng.random((len(rows), work.items), dtype=np.float32)
        rows[:] = np.sort(np.argpartition(keys, work.each, axis=1)[:, : work.each], axis=1)
    return found


def _adaptive(
    work: WorkSet,
    truth: Truth,
    theta: Floats,
    luck: np.random.Generator,
    choice: np.random.Generator,
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Each next item by chance among the 60 unused ones whose b is nearest to the EAP.

    So every item is seen by thousands, and difficulty and ability go together as in any CAT.
    """
    nodes = np.linspace(-4, 4, 33)
    p = expit(truth.a[:, None] * (nodes - truth.b))
    belief = np.tile(-0.5 * nodes**2, (work.persons, 1))
    by_b = np.argsort(truth.b[:, 0])
    item = np.empty((work.persons, work.each), dtype=np.int32)
    category = np.empty(item.shape, dtype=np.int8)
    used = np.zeros((work.persons, work.items), dtype=bool)
    everyone = np.arange(work.persons)
    for step in range(work.each):
        weight = np.exp(belief - belief.max(axis=1, keepdims=True))
        eap = weight @ nodes / weight.sum(axis=1)
        middle = np.searchsorted(truth.b[by_b, 0], eap)
        first = np.clip(middle - 30, 0, work.items - 60)
        near = by_b[first[:, None] + np.arange(60)]
        keys = np.where(used[everyone[:, None], near], -1.0, choice.random(near.shape))
        chosen = near[everyone, keys.argmax(axis=1)]
        used[everyone, chosen] = True
        item[:, step] = chosen
        category[:, step] = _answers(truth, theta, chosen[:, None].astype(np.int32), luck)[:, 0]
        right = category[:, step, None] == 1
        belief += np.log(np.where(right, p[chosen], 1 - p[chosen]))
    order = np.argsort(item, axis=1)
    return np.take_along_axis(item, order, 1), np.take_along_axis(category, order, 1)
