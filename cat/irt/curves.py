"""What a response model says around one ability: probability, slope of its logarithm, and bend.

Every model gives these three in a form that keeps its digits where probabilities vanish. The
derivatives and the information follow from them without a division.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """Category curves of I items at J abilities; all (J, I, K), 0 where an item has no category.

    p : probability P.
    score : d log P / d theta, 1/logit.
    observed : -d2 log P / d theta2, 1/logit**2: the information in having observed the category.
    """

    p: Floats
    score: Floats
    observed: Floats

    @property
    def slope(self) -> Floats:
        """(J, I, K) dP / d theta."""
        return self.p * self.score

    @property
    def curvature(self) -> Floats:
        """(J, I, K) d2P / d theta2."""
        return self.p * (self.score**2 - self.observed)

    @property
    def information(self) -> Floats:
        """(J, I) Fisher information: the mean squared score."""
        return np.asarray((self.p * self.score**2).sum(axis=-1))
