"""Assembled forms as a CSV file, in the order in which the items are printed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cat.assembly.forms import Forms
from cat.itembank.attributes import Attributes

Ints = NDArray[np.int64]

COLUMNS = ("paket", "nomor", "kode", "domain", "stimulus", "kunci")


def write_forms(path: Path, forms: Forms, attributes: Attributes) -> None:
    """Write a row an item: form and place in it, from 1, and what the bank says of the item."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, form in enumerate(forms.items, start=1):
        for place, item in enumerate(in_order(form[form >= 0], attributes), start=1):
            cells = [_cell(attributes, name, int(item)) for name in COLUMNS[2:]]
            writer.writerow([number, place, *cells])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def in_order(form: Ints, attributes: Attributes) -> Ints:
    """Items (n,) of a form by domain, those of one stimulus one after the other."""
    stimulus = attributes.stimulus_of[form]
    leader = [
        int(form[stimulus == s].min()) if s >= 0 else int(item)
        for s, item in zip(stimulus, form, strict=True)
    ]
    domain = [_cell(attributes, "domain", item) for item in leader]
    return np.array([item for *_, item in sorted(zip(domain, leader, form, strict=True))])


def _cell(attributes: Attributes, name: str, item: int) -> str:
    return str(attributes.columns[name][item]) if name in attributes.columns else ""
