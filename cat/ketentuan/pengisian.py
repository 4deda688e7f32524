"""How are posts filled that stay empty? Transfers after SKB, and lower minimums before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.pasal import read_minimum
from cat.ketentuan.section import Section

ANY, UMUM, KHUSUS = "*", "umum", "khusus"


@dataclass(frozen=True)
class LangkahPindah:
    """One step of optimalisasi; steps are tried in order, the best rank first within each.

    Donor and empty post always belong to the same instansi, jabatan and kualifikasi pendidikan.

    kode : printed for who is moved by this step; its meaning stands in kode_hasil.
    sasaran, donor : jenis kebutuhan of the empty post, and of the person moved; "khusus" stands
        for every jenis but "umum", "*" for every jenis.
    lokasi : whether the post lies at the donor's own lokasi ("sama") or at another ("lain").
    jenis_sama : True where both must have the same jenis kebutuhan, False where they must differ,
        None where it does not matter.
    ambang_batas : which minimums the person must reach: those of "umum", or the person's own.
    hanya : "pusat" or "daerah" where the step is for that kind of agency alone, else blank.
    """

    kode: str
    sasaran: tuple[str, ...]
    donor: tuple[str, ...]
    lokasi: Literal["sama", "lain"]
    ambang_batas: Literal["umum", "sendiri"]
    hanya: Literal["", "pusat", "daerah"]
    dasar_hukum: str
    keyakinan: str
    jenis_sama: bool | None = None
    catatan: str = ""

    @classmethod
    def read(cls, section: Section, jenis: tuple[str, ...]) -> LangkahPindah:
        """Raises BadRules for a jenis kebutuhan that the rule set has no minimums for."""
        names = (*jenis, KHUSUS, ANY)
        hanya = section.text_or_blank("hanya") and section.choice("hanya", ("pusat", "daerah"))
        step = cls(
            kode=section.text("kode"),
            sasaran=section.names("sasaran", names),
            donor=section.names("donor", names),
            lokasi=section.choice("lokasi", ("sama", "lain")),  # type: ignore[arg-type]
            ambang_batas=section.choice("ambang_batas", ("umum", "sendiri")),  # type: ignore[arg-type]
            hanya=hanya,  # type: ignore[arg-type]
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            jenis_sama=section.flag_or_none("jenis_sama"),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        if step.ambang_batas == UMUM and UMUM not in jenis:
            raise section.problem("ambang_batas", UMUM, "tidak ada baris ambang batas umum")
        return step

    def allows(self, donor: str, sasaran: str, *, same_lokasi: bool, jenis_instansi: str) -> bool:
        """Whether the step moves a person of jenis `donor` to an empty post of jenis `sasaran`."""
        return (
            _covers(self.donor, donor)
            and _covers(self.sasaran, sasaran)
            and (self.lokasi == "sama") == same_lokasi
            and self.hanya in ("", jenis_instansi)
            and self.jenis_sama in (None, donor == sasaran)
        )


def _covers(names: tuple[str, ...], jenis: str) -> bool:
    return ANY in names or jenis in names or (KHUSUS in names and jenis != UMUM)


@dataclass(frozen=True)
class AmbangCadangan:
    """Lower minimums that hold only for posts which nobody passed for.

    minimum : (part or "total", points) pairs, as in AmbangBatas.
    terbaik_per_kebutuhan : so many of the best go on for each empty post.
    """

    jenis_kebutuhan: str
    minimum: tuple[tuple[str, int], ...]
    terbaik_per_kebutuhan: int
    dasar_hukum: str
    keyakinan: str
    catatan: str = ""

    @property
    def minimums(self) -> dict[str, int]:
        """Part or "total" -> least points."""
        return dict(self.minimum)

    def to_mapping(self) -> dict[str, Any]:
        """The row as a rule file holds it."""
        return fields_as_plain(self) | {"minimum": self.minimums}

    @classmethod
    def read(
        cls, section: Section, jenis: tuple[str, ...], most: Mapping[str, int]
    ) -> AmbangCadangan:
        """Raises BadRules for a jenis without minimums of its own, or for impossible points."""
        row = cls(
            jenis_kebutuhan=section.choice("jenis_kebutuhan", jenis),
            minimum=read_minimum(section, most),
            terbaik_per_kebutuhan=section.integer("terbaik_per_kebutuhan", least=1, most=100),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        return row
