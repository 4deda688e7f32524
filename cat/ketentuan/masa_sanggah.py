"""Until when may a result be objected to, and until when is it answered?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cat.ketentuan.section import Section

TAHAP = ("administrasi", "skd", "akhir")
_FIGURES = (
    "hari_pengajuan",
    "hari_jawaban",
    "maks_pengajuan",
    "ajuan_mulai",
    "ajuan_sampai",
    "jawaban_sampai",
    "pengumuman_mulai",
    "pengumuman_sampai",
)


@dataclass(frozen=True)
class MasaSanggah:
    """The objection window of one stage.

    tahap : administrasi, skd or akhir.
    ada : whether there is an official window at all; where not, every figure below is None.
    hari_pengajuan, hari_jawaban : days to object, and days to answer after that window.
    maks_pengajuan : objections allowed to one person.
    ajuan_mulai, ajuan_sampai, jawaban_sampai : first and last day, where the year's are known.
    pengumuman_mulai, pengumuman_sampai : days on which the new list is announced.
    """

    tahap: str
    ada: bool
    dasar_hukum: str
    keyakinan: str
    hari_pengajuan: int | None = None
    hari_jawaban: int | None = None
    maks_pengajuan: int | None = None
    ajuan_mulai: date | None = None
    ajuan_sampai: date | None = None
    jawaban_sampai: date | None = None
    pengumuman_mulai: date | None = None
    pengumuman_sampai: date | None = None
    catatan: str = ""

    @classmethod
    def read(cls, section: Section) -> MasaSanggah:
        """Raises BadRules for figures where there is no window, or for days out of order."""
        window = cls(
            tahap=section.choice("tahap", TAHAP),
            ada=section.flag("ada"),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            hari_pengajuan=section.integer_or_none("hari_pengajuan", least=1, most=366),
            hari_jawaban=section.integer_or_none("hari_jawaban", least=1, most=366),
            maks_pengajuan=section.integer_or_none("maks_pengajuan", least=1),
            ajuan_mulai=section.day_or_none("ajuan_mulai"),
            ajuan_sampai=section.day_or_none("ajuan_sampai"),
            jawaban_sampai=section.day_or_none("jawaban_sampai"),
            pengumuman_mulai=section.day_or_none("pengumuman_mulai"),
            pengumuman_sampai=section.day_or_none("pengumuman_sampai"),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        if not window.ada and window.figures:
            rule = "tidak boleh berisi angka bila masa sanggah tidak ada"
            raise section.problem("ada", window.ada, rule)
        for first, last in (
            ("ajuan_mulai", "ajuan_sampai"),
            ("ajuan_sampai", "jawaban_sampai"),
            ("pengumuman_mulai", "pengumuman_sampai"),
        ):
            begins, ends = getattr(window, first), getattr(window, last)
            if begins and ends and ends < begins:
                raise section.problem(last, str(ends), f"tidak boleh sebelum {first}")
        return window

    @property
    def figures(self) -> dict[str, int | date]:
        """The days and counts that are known, by name."""
        found = {name: getattr(self, name) for name in _FIGURES}
        return {name: value for name, value in found.items() if value is not None}
