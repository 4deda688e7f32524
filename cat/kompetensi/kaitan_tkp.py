"""What TKP aspects hint about the competencies: weak evidence that expires.

TKP does not measure the competencies of the dictionary. Its aspects touch on some of them, so that
they may lean a belief a little where nothing better is known, and never carry it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section
from cat.kompetensi.aturan_bukti import months_after
from cat.kompetensi.batas_level import BatasSemua
from cat.kompetensi.bukti import Bukti
from cat.kompetensi.kamus import competency_code
from cat.scoring.profile import DomainScore

JENIS = "tkp"


@dataclass(frozen=True)
class Kaitan:
    """One aspect that hints at one competency. bobot_persen : its weight as evidence."""

    domain: str
    kompetensi: str
    bobot_persen: int
    berlaku_bulan: int
    alasan: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            domain=section.text("domain"),
            kompetensi=competency_code(section, "kompetensi"),
            bobot_persen=section.integer("bobot_persen", least=1, most=30),
            berlaku_bulan=section.integer("berlaku_bulan", least=1, most=120),
            alasan=section.text("alasan"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class KaitanTkp:
    """All hints.

    bagian : the part whose domains they name.
    rasio_maks : how many times better one level may explain an aspect than another.
    """

    kode: str
    judul: str
    sumber: str
    bagian: str
    rasio_maks: int
    kaitan: tuple[Kaitan, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> KaitanTkp:
        """The hints that a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "kaitan TKP")
        links = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            sumber=section.text("sumber"),
            bagian=section.code("bagian"),
            rasio_maks=section.integer("rasio_maks", least=1, most=1000),
            kaitan=tuple(map(Kaitan.read, section.children("kaitan", "domain"))),
        )
        section.done()
        pairs = [(each.domain, each.kompetensi) for each in links.kaitan]
        if len(set(pairs)) < len(pairs):
            raise section.problem("kaitan", pairs, "pasangan domain dan kompetensi berulang")
        return links

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes equal hints."""
        return fields_as_plain(self)

    def evidence(
        self,
        scores: Mapping[str, DomainScore],
        batas: BatasSemua,
        *,
        prior: tuple[float, float],
        tanggal: date,
        asal: str,
    ) -> list[Bukti]:
        """The hints that one sitting gives.

        scores : domain -> score; domains without answers or cut points give nothing.
        prior : mean and sd of the prior that the scores started from, logits.
        tanggal : day of the sitting; asal : which one, in words.
        """
        found = []
        for link in self.kaitan:
            score, bounds = scores.get(link.domain), batas.find(f"{self.bagian}.{link.domain}")
            if score is None or bounds is None or not score.items:
                continue
            found.append(
                Bukti(
                    kompetensi=link.kompetensi,
                    peluang=bounds.evidence(score.theta, score.se, prior, self.rasio_maks),
                    tanggal=tanggal,
                    berlaku_sampai=months_after(tanggal, link.berlaku_bulan),
                    bobot=link.bobot_persen / 100,
                    jenis=JENIS,
                    asal=asal,
                )
            )
        return found
