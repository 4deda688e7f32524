"""What a selection came to, in one table on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid

from cat.ketentuan.ruleset import RuleSet


def show(counts: dict[str, dict[str, int]], rules: RuleSet) -> None:
    """Print how many people there are under each code, with what the code means.

    counts : as `cat.seleksi.nasional.summary` gives them.
    """
    meanings = {row.kode: row.arti for row in rules.kode_hasil}
    grid = Grid("kolom", "isi", "peserta", "arti", title=f"{rules.judul}", title_justify="left")
    grid.columns[2].justify = "right"
    for column, codes in counts.items():
        for code, number in codes.items():
            grid.add_row(column, code, f"{number:,}".replace(",", "."), meanings.get(code, ""))
    Console(width=120).print(grid)
