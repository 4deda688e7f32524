"""Which rules hold in one year for one kind of recruitment? Law as data, with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypeVar

from cat.ketentuan.bentuk_tes import PARTS, TOTAL, Bagian, Moda, Waktu
from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, broken, no_repeats

SKD_ORDER = (TOTAL, *PARTS)
FINAL_ORDER = ("akhir", *SKD_ORDER, "ipk", "usia")
OUTCOMES = ("lanjut", "lulus_di_luar_kuota", "tidak_lulus", "tidak_hadir")

Row = TypeVar("Row")


@dataclass(frozen=True)
class AmbangBatas:
    """The minimums that one jenis kebutuhan must reach.

    minimum : (part or "total", points) pairs; what is not named has no minimum.
    catatan : what a reader of the row should know; may be empty.
    """

    jenis_kebutuhan: str
    nama: str
    minimum: tuple[tuple[str, int], ...]
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
    def read(cls, section: Section, most: Mapping[str, int]) -> Self:
        """Raises BadRules for an unknown part or a minimum beyond `most` points of that part."""
        row = cls(
            jenis_kebutuhan=section.code("jenis_kebutuhan"),
            nama=section.text("nama"),
            minimum=section.integers("minimum", (*PARTS, TOTAL)),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        for part, minimum in row.minimum:
            if minimum > most[part]:
                rule = f"melebihi nilai maksimum {most[part]}"
                raise section.problem(f"minimum: {part}", minimum, rule)
        return row


@dataclass(frozen=True)
class Pemeringkatan:
    """How SKD results are ranked and how many go on to SKB.

    faktor_kebutuhan : so many times the posts go on.
    urutan : what is compared, first things first; higher is better.
    """

    faktor_kebutuhan: int
    urutan: tuple[str, ...]
    dasar_hukum: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown or repeated name in the order."""
        ranking = cls(
            faktor_kebutuhan=section.integer("faktor_kebutuhan", least=1),
            urutan=section.names("urutan", SKD_ORDER),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
        )
        section.done()
        return ranking


@dataclass(frozen=True)
class Integrasi:
    """How SKD and SKB become the final value.

    bobot_skd, bobot_skb : per cent, adding up to 100.
    skd_maks : points that count as 100.
    urutan : order among equals; "usia" means the older first, all others the higher first.
    desimal_tampil : decimals shown; never used before comparing.
    """

    bobot_skd: int
    bobot_skb: int
    skd_maks: int
    urutan: tuple[str, ...]
    desimal_tampil: int
    dasar_hukum: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section, most: int) -> Self:
        """Raises BadRules where weights do not make 100 or skd_maks is not `most` points."""
        rule = cls(
            bobot_skd=section.integer("bobot_skd", most=100),
            bobot_skb=section.integer("bobot_skb", most=100),
            skd_maks=section.integer("skd_maks", least=1),
            urutan=section.names("urutan", FINAL_ORDER),
            desimal_tampil=section.integer("desimal_tampil", most=10),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
        )
        section.done()
        if (weights := rule.bobot_skd + rule.bobot_skb) != 100:
            raise section.problem("bobot_skd + bobot_skb", weights, "jumlah bobot harus 100")
        if rule.skd_maks != most:
            raise section.problem("skd_maks", rule.skd_maks, f"harus jumlah nilai bagian, {most}")
        return rule


@dataclass(frozen=True)
class KodeHasil:
    """A printed result code.

    peran : which of OUTCOMES the engine prints it for; empty for codes that people give.
    """

    kode: str
    arti: str
    keyakinan: str
    peran: str = ""

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown peran."""
        row = cls(
            kode=section.text("kode"),
            arti=section.text("arti"),
            keyakinan=section.confidence(),
            peran=section.choice("peran", OUTCOMES) if section.text_or_blank("peran") else "",
        )
        section.done()
        return row


@dataclass(frozen=True)
class Sumber:
    """Where the numbers were read: code as in the domain notes, and a description."""

    kode: str
    uraian: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field."""
        row = cls(kode=section.text("kode"), uraian=section.text("uraian"))
        section.done()
        return row


@dataclass(frozen=True)
class RuleSet:
    """The rules of one tahun anggaran and jenis pengadaan; equal rule sets have equal digests.

    bagian : the three parts, always in the order twk, tiu, tkp.
    ambang_batas : one row for each jenis kebutuhan.
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

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> RuleSet:
        """A rule set from what a TOML or JSON file holds; raises BadRules naming place and rule."""
        kode = Section(mapping, "aturan").code("kode")
        section = Section(mapping, kode)
        bagian = _read_bagian(section)
        most = {each.kode: each.nilai_maks for each in bagian}
        most[TOTAL] = sum(most.values())
        rows = section.children("ambang_batas", "jenis_kebutuhan")
        rules = cls(
            tahun=section.integer("tahun", least=1945),
            jenis_pengadaan=section.code("jenis_pengadaan"),
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            bagian=bagian,
            waktu=Waktu.read(section.child("waktu")),
            moda=tuple(map(Moda.read, section.children("moda"))),
            ambang_batas=tuple(AmbangBatas.read(row, most) for row in rows),
            pemeringkatan=Pemeringkatan.read(section.child("pemeringkatan")),
            integrasi=Integrasi.read(section.child("integrasi"), most[TOTAL]),
            kode_hasil=tuple(map(KodeHasil.read, section.children("kode_hasil"))),
            sumber=tuple(map(Sumber.read, section.children("sumber"))),
        )
        section.done()
        _check_names(rules)
        return rules

    def to_mapping(self) -> dict[str, Any]:
        """Tables, lists, texts and integers from which `from_mapping` makes an equal rule set."""
        return fields_as_plain(self)

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

    def kode_for(self, outcome: str) -> str:
        """The result code printed for one of OUTCOMES."""
        return next(row.kode for row in self.kode_hasil if row.peran == outcome)


def _read_bagian(section: Section) -> tuple[Bagian, ...]:
    bagian = tuple(map(Bagian.read, section.children("bagian")))
    codes = tuple(each.kode for each in bagian)
    if codes != PARTS:
        raise section.problem("bagian", codes, f"harus {', '.join(PARTS)} dalam urutan itu")
    return bagian


def _row_named(kode: str, table: str, name: str, rows: Mapping[str, Row]) -> Row:
    if name not in rows:
        raise broken(f"{kode}: {table}", name, f"tidak dikenal; yang ada {', '.join(rows)}")
    return rows[name]


def _check_names(rules: RuleSet) -> None:
    no_repeats(f"{rules.kode}: moda", (row.kode for row in rules.moda))
    no_repeats(f"{rules.kode}: ambang_batas", (row.jenis_kebutuhan for row in rules.ambang_batas))
    no_repeats(f"{rules.kode}: kode_hasil", (row.kode for row in rules.kode_hasil))
    no_repeats(f"{rules.kode}: sumber", (row.kode for row in rules.sumber))
    roles = [row.peran for row in rules.kode_hasil if row.peran]
    no_repeats(f"{rules.kode}: kode_hasil: peran", roles)
    if missing := [outcome for outcome in OUTCOMES if outcome not in roles]:
        raise broken(f"{rules.kode}: kode_hasil: peran", missing, "wajib ada kodenya")
