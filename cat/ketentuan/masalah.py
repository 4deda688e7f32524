"""What breaks a rule of the law, said so that the person who has to mend it can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Masalah:
    """One breach.

    tempat : where, in words of the person who entered it, such as "SKB Pranata Komputer: CAT".
    nilai : what stands there now.
    aturan : what the rule asks for, an Indonesian clause.
    sumber, keyakinan : the regulation and how sure we are of it.
    """

    tempat: str
    nilai: str
    aturan: str
    sumber: str
    keyakinan: str

    @property
    def kalimat(self) -> str:
        """The breach in one Indonesian sentence."""
        return f"{self.tempat}: {self.aturan} (terbaca: {self.nilai}; {self.sumber})."
