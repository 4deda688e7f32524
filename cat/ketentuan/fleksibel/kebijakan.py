"""Which tests does the flexible-work policy put? National rule and agency layer, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.fleksibel.lapisan import Floor, JatahUnit, Lapisan
from cat.ketentuan.fleksibel.pasal import (
    Batas,
    Bentuk,
    Evaluasi,
    JamKerja,
    JenisInstansi,
    Keberatan,
    Keputusan,
    PegawaiBaru,
    Sif,
)
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI, NATIONAL_TESTS, Uji, national_tests_of
from cat.ketentuan.section import Section, broken, no_repeats


@dataclass(frozen=True)
class Policy:
    """The flexible-work rule, with at most one agency layer on it.

    berlaku_sejak : first day on which it may be used.
    urutan_predikat : performance predicates from lowest to highest.
    bentuk : the forms of flexible work that may be asked for.
    uji : the national tests in the order in which they are shown.
    lapisan : the agency's layer; None for the national rule alone.
    """

    kode: str
    judul: str
    dasar_hukum: str
    berlaku_sejak: date
    instansi: tuple[JenisInstansi, ...]
    bentuk: tuple[Bentuk, ...]
    batas: Batas
    jam_kerja: JamKerja
    sif: Sif
    evaluasi: Evaluasi
    keberatan: Keberatan
    keputusan: Keputusan
    pegawai_baru: PegawaiBaru
    urutan_predikat: tuple[str, ...]
    uji: tuple[Uji, ...]
    lapisan: Lapisan | None = None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Policy:
        """A policy from what a TOML or JSON file holds; raises BadRules naming place and rule.

        An agency layer stands under the key "lapisan".
        """
        kode = Section(mapping, "kebijakan").code("kode")
        section = Section(mapping, kode)
        national = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            berlaku_sejak=section.day("berlaku_sejak"),
            instansi=tuple(map(JenisInstansi.read, section.children("instansi"))),
            bentuk=tuple(map(Bentuk.read, section.children("bentuk"))),
            batas=Batas.read(section.child("batas")),
            jam_kerja=JamKerja.read(section.child("jam_kerja")),
            sif=Sif.read(section.child("sif")),
            evaluasi=Evaluasi.read(section.child("evaluasi")),
            keberatan=Keberatan.read(section.child("keberatan")),
            keputusan=Keputusan.read(section.child("keputusan")),
            pegawai_baru=PegawaiBaru.read(section.child("pegawai_baru")),
            urutan_predikat=section.names("urutan_predikat"),
            uji=tuple(map(Uji.read, section.children("uji"))),
        )
        layer = section.child_or_none("lapisan")
        section.done()
        _check_names(national)
        return national.with_layer(layer) if layer else national

    def with_layer(self, layer: Section | Lapisan | None) -> Policy:
        """The same national rule under this layer, or bare; raises BadRules where it widens it."""
        if isinstance(layer, Lapisan):
            layer = Section(fields_as_plain(layer), f"{self.kode}: lapisan")
        return replace(self, lapisan=Lapisan.read(layer, self.floor) if layer else None)

    def to_mapping(self) -> dict[str, Any]:
        """Tables, lists, texts and integers from which `from_mapping` makes an equal policy."""
        return fields_as_plain(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`, layer included."""
        return digest_of(self.to_mapping())

    @property
    def kode_lengkap(self) -> str:
        """The policy's code, and after a plus sign that of the agency layer, if any."""
        return f"{self.kode}+{self.lapisan.kode}" if self.lapisan else self.kode

    @property
    def floor(self) -> Floor:
        """What an agency layer may not undercut."""
        return Floor(
            kode=self.kode,
            hari_per_minggu=self.batas.hari_per_minggu,
            masa_baru_bulan=self.pegawai_baru.masa_baru_bulan or 1,
            evaluasi_bulan=self.evaluasi.tiap_bulan,
            berlaku_bulan=self.evaluasi.berlaku_paling_lama_bulan,
            urutan_predikat=self.urutan_predikat,
        )

    def hari_per_minggu(self, bentuk: str) -> int | None:
        """Most days a week in this form, the agency's figure first; None where none is set."""
        if JENIS_OF[bentuk] != LOKASI:
            return None
        own = self.lapisan.hari_per_minggu if self.lapisan else None
        return own or self.batas.hari_per_minggu

    @property
    def masa_baru_bulan(self) -> int | None:
        """Months that "new in the post" lasts; None where neither rule nor agency says."""
        own = self.lapisan.masa_baru_bulan if self.lapisan else None
        return own or self.pegawai_baru.masa_baru_bulan

    @property
    def evaluasi_bulan(self) -> int:
        """Months between two reviews of an arrangement."""
        own = self.lapisan.evaluasi_bulan if self.lapisan else None
        return own or self.evaluasi.tiap_bulan

    @property
    def berlaku_bulan(self) -> int:
        """Months that a decision may last at most."""
        own = self.lapisan.berlaku_bulan if self.lapisan else None
        return own or self.evaluasi.berlaku_paling_lama_bulan

    def jatah_unit(self, bentuk: str) -> JatahUnit | None:
        """The agency's share of a unit for this form; None where none is set."""
        return self.lapisan.jatah_unit if self.lapisan and JENIS_OF[bentuk] == LOKASI else None

    def tests_of(self, bentuk: str) -> tuple[Uji, ...]:
        """The national tests of one form, in the order of the policy."""
        wanted = national_tests_of(bentuk)
        return tuple(test for test in self.uji if test.kode in wanted)

    def find_bentuk(self, kode: str | None) -> Bentuk | None:
        """The form with that code, or None."""
        return next((row for row in self.bentuk if row.kode == kode), None)

    def find_instansi(self, kode: str | None) -> JenisInstansi | None:
        """The kind of body with that code, or None."""
        return next((row for row in self.instansi if row.kode == kode), None)


def _check_names(policy: Policy) -> None:
    no_repeats(f"{policy.kode}: instansi", (row.kode for row in policy.instansi))
    no_repeats(f"{policy.kode}: bentuk", (row.kode for row in policy.bentuk))
    codes = [test.kode for test in policy.uji]
    no_repeats(f"{policy.kode}: uji", codes)
    if missing := [kode for kode in NATIONAL_TESTS if kode not in codes]:
        raise broken(f"{policy.kode}: uji", missing, "uji wajib tidak boleh hilang")
    if unknown := [kode for kode in codes if kode not in NATIONAL_TESTS]:
        raise broken(f"{policy.kode}: uji", unknown, "uji tidak dikenal")
