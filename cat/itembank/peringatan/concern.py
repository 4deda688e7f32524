"""What one warning says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters, the gravest first; the values are the words shown."""

    BERAT = "berat"  # gives the key away, or shuts somebody out
    SEDANG = "sedang"  # probably weakens the item
    RINGAN = "ringan"  # worth knowing


@dataclass(frozen=True)
class Concern:
    """One warning.

    place : the field it is about, in the words of `cat.itembank.content.Problem`.
    text : what was found. advice : what to do about it. Both in the writer's language.
    code : of the other item that it speaks of; empty where there is none.
    """

    severity: Severity
    place: str
    text: str
    advice: str
    code: str = ""
