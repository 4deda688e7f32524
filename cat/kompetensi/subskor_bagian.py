"""The verdict on the domains of one part, as a norm group keeps it: whole numbers that hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cat.errors import BadInput
from cat.kompetensi.subskor import Group, Measures, estimate, fit_group, worth

_UNIT = 10_000


@dataclass(frozen=True)
class NilaiDomain:
    """What one domain is worth, PRMSE 0 to 1.

    own : from its own answers. total : from the part's total. augmented : from both.
    menambah : its own answers predict it better than the total does.
    """

    own: float
    total: float
    augmented: float
    menambah: bool


@dataclass(frozen=True)
class SubskorBagian:
    """Whether the domains of one part add information, judged on the people of one group.

    orang : persons judged. domain : (D,) in the order of the figures.
    mean, covariance : (D,), (D, D) of the true abilities, in ten-thousandths of a logit, and of a
        squared logit. prmse : (D, 3) own, total, augmented in ten-thousandths.
    """

    orang: int
    domain: tuple[str, ...]
    mean: tuple[int, ...]
    covariance: tuple[tuple[int, ...], ...]
    prmse: tuple[tuple[int, ...], ...]

    @classmethod
    def judge(cls, domain: Sequence[str], given: Measures) -> SubskorBagian:
        """Judge the domains on the measures of a group (J, D). Raises BadInput, DidNotConverge."""
        if len(domain) != given.information.shape[1]:
            raise BadInput(f"{len(domain)} domains, but measures of {given.information.shape[1]}")
        group = fit_group(given)
        found = worth(given.information, group)
        shares = np.stack([found.own, found.total, found.augmented], axis=1)
        return cls(
            orang=len(given.information),
            domain=tuple(domain),
            mean=_whole(group.mean),
            covariance=tuple(map(_whole, group.covariance)),
            prmse=tuple(map(_whole, shares)),
        )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> SubskorBagian:
        """The verdict as a norm group stores it."""
        return cls(
            orang=mapping["orang"],
            domain=tuple(mapping["domain"]),
            mean=tuple(mapping["mean"]),
            covariance=tuple(map(tuple, mapping["covariance"])),
            prmse=tuple(map(tuple, mapping["prmse"])),
        )

    def nilai(self, domain: str, margin_percent: int) -> NilaiDomain:
        """What a domain is worth; to add information it must beat the total by the margin."""
        own, total, augmented = (x / _UNIT for x in self.prmse[self.domain.index(domain)])
        return NilaiDomain(own, total, augmented, menambah=own > total + margin_percent / 100)

    def augmented(self, given: Measures) -> tuple[list[float], list[float]]:
        """Theta and standard error of one person's domains, from all of the part's answers.

        given : measures of one person, (1, D) in the order of `domain`. Returns (D,), (D,) logits.
        """
        group = Group(np.array(self.mean) / _UNIT, np.array(self.covariance) / _UNIT)
        theta, spread = estimate(given, group)
        variance = np.maximum(np.diag(spread[0]), 0.0)
        return theta[0].tolist(), np.sqrt(variance).tolist()


def _whole(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[int, ...]:
    return tuple(np.rint(values * _UNIT).astype(int).tolist())
