"""Which options of a numeric TIU item does its rule make right?

A rule (`[butir.aturan]`) is one of four kinds:

    hitung        `nilai`, an exact expression over the numbers named in `diketahui`
    ekstrem       the largest or smallest of the five options
    deret         `suku` with "?" where the candidate answers; `awal` terms, `rumus` taken in turn
    perbandingan  `x` and `y` over all `peubah` that meet `syarat`, and one claim per option

Numbers in `diketahui` and options are written as candidates read them: 1.250,5 or 37,5% or 06.15.
"""

from __future__ import annotations

from cat.itembank.content import LETTERS, ItemContent
from tests.seeds.rules.arithmetic import compute
from tests.seeds.rules.comparison import cases, claim_is_true
from tests.seeds.rules.indonesian_numbers import givens, read_option
from tests.seeds.rules.series import answers, complete, generate


def right_letters(item: ItemContent) -> list[str]:
    """Letters that the rule of an item makes right; never reads the key."""
    verdicts = _VERDICTS[item.rule["jenis"]](item)
    return [letter for letter, right in zip(LETTERS, verdicts, strict=True) if right]


def _calculated(item: ItemContent) -> list[bool]:
    wanted = compute(item.rule["nilai"], givens(item.rule))
    return [read_option(text, item.rule) == wanted for text in item.options]


def _extreme(item: ItemContent) -> list[bool]:
    values = [read_option(text, item.rule) for text in item.options]
    wanted = {"terbesar": max, "terkecil": min}[item.rule["cari"]](values)
    return [value == wanted for value in values]


def _continued(item: ItemContent) -> list[bool]:
    terms = generate(item.rule, len(item.rule["suku"]))
    return [complete(item.rule["suku"], answers(text)) == terms for text in item.options]


def _compared(item: ItemContent) -> list[bool]:
    points = list(cases(item.rule))
    return [claim_is_true(claim, points) for claim in item.rule["klaim"]]


_VERDICTS = {
    "hitung": _calculated,
    "ekstrem": _extreme,
    "deret": _continued,
    "perbandingan": _compared,
}
