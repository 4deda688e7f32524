"""What do the measures mean, in one sentence each, for readers who are not psychometricians?

The bands are rules of thumb of ours, not law; the report prints them in its appendix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from cat.simulation.measuring.classification import Classification
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting.numerals import angka, persen


class Level(Enum):
    """How good a finding is; the value is the word that readers see."""

    GOOD = "Baik"
    CARE = "Perlu perhatian"
    POOR = "Masalah"


@dataclass(frozen=True)
class Band:
    """Good up to `good`, a matter of care up to `care`, poor beyond; towards larger or smaller.

    digits : after the comma, to which a figure is rounded before it is judged, as in print.
    """

    what: str
    good: float
    care: float
    digits: int
    is_share: bool = False

    def level(self, value: float) -> Level:
        """Where the value falls; a band with good > care wants large values."""
        value = round(value, self.digits)
        sign = 1 if self.good < self.care else -1
        if sign * value <= sign * self.good:
            return Level.GOOD
        return Level.CARE if sign * value <= sign * self.care else Level.POOR

    def rule(self) -> tuple[str, str, str]:
        """What is judged, and from where on it is good and poor, in words."""
        words = ("paling banyak", "di atas") if self.good < self.care else ("mulai", "di bawah")
        good, care = ((persen(x) if self.is_share else angka(x, 2)) for x in (self.good, self.care))
        return self.what, f"{words[0]} {good}", f"{words[1]} {care}"


RELIABILITY = Band("Keandalan", 0.90, 0.70, 2)
BIAS = Band("Bias, besarnya (logit)", 0.05, 0.15, 3)
SE_RATIO = Band("RMSE dibagi galat baku", 1.05, 1.15, 2)
EXPOSURE = Band("Paparan tertinggi, bila kebijakan tanpa batas", 0.30, 0.60, 3, is_share=True)
USED = Band("Butir bank yang pernah muncul", 0.80, 0.50, 3, is_share=True)
DECISIONS = Band("Keputusan ambang batas yang tepat", 0.90, 0.80, 3, is_share=True)
BANDS = (RELIABILITY, BIAS, SE_RATIO, EXPOSURE, USED, DECISIONS)
# The SEs are too cautious, which wastes items but harms nobody.
_CAUTIOUS = 0.95
# Chance error that a limit or a bias of zero is allowed, in Monte-Carlo standard errors.
_CHANCE = 2.0
# Control by chances of admission lets an item pass its limit by this much before it is a problem.
_SLACK = 0.03


@dataclass(frozen=True)
class Verdict:
    """level : how good; heading : what is judged; text : what it means."""

    level: Level
    heading: str
    text: str


def verdicts(measures: PartMeasures) -> tuple[Verdict, ...]:
    """The findings on one part, in the order of the report."""
    found = [
        _recovery(measures),
        _bias(measures),
        _honesty(measures),
        _exposure(measures),
        _use(measures),
        _blueprint(measures),
        *(_decisions(measures, each) for each in measures.classifications),
    ]
    return tuple(verdict for verdict in found if verdict is not None)


def reliability_of(measures: PartMeasures) -> float | None:
    """Squared correlation with the truth where there is one, else what the SEs imply."""
    if measures.accuracy is not None:
        return measures.accuracy.squared_correlation.value
    return measures.precision.marginal_reliability.value


def _recovery(measures: PartMeasures) -> Verdict | None:
    value = reliability_of(measures)
    if value is None:
        return None
    text = (
        f"Keandalan {angka(value, 2)}: sekitar {persen(value)} dari perbedaan hasil antarorang"
        f" mencerminkan perbedaan kemampuan, sisanya galat."
    )
    if measures.accuracy is not None:
        text += (
            " Taksiran umumnya (pada dua dari tiga orang) meleset paling jauh sekitar"
            f" {angka(measures.accuracy.rmse.value, 2)} logit"
        )
        if measures.points is not None:
            text += f", dalam nilai {angka(measures.points.rmse.value, 1)} poin"
        text += "."
    return Verdict(RELIABILITY.level(value), "Ketepatan taksiran", text)


def _bias(measures: PartMeasures) -> Verdict | None:
    if measures.accuracy is None:
        return None
    bias = measures.accuracy.bias
    size = abs(bias.value or 0.0)
    level = BIAS.level(max(0.0, size - _CHANCE * (bias.mcse or 0.0)))
    side = "lebih tinggi" if (bias.value or 0.0) > 0 else "lebih rendah"
    text = f"Rata-rata taksiran {angka(size, 3)} logit {side} daripada {_truth(measures)}"
    if round(size, 3) == 0:
        text = f"Rata-rata taksiran sama dengan {_truth(measures)}"
    text += {
        Level.GOOD: ": praktis tidak condong ke atas atau ke bawah.",
        Level.CARE: ": sedikit condong, perlu dicari sebabnya.",
    }.get(level, ": jelas condong, jangan dipakai sebelum sebabnya ditemukan.")
    return Verdict(level, "Kecondongan (bias)", text)


def _honesty(measures: PartMeasures) -> Verdict | None:
    # A full-bank estimate has errors of its own and shares answers: no yardstick for the SEs.
    if measures.accuracy is None or measures.truth != "true":
        return None
    ratio, coverage = measures.accuracy.se_ratio, measures.accuracy.coverage.value
    if ratio.value is None:
        return None
    chance = _CHANCE * (ratio.mcse or 0.0)
    level = SE_RATIO.level(ratio.value - chance)
    if ratio.value + chance < _CAUTIOUS:
        level = Level.CARE
    meaning = "Galat yang terjadi sesuai dengan galat baku yang dilaporkan"
    if level is not Level.GOOD:
        side = "lebih besar" if ratio.value > 1 else "lebih kecil"
        meaning = f"Galat yang terjadi {side} daripada galat baku yang dilaporkan"
    text = (
        f"{meaning} (perbandingan {angka(ratio.value, 2)}). Rentang 95% memuat kemampuan"
        f" sebenarnya pada {persen(coverage, 1)} orang."
    )
    return Verdict(level, "Kejujuran galat baku", text)


def _exposure(measures: PartMeasures) -> Verdict:
    exposure = measures.exposure
    text = f"Butir yang paling sering muncul dilihat {persen(exposure.highest, 1)} peserta"
    if exposure.limit is None:
        level = EXPOSURE.level(exposure.highest)
        text += "; kebijakan ini tidak memberi batas."
    else:
        p = exposure.limit
        margin = _CHANCE * math.sqrt(p * (1 - p) / measures.persons)
        over = exposure.highest - p
        level = Level.GOOD if over <= margin else Level.CARE if over <= _SLACK else Level.POOR
        text += f"; batas kebijakan {persen(p, 1)}."
        if level is not Level.GOOD:
            text += f" {angka(exposure.above_limit)} butir melampauinya."
    if exposure.overlap is not None:
        text += f" Dua peserta sembarang berbagi rata-rata {persen(exposure.overlap)} butir."
    return Verdict(level, "Kerahasiaan butir (paparan)", text)


def _use(measures: PartMeasures) -> Verdict:
    used, bank = measures.exposure.used_items, measures.bank
    level = USED.level(measures.exposure.used_share)
    # Unused items are a waste, never a harm.
    level = Level.CARE if level is Level.POOR else level
    text = f"{angka(used)} dari {angka(bank)} butir ({persen(used / bank, 1)}) pernah muncul"
    text += (
        "; seluruh bank terpakai."
        if used == bank
        else f"; {angka(bank - used)} butir tidak pernah muncul."
    )
    return Verdict(level, "Pemakaian bank soal", text)


def _blueprint(measures: PartMeasures) -> Verdict:
    check = measures.blueprint
    if check.violations == 0 and check.repeats == 0:
        count = len(check.limits) + len(check.other_limits)
        rules = f"{count} aturan dihitung ulang dari butir yang diberikan. "
        text = (
            f"{rules if count else ''}Tidak ada pelanggaran kisi-kisi dan tidak ada butir"
            f" yang muncul dua kali pada orang yang sama, di antara {angka(measures.persons)} tes."
        )
        return Verdict(Level.GOOD, "Kepatuhan pada kisi-kisi", text)
    found = []
    if check.violations:
        found.append(f"Ada {angka(check.violations)} pelanggaran kisi-kisi.")
    if check.repeats:
        found.append(f"Pada {angka(check.repeats)} orang ada butir yang muncul dua kali.")
    text = " ".join([*found, "Kebijakan ini tidak boleh dipakai."])
    return Verdict(Level.POOR, "Kepatuhan pada kisi-kisi", text)


def _decisions(measures: PartMeasures, at: Classification) -> Verdict | None:
    if at.accuracy.value is None:
        return None
    text = (
        f"{persen(at.accuracy.value, 1)} orang diputuskan sama seperti seharusnya."
        f" {angka(at.wrongly_missed)} orang yang {truly(measures)} mencapai ambang dinyatakan tidak"
        f" mencapai, dan {angka(at.wrongly_reached)} orang sebaliknya."
    )
    return Verdict(DECISIONS.level(at.accuracy.value), f"Keputusan: {at.name}", text)


def truly(measures: PartMeasures) -> str:
    """How the truth is known, as an adverb."""
    return "menurut semua jawaban" if measures.truth == "full_bank" else "sebenarnya"


def _truth(measures: PartMeasures) -> str:
    if measures.truth == "full_bank":
        return "taksiran dari semua jawaban"
    return "kemampuan sebenarnya"
