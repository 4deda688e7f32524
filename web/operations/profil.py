"""What one sitting and one person look like in figures: the numbers behind the profile pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cat.errors import NormGroupTooSmall
from cat.exam.outcome import domain_form, part_profile
from cat.exam.state import State
from cat.kompetensi.batas_level import BatasLevel, BatasSemua
from cat.kompetensi.bukti import Bukti, LevelBelief
from cat.kompetensi.norma import AturanNorma, Norma, Percentile
from cat.kompetensi.subskor_bagian import NilaiDomain, SubskorBagian
from cat.scoring import scale
from cat.scoring.profile import DomainScore
from web.operations.data_kompetensi import get_aturan_norma, get_batas_level
from web.operations.kompetensi import beliefs_from, prior_of
from web.operations.norma import DEPTH, PartDomains
from web.operations.records import state_of
from web.tables import PartResult, Sitting


@dataclass(frozen=True)
class Peringkat:
    """Where a score stands in the norm group, or why nothing is said of it."""

    persentil: Percentile | None
    alasan: str = ""


@dataclass(frozen=True)
class Tergabung:
    """A domain estimated from all answers of its part: theta and share of points, with errors."""

    theta: float
    se: float
    share: float
    share_se: float


@dataclass(frozen=True)
class LevelTerukur:
    """Probability of each level of a measured score, and the cut points behind it."""

    peluang: tuple[float, ...]
    batas: BatasLevel

    @property
    def level(self) -> int:
        """The most likely level, the lowest of equals."""
        return 1 + self.peluang.index(max(self.peluang))


@dataclass(frozen=True)
class DomainProfile:
    """One domain of one part.

    score : from its own answers alone. leaves : the same for what lies deeper in the kisi-kisi.
    nilai : whether it adds information, None where nobody has judged it. tergabung : from all
    answers of the part, None likewise.
    """

    path: str
    score: DomainScore
    leaves: tuple[tuple[str, DomainScore], ...]
    nilai: NilaiDomain | None
    tergabung: Tergabung | None
    peringkat: Peringkat
    level: LevelTerukur | None


@dataclass(frozen=True)
class PartProfile:
    """One part. subskor : the judgement of its domains, None where the group has none."""

    kode: str
    result: PartResult
    share: float
    peringkat: Peringkat
    level: LevelTerukur | None
    subskor: SubskorBagian | None
    domains: tuple[DomainProfile, ...]


def part_profiles(session: Session, sitting: Sitting, norma: Norma | None) -> list[PartProfile]:
    """Every part of a finished sitting, compared with a norm group where one is given."""
    state = state_of(session, sitting)
    figures = _Figures(state, norma, get_aturan_norma(session), get_batas_level(session))
    return [figures.part(result) for result in sitting.results]


def level_history(
    session: Session, evidence: Sequence[Bukti], today: date
) -> dict[str, list[tuple[date, LevelBelief]]]:
    """How beliefs changed: competency -> belief on each day on which evidence arrived."""
    history: dict[str, list[tuple[date, LevelBelief]]] = {}
    for day in sorted({each.tanggal for each in evidence if each.tanggal <= today}):
        arrived = {each.kompetensi for each in evidence if each.tanggal == day}
        # Evidence that was yet to come is in force on no earlier day, so that it stays out.
        for kode, belief in beliefs_from(session, evidence, day).items():
            if kode in arrived:
                history.setdefault(kode, []).append((day, belief))
    return history


@dataclass(frozen=True)
class _Figures:
    state: State
    norma: Norma | None
    rules: AturanNorma
    batas: BatasSemua

    def part(self, result: PartResult) -> PartProfile:
        kode = result.part
        scores = part_profile(self.state, kode, DEPTH)
        leaves = part_profile(self.state, kode)
        subskor = self.norma.subskor.get(kode) if self.norma else None
        merged = self._merged(kode, scores, subskor) if subskor else {}
        form = next(p for p in self.state.pool.parts if p.part == kode).reference_form
        return PartProfile(
            kode=kode,
            result=result,
            share=float(scale.expected_points([result.theta], form)[0]) / form.maximum,
            peringkat=self._rank(kode, result.theta, result.se, result.answered),
            level=self._level(kode, result.theta, result.se, result.answered),
            subskor=subskor,
            domains=tuple(
                DomainProfile(
                    path=path,
                    score=score,
                    leaves=_deeper(path, leaves.items()),
                    nilai=self._worth(subskor, path),
                    tergabung=merged.get(path),
                    peringkat=self._rank(f"{kode}.{path}", score.theta, score.se, score.items),
                    level=self._level(f"{kode}.{path}", score.theta, score.se, score.items),
                )
                for path, score in scores.items()
            ),
        )

    def _rank(self, name: str, theta: float, se: float, answered: int) -> Peringkat:
        if self.norma is None:
            return Peringkat(None, "belum ada kelompok norma")
        if not answered:
            return Peringkat(None, "tidak ada jawaban")
        group = self.norma.sebaran.get(name)
        if group is None:
            return Peringkat(None, "tidak ada dalam kelompok norma ini")
        try:
            return Peringkat(group.percentile(theta, se, self.rules.minimum_orang))
        except NormGroupTooSmall as small:
            persons, minimum = small.evidence["persons"], small.evidence["minimum"]
            return Peringkat(None, f"kelompok hanya {persons} orang, perlu {minimum}")

    def _level(self, name: str, theta: float, se: float, answered: int) -> LevelTerukur | None:
        bounds = self.batas.find(name)
        return LevelTerukur(bounds.chances(theta, se), bounds) if bounds and answered else None

    def _worth(self, subskor: SubskorBagian | None, path: str) -> NilaiDomain | None:
        if subskor is None or path not in subskor.domain:
            return None
        return subskor.nilai(path, self.rules.selisih_prmse_persen)

    def _merged(
        self, kode: str, scores: Mapping[str, DomainScore], subskor: SubskorBagian
    ) -> dict[str, Tergabung]:
        part = next(p for p in self.state.pool.parts if p.part == kode)
        given = PartDomains(scores, prior_of(part.tables.quadrature)).measures(subskor.domain)
        found = {}
        for path, theta, se in zip(subskor.domain, *subskor.augmented(given), strict=True):
            if path in scores:
                form = domain_form(self.state, kode, path)
                found[path] = Tergabung(
                    theta=theta,
                    se=se,
                    share=float(scale.expected_points([theta], form)[0]) / form.maximum,
                    share_se=float(scale.slope([theta], form)[0]) * se / form.maximum,
                )
        return found


def _deeper(
    path: str, leaves: Iterable[tuple[str, DomainScore]]
) -> tuple[tuple[str, DomainScore], ...]:
    return tuple((leaf, score) for leaf, score in leaves if leaf.startswith(f"{path}."))
