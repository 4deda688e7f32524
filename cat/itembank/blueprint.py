"""The kisi-kisi of one part as a tree of counts: how many items of which domain a test must hold.

Bounds name dotted paths inside the part ("verbal", "verbal.analogi"); the root is the part itself.
Since the paths form a tree, the numbers of items that a branch can still take form an unbroken
interval, and adding intervals upwards decides exactly whether a test can be completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadRules, BlueprintInfeasible

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Bound:
    """At least `minimum` and at most `maximum` items from the branch `what`."""

    what: str
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Blueprint:
    """What one part of a test must hold.

    part : twk, tiu or tkp.
    length : items that every candidate answers.
    bounds : limits on branches of the domain tree; a branch without one is unlimited.
    reference : items that each domain (leaf path) contributes to the reference form.
    """

    part: str
    length: int
    bounds: tuple[Bound, ...]
    reference: Mapping[str, int]

    @classmethod
    def from_mapping(cls, part: str, data: Mapping[str, Any]) -> Blueprint:
        """Read one part of a blueprint file; raises BadRules naming the row and the rule."""
        bounds = tuple(Bound(row["apa"], row["min"], row["maks"]) for row in data["batas"])
        for bound in bounds:
            if not 0 <= bound.minimum <= bound.maximum:
                raise BadRules(f"{part}, batas {bound.what}: perlu 0 <= min <= maks; got {bound}")
        return cls(part, data["panjang"], bounds, dict(data["acuan"]))

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data, for storing and hashing."""
        rows = [{"apa": b.what, "min": b.minimum, "maks": b.maximum} for b in self.bounds]
        return {"panjang": self.length, "batas": rows, "acuan": dict(self.reference)}


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

    def open_leaves(self, taken: Counts) -> NDArray[np.bool_]:
        """Leaves from which the next item may come, (J, L), given counts taken (J, L)."""
        after = taken[:, None, :] + np.eye(len(self.leaves), dtype=np.int64)
        return self.completable(after)

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
