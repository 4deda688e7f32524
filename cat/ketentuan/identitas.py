"""What do a NIK and a NIP say of their owner? Signs to look at, never grounds to refuse."""

from __future__ import annotations

import re
from datetime import date

_NIK = re.compile(r"\d{16}")
_NIP = re.compile(r"\d{18}")
_WOMEN = 40  # added to a woman's day of birth in a NIK, not in a NIP


def nik_mismatches(nik: str, born: date, sex: str) -> tuple[str, ...]:
    """Indonesian sentences on where a NIK does not fit its owner; empty where it fits.

    sex : "L" or "P".

    A NIK is kept for life even where the birth date in it was wrong, so a mismatch is a warning.
    UU 24/2013 with the structure of PP 37/2007 as commonly described (domain notes, S46).
    """
    if not _NIK.fullmatch(nik):
        return ("NIK tidak terdiri atas 16 angka.",)
    day, rest = int(nik[6:8]), nik[8:12]
    found = []
    if (day > _WOMEN) != (sex == "P"):
        found.append("Jenis kelamin pada NIK berbeda dari data.")
    if f"{day % _WOMEN if day > _WOMEN else day:02}{rest}" != f"{born:%d%m%y}":
        found.append("Tanggal lahir pada NIK berbeda dari data.")
    return tuple(found)


def nip_mismatches(nip: str, born: date, sex: str) -> tuple[str, ...]:
    """Indonesian sentences on where a PNS's NIP does not fit its owner; empty where it fits.

    sex : "L" or "P". A NIP carries the plain birth date: no 40 is added for women.
    Peraturan Kepala BKN 22/2007 (domain notes, S47).
    """
    if not _NIP.fullmatch(nip):
        return ("NIP tidak terdiri atas 18 angka.",)
    found = []
    if nip[:8] != f"{born:%Y%m%d}":
        found.append("Tanggal lahir pada NIP berbeda dari data.")
    if nip[14] != ("1" if sex == "L" else "2"):
        found.append("Jenis kelamin pada NIP berbeda dari data.")
    return tuple(found)
