"""Invented names and identifiers. Nobody is called like this on purpose."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

FIRST = {
    "L": (
        *("Adi", "Agung", "Bagus", "Bima", "Cahyo", "Danu", "Eko", "Fajar", "Galih", "Hendra"),
        *("Ilham", "Joko", "Kurnia", "Lukman", "Made", "Nanda", "Oka", "Putu", "Rangga"),
        *("Satria", "Teguh", "Umar", "Wahyu", "Yoga", "Zainal"),
    ),
    "P": (
        *("Ayu", "Bunga", "Citra", "Dewi", "Endah", "Fitri", "Gita", "Hana", "Indah", "Jihan"),
        *("Kartika", "Laras", "Mega", "Nadia", "Ovi", "Puspa", "Rani", "Sari", "Tiara"),
        *("Utami", "Vina", "Wulan", "Yanti", "Zahra", "Intan"),
    ),
}
LAST = (
    *("Contoh", "Misalnya", "Umpama", "Andaian", "Simulasi"),
    *("Percobaan", "Teladan", "Rekaan", "Purwarupa"),
)


def invent(rng: np.random.Generator, serial: int) -> dict[str, object]:
    """One person: name, birth date, sex, and a NIK of the province that does not exist."""
    sex = "LP"[int(rng.integers(2))]
    born = date(1991, 1, 1) + timedelta(days=int(rng.integers(0, 365 * 14)))
    names = FIRST[sex]
    return {
        "nama": f"{names[int(rng.integers(len(names)))]} {LAST[int(rng.integers(len(LAST)))]}",
        "tanggal_lahir": born,
        "jenis_kelamin": sex,
        "nik": nik(born, sex, serial),
    }


def nik(born: date, sex: str, serial: int) -> str:
    """A NIK of province 99; women's day of birth is raised by 40."""
    day = born.day + (40 if sex == "P" else 0)
    return f"990101{day:02}{born:%m%y}{serial:04}"


def nip(born: date, started: date, sex: str, serial: int) -> str:
    """A NIP: birth date, month of becoming CPNS, sex, serial."""
    return f"{born:%Y%m%d}{started:%Y%m}{1 if sex == 'L' else 2}{serial:03}"


def nomor_peserta(instansi: str, sex: str, serial: int) -> str:
    """A nomor peserta in the shape of 2024's."""
    return f"24{instansi}201{1 if sex == 'L' else 2}{serial:07}"
