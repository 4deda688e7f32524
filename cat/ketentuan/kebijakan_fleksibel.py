"""Which tests does the flexible-work policy put? National rule and agency layer, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.lapisan_instansi import Floor, Lapisan
from cat.ketentuan.section import Section, broken, no_repeats
from cat.ketentuan.uji import NATIONAL_TESTS, Uji

STATUS = ("cpns", "pns", "pppk")


@dataclass(frozen=True)
class JenisInstansi:
    """A kind of body, and whether the rule reaches it."""

    kode: str
    nama: str
    dalam_cakupan: bool
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            dalam_cakupan=section.flag("dalam_cakupan"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Batas:
    """The most days a week, and for whom that limit does not hold."""

    hari_per_minggu: int
    pengecualian: str
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules beyond the five working days of a week."""
        limit = cls(
            hari_per_minggu=section.integer("hari_per_minggu", least=1, most=5),
            pengecualian=section.text("pengecualian"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return limit


@dataclass(frozen=True)
class Keputusan:
    """Who decides, and the sentence that goes with every assessment."""

    oleh: str
    kalimat: str
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field."""
        decision = cls(
            oleh=section.text("oleh"),
            kalimat=section.text("kalimat"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return decision


@dataclass(frozen=True)
class PegawaiBaru:
    """Who counts as new in a post.

    cara_masuk : ways into a post that make a person new in it.
    selalu_baru : statuses that are new however long ago the post began.
    masa_baru_bulan : months that "new" lasts; None where the rule leaves it to the agency.
    """

    cara_masuk: tuple[str, ...]
    selalu_baru: tuple[str, ...]
    masa_baru_bulan: int | None
    keyakinan_masa_baru: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown status."""
        rule = cls(
            cara_masuk=section.names("cara_masuk"),
            selalu_baru=section.names("selalu_baru", STATUS),
            masa_baru_bulan=section.integer_or_none("masa_baru_bulan", least=1, most=600),
            keyakinan_masa_baru=section.confidence("keyakinan_masa_baru"),
        )
        section.done()
        return rule


@dataclass(frozen=True)
class Policy:
    """The flexible-work rule, by lokasi, with at most one agency layer on it.

    berlaku_sejak : first day on which it may be used.
    urutan_predikat : performance predicates from lowest to highest.
    uji : the national tests in the order in which they are shown.
    lapisan : the agency's layer; None for the national rule alone.
    """

    kode: str
    judul: str
    dasar_hukum: str
    berlaku_sejak: date
    instansi: tuple[JenisInstansi, ...]
    batas: Batas
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
            batas=Batas.read(section.child("batas")),
            keputusan=Keputusan.read(section.child("keputusan")),
            pegawai_baru=PegawaiBaru.read(section.child("pegawai_baru")),
            urutan_predikat=section.names("urutan_predikat"),
            uji=tuple(map(Uji.read, section.children("uji"))),
        )
        layer = section.child_or_none("lapisan")
        section.done()
        _check_names(national)
        return replace(national, lapisan=Lapisan.read(layer, national.floor) if layer else None)

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
        months = self.pegawai_baru.masa_baru_bulan or 1
        days = self.batas.hari_per_minggu
        return Floor(self.kode, days, months, self.urutan_predikat)

    @property
    def hari_per_minggu(self) -> int:
        """Most days a week: the agency's figure where it has one, else the national one."""
        own = self.lapisan.hari_per_minggu if self.lapisan else None
        return own or self.batas.hari_per_minggu

    @property
    def masa_baru_bulan(self) -> int | None:
        """Months that "new in the post" lasts; None where neither rule nor agency says."""
        own = self.lapisan.masa_baru_bulan if self.lapisan else None
        return own or self.pegawai_baru.masa_baru_bulan

    def find_instansi(self, kode: str | None) -> JenisInstansi | None:
        """The kind of body with that code, or None."""
        return next((row for row in self.instansi if row.kode == kode), None)


def _check_names(policy: Policy) -> None:
    no_repeats(f"{policy.kode}: instansi", (row.kode for row in policy.instansi))
    codes = [test.kode for test in policy.uji]
    no_repeats(f"{policy.kode}: uji", codes)
    if missing := [kode for kode in NATIONAL_TESTS if kode not in codes]:
        raise broken(f"{policy.kode}: uji", missing, "uji wajib tidak boleh hilang")
    if unknown := [kode for kode in codes if kode not in NATIONAL_TESTS]:
        raise broken(f"{policy.kode}: uji", unknown, "uji tidak dikenal")
