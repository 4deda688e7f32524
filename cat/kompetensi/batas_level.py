"""Cut points between levels on the ability scale, and what an ability says of the levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.bukti import likelihood_of_levels
from cat.kompetensi.kamus import LEVELS
from cat.scoring.levels import chance_of_reaching

_NAMES = tuple(f"level_{n}" for n in range(2, LEVELS + 1))
_REACH = 600


@dataclass(frozen=True)
class BatasLevel:
    """The lower bounds of levels 2 to 5 on one ability scale.

    jalur : part, or part and domain, such as "tkp.pelayanan_publik".
    perseratus_logit : (4,) ascending, in hundredths of a logit, so that they hash exactly.
    """

    jalur: str
    perseratus_logit: tuple[int, ...]
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules where the bounds do not ascend."""
        bounds = section.child("perseratus_logit")
        row = cls(
            jalur=section.text("jalur"),
            perseratus_logit=tuple(bounds.integer(n, least=-_REACH, most=_REACH) for n in _NAMES),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        bounds.done()
        section.done()
        given = row.perseratus_logit
        if any(high <= low for low, high in pairwise(given)):
            raise section.problem("perseratus_logit", given, "harus menaik dari level 2 ke level 5")
        return row

    def to_mapping(self) -> dict[str, Any]:
        """The row as a file holds it."""
        bounds = dict(zip(_NAMES, self.perseratus_logit, strict=True))
        return fields_as_plain(self) | {"perseratus_logit": bounds}

    def chances(self, theta: float, se: float) -> tuple[float, ...]:
        """Probability of each level, (5,), under a normal posterior; theta and se > 0 in logits."""
        cuts = [each / 100 for each in self.perseratus_logit]
        reached = [1.0, *chance_of_reaching(theta, se, cuts).tolist(), 0.0]
        return tuple(low - high for low, high in pairwise(reached))

    def evidence(
        self, theta: float, se: float, prior: tuple[float, float], most: float
    ) -> tuple[float, ...]:
        """How well each level explains the answers behind theta and se, (5,), adding to 1.

        theta, se : posterior mean and sd, logits; prior : mean and sd that they started from,
            which are taken out again. most : as for `likelihood_of_levels`. Raises BadInput.
        """
        return likelihood_of_levels(self.chances(theta, se), self.chances(*prior), most)


@dataclass(frozen=True)
class BatasSemua:
    """Every scale that has cut points; the others have none and get no level."""

    kode: str
    judul: str
    batas: tuple[BatasLevel, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> BatasSemua:
        """The cut points that a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "batas level")
        rules = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            batas=tuple(map(BatasLevel.read, section.children("batas", "jalur"))),
        )
        section.done()
        no_repeats("batas level: batas", (each.jalur for each in rules.batas))
        return rules

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes equal cut points."""
        return fields_as_plain(self)

    def find(self, jalur: str) -> BatasLevel | None:
        """The cut points of this scale, or None where nobody has set any."""
        return next((each for each in self.batas if each.jalur == jalur), None)
