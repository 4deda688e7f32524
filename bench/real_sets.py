"""The real answer sets of ../shared/data, each read as its README describes it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from cat.calibration.answers import Answers

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
OMITTED = 8
NOT_REACHED = 9
SCIENCE_FOUR = ("comfort", "work", "future", "benefit")
BFI_REVERSED = ("a1", "c4", "c5", "e1", "e2", "o2", "o5")


@dataclass(frozen=True, eq=False)
class Table:
    """items : names. values : (J, I) numbers, NaN where empty. covariates : name -> (J,) text."""

    items: tuple[str, ...]
    values: np.ndarray
    covariates: dict[str, np.ndarray] = field(default_factory=dict)

    def column(self, name: str) -> np.ndarray:
        return self.values[:, self.items.index(name)]

    def answers(self, values: np.ndarray | None = None, **more: object) -> Answers:
        """All items, or other values in their place."""
        matrix = self.values if values is None else values
        return Answers.of_matrix(self.items, matrix, **more)

    def only(self, names: Sequence[str]) -> Table:
        at = [self.items.index(name) for name in names]
        return Table(tuple(names), self.values[:, at], self.covariates)


def is_here() -> bool:
    """Whether the data are present; nothing that ships needs them."""
    return (DATA / "lsat7.csv").exists()


def read(name: str) -> Table:
    """A table of ../shared/data by its name without ending."""
    plain = DATA / f"{name}.csv"
    text = (
        plain.read_bytes()
        if plain.exists()
        else gzip.decompress((DATA / f"{name}.csv.gz").read_bytes())
    )
    frame = pl.read_csv(io.BytesIO(text), infer_schema=False)
    items = tuple(name for name in frame.columns if not name.startswith("cov_"))
    values = frame.select(pl.col(items).cast(pl.Float64, strict=False)).to_numpy()
    covariates = {
        column: frame[column].to_numpy() for column in frame.columns if column.startswith("cov_")
    }
    return Table(items, values, covariates)


def key(name: str) -> dict[str, int]:
    """Item -> keyed option."""
    rows = pl.read_csv(DATA / f"{name}_key.csv").rows()
    return {str(item): int(option) for item, option in rows}


def deayala() -> Answers:
    """Patterns with how many persons gave them."""
    table = read("deayala_patterns")
    items = table.items[:-1]
    return Answers.of_matrix(items, table.values[:, :-1], weight=table.column("freq"))


def sat12(changed_key: dict[str, int] | None = None) -> Answers:
    """Scored by the key, or by another one for some items; no answer is wrong."""
    raw = read("sat12_raw")
    keys = key("sat12") | (changed_key or {})
    return raw.answers((raw.values == [keys[item] for item in raw.items]).astype(float))


def science(names: Sequence[str] = SCIENCE_FOUR) -> Answers:
    """Categories from 0."""
    table = read("science").only(names)
    return table.answers(table.values - 1)


def bfi_scale(letter: str) -> Answers:
    """One of five scales (a c e n o), reversed items turned, categories from 0."""
    table = read("bfi")
    part = table.only([name for name in table.items if name[0] == letter])
    turned = [7 - part.column(n) if n in BFI_REVERSED else part.column(n) for n in part.items]
    return part.answers(np.column_stack(turned) - 1)


def verbagg(dichotomous: bool = False, by_gender: bool = False) -> Answers:
    """Categories 0 1 2, or 0 against the others."""
    table = read("verbagg")
    values = (table.values > 0).astype(float) if dichotomous else table.values
    return table.answers(values, group=table.covariates["cov_gender"] if by_gender else None)


def fims(country: str | None = None) -> Answers:
    """Both countries as groups, or one of them ("1" Australia, "2" Japan)."""
    table = read("fims_aus_jpn")
    of = table.covariates["cov_country"]
    if country is None:
        names = np.where(of == "1", "Australia", "Jepang")
        return table.answers(group=names.tolist())
    return Answers.of_matrix(table.items, table.values[of == country])


def timss() -> Answers:
    """Not reached counts as not given; sparse by booklet."""
    table = read("timss07_g8_rus_math")
    return table.answers(np.where(table.values == NOT_REACHED, np.nan, table.values))


def pirls(omits_are_wrong: bool) -> Answers:
    """Four countries with sampling weights."""
    table = read("pirls11_missing")
    gone = 0.0 if omits_are_wrong else np.nan
    return table.answers(
        np.where(table.values == NOT_REACHED, gone, table.values),
        group=table.covariates["cov_country"].tolist(),
        weight=table.covariates["cov_weight"].astype(float),
    )


def kolen_brennan(without: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Common items of form Y (old) and form X (new), each (3, 12) a b c with D = 1.7."""
    rows = pl.read_csv(DATA / "kolen_brennan_forms.csv", infer_schema=False).to_dicts()
    form_y = {row["item"]: row for row in rows if row["form"] == "Y"}
    common = [
        row
        for row in rows
        if row["form"] == "X" and row["common_with"] and row["item"] not in without
    ]
    new = np.array([[float(row[name]) for row in common] for name in "abc"])
    old = np.array([[float(form_y[row["common_with"]][name]) for row in common] for name in "abc"])
    return old, new
