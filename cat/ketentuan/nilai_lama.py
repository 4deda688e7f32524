"""May a person use last time's SKD again?"""

from __future__ import annotations

from dataclasses import dataclass

from cat.ketentuan.masalah import Masalah
from cat.ketentuan.section import Section


@dataclass(frozen=True)
class NilaiLama:
    """Reuse of an earlier SKD: chosen once, instead of sitting again.

    tahun_asal : tahun anggaran of the SKD that may be reused.
    nik_sama, jenjang_sama : whether NIK and jenjang pendidikan must be the same as then.
    penuhi_ambang_batas : whether this year's minimums must be reached, with its own confidence.
    nilai_terbaik : whether who sits again keeps the better of the two; else the choice is final.
    kode : printed for who reuses; blank where none was published.
    """

    tahun_asal: int
    nik_sama: bool
    jenjang_sama: bool
    penuhi_ambang_batas: bool
    keyakinan_ambang_batas: str
    nilai_terbaik: bool
    dasar_hukum: str
    keyakinan: str
    kode: str = ""
    catatan: str = ""

    @classmethod
    def read(cls, section: Section) -> NilaiLama:
        """Raises BadRules for a field left out."""
        rule = cls(
            tahun_asal=section.integer("tahun_asal", least=1945),
            nik_sama=section.flag("nik_sama"),
            jenjang_sama=section.flag("jenjang_sama"),
            penuhi_ambang_batas=section.flag("penuhi_ambang_batas"),
            keyakinan_ambang_batas=section.confidence("keyakinan_ambang_batas"),
            nilai_terbaik=section.flag("nilai_terbaik"),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            kode=section.text_or_blank("kode"),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        return rule


def check_reuse(
    rule: NilaiLama,
    *,
    tahun: int,
    same_nik: bool,
    same_jenjang: bool,
    reaches_now: bool,
    sits_again: bool,
) -> list[Masalah]:
    """Why an earlier SKD may not be reused; an empty list where it may.

    tahun : tahun anggaran in which it was sat.
    reaches_now : whether it reaches this year's minimums of the jenis kebutuhan applied for now.
    sits_again : whether the person also sits this year's SKD.
    """
    sure = rule.keyakinan
    checks = [
        (tahun != rule.tahun_asal, "tahun", str(tahun), f"harus SKD {rule.tahun_asal}", sure),
        (rule.nik_sama and not same_nik, "NIK", "berbeda", "harus sama dengan dahulu", sure),
        (
            rule.jenjang_sama and not same_jenjang,
            "jenjang pendidikan",
            "berbeda",
            "harus sama dengan dahulu",
            sure,
        ),
        (
            rule.penuhi_ambang_batas and not reaches_now,
            "ambang batas",
            "tidak tercapai",
            "harus memenuhi ambang batas tahun ini",
            rule.keyakinan_ambang_batas,
        ),
        (
            sits_again and not rule.nilai_terbaik,
            "pilihan",
            "memakai nilai lama dan ikut ujian",
            "pilih satu kali: nilai lama atau ikut ujian lagi",
            sure,
        ),
    ]
    return [
        Masalah(f"Nilai SKD lama: {name}", value, text, rule.dasar_hukum, confidence)
        for broken, name, value, text, confidence in checks
        if broken
    ]
