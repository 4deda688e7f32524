"""The main figures of a study as a table for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.table import Table

from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting.numerals import angka, persen

_COLUMNS: dict[str, Callable[[PartMeasures], str]] = {
    "bank": lambda m: angka(m.bank),
    "panjang": lambda m: angka(m.length.mean, 0 if m.length.fewest == m.length.most else 1),
    "bias": lambda m: angka(m.accuracy.bias.value, 3, is_signed=True) if m.accuracy else "–",
    "RMSE": lambda m: angka(m.accuracy.rmse.value, 3) if m.accuracy else "–",
    "SE": lambda m: angka(m.precision.mean_se.value, 3),
    "paparan maks": lambda m: persen(m.exposure.highest),
    "terpakai": lambda m: persen(m.exposure.used_share),
    "tumpang tindih": lambda m: persen(m.exposure.overlap),
    "pelanggaran": lambda m: angka(m.blueprint.violations),
    "terulang": lambda m: angka(m.blueprint.repeats),
}


def summary(title: str, measures: Sequence[PartMeasures]) -> Table:
    """One row per part."""
    table = Table(title=title)
    table.add_column("bagian")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for part in measures:
        table.add_row(part.part, *(cell(part) for cell in _COLUMNS.values()))
    return table


def broken_promises(measures: Sequence[PartMeasures]) -> int:
    """Broken limits of the blueprint and people who saw an item twice, over all parts."""
    return sum(part.blueprint.violations + part.blueprint.repeats for part in measures)
