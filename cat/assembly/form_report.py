"""Assembled forms as tables that tell at a glance how alike the forms are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table

from cat.assembly.forms import Forms

# More columns than this are wider than a screen; then only the extremes are told.
_WIDEST = 12


def report(forms: Forms, theta: Sequence[float]) -> RenderableType:
    """Information of each form at each theta (T,), items shared, and how good any could be."""
    parts: list[RenderableType] = ["Informasi tiap paket", _curves(forms, theta)]
    if 1 < len(forms.items) <= _WIDEST:
        parts += ["Butir yang sama di dua paket", _sharing(forms)]
    return Group(*parts, *_verdict(forms))


def _curves(forms: Forms, theta: Sequence[float]) -> Table:
    table = Table()
    table.add_column("paket")
    table.add_column("butir", justify="right")
    for point in theta:
        table.add_column(f"θ = {point:g}", justify="right")
    table.add_column("selisih terbesar", justify="right")
    difference = np.abs(forms.information - forms.target).max(axis=1)
    length = (forms.items >= 0).sum(axis=1)
    for number, curve in enumerate(forms.information):
        cells = [f"{value:.3f}" for value in curve]
        table.add_row(str(number + 1), str(length[number]), *cells, f"{difference[number]:.3f}")
    table.add_section()
    summary = {
        "terendah": forms.information.min(axis=0),
        "tertinggi": forms.information.max(axis=0),
        "sasaran (maximin)" if forms.is_maximin else "sasaran": forms.target,
    }
    for name, curve in summary.items():
        table.add_row(name, "", *(f"{value:.3f}" for value in curve), "")
    return table


def _sharing(forms: Forms) -> Table:
    table = Table()
    numbers = [str(number + 1) for number in range(len(forms.items))]
    for name in ("paket", *numbers):
        table.add_column(name, justify="right")
    for number, row in zip(numbers, forms.shared, strict=True):
        cells = ["·" if own == number else str(n) for own, n in zip(numbers, row, strict=True)]
        table.add_row(number, *cells)
    return table


def _verdict(forms: Forms) -> list[str]:
    shared = forms.shared[~np.eye(len(forms.items), dtype=bool)]
    used = np.bincount(forms.items[forms.items >= 0])
    lines = [
        f"Tumpang tindih dua paket: {shared.min()} sampai {shared.max()} butir;"
        f" satu butir dipakai paling banyak di {used.max()} paket."
        if shared.size
        else "Satu paket saja: tidak ada tumpang tindih."
    ]
    if forms.is_maximin:
        lines.append(
            f"Informasi terendah {forms.objective:.3f}; terbukti tidak mungkin melebihi"
            f" {forms.bound:.3f} (celah {forms.gap:.2%})."
        )
    else:
        lines.append(
            f"Selisih terbesar dari sasaran {forms.objective:.3f}; terbukti tidak mungkin di bawah"
            f" {forms.bound:.3f} (celah {forms.gap:.2%} dari sasaran terkecil)."
        )
    return lines
