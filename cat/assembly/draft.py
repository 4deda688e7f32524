"""Linear rows while they are being collected, over the yes/no variables of one bank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cat.itembank.attributes import Attributes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Values of `source` for rows that no row of the table expresses.
STRUCTURAL = -1
LENGTH = -2


class Draft:
    """Rows so far: what each adds up, within which limits, why, and in which words.

    Starts with the structural rows, which make variable I + s say "one of the items of stimulus s
    is in the test".
    """

    def __init__(self, attributes: Attributes) -> None:
        self.attributes = attributes
        self.source: list[int] = []
        self.names: list[str] = []
        variables = attributes.count + len(attributes.stimuli)
        self.fixed_lower = np.zeros(variables)
        self.fixed_upper = np.ones(variables)
        self._variables: list[Ints] = []
        self._weights: list[Floats] = []
        self._limits: list[tuple[float, float]] = []
        for stimulus in range(len(attributes.stimuli)):
            self._tie(attributes.count + stimulus)

    def add(
        self,
        variables: Ints,
        weights: Floats,
        lower: float | None,
        upper: float | None,
        source: int,
        name: str,
    ) -> None:
        """One more row; None where a side has no limit."""
        self._variables.append(variables)
        self._weights.append(weights)
        self._limits.append(
            (-np.inf if lower is None else lower, np.inf if upper is None else upper)
        )
        self.source.append(source)
        self.names.append(name)

    def items_of(self, variable: int) -> Ints:
        """Variables of the items that share the stimulus of this variable."""
        return np.flatnonzero(self.attributes.stimulus_of == variable - self.attributes.count)

    def name_of(self, variable: int) -> str:
        """What a sentence calls a variable: "butir TIU-001" or "stimulus S1"."""
        if variable < self.attributes.count:
            return f"butir {self.attributes.name_of(variable)}"
        return f"stimulus {self.attributes.stimuli[variable - self.attributes.count]}"

    def matrix(self) -> csr_array:
        """(R, V) weights of all rows."""
        sizes = [len(variables) for variables in self._variables]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        variables = np.concatenate([np.zeros(0, dtype=np.int64), *self._variables])
        weights = np.concatenate([np.zeros(0), *self._weights])
        return csr_array((weights, variables, starts), shape=(len(sizes), len(self.fixed_lower)))

    def limits(self) -> tuple[Floats, Floats]:
        """Lower and upper limits, (R,) each."""
        pairs = np.array(self._limits, dtype=np.float64).reshape(-1, 2)
        return pairs[:, 0].copy(), pairs[:, 1].copy()

    def _tie(self, own: int) -> None:
        members = self.items_of(own)
        # One row for each item, not one for their sum: fewer fractional solutions satisfy these.
        for item in members:
            name = f"{self.name_of(item)} memerlukan {self.name_of(own)}"
            pair = np.array([item, own])
            self.add(pair, np.array([1.0, -1.0]), None, 0.0, STRUCTURAL, name)
        name = f"{self.name_of(own)} memerlukan sedikitnya satu butirnya"
        weights = np.append(np.ones(len(members)), -1.0)
        self.add(np.append(members, own), weights, 0.0, None, STRUCTURAL, name)
