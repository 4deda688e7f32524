"""What the proctor's console goes by that is data: thresholds of marks, masking, set phrases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cat.ketentuan.section import Section, no_repeats
from web.operations.hari_ujian.kejadian import PELANGGARAN
from web.operations.hari_ujian.panggilan import LONGEST

FILE = Path(__file__).parent / "pengawasan.toml"
CEPAT, UBAH = "menjawab_cepat", "sering_mengubah"
MASKS = ("penuh", "depan", "inisial")


@dataclass(frozen=True)
class Ambang:
    """When a mark is put on a seat. batas : seconds or times, as its kode has it."""

    kode: str
    arti: str
    batas: int
    sekurangnya: int
    sumber: str
    keyakinan: str


@dataclass(frozen=True)
class AturanPapan:
    """How people are hidden on the score board, and how long a page of it stands (seconds).

    nama : one of MASKS. nomor_terlihat : how many of the last characters can be read.
    """

    nama: str
    nomor_terlihat: int
    detik_per_halaman: int
    sumber: str
    keyakinan: str


@dataclass(frozen=True)
class Aturan:
    """The whole file. sebab : kode of a cause that stops the clock -> its name."""

    tanda: Mapping[str, Ambang]
    papan: AturanPapan
    sebab: Mapping[str, str]
    pesan: tuple[str, ...]

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any]) -> Aturan:
        """Read a parsed file; raises BadRules naming place, value and rule."""
        section = Section(content, "pengawasan")
        marks = tuple(map(_mark, section.children("tanda")))
        no_repeats("pengawasan: tanda", (each.kode for each in marks))
        known = {each.kode: each for each in marks}
        if missing := [kode for kode in (CEPAT, UBAH) if kode not in known]:
            raise section.problem("tanda", sorted(known), f"belum ada {', '.join(missing)}")
        made = cls(
            known,
            _board(section.child("papan")),
            dict(map(_cause, section.children("sebab"))),
            tuple(map(_phrase, section.children("pesan"))),
        )
        section.done()
        return made


@cache
def aturan() -> Aturan:
    """The file that comes with the platform, read once; raises BadRules."""
    return Aturan.from_mapping(tomllib.loads(FILE.read_text(encoding="utf-8")))


def _mark(section: Section) -> Ambang:
    made = Ambang(
        kode=section.choice("kode", (CEPAT, UBAH)),
        arti=section.text("arti"),
        batas=section.integer("batas", 1, 3600),
        sekurangnya=section.integer("sekurangnya", 1, 1000),
        sumber=section.text("sumber"),
        keyakinan=section.confidence(),
    )
    section.done()
    return made


def _board(section: Section) -> AturanPapan:
    made = AturanPapan(
        nama=section.choice("nama", MASKS),
        nomor_terlihat=section.integer("nomor_terlihat", 0, 30),
        detik_per_halaman=section.integer("detik_per_halaman", 5, 120),
        sumber=section.text("sumber"),
        keyakinan=section.confidence(),
    )
    section.done()
    return made


def _cause(section: Section) -> tuple[str, str]:
    made = section.choice("kode", PELANGGARAN), section.text("nama")
    section.done()
    return made


def _phrase(section: Section) -> str:
    text = section.text("isi")
    section.done()
    if len(text) > LONGEST:
        raise section.problem("isi", text[:20], f"paling panjang {LONGEST} huruf")
    return text
