"""What a calibration is asked, as it is stored: whose answers, which items, which models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import log
from typing import Any

from cat.calibration.estimates import FEWEST_ANSWERS
from cat.calibration.spec import Normal, Priors, Quadrature
from cat.errors import BadInput


class Scale(StrEnum):
    """What fixes the scale; the values are the words shown and stored."""

    ANCHORS = "jangkar"
    FREE = "bebas"


# What persons of the platform can be grouped by.
GROUPINGS = {
    "jenis_kelamin": "jenis kelamin",
    "titik_lokasi": "titik lokasi",
    "netra": "netra atau tidak",
}
KEYED_MODELS = ("3pl", "2pl", "1pl", "rasch")
POINTS_MODELS = ("gpcm", "pcm", "grm")
LOGIT_C, LOGIT_C_SD, LOG_A_SD = log(0.2 / 0.8), 0.5, 0.5


@dataclass(frozen=True)
class Plan:
    """One calibration.

    part, sesi : of the platform's records; no sesi means all of them. part is empty for a file.
    file, file_name : the stored name of an uploaded file and the one its owner gave it; empty for
        the platform's records.
    group_column, weight_column, lowest : how to read that file.
    scale : whether items with known parameters are held. released : item names that are not held
        although they are known. items : those to estimate; none named means every one that has
        `fewest` answers.
    keyed_model, points_model : for right-or-wrong items, and for items with points.
    groups, dif : keys of GROUPINGS, or empty; of a file `groups` is not used.
    prior_c : whether logit c has its usual prior; prior_a : whether log a has one.
    """

    name: str
    part: str = ""
    sesi: tuple[int, ...] = ()
    file: str = ""
    file_name: str = ""
    group_column: str = ""
    weight_column: str = ""
    lowest: int = 0
    scale: str = Scale.ANCHORS
    released: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    fewest: int = FEWEST_ANSWERS
    keyed_model: str = "3pl"
    points_model: str = "gpcm"
    groups: str = ""
    dif: str = "jenis_kelamin"
    prior_c: bool = True
    prior_a: bool = False
    nodes: int = 61
    max_cycles: int = 1000

    def __post_init__(self) -> None:
        rules = (
            ("nama", self.name, 0 < len(self.name) <= 120, "1 sampai 120 huruf"),
            ("skala", self.scale, self.scale in tuple(Scale), "jangkar atau bebas"),
            ("model", self.keyed_model, self.keyed_model in KEYED_MODELS, ", ".join(KEYED_MODELS)),
            (
                "model",
                self.points_model,
                self.points_model in POINTS_MODELS,
                ", ".join(POINTS_MODELS),
            ),
            ("kelompok", self.groups, self.groups in ("", *GROUPINGS), ", ".join(GROUPINGS)),
            ("pembanding DIF", self.dif, self.dif in ("", *GROUPINGS), ", ".join(GROUPINGS)),
            ("jawaban paling sedikit", self.fewest, 1 <= self.fewest <= 10**6, "1 atau lebih"),
            ("titik kuadratur", self.nodes, 31 <= self.nodes <= 401, "31 sampai 401"),
            ("siklus", self.max_cycles, 1 <= self.max_cycles <= 10**5, "1 sampai 100.000"),
            ("sumber", self.file or self.part, bool(self.file) != bool(self.part), "satu saja"),
        )
        for place, value, holds, rule in rules:
            if not holds:
                raise BadInput(f"{place}: {rule} (terbaca: {value})", rule="plan", place=place)

    @property
    def is_of_platform(self) -> bool:
        """Whether the answers are the platform's own."""
        return not self.file

    @property
    def holds_anchors(self) -> bool:
        """Whether known items are held."""
        return self.scale == Scale.ANCHORS

    @property
    def priors(self) -> Priors:
        """For the estimation."""
        return Priors(
            logit_c=Normal(LOGIT_C, LOGIT_C_SD) if self.prior_c else None,
            log_a=Normal(0.0, LOG_A_SD) if self.prior_a else None,
        )

    @property
    def quadrature(self) -> Quadrature:
        """For the estimation; follows every group."""
        return Quadrature(self.nodes)

    def to_mapping(self) -> dict[str, Any]:
        """Plain data for storage."""
        return asdict(self)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Plan:
        """Read what `to_mapping` wrote. Raises BadInput naming place, value and rule."""
        several = {name: tuple(data.get(name, ())) for name in ("sesi", "released", "items")}
        return cls(**{**data, **several})
