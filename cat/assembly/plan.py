"""The plan of a set of fixed forms: a TOML file with Indonesian keys.

    butir = "butir.csv"          # bank: see cat.itembank.item_file
    kendala = "kendala.csv"      # blueprint: see cat.itembank.constraints
    panjang = 35                 # items in each form; may be left out if the constraints say it
    paket = 4                    # how many forms
    theta = [-1, 0, 1]           # abilities at which information is compared, logits
    target = [4.0, 6.0, 4.5]     # information wanted there; left out: as much as possible (maximin)
    tumpang_tindih = 5           # items that two forms may share; left out: any
    pemakaian = 2                # forms that an item may be in; left out: any
    celah = 0.01                 # how near to the best possible is near enough
    batas_detik = 60             # after so long the best found so far must do
    keluaran = "paket.csv"       # where the forms are written

Paths are relative to the plan's own folder.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cat.errors import BadInput

_KNOWN = (
    *("butir", "kendala", "panjang", "paket", "theta", "target"),
    *("tumpang_tindih", "pemakaian", "celah", "batas_detik", "keluaran"),
)


@dataclass(frozen=True)
class Plan:
    """What to assemble from what; see the head of this file for each field."""

    items: Path
    constraints: Path
    length: int | None
    count: int
    theta: tuple[float, ...]
    target: tuple[float, ...] | None
    overlap: int | None
    uses: int | None
    gap: float
    seconds: float
    output: Path


def read_plan(path: Path) -> Plan:
    """Read a plan; raises BadInput naming the file, the key, the value and the rule."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: tidak dapat dibaca ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name}: bukan TOML yang utuh ({error})") from error
    keys = _Keys(path.name, data)
    if unknown := [key for key in data if key not in _KNOWN]:
        raise keys.refusal(unknown[0], f"kunci tak dikenal; yang ada: {', '.join(_KNOWN)}")
    theta, target = keys.numbers("theta"), None
    if "target" in data:
        target = keys.numbers("target")
        if len(target) != len(theta) or min(target) <= 0:
            raise keys.refusal("target", f"perlu {len(theta)} bilangan di atas 0, satu per theta")
    return Plan(
        items=path.parent / keys.text("butir"),
        constraints=path.parent / keys.text("kendala"),
        length=keys.whole("panjang", 1),
        count=keys.whole("paket", 1, required=True) or 1,
        theta=theta,
        target=target,
        overlap=keys.whole("tumpang_tindih", 0),
        uses=keys.whole("pemakaian", 1),
        gap=keys.positive("celah", 0.01),
        seconds=keys.positive("batas_detik", 60.0),
        output=path.parent / keys.text("keluaran"),
    )


class _Keys:
    """The keys of a plan, each checked as it is read."""

    def __init__(self, name: str, data: Mapping[str, Any]) -> None:
        self._name, self._data = name, data

    def refusal(self, key: str, rule: str) -> BadInput:
        """The error that says which rule a key breaks."""
        value = f"; terbaca {self._data[key]!r}" if key in self._data else ""
        return BadInput(f"{self._name}, {key}: {rule}{value}", key=key)

    def text(self, key: str) -> str:
        value = self._data.get(key)
        if not isinstance(value, str) or not value:
            raise self.refusal(key, "perlu nama berkas di antara tanda kutip")
        return value

    def whole(self, key: str, least: int, required: bool = False) -> int | None:
        value = self._data.get(key)
        if value is None and not required:
            return None
        if type(value) is not int or value < least:
            raise self.refusal(key, f"perlu bilangan bulat, paling kecil {least}")
        return value

    def positive(self, key: str, default: float) -> float:
        value = self._data.get(key, default)
        if not _is_number(value) or value <= 0:
            raise self.refusal(key, "perlu bilangan di atas 0")
        return float(value)

    def numbers(self, key: str) -> tuple[float, ...]:
        value = self._data.get(key)
        if not isinstance(value, list) or not value or not all(map(_is_number, value)):
            raise self.refusal(key, "perlu daftar bilangan, misalnya [-1, 0, 1]")
        return tuple(map(float, value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and type(value) is not bool and math.isfinite(value)
