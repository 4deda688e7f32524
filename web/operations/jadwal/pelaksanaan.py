"""The rules of an exam day: figures and daily patterns, each with source and confidence.

Versions come from `seeds/pelaksanaan/` or a file of the installation; on a day the version counts
that began last, of those that began on the same day the one loaded last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.canonical import digest_of
from cat.ketentuan.section import Section, broken, no_repeats
from web.tables import AturanPelaksanaan

FRIDAY = 4
DAY_MINUTES = 24 * 60
# code of a figure -> least and most that can be meant
FIGURES = {
    "registrasi_buka_menit": (1, DAY_MINUTES),
    "kedatangan_menit": (1, DAY_MINUTES),
    "pin_tutup_menit": (0, DAY_MINUTES),
    "pin_angka": (4, 12),
    "tenang_detik": (10, 3600),
    "tenggang_detik": (0, 120),
}


@dataclass(frozen=True)
class Angka:
    """One figure. keyakinan : A, B or C, as in the domain notes; C says that we chose it."""

    kode: str
    nilai: int
    arti: str
    sumber: str
    keyakinan: str


@dataclass(frozen=True)
class Pola:
    """When the sesi of a day start, local time: on ordinary days and on Fridays."""

    kode: str
    nama: str
    hari_biasa: tuple[time, ...]
    jumat: tuple[time, ...]
    sumber: str
    keyakinan: str

    def mulai(self, day: date) -> tuple[time, ...]:
        """The starts on this day."""
        return self.jumat if day.weekday() == FRIDAY else self.hari_biasa


@dataclass(frozen=True)
class Kebutuhan:
    """A need that may be recorded of a participant. perlu_kursi : a person picks the seat."""

    kode: str
    nama: str
    perlu_kursi: bool
    sumber: str
    keyakinan: str


@dataclass(frozen=True)
class Pelaksanaan:
    """One version of the rules of an exam day."""

    kode: str
    tahun: int
    berlaku_sejak: date
    dasar_hukum: str
    pola: tuple[Pola, ...]
    angka: Mapping[str, Angka]
    akomodasi: Mapping[str, Kebutuhan]
    digest: str

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any]) -> Pelaksanaan:
        """Read a parsed file; raises BadRules naming place, value and rule."""
        section = Section(content, str(content.get("kode", "pelaksanaan")))
        patterns = tuple(map(_pattern, section.children("pola")))
        figures = tuple(map(_figure, section.children("angka")))
        needs = tuple(map(_need, section.children_or_none("akomodasi")))
        for name, rows in (("pola", patterns), ("angka", figures), ("akomodasi", needs)):
            no_repeats(f"{section.place}: {name}", (each.kode for each in rows))
        if missing := sorted(set(FIGURES) - {each.kode for each in figures}):
            raise broken(f"{section.place}: angka", missing, "belum disebut")
        made = cls(
            kode=section.code("kode"),
            tahun=section.integer("tahun", 2013, 2100),
            berlaku_sejak=section.day("berlaku_sejak"),
            dasar_hukum=section.text("dasar_hukum"),
            pola=patterns,
            angka={each.kode: each for each in figures},
            akomodasi={each.kode: each for each in needs},
            digest=digest_of(content),
        )
        section.done()
        if made.pin_tutup_menit >= made.registrasi_buka_menit:
            raise broken(
                f"{made.kode}: angka", made.pin_tutup_menit, "pin_tutup sebelum registrasi_buka"
            )
        return made

    def get_pola(self, kode: str) -> Pola:
        """The pattern with this code; raises BadInput."""
        for pattern in self.pola:
            if pattern.kode == kode:
                return pattern
        known = ", ".join(each.kode for each in self.pola)
        raise BadInput(f"pola {kode!r} tidak ada dalam {self.kode}; yang ada: {known}")

    @property
    def registrasi_buka_menit(self) -> int:
        """Minutes before the start at which registration opens."""
        return self.angka["registrasi_buka_menit"].nilai

    @property
    def kedatangan_menit(self) -> int:
        """Minutes before the start by which people should be there."""
        return self.angka["kedatangan_menit"].nilai

    @property
    def pin_tutup_menit(self) -> int:
        """Minutes before the start at which no PIN is given any more."""
        return self.angka["pin_tutup_menit"].nilai

    @property
    def pin_angka(self) -> int:
        """Digits of a PIN."""
        return self.angka["pin_angka"].nilai

    @property
    def tenang_detik(self) -> int:
        """Seconds without contact after which a working seat counts as quiet."""
        return self.angka["tenang_detik"].nilai

    @property
    def tenggang_detik(self) -> int:
        """Seconds that a packet sent in time may be late; `cat.exam.moves` goes by the same."""
        return self.angka["tenggang_detik"].nilai


def aturan_pelaksanaan(session: Session, on: date) -> Pelaksanaan:
    """The rules of exam days on this day; raises BadInput where none are loaded."""
    row = session.execute(
        select(AturanPelaksanaan.digest, AturanPelaksanaan.content)
        .where(AturanPelaksanaan.berlaku_sejak <= on)
        .order_by(AturanPelaksanaan.berlaku_sejak.desc(), AturanPelaksanaan.loaded_at.desc())
        .limit(1)
    ).first()
    if row is None:
        raise BadInput(f"belum ada aturan pelaksanaan yang berlaku pada {on:%d-%m-%Y}")
    return _read(row.digest, row.content)


def versions(session: Session) -> Sequence[AturanPelaksanaan]:
    """Every version, the newest first."""
    newest = AturanPelaksanaan.berlaku_sejak.desc(), AturanPelaksanaan.loaded_at.desc()
    return session.scalars(select(AturanPelaksanaan).order_by(*newest)).all()


def adopt(session: Session, content: Mapping[str, Any], *, now: int) -> bool:
    """Load a version; returns whether it was new. The same content again changes nothing.

    Raises BadRules. Flushes.
    """
    rules = Pelaksanaan.from_mapping(content)
    if session.get(AturanPelaksanaan, rules.digest) is not None:
        return False
    session.add(
        AturanPelaksanaan(
            digest=rules.digest,
            kode=rules.kode,
            berlaku_sejak=rules.berlaku_sejak,
            content=dict(content),
            loaded_at=now,
        )
    )
    session.flush()
    return True


_versions: dict[str, Pelaksanaan] = {}


def _read(digest: str, content: Mapping[str, Any]) -> Pelaksanaan:
    if digest not in _versions:
        _versions[digest] = Pelaksanaan.from_mapping(content)
    return _versions[digest]


def _pattern(section: Section) -> Pola:
    made = Pola(
        kode=section.code("kode"),
        nama=section.text("nama"),
        hari_biasa=_starts(section, "hari_biasa"),
        jumat=_starts(section, "jumat"),
        sumber=section.text("sumber"),
        keyakinan=section.confidence(),
    )
    section.done()
    return made


def _starts(section: Section, key: str) -> tuple[time, ...]:
    texts = section.names(key)
    try:
        starts = tuple(time.fromisoformat(text) for text in texts)
    except ValueError as error:
        raise section.problem(key, texts, "harus jam bentuk 08:00") from error
    if list(starts) != sorted(starts):
        raise section.problem(key, texts, "harus berurutan dari pagi ke sore")
    return starts


def _need(section: Section) -> Kebutuhan:
    made = Kebutuhan(
        kode=section.code("kode"),
        nama=section.text("nama"),
        perlu_kursi=section.flag("perlu_kursi"),
        sumber=section.text("sumber"),
        keyakinan=section.confidence(),
    )
    section.done()
    return made


def _figure(section: Section) -> Angka:
    kode = section.choice("kode", FIGURES)
    least, most = FIGURES[kode]
    made = Angka(
        kode=kode,
        nilai=section.integer("nilai", least, most),
        arti=section.text("arti"),
        sumber=section.text("sumber"),
        keyakinan=section.confidence(),
    )
    section.done()
    return made
