"""Admission: which items are open to whom, by chances that exposure control has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import count, numbers, whole_numbers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Admission:
    """The chance that each item is open to a person, in each of G groups by ability.

    edges : (G - 1,) abilities that part the groups, logits, ascending; empty for one group of all.
    probability : (G, I) chances, in (0, 1].

    The arrays become read-only copies. Raises BadInput, naming the place and the value.
    """

    edges: Floats
    probability: Floats

    def __post_init__(self) -> None:
        edges = np.array(numbers("edges", self.edges))
        probability = np.array(numbers("probability", self.probability))
        check_edges(edges)
        if probability.ndim != 2 or len(probability) != len(edges) + 1:
            raise BadInput(
                f"probability must be (G, I) with G = {len(edges) + 1}, one more than there are"
                f" edges; got shape {probability.shape}"
            )
        if not (legal := (probability > 0) & (probability <= 1)).all():
            group, item = np.argwhere(~legal)[0].tolist()
            raise BadInput(
                f"probability must lie in (0, 1]; group {group}, item {item} has"
                f" {probability[group, item]}",
                group=group,
                item=item,
            )
        for name, array in (("edges", edges), ("probability", probability)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def of_everything(cls, items: int, edges: ArrayLike = ()) -> Admission:
        """Every item open to everybody: no control, and where iterative set-up begins.

        items : how many there are; edges : (G - 1,) as above. Raises BadInput.
        """
        edges = numbers("edges", edges, "(G - 1,)")
        return cls(edges, np.ones((len(edges) + 1, count("items", items))))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike]) -> Admission:
        """The admission that `to_arrays` took apart. Raises BadInput."""
        if missing := {"edges", "probability"} - set(arrays):
            raise BadInput(f"an admission needs {', '.join(sorted(missing))}")
        return cls(np.asarray(arrays["edges"]), np.asarray(arrays["probability"]))

    def to_arrays(self) -> dict[str, Floats]:
        """The same as named arrays, for storing and hashing."""
        return {"edges": self.edges, "probability": self.probability}

    def group_of(self, theta: ArrayLike) -> Ints:
        """(J,) group, from 0, of each ability theta (J,), logits; one that equals an edge belongs
        above it. Raises BadInput.
        """
        return group_of(theta, self.edges)

    def admitted(
        self, theta: ArrayLike, chance: Floats, items: Ints | None = None
    ) -> NDArray[np.bool_]:
        """Whether items are open to persons of these abilities.

        theta : (J,) current abilities, logits.
        chance : (J, n) uniform numbers in [0, 1), one for each person and item, the same for the
            whole part: what was closed stays closed while the person stays in the group.
        items : (J, n) positions, negative for none; without it the n items are all there are.

        Returns (J, n), False where there is no item. Raises BadInput.
        """
        group, chance = self.group_of(theta), numbers("chance", chance)
        total = self.probability.shape[1]
        shape = (len(group), total) if items is None else self._checked(items, len(group)).shape
        if chance.shape != shape:
            raise BadInput(f"chance must be {shape}, as the items; got {chance.shape}")
        if items is None:
            return np.asarray(chance < self.probability[group])
        # One flat look-up costs half of one by row and column, and this is done at every step.
        none = items < 0
        place = np.where(none, 0, items) if none.any() else items
        if len(self.edges):
            place = place + group[:, None] * total
        return np.asarray((chance < self.probability.ravel()[place]) & ~none)

    def _checked(self, items: Ints, persons: int) -> Ints:
        """Positions (J, n) that are those of items, or negative; raises BadInput."""
        items = whole_numbers("items", items, "(J, n)")
        if len(items) != persons:
            raise BadInput(f"items must be (J, n) with J = {persons}; got shape {items.shape}")
        if items.max(initial=-1) >= (total := self.probability.shape[1]):
            person, place = np.argwhere(items >= total)[0].tolist()
            raise BadInput(
                f"items must be below {total}, the number of items; person {person} has"
                f" {items[person, place]}",
                person=person,
            )
        return items


def group_of(theta: ArrayLike, edges: Floats) -> Ints:
    """(J,) group, from 0, of each ability theta (J,) between ascending edges (G - 1,), logits.

    Raises BadInput for NaN, naming the person.
    """
    theta = numbers("theta", theta, "(J,)")
    if np.isnan(theta).any():
        person = int(np.argmax(np.isnan(theta)))
        raise BadInput(f"theta must be a number; person {person} has nan", person=person)
    return np.asarray(np.searchsorted(edges, theta, side="right"), dtype=np.int64)


def check_edges(edges: Floats) -> None:
    """Raise BadInput unless the edges are finite and ascending."""
    if edges.ndim != 1 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        raise BadInput(f"edges must be finite and ascending; got {edges.tolist()}", edges=edges)
