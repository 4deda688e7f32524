"""Where a face matcher plugs in. None comes with the platform: two officers check by hand.

A matcher is any object with the attributes below. A package offers one under the entry point group
`catcpns.pencocok`; a program may also call `pasang`. Its word is recorded like an officer's, and a
mismatch is never the end: two officers may still confirm the person by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from cat.errors import BadInput

GROUP = "catcpns.pencocok"
MANUAL = "manual"


@dataclass(frozen=True)
class HasilCocok:
    """cocok : whether it is the same person. catatan : what the record keeps, such as a score."""

    cocok: bool
    catatan: str


class Pencocok(Protocol):
    """Compares a stored photograph with a face at the desk.

    kode : at most 20 lower-case letters, digits, hyphens, never "manual"; kept with each check.
    nama : what officers read.
    """

    kode: str
    nama: str

    def cocokkan(self, foto: bytes, wajah: bytes) -> HasilCocok:
        """Compare two pictures (JPEG or PNG). Raises BadInput for a picture without one face."""
        ...


_terpasang: dict[str, Pencocok] = {}


def pasang(matcher: Pencocok) -> None:
    """Install a matcher; one of the same code is replaced. Raises BadInput for a bad code."""
    if matcher.kode == MANUAL or not 1 <= len(matcher.kode) <= 20:
        raise BadInput(f"kode pencocok {matcher.kode!r}: 1 sampai 20 huruf, bukan {MANUAL!r}")
    _terpasang[matcher.kode] = matcher


def lepas(kode: str) -> None:
    """Take a matcher out; again changes nothing."""
    _terpasang.pop(kode, None)


def terpasang() -> tuple[Pencocok, ...]:
    """Every matcher that is installed, by code."""
    return tuple(sorted(({**_offered(), **_terpasang}).values(), key=lambda each: each.kode))


def get_pencocok(kode: str) -> Pencocok:
    """The matcher with that code; raises BadInput."""
    for matcher in terpasang():
        if matcher.kode == kode:
            return matcher
    raise BadInput(f"pencocok wajah {kode!r} tidak terpasang")


@cache
def _offered() -> dict[str, Pencocok]:
    made = (point.load()() for point in entry_points(group=GROUP))
    return {matcher.kode: matcher for matcher in made}
