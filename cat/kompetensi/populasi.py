"""What share of a population has something, and how sure is that?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scipy.special import ndtri

from cat.errors import BadInput
from cat.ketentuan.section import Section
from cat.kompetensi.kamus import LEVELS


@dataclass(frozen=True)
class AturanPopulasi:
    """Who counts as having a strong base in IT, and the aim for the population.

    level : that the mastery of IT must reach, with at least `kepastian_persen` certainty.
    tingkat_kepercayaan_persen : of the interval of the share.
    """

    kode: str
    judul: str
    level: int
    kepastian_persen: int
    sasaran_persen: int
    sumber_sasaran: str
    keyakinan_sasaran: str
    tingkat_kepercayaan_persen: int
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanPopulasi:
        """The rule from what a file holds; raises BadRules."""
        section = Section(mapping, "populasi")
        rule = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            level=section.integer("level", least=1, most=LEVELS),
            kepastian_persen=section.integer("kepastian_persen", least=1, most=100),
            sasaran_persen=section.integer("sasaran_persen", least=1, most=100),
            sumber_sasaran=section.text("sumber_sasaran"),
            keyakinan_sasaran=section.confidence("keyakinan_sasaran"),
            tingkat_kepercayaan_persen=section.integer(
                "tingkat_kepercayaan_persen", least=50, most=99
            ),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return rule


@dataclass(frozen=True)
class Bagian:
    """A share of a population with its interval, each 0 to 1."""

    banyak: int
    dari: int
    bagian: float
    bawah: float
    atas: float


def wilson(successes: int, total: int, confidence: float) -> Bagian | None:
    """The share with Wilson's score interval; None where there is nobody.

    successes : 0 to total. confidence : between 0 and 1.

    Raises BadInput. Wilson (1927), JASA 22, 209-212.
    """
    if not 0 <= successes <= total or not 0 < confidence < 1:
        raise BadInput(f"need 0 <= {successes} <= {total} and 0 < {confidence} < 1")
    if total == 0:
        return None
    z = float(ndtri((1 + confidence) / 2))
    share = successes / total
    scale = 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z / scale * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # at 0 and at 1 the bound is exact, which rounding would spoil
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == total else middle + half
    return Bagian(successes, total, share, low, high)
