"""Which trainings close the gaps of a person with the fewest lesson hours (JP)?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
import scipy  # loads its optimisers when first used: 20 MB that most web processes never need
from numpy.typing import NDArray

from cat.errors import DidNotConverge
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.ip_asn import JENIS_PELATIHAN
from cat.kompetensi.kamus import LEVELS, Kamus
from cat.kompetensi.kesenjangan import Kesenjangan


@dataclass(frozen=True)
class Pelatihan:
    """One training of the catalogue.

    kompetensi : what it raises; empty for general training that suits anybody.
    peserta_dari, peserta_sampai : levels of the people it is made for, 1 to 5.
    contoh : invented to show the form.
    """

    kode: str
    nama: str
    jenis: str
    jp: int
    kompetensi: tuple[str, ...]
    peserta_dari: int
    peserta_sampai: int
    contoh: bool

    @classmethod
    def read(cls, section: Section, kamus: Kamus) -> Self:
        """Raises BadRules for a competency that the dictionary does not hold."""
        lowest = section.integer("peserta_dari", least=1, most=LEVELS)
        row = cls(
            **_plain(section),
            kompetensi=section.names("kompetensi", [each.kode for each in kamus.kompetensi]),
            peserta_dari=lowest,
            peserta_sampai=section.integer("peserta_sampai", least=lowest, most=LEVELS),
        )
        section.done()
        return row

    @classmethod
    def read_general(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(**_plain(section), kompetensi=(), peserta_dari=1, peserta_sampai=LEVELS)
        section.done()
        return row

    def suits(self, level: int | None) -> bool:
        """Whether it is made for people of this level; unknown levels suit none."""
        return level is not None and self.peserta_dari <= level <= self.peserta_sampai


@dataclass(frozen=True)
class Kewajiban:
    """What a year asks of people of one status. jp_maksimum : None where nothing limits it."""

    status: str
    jp_minimum: int
    jp_maksimum: int | None
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        least = section.integer("jp_minimum")
        row = cls(
            status=section.code("status"),
            jp_minimum=least,
            jp_maksimum=section.integer_or_none("jp_maksimum", least=max(least, 1)),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class AturanPelatihan:
    """Duties and catalogue."""

    kode: str
    judul: str
    menit_per_jp: int
    keyakinan_menit: str
    kewajiban: tuple[Kewajiban, ...]
    katalog: tuple[Pelatihan, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], kamus: Kamus) -> AturanPelatihan:
        """The rule from what a file holds; raises BadRules."""
        section = Section(mapping, "pelatihan")
        rule = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            menit_per_jp=section.integer("menit_per_jp", least=1),
            keyakinan_menit=section.confidence("keyakinan_menit"),
            kewajiban=tuple(map(Kewajiban.read, section.children("kewajiban", "status"))),
            katalog=(
                *(Pelatihan.read(row, kamus) for row in section.children("katalog")),
                *map(Pelatihan.read_general, section.children("umum")),
            ),
        )
        section.done()
        no_repeats("pelatihan: katalog", (each.kode for each in rule.katalog))
        no_repeats("pelatihan: kewajiban", (each.status for each in rule.kewajiban))
        return rule

    def duty(self, status: str) -> Kewajiban | None:
        """What a year asks of people of this status, or None where the file does not say."""
        return next((each for each in self.kewajiban if each.status == status), None)

    def find(self, kode: str) -> Pelatihan | None:
        """The training with this code, or None."""
        return next((each for each in self.katalog if each.kode == kode), None)


@dataclass(frozen=True)
class Rencana:
    """A plan for one year.

    pelatihan : in the order of the catalogue. jp : their sum.
    tercakup : competencies with a gap that the plan works on, the highest priority first.
    tanpa_pelatihan : those that no training of the catalogue suits.
    ditunda : those left for another year because the hours do not suffice.
    kurang_jp : hours missing to the minimum because the catalogue has no more.
    """

    pelatihan: tuple[Pelatihan, ...]
    jp: int
    tercakup: tuple[str, ...]
    tanpa_pelatihan: tuple[str, ...]
    ditunda: tuple[str, ...]
    kurang_jp: int


def plan(
    catalogue: Sequence[Pelatihan],
    rows: Sequence[Kesenjangan],
    duty: Kewajiban,
    *,
    done_jp: int = 0,
    exclude: Collection[str] = (),
) -> Rencana:
    """The plan that works on the most priority and, among those, takes the fewest JP.

    rows : gaps, highest priority first (`kesenjangan.by_priority`), each with its level.
    done_jp : JP already finished this year; they count towards minimum and maximum.
    exclude : codes of trainings that the person has had.

    A training works on a gap when it teaches that competency to people of that level. Solved
    exactly, first for priority, then for JP. Raises DidNotConverge when the solver gives up.
    """
    offered = [each for each in catalogue if each.kode not in exclude and _fits(each, rows)]
    covers = _cover_matrix(offered, rows)
    reachable = np.asarray(covers.any(axis=1))
    hours = np.array([each.jp for each in offered], dtype=float)
    room = np.inf if duty.jp_maksimum is None else max(0, duty.jp_maksimum - done_jp)
    least = max(0, duty.jp_minimum - done_jp)
    wanted = _best_coverage(covers, hours, rows, room)
    chosen = _fewest_hours(covers[wanted], hours, least, room)
    taken = tuple(each for each, on in zip(offered, chosen, strict=True) if on)
    total = sum(each.jp for each in taken)
    return Rencana(
        pelatihan=taken,
        jp=total,
        tercakup=tuple(row.kompetensi for row, on in zip(rows, wanted, strict=True) if on),
        tanpa_pelatihan=tuple(
            row.kompetensi for row, on in zip(rows, reachable, strict=True) if not on
        ),
        ditunda=tuple(
            row.kompetensi
            for row, on, could in zip(rows, wanted, reachable, strict=True)
            if could and not on
        ),
        kurang_jp=max(0, least - total),
    )


def _fits(training: Pelatihan, rows: Sequence[Kesenjangan]) -> bool:
    """General training fits everybody; other training where it works on a gap."""
    return not training.kompetensi or any(_works_on(training, row) for row in rows)


def _works_on(training: Pelatihan, row: Kesenjangan) -> bool:
    return row.kompetensi in training.kompetensi and training.suits(row.level)


def _cover_matrix(offered: Sequence[Pelatihan], rows: Sequence[Kesenjangan]) -> NDArray[np.bool_]:
    """(gaps, trainings): which training works on which gap."""
    matrix = np.zeros((len(rows), len(offered)), bool)
    for place, row in enumerate(rows):
        matrix[place] = [_works_on(each, row) for each in offered]
    return matrix


def _best_coverage(
    covers: NDArray[np.bool_], hours: NDArray[np.float64], rows: Sequence[Kesenjangan], room: float
) -> NDArray[np.bool_]:
    """(gaps,): the set of gaps with the most priority that fits into the hours."""
    gaps, trainings = covers.shape
    if gaps == 0 or trainings == 0:
        return np.zeros(gaps, bool)
    worth = _whole([row.prioritas or Fraction(0) for row in rows])
    # variables: trainings taken, then gaps worked on; a gap is worked on only by what is taken
    cost = np.concatenate([np.zeros(trainings), -worth])
    only_by_taken = scipy.optimize.LinearConstraint(
        np.hstack([-covers.astype(float), np.eye(gaps)]), ub=0
    )
    in_hours = scipy.optimize.LinearConstraint(np.concatenate([hours, np.zeros(gaps)]), ub=room)
    return _solve(cost, [only_by_taken, in_hours])[trainings:]


def _fewest_hours(
    covers: NDArray[np.bool_], hours: NDArray[np.float64], least: int, room: float
) -> NDArray[np.bool_]:
    """(trainings,): the cheapest set that works on every given gap and comes nearest to `least`."""
    trainings = len(hours)
    if trainings == 0:
        return np.zeros(0, bool)
    # variables: trainings taken, then the hours missing to `least`, one of which is dearer than
    # any set of trainings
    limits = [
        scipy.optimize.LinearConstraint(np.append(hours, 1.0), lb=least),
        scipy.optimize.LinearConstraint(np.append(hours, 0.0), ub=room),
    ]
    if len(covers):
        limits.append(
            scipy.optimize.LinearConstraint(np.hstack([covers, np.zeros((len(covers), 1))]), lb=1)
        )
    # Of plans with equal hours the one that stands earliest in the catalogue; all its places
    # together weigh less than one hour.
    earlier = np.arange(1, trainings + 1) / (trainings + 1) ** 2
    return _solve(np.append(hours + earlier, hours.sum() + 1), limits, free=1)[:trainings]


def _whole(values: Sequence[Fraction]) -> NDArray[np.float64]:
    """Proportional numbers between 0 and 1."""
    most = max(values) or Fraction(1)
    return np.array([float(value / most) for value in values])


def _solve(
    cost: NDArray[np.float64], limits: list[scipy.optimize.LinearConstraint], free: int = 0
) -> NDArray[np.bool_]:
    """The best yes-or-no choice; the last `free` variables are amounts, not choices."""
    amounts = np.arange(len(cost)) >= len(cost) - free
    found = scipy.optimize.milp(
        cost,
        constraints=limits,
        integrality=np.where(amounts, 0, 1),
        bounds=scipy.optimize.Bounds(0, np.where(amounts, np.inf, 1)),
        options={"mip_rel_gap": 0},
    )
    if not found.success:
        raise DidNotConverge(f"rencana pelatihan tidak terpecahkan: {found.message}")
    return np.asarray(found.x > 0.5)


def _plain(section: Section) -> dict[str, Any]:
    return {
        "kode": section.code("kode"),
        "nama": section.text("nama"),
        "jenis": section.choice("jenis", JENIS_PELATIHAN),
        "jp": section.integer("jp", least=1),
        "contoh": section.flag("contoh"),
    }
