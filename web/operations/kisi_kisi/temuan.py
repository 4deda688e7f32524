"""Figures of a checked pool against the thresholds: findings in words; knows no database."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cat.itembank.content import ItemContent
from cat.itembank.lifecycle import is_calibrated
from cat.itembank.quality import STRATEGIES, key_counts, strategy_yield
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting.numerals import angka, persen
from web.operations.kisi_kisi.ambang import Ambang, Tingkat

# Groups of ability with fewer people say nothing; candidates beyond this are rare.
_FEWEST_IN_GROUP, _REACH = 20, 2.0
_OPTIONS = 5


@dataclass(frozen=True)
class Temuan:
    """One figure with its verdict. bagian : "" for the pool as a whole.

    keras : whether a problem here keeps the pool from being published.
    """

    bagian: str
    kode: str
    judul: str
    nilai: str
    tingkat: Tingkat
    keras: bool
    kalimat: str
    sumber: str
    keyakinan: str

    @property
    def blocks(self) -> bool:
        """Whether it keeps the pool from being published."""
        return self.keras and self.tingkat is Tingkat.MASALAH

    def to_mapping(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class Judge:
    """Makes findings of one part from figures, against the thresholds of the file."""

    def __init__(self, bagian: str, ambang: Mapping[str, Ambang]) -> None:
        self.bagian, self._ambang = bagian, ambang

    def __call__(self, kode: str, value: float, shown: str, sentence: str) -> Temuan:
        row = self._ambang[kode]
        return Temuan(
            bagian=self.bagian,
            kode=kode,
            judul=row.judul,
            nilai=shown,
            tingkat=row.tingkat(value),
            keras=row.keras,
            kalimat=sentence,
            sumber=row.sumber,
            keyakinan=row.keyakinan,
        )


def findings_of_items(
    judge: Judge, contents: Sequence[ItemContent], commented: Sequence[str]
) -> Iterator[Temuan]:
    """Keys, blind strategies, parameters and comments. commented : codes with open threads."""
    yield _key_positions(judge, contents)
    yields = [strategy_yield(contents, name) for name in STRATEGIES]
    best = max(yields, key=lambda row: row.z)
    yield judge(
        "strategi_buta",
        best.z,
        f"z = {angka(best.z, 1)}",
        f"Strategi terbaik: {best.name}, {angka(best.mean, 2)} poin tiap butir; menebak"
        f" {angka(best.chance, 2)}.",
    )
    guessed = sum(not is_calibrated(item.parameters.status) for item in contents)
    yield judge(
        "tanpa_kalibrasi",
        guessed / len(contents),
        f"{angka(guessed)} dari {angka(len(contents))}",
        "Semua parameter ditaksir dari jawaban."
        if not guessed
        else f"{angka(guessed)} butir memakai taksiran ahli; angka simulasi hanya sebaik itu.",
    )
    yield judge(
        "komentar",
        len(commented),
        angka(len(commented)),
        "Tidak ada."
        if not commented
        else f"Belum selesai: {', '.join(commented[:10])}{' ...' if len(commented) > 10 else ''}.",
    )


def findings_of_study(judge: Judge, found: PartMeasures) -> Iterator[Temuan]:
    """Blueprint, precision, exposure and decisions, as simulated."""
    broken, repeats = found.blueprint.violations, found.blueprint.repeats
    yield judge(
        "kisi_kisi", broken, angka(broken), f"Dari {angka(found.persons)} tes; dihitung ulang."
    )
    yield judge("terulang", repeats, angka(repeats), f"Dari {angka(found.persons)} tes.")
    yield from _precision(judge, found)
    yield from _exposure(judge, found)
    if not found.classifications:
        return
    worst = min(found.classifications, key=lambda each: each.accuracy.value or 0.0)
    yield judge(
        "keputusan",
        worst.accuracy.value or 0.0,
        persen(worst.accuracy.value, 1),
        f"{worst.name} {angka(worst.cut)}: {angka(worst.wrongly_reached)} keliru di atas,"
        f" {angka(worst.wrongly_missed)} keliru di bawah.",
    )


def finding_of_enemies(judge: Judge, pairs: Mapping[tuple[str, str], int]) -> Temuan:
    """Declared pairs with the simulated tests in which both stood."""
    met = [pair for pair, times in pairs.items() if times]
    named = ", ".join(f"{one} dan {other}" for one, other in met[:5])
    sentence = f"{angka(len(pairs))} pasangan dinyatakan; tidak satu pun bertemu."
    if met:
        sentence = f"Dari {angka(len(pairs))} pasangan, yang bertemu: {named}."
    return judge("seteru", len(met), angka(len(met)), sentence)


def enemy_pairs(contents: Sequence[ItemContent]) -> list[tuple[str, str]]:
    """Every declared pair of which both stand in the pool, in whatever parts."""
    codes = {item.code for item in contents}
    pairs = {
        (min(item.code, enemy), max(item.code, enemy))
        for item in contents
        for enemy in item.enemies
        if enemy in codes and enemy != item.code
    }
    return sorted(pairs)


def _key_positions(judge: Judge, contents: Sequence[ItemContent]) -> Temuan:
    counts = key_counts(contents)
    letter, most = counts.most_common(1)[0]
    share = 1 / _OPTIONS
    z = (most - len(contents) * share) / math.sqrt(len(contents) * share * (1 - share))
    counted = ", ".join(f"{key} {angka(counts[key])}" for key in sorted(counts))
    return judge(
        "letak_kunci", z, f"z = {angka(z, 1)}", f"Tersering {letter}. Seluruhnya: {counted}."
    )


def _precision(judge: Judge, found: PartMeasures) -> Iterator[Temuan]:
    if found.accuracy is not None:
        bias, rmse = found.accuracy.bias, found.accuracy.rmse
        yield judge(
            "bias",
            abs(bias.value or 0.0),
            angka(bias.value, 3, is_signed=True),
            f"Galat simulasi {angka(bias.mcse, 3)}.",
        )
        yield judge("rmse", rmse.value or 0.0, angka(rmse.value, 3), _reliability(found))
    known = [
        group
        for group in found.groups
        if group.persons >= _FEWEST_IN_GROUP
        and group.lower is not None
        and group.upper is not None
        and group.lower >= -_REACH
        and group.upper <= _REACH
    ]
    if known:
        worst = max(known, key=lambda group: group.mean_se.value or 0.0)
        yield judge(
            "se_kondisional",
            worst.mean_se.value or 0.0,
            angka(worst.mean_se.value, 3),
            f"Pada θ {angka(worst.lower, 1)} sampai {angka(worst.upper, 1)}.",
        )


def _reliability(found: PartMeasures) -> str:
    return f"Keandalan marginal {angka(found.precision.marginal_reliability.value, 2)}."


def _exposure(judge: Judge, found: PartMeasures) -> Iterator[Temuan]:
    use = found.exposure
    top = max(use.items, key=lambda item: item.rate)
    words = (
        f"Tertinggi {persen(use.highest, 1)} ({top.code}), rata-rata {persen(use.mean, 1)};"
        f" {persen(use.used_share)} bank terpakai."
    )
    if use.limit is None:
        yield judge("paparan", use.highest, persen(use.highest, 1), words)
    else:
        over = max(0.0, use.highest - use.limit)
        yield judge("paparan_lebih", over, persen(over, 1), f"r_maks {persen(use.limit)}. {words}")
    if use.overlap is not None:
        yield judge("tumpang_tindih", use.overlap, persen(use.overlap, 1), "Dua peserta mana pun.")


def kept(found: PartMeasures) -> dict[str, Any]:
    """What a report keeps of the measures of a part: enough to draw, nothing of single items."""
    return {
        "judul": found.title,
        "orang": found.persons,
        "kelompok": [
            {
                "dari": group.lower,
                "sampai": group.upper,
                "orang": group.persons,
                "bias": group.bias.value,
                "rmse": group.rmse.value,
                "se": group.mean_se.value,
            }
            for group in found.groups
        ],
        "se_terkecil": [list(pair) for pair in found.least_se],
        "paparan": sorted((round(item.rate, 4) for item in found.exposure.items), reverse=True),
        "r_maks": found.exposure.limit,
        "keputusan": [
            {
                "nama": each.name,
                "ambang": each.cut,
                "tepat": each.accuracy.value,
                "keliru_di_atas": each.wrongly_reached,
                "keliru_di_bawah": each.wrongly_missed,
            }
            for each in found.classifications
        ],
    }
