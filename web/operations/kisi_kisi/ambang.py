"""Thresholds of the checks, and what the need for items is reckoned with: data, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from cat.ketentuan.section import CONFIDENCE, broken, no_repeats
from cat.publication.health import Need

FILE = Path(__file__).resolve().parents[3] / "seeds" / "kisi_kisi" / "ambang_pool.toml"
KODE = (
    *("kisi_kisi", "terulang", "seteru", "bias", "rmse", "se_kondisional", "keputusan"),
    *("paparan_lebih", "paparan", "tumpang_tindih", "letak_kunci", "strategi_buta"),
    *("tanpa_kalibrasi", "komentar"),
)
_FIELDS = {"kode", "judul", "baik", "batas", "keras", "sumber", "keyakinan"}


class Tingkat(StrEnum):
    """How good a figure is; the values are stored."""

    BAIK = "baik"
    PERHATIAN = "perlu perhatian"
    MASALAH = "masalah"


@dataclass(frozen=True)
class Ambang:
    """Good up to `baik`, a matter of care up to `batas`; towards larger where baik > batas.

    keras : whether a problem here keeps a pool from being published.
    """

    kode: str
    judul: str
    baik: float
    batas: float
    keras: bool
    sumber: str
    keyakinan: str

    def tingkat(self, value: float) -> Tingkat:
        """Where a figure falls."""
        sign = 1 if self.baik <= self.batas else -1
        if sign * value <= sign * self.baik:
            return Tingkat.BAIK
        return Tingkat.PERHATIAN if sign * value <= sign * self.batas else Tingkat.MASALAH

    def to_mapping(self) -> dict[str, Any]:
        """Plain data for a report."""
        return asdict(self)


@dataclass(frozen=True)
class AmbangPool:
    """The whole file."""

    ambang: Mapping[str, Ambang]
    kebutuhan: Need
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> AmbangPool:
        """Read the parsed file; raises BadRules naming place, value and rule."""
        rows = [_row(row, f"ambang ke-{n}") for n, row in enumerate(data.get("ambang", ()), 1)]
        no_repeats("ambang", (row.kode for row in rows))
        known = {row.kode: row for row in rows}
        for kode in KODE:
            if kode not in known:
                raise broken("ambang", sorted(known), f"perlu baris {kode}")
        need = dict(data.get("kebutuhan", {}))
        sumber, keyakinan = str(need.pop("sumber", "")), str(need.pop("keyakinan", ""))
        return cls(known, Need.from_mapping(need), sumber, keyakinan)


@cache
def ambang_pool() -> AmbangPool:
    """The thresholds in force, read once; raises BadRules."""
    return AmbangPool.from_mapping(tomllib.loads(FILE.read_text(encoding="utf-8")))


def _row(row: Mapping[str, Any], place: str) -> Ambang:
    if set(row) != _FIELDS:
        raise broken(place, sorted(row), f"perlu isian {', '.join(sorted(_FIELDS))}")
    if row["kode"] not in KODE:
        raise broken(f"{place}: kode", row["kode"], f"harus salah satu dari {', '.join(KODE)}")
    for key in ("baik", "batas"):
        if isinstance(row[key], bool) or not isinstance(row[key], int | float):
            raise broken(f"{place}: {key}", row[key], "harus bilangan")
    if not isinstance(row["keras"], bool):
        raise broken(f"{place}: keras", row["keras"], "harus true atau false")
    if row["keyakinan"] not in CONFIDENCE:
        raise broken(f"{place}: keyakinan", row["keyakinan"], "harus A, B atau C")
    return Ambang(**row)
