"""Markdown tables that set our estimates beside published ones, and the published ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cat.calibration.answers import Answers
from cat.calibration.estimates import Calibrated, Doubt
from cat.calibration.report.numerals import angka

PUBLISHED = Path(__file__).resolve().parents[1] / "docs" / "kalibrasi" / "nilai-terbit.toml"

DOUBT_WORDS = {
    Doubt.NO_ANSWERS: "tanpa jawaban, ditinggalkan",
    Doubt.ALL_SAME: "semua menjawab sama, ditinggalkan",
    Doubt.FEW_ANSWERS: "jawaban sedikit",
    Doubt.EMPTY_CATEGORY: "ada kategori kosong",
    Doubt.RARE_CATEGORY: "ada kategori yang jarang dipilih",
    Doubt.REVERSED_KEY: "kunci terbalik",
    Doubt.FLAT: "kemiringan tak berbeda dari nol",
    Doubt.SLOPE_RUNS_AWAY: "kemiringan menjalar",
    Doubt.INTERCEPT_RUNS_AWAY: "intersep menjalar",
    Doubt.OUTSIDE_THE_GRID: "kesukaran di luar jangkauan peserta",
    Doubt.GUESSING_IS_PRIOR: "c hanya dari prior",
    Doubt.NO_STANDARD_ERROR: "tanpa galat baku",
    Doubt.NOT_CONVERGED: "belum konvergen",
}


def published() -> dict[str, Any]:
    """All published values, by data set."""
    with PUBLISHED.open("rb") as file:
        return tomllib.load(file)


@dataclass
class Section:
    """A heading of the document, its paragraphs and tables in order."""

    title: str
    blocks: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.blocks.append(text)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = ["| " + " | ".join(columns) + " |", "|---" + "|---:" * (len(columns) - 1) + "|"]
        self.blocks.append("\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]))

    def text(self) -> str:
        return "\n\n".join([f"## {self.title}", *self.blocks])


def lower_triangle(matrix: np.ndarray) -> np.ndarray:
    """Below the diagonal, row by row, as such matrices are printed."""
    return matrix[np.tril_indices(len(matrix), -1)]


def summary(section: Section, answers: Answers, found: Calibrated, what: str) -> None:
    """One line of facts, and the items that the calibration doubts."""
    persons = sum(group.persons for group in found.groups)
    total = float(answers.weight.sum())
    weighted = f" (jumlah bobot {angka(total, 0)})" if abs(total - len(answers.persons)) > 1 else ""
    section.say(
        f"{what}: {angka(persons, 0)} orang{weighted}, {len(answers.items)} butir,"
        f" log-likelihood {angka(found.log_likelihood, 3)},"
        f" {found.free_parameters} parameter, {found.cycles} putaran,"
        f" {'konvergen' if found.converged else 'BELUM konvergen'}."
    )
    doubts = [
        f"{one.item}: {', '.join(DOUBT_WORDS[doubt] for doubt in one.doubts)}"
        for one in found.items
        if one.doubts
    ]
    if doubts:
        section.say("Keraguan yang dilaporkan: " + "; ".join(doubts) + ".")


def beside(
    section: Section,
    names: Sequence[str],
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    what: str,
    other: str = "terbit",
    errors: Sequence[float] | None = None,
    digits: int = 3,
) -> float:
    """A table of our figures, the others' and the differences; returns the largest difference."""
    columns = [what, "kita", *(["galat baku"] if errors is not None else []), other, "selisih"]
    rows = []
    for n, (name, mine, yours) in enumerate(zip(names, ours, theirs, strict=True)):
        se = [angka(errors[n], digits)] if errors is not None else []
        rows.append(
            [name, angka(mine, digits), *se, angka(yours, digits), angka(mine - yours, digits)]
        )
    section.table(columns, rows)
    return float(np.abs(np.subtract(ours, theirs)).max())
