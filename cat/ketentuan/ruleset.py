"""Which rules hold in one year for one kind of recruitment? Law as data, with its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from cat.ketentuan.bentuk_tes import PARTS, TOTAL, Bagian, Moda, Waktu
from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.ketentuan_skb import KetentuanSKB
from cat.ketentuan.masa_sanggah import MasaSanggah
from cat.ketentuan.nilai_lama import NilaiLama
from cat.ketentuan.pasal import (
    GIVEN,
    OUTCOMES,
    AmbangBatas,
    Integrasi,
    KodeHasil,
    Pemeringkatan,
    Sumber,
)
from cat.ketentuan.pengisian import AmbangCadangan, LangkahPindah
from cat.ketentuan.section import CONFIDENCE, Section, broken, no_repeats

__all__ = [
    "OUTCOMES",
    "AmbangBatas",
    "Integrasi",
    "KodeHasil",
    "Pemeringkatan",
    "RuleSet",
    "Sumber",
]

Row = TypeVar("Row")


@dataclass(frozen=True)
class RuleSet:
    """The rules of one tahun anggaran and jenis pengadaan; equal rule sets have equal digests.

    bagian : the three parts, always in the order twk, tiu, tkp.
    ambang_batas : one row for each jenis kebutuhan.
    berlaku_sejak, berlaku_sampai : first and last day in force; None where no day is set.
    skb, nilai_lama, optimalisasi, ambang_cadangan, masa_sanggah : None or empty where the year
        has no such rule, or none that we know of.
    """

    tahun: int
    jenis_pengadaan: str
    kode: str
    judul: str
    dasar_hukum: str
    bagian: tuple[Bagian, ...]
    waktu: Waktu
    moda: tuple[Moda, ...]
    ambang_batas: tuple[AmbangBatas, ...]
    pemeringkatan: Pemeringkatan
    integrasi: Integrasi
    kode_hasil: tuple[KodeHasil, ...]
    sumber: tuple[Sumber, ...]
    berlaku_sejak: date | None = None
    berlaku_sampai: date | None = None
    skb: KetentuanSKB | None = None
    nilai_lama: NilaiLama | None = None
    optimalisasi: tuple[LangkahPindah, ...] = ()
    ambang_cadangan: tuple[AmbangCadangan, ...] = ()
    masa_sanggah: tuple[MasaSanggah, ...] = ()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> RuleSet:
        """A rule set from what a TOML or JSON file holds; raises BadRules naming place and rule."""
        kode = Section(mapping, "aturan").code("kode")
        section = Section(mapping, kode)
        bagian = _read_bagian(section)
        most = {each.kode: each.nilai_maks for each in bagian}
        most[TOTAL] = sum(most.values())
        minimums = _read_minimums(section, most)
        rules = cls(
            tahun=section.integer("tahun", least=1945, most=9999),
            jenis_pengadaan=section.code("jenis_pengadaan"),
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            bagian=bagian,
            waktu=Waktu.read(section.child("waktu")),
            moda=tuple(map(Moda.read, section.children("moda"))),
            ambang_batas=minimums,
            pemeringkatan=Pemeringkatan.read(section.child("pemeringkatan")),
            integrasi=Integrasi.read(section.child("integrasi"), most[TOTAL]),
            kode_hasil=tuple(map(KodeHasil.read, section.children("kode_hasil"))),
            sumber=tuple(map(Sumber.read, section.children("sumber"))),
            berlaku_sejak=section.day_or_none("berlaku_sejak"),
            berlaku_sampai=section.day_or_none("berlaku_sampai"),
            **_read_optional(section, minimums, most),
        )
        section.done()
        _check_names(rules)
        _check_days(rules)
        return rules

    def to_mapping(self) -> dict[str, Any]:
        """Tables, lists, texts and integers from which `from_mapping` makes an equal rule set.

        What a rule set does not have is left out, so that a part added to this class later does not
        change the digest of a rule set written before.
        """
        return {name: value for name, value in fields_as_plain(self).items() if value != []}

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    @property
    def nilai_maks(self) -> int:
        """Most points of the whole SKD."""
        return sum(each.nilai_maks for each in self.bagian)

    def duration_seconds(self, netra_on_disability_formation: bool) -> int:
        """Working time, seconds; the longer one for netra who applied on that formation only."""
        menit = self.waktu.menit_netra if netra_on_disability_formation else self.waktu.menit
        return menit * 60

    def get_bagian(self, kode: str) -> Bagian:
        """The part with that code; raises BadRules."""
        return _row_named(self.kode, "bagian", kode, {row.kode: row for row in self.bagian})

    def get_moda(self, kode: str) -> Moda:
        """The delivery mode with its flag; raises BadRules where the rule set does not allow it."""
        return _row_named(self.kode, "moda", kode, {row.kode: row for row in self.moda})

    def get_ambang_batas(self, jenis_kebutuhan: str) -> AmbangBatas:
        """The minimums of a jenis kebutuhan; raises BadRules where there is no such row."""
        rows = {row.jenis_kebutuhan: row for row in self.ambang_batas}
        return _row_named(self.kode, "ambang_batas", jenis_kebutuhan, rows)

    def count_keyakinan(self) -> dict[str, int]:
        """How many statements of the rule set have confidence A, B and C."""
        found = Counter(_confidences(self.to_mapping()))
        return {sure: found[sure] for sure in CONFIDENCE}

    def get_kode_hasil(self, kode: str) -> KodeHasil:
        """The result code with its meaning; raises BadRules."""
        return _row_named(self.kode, "kode_hasil", kode, {row.kode: row for row in self.kode_hasil})

    def get_masa_sanggah(self, tahap: str) -> MasaSanggah:
        """The objection window of a stage; raises BadRules where nothing is known of it."""
        rows = {row.tahap: row for row in self.masa_sanggah}
        return _row_named(self.kode, "masa_sanggah", tahap, rows)

    def kode_for(self, outcome: str) -> str:
        """The result code printed for an outcome of SKD or of the final ranking.

        Raises BadRules where the rule set has none; those of the SKD are always there.
        """
        rows = {row.peran: row for row in self.kode_hasil if row.peran not in ("", GIVEN)}
        return _row_named(self.kode, "kode_hasil: peran", outcome, rows).kode


def _read_bagian(section: Section) -> tuple[Bagian, ...]:
    bagian = tuple(map(Bagian.read, section.children("bagian")))
    codes = tuple(each.kode for each in bagian)
    if codes != PARTS:
        raise section.problem("bagian", codes, f"harus {', '.join(PARTS)} dalam urutan itu")
    return bagian


def _read_minimums(section: Section, most: Mapping[str, int]) -> tuple[AmbangBatas, ...]:
    rows = section.children("ambang_batas", "jenis_kebutuhan")
    minimums = tuple(AmbangBatas.read(row, most) for row in rows)
    no_repeats(f"{section.place}: ambang_batas", (row.jenis_kebutuhan for row in minimums))
    return minimums


def _read_optional(
    section: Section, minimums: tuple[AmbangBatas, ...], most: Mapping[str, int]
) -> dict[str, Any]:
    skb = section.child_or_none("skb")
    reuse = section.child_or_none("nilai_lama")
    jenis = tuple(row.jenis_kebutuhan for row in minimums)
    steps = section.children_or_none("optimalisasi")
    reserve = section.children_or_none("ambang_cadangan", "jenis_kebutuhan")
    windows = section.children_or_none("masa_sanggah", "tahap")
    return {
        "skb": skb and KetentuanSKB.read(skb),
        "nilai_lama": reuse and NilaiLama.read(reuse),
        "optimalisasi": tuple(LangkahPindah.read(step, jenis) for step in steps),
        "ambang_cadangan": tuple(AmbangCadangan.read(row, jenis, most) for row in reserve),
        "masa_sanggah": tuple(map(MasaSanggah.read, windows)),
    }


def _confidences(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _confidences(each)
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name.startswith("keyakinan"):
                yield each
            else:
                yield from _confidences(each)


def _row_named(kode: str, table: str, name: str, rows: Mapping[str, Row]) -> Row:
    if name not in rows:
        raise broken(f"{kode}: {table}", name, f"tidak dikenal; yang ada {', '.join(rows)}")
    return rows[name]


def _check_names(rules: RuleSet) -> None:
    no_repeats(f"{rules.kode}: moda", (row.kode for row in rules.moda))
    no_repeats(f"{rules.kode}: kode_hasil", (row.kode for row in rules.kode_hasil))
    no_repeats(f"{rules.kode}: sumber", (row.kode for row in rules.sumber))
    roles = [row.peran for row in rules.kode_hasil if row.peran not in ("", GIVEN)]
    no_repeats(f"{rules.kode}: kode_hasil: peran", roles)
    if missing := [outcome for outcome in OUTCOMES if outcome not in roles]:
        raise broken(f"{rules.kode}: kode_hasil: peran", missing, "wajib ada kodenya")
    reserve = (row.jenis_kebutuhan for row in rules.ambang_cadangan)
    no_repeats(f"{rules.kode}: ambang_cadangan", reserve)
    no_repeats(f"{rules.kode}: masa_sanggah", (row.tahap for row in rules.masa_sanggah))
    no_repeats(f"{rules.kode}: optimalisasi", (step.kode for step in rules.optimalisasi))
    meant = {row.kode for row in rules.kode_hasil}
    if unknown := [step.kode for step in rules.optimalisasi if step.kode not in meant]:
        raise broken(f"{rules.kode}: optimalisasi: kode", unknown, "tidak ada di kode_hasil")


def _check_days(rules: RuleSet) -> None:
    begins, ends = rules.berlaku_sejak, rules.berlaku_sampai
    if begins and ends and ends < begins:
        raise broken(f"{rules.kode}: berlaku_sampai", str(ends), f"tidak boleh sebelum {begins}")
