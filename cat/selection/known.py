"""What is known of J persons at the moment when their next item is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cat.scoring import eap
from cat.scoring.tables import ItemTables

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """The view that a criterion has of J persons.

    posterior : (J, Q) over the nodes of `quadrature`, adding to 1 over Q.
    likelihood : (J, Q) of the answers given so far, each row up to a positive factor; all ones
        before the first answer.
    answered : items answered so far in this part, the same number for every person.
    length : items that the part has, or may have at most.
    chance : (I,) -> (J, I), uniform numbers in [0, 1) that depend only on the person's seed, the
        number of the item to choose and the item, whatever the cohort.
    given_estimate : mean and standard deviation, (J,) logits each, where they are known better
        than the nodes can tell; otherwise they are taken from the posterior.
    """

    posterior: Floats
    likelihood: Floats
    answered: int
    length: int
    quadrature: eap.Quadrature
    chance: Callable[[NDArray[np.int64]], Floats]
    given_estimate: tuple[Floats, Floats] | None = None

    @cached_property
    def estimate(self) -> tuple[Floats, Floats]:
        """Posterior mean and standard deviation of each person, (J,) logits each."""
        return self.given_estimate or eap.estimate(self.posterior, self.quadrature)

    @property
    def theta(self) -> Floats:
        """(J,) expected a posteriori abilities, logits."""
        return self.estimate[0]

    @property
    def se(self) -> Floats:
        """(J,) posterior standard deviations, logits."""
        return self.estimate[1]


# A criterion ranks the items for each person: (J, I), larger is better. Its parameters are the
# fields of the frozen dataclass that it is.
Criterion = Callable[[Known, ItemTables], Floats]
