"""Which tests are there, for which form of flexible work, and in which words are they put?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section

LOKASI, WAKTU = "lokasi", "waktu"
JENIS = (LOKASI, WAKTU)

TASK_FACTS = (
    "dapat_di_luar_kantor",
    "tanpa_ruang_khusus",
    "berbasis_tik",
    "tatap_muka_minimal",
    "tanpa_pengawasan_terus_menerus",
)
SIF, DINAMIS = "sif", "dinamis"
# Form of flexible work -> the tests of the task that the regulation puts to it.
TASK_TESTS = {
    "kantor_lain": TASK_FACTS,
    "rumah": TASK_FACTS,
    "tempat_lain": TASK_FACTS,
    SIF: ("melebihi_jam_kantor",),
    DINAMIS: ("tidak_terikat_jam_kantor",),
}
JENIS_OF = {bentuk: WAKTU if bentuk in (SIF, DINAMIS) else LOKASI for bentuk in TASK_TESTS}
BODY_TEST = "instansi_dalam_cakupan"
PERSON_TESTS = ("tanpa_hukuman_disiplin", "tanpa_proses_disiplin", "bukan_pegawai_baru")
NATIONAL_TESTS = (
    BODY_TEST,
    *TASK_FACTS,
    *TASK_TESTS[SIF],
    *TASK_TESTS[DINAMIS],
    *PERSON_TESTS,
)


def national_tests_of(bentuk: str) -> tuple[str, ...]:
    """Codes of the national tests that one form of flexible work must pass.

    bentuk : one of TASK_TESTS.
    """
    return (BODY_TEST, *TASK_TESTS[bentuk], *PERSON_TESTS)


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
