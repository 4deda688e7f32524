"""The work that every program gets: one bank, one cohort, one luck in answering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]

LENGTH = 30  # items that each simulee answers
NODES, REACH = 61, 6.0  # equally spaced nodes on [-REACH, REACH] logits, standard normal prior


@dataclass(frozen=True)
class Work:
    """A 3PL bank (D = 1), J simulees, and the numbers that decide their answers.

    a, b, c : (I,) discrimination, difficulty (logits), lower asymptote.
    theta : (J,) true abilities, logits.
    luck : (J, LENGTH) uniform numbers. Simulee j answers the item in place n (from 0) right when
        luck[j, n] is below the item's chance at theta[j].
    seed : of `luck`: numpy's default generator, seeded with it, gives `luck` row by row. mirt and
        catsim draw exactly these numbers by themselves, so both run as published, unpatched.
    """

    a: Floats
    b: Floats
    c: Floats
    theta: Floats
    luck: Floats
    seed: int

    def __len__(self) -> int:
        return len(self.theta)

    def part(self, persons: slice | Ints) -> Work:
        """The same work for some of the simulees; `seed` holds only for the first ones."""
        return replace(self, theta=self.theta[persons], luck=self.luck[persons])

    def chance(self, items: Ints) -> Floats:
        """Chance (J, ...) that each simulee answers items (J, ...) right."""
        theta = self.theta.reshape(-1, *(1,) * (items.ndim - 1))
        guess = self.c[items]
        return np.asarray(guess + (1 - guess) * expit(self.a[items] * (theta - self.b[items])))

    def answers(self, items: Ints, place: Ints) -> NDArray[np.int8]:
        """Answers (J,), 1 right and 0 wrong, to items (J,) given in places (J,), from 0."""
        luck = self.luck[np.arange(len(self)), place]
        return (luck < self.chance(items)).astype(np.int8)


@dataclass(frozen=True)
class Outcome:
    """What a program made of the work: theta (J,), items and answers (J, LENGTH)."""

    theta: Floats
    items: Ints
    answers: Ints


def draw(simulees: int, items: int, seed: int) -> Work:
    """A bank and a cohort: a lognormal, b and theta standard normal, c uniform on [0.1, 0.25]."""
    bank, people = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))
    return Work(
        a=bank.lognormal(0.2, 0.3, items),
        b=bank.standard_normal(items),
        c=bank.uniform(0.1, 0.25, items),
        theta=people.standard_normal(simulees),
        luck=np.random.default_rng(seed).random((simulees, LENGTH)),
        seed=seed,
    )


def check(name: str, work: Work, outcome: Outcome) -> None:
    """Raise RuntimeError unless the program did this very work: LENGTH items, none twice, and the
    answers that the simulees' luck gives.
    """
    if outcome.items.shape != work.luck.shape:
        raise RuntimeError(f"{name} gave items of shape {outcome.items.shape}")
    ordered = np.sort(outcome.items, axis=1)
    if (ordered[:, 1:] == ordered[:, :-1]).any():
        raise RuntimeError(f"{name} gave somebody an item twice")
    told = work.luck < work.chance(outcome.items)
    if (told != outcome.answers).any():
        wrong = int((told != outcome.answers).sum())
        raise RuntimeError(f"{name}: {wrong} answers are not those of the common luck")
