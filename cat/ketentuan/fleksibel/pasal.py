"""The tables of the national flexible-work rule, each with its source and confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cat.ketentuan.fleksibel.uji import TASK_TESTS
from cat.ketentuan.section import Section, no_repeats

STATUS = ("cpns", "pns", "pppk")
MINUTES_OF_A_WEEK = 7 * 24 * 60


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
class Bentuk:
    """A form of flexible work. jenis : lokasi or waktu, which follows from the form."""

    kode: str
    nama: str
    uraian: str
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a form for which the regulation has no tests."""
        row = cls(
            kode=section.choice("kode", TASK_TESTS),
            nama=section.text("nama"),
            uraian=section.text("uraian"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Pengecualian:
    """A circumstance that lifts the limit of days; a person states it, no engine finds it."""

    kode: str
    nama: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field."""
        row = cls(kode=section.code("kode"), nama=section.text("nama"))
        section.done()
        return row


@dataclass(frozen=True)
class Batas:
    """The most days a week away from the office, and for whom that limit does not hold."""

    hari_per_minggu: int
    pengecualian: tuple[Pengecualian, ...]
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules beyond the five working days of a week."""
        limit = cls(
            hari_per_minggu=section.integer("hari_per_minggu", least=1, most=5),
            pengecualian=tuple(map(Pengecualian.read, section.children("pengecualian"))),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        no_repeats(f"{section.place}: pengecualian", (row.kode for row in limit.pengecualian))
        return limit

    def find_pengecualian(self, kode: str | None) -> Pengecualian | None:
        """The circumstance with that code, or None."""
        return next((row for row in self.pengecualian if row.kode == kode), None)


@dataclass(frozen=True)
class JamKerja:
    """Working time of a week, breaks not counted, minutes."""

    menit_per_minggu: int
    menit_per_minggu_ramadan: int
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules where Ramadan is longer than other weeks."""
        week = section.integer("menit_per_minggu", least=1, most=MINUTES_OF_A_WEEK)
        hours = cls(
            menit_per_minggu=week,
            menit_per_minggu_ramadan=section.integer("menit_per_minggu_ramadan", 1, week),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return hours

    def due(self, *, ramadan: bool, leave: int) -> int:
        """Minutes due in a week of which `leave` minutes were leave or a public holiday."""
        whole = self.menit_per_minggu_ramadan if ramadan else self.menit_per_minggu
        return max(0, whole - leave)


@dataclass(frozen=True)
class Sif:
    """What a duty must exceed to be worked in shifts.

    Longer than `menit_per_hari` a day; or on more than `hari_per_minggu` days a week and together
    longer than `menit_per_minggu`.
    """

    menit_per_hari: int
    hari_per_minggu: int
    menit_per_minggu: int
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for more minutes than a day or a week has."""
        shift = cls(
            menit_per_hari=section.integer("menit_per_hari", least=1, most=24 * 60 - 1),
            hari_per_minggu=section.integer("hari_per_minggu", least=1, most=6),
            menit_per_minggu=section.integer("menit_per_minggu", 1, MINUTES_OF_A_WEEK - 1),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return shift


@dataclass(frozen=True)
class Evaluasi:
    """How often an arrangement is reviewed, and how long a decision may last, months."""

    tiap_bulan: int
    berlaku_paling_lama_bulan: int
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules beyond ten years."""
        review = cls(
            tiap_bulan=section.integer("tiap_bulan", least=1, most=120),
            berlaku_paling_lama_bulan=section.integer("berlaku_paling_lama_bulan", 1, 120),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return review


@dataclass(frozen=True)
class Keberatan:
    """Until how many calendar days after a decision the employee may object."""

    hari: int
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules beyond a year."""
        objection = cls(
            hari=section.integer("hari", least=1, most=366),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return objection


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
