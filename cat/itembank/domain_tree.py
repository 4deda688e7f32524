"""A blueprint compiled against a bank: from which domains may the next item come?

The domains of a part form a tree. Hence the numbers of items that a branch can still take form an
unbroken interval, and adding intervals upwards decides exactly, without a solver, whether a test
can be completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadRules, BlueprintInfeasible
from cat.itembank.blueprint import Blueprint

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DomainTree:
    """A blueprint compiled against the domains that a bank really has.

    leaves : L domain paths in alphabetical order.
    names, lower, upper : N branches, children before parents, the root last.
    holds : (N, L) which leaves lie under which branch.
    children : for each branch the positions of the branches right below it.
    stock : (L,) items that the bank has in each leaf.
    """

    leaves: tuple[str, ...]
    names: tuple[str, ...]
    lower: Counts
    upper: Counts
    holds: Counts
    children: tuple[tuple[int, ...], ...]
    stock: Counts
    length: int

    @classmethod
    def compile(cls, blueprint: Blueprint, domains: Sequence[str]) -> DomainTree:
        """Tree of the blueprint over the given items' domains (paths inside the part), one an item.

        Raises BlueprintInfeasible, naming the branch and how many items are missing there.
        """
        leaves = tuple(sorted(set(domains) | set(blueprint.reference)))
        names = _branches(leaves)
        known = {bound.what: bound for bound in blueprint.bounds}
        if unknown := set(known) - set(names):
            raise BadRules(f"{blueprint.part}: batas untuk domain tak dikenal {sorted(unknown)}")
        if both := [leaf for leaf in leaves if any(o.startswith(leaf + ".") for o in leaves)]:
            raise BadRules(f"{blueprint.part}: {both[0]} punya butir sendiri dan juga cabang")
        tree = cls(
            leaves=leaves,
            names=names,
            lower=np.array([known[n].minimum if n in known else 0 for n in names]),
            upper=np.array([known[n].maximum if n in known else blueprint.length for n in names]),
            holds=np.array([[int(_is_under(leaf, n)) for leaf in leaves] for n in names]),
            children=tuple(
                tuple(i for i, c in enumerate(names) if c and c != n and _parent(c) == n)
                for n in names
            ),
            stock=np.array([sum(d == leaf for d in domains) for leaf in leaves]),
            length=blueprint.length,
        )
        tree._refuse_if_infeasible(blueprint.part)
        return tree

    @cached_property
    def _leaf_at(self) -> tuple[int | None, ...]:
        where = {leaf: i for i, leaf in enumerate(self.leaves)}
        return tuple(where.get(name) for name in self.names)

    def intervals(self, taken: Counts) -> tuple[Counts, Counts]:
        """Fewest and most items that each branch still must and can take.

        taken : (..., L) items already taken from each leaf.

        Returns two arrays (..., N); a branch whose fewest exceed its most cannot be completed.
        """
        lower = self.lower - taken @ self.holds.T
        upper = self.upper - taken @ self.holds.T
        for n, below in enumerate(self.children):
            leaf = self._leaf_at[n]
            if leaf is not None:
                least, most = 0, self.stock[leaf] - taken[..., leaf]
            else:
                least = lower[..., below].sum(axis=-1)
                most = upper[..., below].sum(axis=-1)
            lower[..., n] = np.maximum(lower[..., n], least)
            upper[..., n] = np.minimum(upper[..., n], most)
        return lower, upper

    def completable(self, taken: Counts) -> NDArray[np.bool_]:
        """Whether a test with these counts (..., L) can still be completed to its exact length."""
        lower, upper = self.intervals(taken)
        left = self.length - taken.sum(axis=-1)
        fits = (lower[..., -1] <= left) & (left <= upper[..., -1])
        return np.asarray((lower <= upper).all(axis=-1) & fits)

    def open_leaves(self, taken: Counts, left: Counts | None = None) -> NDArray[np.bool_]:
        """Leaves from which the next item may come, (J, L); none where no test can be completed.

        taken : (J, L) counts of items taken from each leaf.
        left : (J, L) items that each leaf still has; all that were not taken by default.

        One more item from a leaf lowers the most that each branch above it can take by one; the
        test stays completable where the fewest it must take falls too, or was below the most.
        """
        m, leaves = self._matrices, len(self.leaves)
        # Branches by persons, (N, J): whole rows are then looked up and compared.
        counts = m.holds @ taken.T.astype(np.float64)
        own = m.lower - counts
        least, most = np.maximum(own, 0.0), m.upper - counts
        remaining = self.stock - taken if left is None else left
        np.minimum(most[:leaves], remaining.T, out=most[:leaves])  # leaves come first
        below = np.zeros_like(own)
        for start, stop, children in m.levels:
            np.matmul(children, least, out=below[start:stop])
            np.maximum(own[start:stop], below[start:stop], out=least[start:stop])
            np.minimum(most[start:stop], children @ most, out=most[start:stop])
        falls = least[:leaves] > 0
        is_open = (most[:leaves] > 0) & (least <= most).all(axis=0)
        forced, slack = own > below, least < most
        for ancestors in self._climb:
            falls |= forced[ancestors]
            is_open &= falls | slack[ancestors]
        return np.asarray(is_open.T)

    @cached_property
    def _matrices(self) -> _Matrices:
        height: list[int] = []
        for below in self.children:
            height.append(1 + max((height[child] for child in below), default=-1))
        in_order = {self.names.index(leaf): i for i, leaf in enumerate(self.leaves)}
        order = sorted(range(len(self.names)), key=lambda n: (height[n], in_order.get(n, n)))
        place = {n: i for i, n in enumerate(order)}
        lower, upper = self.lower[order].astype(float), self.upper[order].astype(float)
        lower[-1] = upper[-1] = self.length
        lower, upper = lower[:, None], upper[:, None]
        levels = []
        for level in range(1, max(height) + 1):
            nodes = [n for n in order if height[n] == level]
            children = np.zeros((len(nodes), len(order)))
            for row, n in enumerate(nodes):
                children[row, [place[child] for child in self.children[n]]] = 1.0
            levels.append((place[nodes[0]], place[nodes[-1]] + 1, children))
        holds = np.ascontiguousarray(self.holds[order].astype(float))
        return _Matrices(holds, lower, upper, tuple(levels), place)

    @cached_property
    def _climb(self) -> tuple[Counts, ...]:
        """Row k: the k-th branch above each leaf, then the root for ever."""
        paths = []
        for leaf in self.leaves:
            steps = leaf.split(".")
            names = [".".join(steps[:i]) for i in range(len(steps) - 1, -1, -1)]
            paths.append([self._matrices.place[self.names.index(name)] for name in names])
        longest = max(len(path) for path in paths)
        padded = [path + [path[-1]] * (longest - len(path)) for path in paths]
        return tuple(np.array(padded).T)

    @cached_property
    def most_per_leaf(self) -> Counts:
        """(L,) most items that a complete test can take from each leaf."""
        climb, upper = self._climb, self._matrices.upper[:, 0]
        above = np.min([upper[branches] for branches in climb], axis=0)
        highest = np.minimum(above, upper[: len(self.leaves)])
        return np.asarray(np.minimum(highest, self.stock), dtype=np.int64)

    def leaf_of(self, domains: Sequence[str]) -> Counts:
        """(I,) leaf of each item, from its domain."""
        where = {name: i for i, name in enumerate(self.leaves)}
        return np.array([where[domain] for domain in domains], dtype=np.int64)

    def minimums_met(self, taken: Counts) -> NDArray[np.bool_]:
        """Whether counts (J, L) reach every lower bound; returns (J,)."""
        return np.asarray((taken @ self.holds.T >= self.lower).all(axis=-1))

    def violations(self, taken: Counts) -> list[str]:
        """Bounds that a finished test with counts (L,) breaks, each as a sentence."""
        counts = self.holds @ taken
        found = [
            f"{name or 'seluruh bagian'}: {count} butir, batas {low} sampai {high}"
            for name, count, low, high in zip(
                self.names, counts, self.lower, self.upper, strict=True
            )
            if not low <= count <= high
        ]
        if counts[-1] != self.length:
            found.append(f"panjang {counts[-1]}, seharusnya {self.length}")
        return found

    def _refuse_if_infeasible(self, part: str) -> None:
        lower, upper = self.intervals(np.zeros(len(self.leaves), dtype=np.int64))
        for name, low, high in zip(self.names, lower, upper, strict=True):
            if low > high:
                raise BlueprintInfeasible(
                    f"{part}.{name or '(seluruh)'}: perlu {low} butir, paling banyak ada {high};"
                    f" kurang {low - high}",
                    branch=name,
                    missing=int(low - high),
                )
        if not lower[-1] <= self.length <= upper[-1]:
            raise BlueprintInfeasible(
                f"{part}: panjang {self.length} di luar jangkauan {lower[-1]} sampai {upper[-1]}",
                branch="",
                missing=int(max(lower[-1] - self.length, self.length - upper[-1])),
            )


@dataclass(frozen=True)
class _Matrices:
    """A tree in float64, in which whole numbers are exact and products are fast.

    Branches are ordered by height, the leaves first and in their own order.
    holds : (N, L). lower, upper : (N, 1). levels : of each height its slice and an (n, N) matrix
    that adds up children. place : old position -> position here.
    """

    holds: Floats
    lower: Floats
    upper: Floats
    levels: tuple[tuple[int, int, Floats], ...]
    place: dict[int, int]


def _branches(leaves: Iterable[str]) -> tuple[str, ...]:
    names = {""}
    for leaf in leaves:
        steps = leaf.split(".")
        names |= {".".join(steps[: i + 1]) for i in range(len(steps))}
    return tuple(sorted(names, key=lambda name: (-name.count(".") if name else 1, name)))


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _is_under(leaf: str, branch: str) -> bool:
    return branch in ("", leaf) or leaf.startswith(branch + ".")
