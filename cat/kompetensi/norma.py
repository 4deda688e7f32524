"""Norm groups: where an ability stands among the people of a named, dated, hashed group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from cat.errors import BadInput, NormGroupTooSmall
from cat.irt.arguments import number, numbers, positive
from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section
from cat.kompetensi.subskor_bagian import SubskorBagian

# Abilities are counted in cells this wide, logits, between -REACH and REACH, the last ones open:
# far finer than any standard error, and nobody's own figure is kept.
CELL, REACH = 0.05, 6.0
_CELLS = 2 * round(REACH / CELL) + 1


@dataclass(frozen=True)
class AturanNorma:
    """When a norm group serves.

    minimum_orang : persons below which no percentile is given.
    minimum_orang_subskor : persons below which domains are not judged against their total.
    paling_banyak_domain : of larger groups only so many are read answer by answer, for the domains.
    selisih_prmse_persen : by how much a domain must beat the total to be said to add information.
    """

    kode: str
    judul: str
    minimum_orang: int
    minimum_orang_subskor: int
    paling_banyak_domain: int
    selisih_prmse_persen: int
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanNorma:
        """The rules that a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "aturan norma")
        rules = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            minimum_orang=section.integer("minimum_orang", least=2),
            minimum_orang_subskor=section.integer("minimum_orang_subskor", least=20),
            paling_banyak_domain=section.integer("paling_banyak_domain", least=100),
            selisih_prmse_persen=section.integer("selisih_prmse_persen", most=50),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return rules

    def to_mapping(self) -> dict[str, Any]:
        """A table from which `from_mapping` makes equal rules."""
        return fields_as_plain(self)


@dataclass(frozen=True)
class Percentile:
    """Share of the group that lies below, in per cent, 0 to 100.

    value : at the estimate, those in the same cell counting half.
    low, high : one standard error of the ability down and up.
    se : from the error of the ability and from the size of the group, in per cent.
    """

    value: float
    low: float
    high: float
    se: float


@dataclass(frozen=True)
class Distribution:
    """How many persons of a group have an ability in each cell of the scale."""

    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.counts) != _CELLS or min(self.counts) < 0:
            raise BadInput(f"counts must be {_CELLS} numbers >= 0; got {len(self.counts)}")

    @classmethod
    def of(cls, theta: ArrayLike) -> Distribution:
        """Of abilities (J,), logits, finite. Raises BadInput."""
        given = numbers("theta", theta, "(J,)")
        if not np.isfinite(given).all():
            raise BadInput("theta must be finite")
        return cls(tuple(np.bincount(_cell(given), minlength=_CELLS).tolist()))

    @property
    def persons(self) -> int:
        """How many there are in all."""
        return sum(self.counts)

    def quantile(self, share: float) -> float:
        """The ability, logits, that this share of the group, in (0, 1), does not exceed.

        To the nearest cell. Raises NormGroupTooSmall for an empty group, BadInput.
        """
        if not 0 < number("share", share) < 1:
            raise BadInput(f"share must lie in (0, 1); got {share}")
        if not self.persons:
            raise NormGroupTooSmall("a group without persons has no quantiles", persons=0)
        cell = int(np.searchsorted(np.cumsum(self.counts), share * self.persons))
        return round(cell * CELL - REACH, 2)

    def percentile(self, theta: float, se: float, minimum: int) -> Percentile:
        """Where an ability stands in the group.

        theta, se : estimate and standard error, logits, se > 0. minimum : persons asked for, >= 1.

        Raises NormGroupTooSmall, BadInput. Percentile rank with ties counted half: Kolen & Brennan
        (2014), Test Equating, Scaling, and Linking, 3rd ed., section 2.4.
        """
        persons = self.persons
        if persons < minimum:
            raise NormGroupTooSmall(
                f"a norm group must have {minimum} persons; this one has {persons}",
                persons=persons,
                minimum=minimum,
            )
        theta, se = number("theta", theta), positive("se", se)
        counts = np.asarray(self.counts, dtype=float)
        ranks = (np.cumsum(counts) - counts / 2) / persons
        value, low, high = (
            float(ranks[_cell(np.array([at]))[0]]) for at in (theta, theta - se, theta + se)
        )
        edges = (np.arange(_CELLS + 1) - 0.5) * CELL - REACH
        edges[0], edges[-1] = -np.inf, np.inf
        mass = np.diff(ndtr((edges - theta) / se))
        by_ability = float(mass @ ranks**2 - (mass @ ranks) ** 2)
        by_size = value * (1 - value) / persons
        spread = math.sqrt(max(0.0, by_ability) + by_size)
        return Percentile(100 * value, 100 * low, 100 * high, 100 * spread)


@dataclass(frozen=True)
class Norma:
    """A norm group.

    siapa : who they are, in words. dihitung : on what day they were counted.
    pool : digests of the pools that they sat on. sebaran : part, or part and domain -> counts.
    subskor : part -> whether its domains add information; parts with too few persons are absent.
    """

    nama: str
    siapa: str
    dihitung: date
    orang: int
    pool: tuple[str, ...]
    sebaran: Mapping[str, Distribution]
    subskor: Mapping[str, SubskorBagian]

    def to_mapping(self) -> dict[str, Any]:
        """Tables, lists, texts and integers from which `from_mapping` makes an equal group."""
        return fields_as_plain(self) | {
            "sebaran": {name: list(each.counts) for name, each in self.sebaran.items()},
            "subskor": {name: fields_as_plain(each) for name, each in self.subskor.items()},
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Norma:
        """The group that `to_mapping` wrote."""
        return cls(
            nama=mapping["nama"],
            siapa=mapping["siapa"],
            dihitung=date.fromisoformat(mapping["dihitung"]),
            orang=mapping["orang"],
            pool=tuple(mapping["pool"]),
            sebaran={name: Distribution(tuple(c)) for name, c in mapping["sebaran"].items()},
            subskor={
                name: SubskorBagian.from_mapping(each) for name, each in mapping["subskor"].items()
            },
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())


def _cell(theta: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.clip(np.rint((theta + REACH) / CELL), 0, _CELLS - 1).astype(np.int64)
