"""The kisi-kisi of one part: how many items, and how many of which domain, a test must hold.

Bounds name dotted paths inside the part ("verbal", "verbal.analogi"); the root is the part itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cat.errors import BadRules


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
