"""Mastery that several competencies indicate together, such as that of information technology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.aturan_bukti import AturanBukti
from cat.kompetensi.bukti import LevelBelief, pool
from cat.kompetensi.kamus import competency_code


@dataclass(frozen=True)
class Unsur:
    """One competency that indicates the mastery. bobot_persen : share of its evidence's weight."""

    kompetensi: str
    bobot_persen: int
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kompetensi=competency_code(section, "kompetensi"),
            bobot_persen=section.integer("bobot_persen", least=1, most=100),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Gabungan:
    """The mastery and what indicates it."""

    kode: str
    judul: str
    sumber: str
    unsur: tuple[Unsur, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Gabungan:
        """What a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "gabungan kompetensi")
        made = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            sumber=section.text("sumber"),
            unsur=tuple(map(Unsur.read, section.children("unsur", "kompetensi"))),
        )
        section.done()
        no_repeats("gabungan kompetensi: unsur", (each.kompetensi for each in made.unsur))
        return made

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes an equal one."""
        return fields_as_plain(self)

    def belief(self, beliefs: Mapping[str, LevelBelief], rules: AturanBukti) -> LevelBelief:
        """The belief about the mastery: the evidence of every unsur, pooled once more.

        beliefs : competency -> belief. Each piece of evidence keeps the weight that it has there,
            times the share of its unsur, so that what has aged or given way stays so.
        """
        given = [
            (each, beliefs[each.kompetensi]) for each in self.unsur if each.kompetensi in beliefs
        ]
        return pool(
            (
                (bukti, weight * unsur.bobot_persen / 100)
                for unsur, belief in given
                for bukti, weight in belief.dasar
            ),
            rules,
            [bukti for _, belief in given for bukti in belief.tidak_dihitung],
        )
