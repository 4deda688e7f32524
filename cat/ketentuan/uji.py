"""Which tests are there, and in which words are they put to people?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section

TASK_FACTS = (
    "dapat_di_luar_kantor",
    "tanpa_ruang_khusus",
    "berbasis_tik",
    "tatap_muka_minimal",
    "tanpa_pengawasan_terus_menerus",
)
NATIONAL_TESTS = (
    "instansi_dalam_cakupan",
    *TASK_FACTS,
    "tanpa_hukuman_disiplin",
    "tanpa_proses_disiplin",
    "bukan_pegawai_baru",
)


@dataclass(frozen=True)
class Uji:
    """One test in the words that people read.

    kelompok : instansi, tugas, pegawai or aturan_instansi.
    terpenuhi, tidak_terpenuhi, perlu_bukti : the reason given with each outcome.
    sumber : article that puts the test.
    """

    kode: str
    kelompok: str
    pertanyaan: str
    terpenuhi: str
    tidak_terpenuhi: str
    perlu_bukti: str
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank sentence or an unknown kelompok."""
        test = cls(
            kode=section.code("kode"),
            kelompok=section.choice("kelompok", ("instansi", "tugas", "pegawai")),
            **read_words(section),
        )
        section.done()
        return test


def read_words(section: Section) -> dict[str, str]:
    """The sentences, source and confidence of a test; raises BadRules for a blank one."""
    names = ("pertanyaan", "terpenuhi", "tidak_terpenuhi", "perlu_bukti", "sumber")
    return {name: section.text(name) for name in names} | {"keyakinan": section.confidence()}


def words_of(test: Uji) -> dict[str, Any]:
    """The reverse of `read_words`."""
    words = fields_as_plain(test)
    return {name: words[name] for name in words if name not in ("kode", "kelompok")}
