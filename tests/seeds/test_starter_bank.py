"""The starter bank as a whole: enough items of every domain, and no way to pass it blindly."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.quality import STRATEGIES, key_counts, similar_pairs, strategy_yield
from seeds.bank import BANK, read_bank, read_file

# Kisi-kisi of 2024 (shared/domain.md 1.3); the number of items in each is ours.
FEWEST = {"twk": 80, "tiu": 90, "tkp": 80}
DOMAINS = {
    *("twk.nasionalisme", "twk.integritas", "twk.bela_negara"),
    *("twk.pilar_negara", "twk.bahasa_negara"),
    *("tiu.verbal.analogi", "tiu.verbal.silogisme", "tiu.verbal.analitis"),
    *("tiu.numerik.berhitung", "tiu.numerik.deret_angka"),
    *("tiu.numerik.perbandingan_kuantitatif", "tiu.numerik.soal_cerita"),
    *("tiu.figural.analogi_figural", "tiu.figural.ketidaksamaan", "tiu.figural.serial"),
    *("tkp.pelayanan_publik", "tkp.jejaring_kerja", "tkp.sosial_budaya"),
    *("tkp.teknologi_informasi_dan_komunikasi", "tkp.profesionalisme", "tkp.anti_radikalisme"),
}
LENGTH_STRATEGIES = ("opsi terpanjang", "opsi terpendek")

of_each_part = pytest.mark.parametrize("part", FEWEST)


@pytest.fixture(scope="module")
def bank() -> list[ItemContent]:
    return read_bank()


def of_part(bank: list[ItemContent], part: str) -> list[ItemContent]:
    return [item for item in bank if item.part == part]


# --- What is there -----------------------------------------------------------------------------


@of_each_part
def test_every_part_has_enough_items_to_choose_from(bank: list[ItemContent], part: str) -> None:
    assert len(of_part(bank, part)) >= FEWEST[part]


def test_the_bank_holds_items_of_every_domain_of_the_kisi_kisi_and_of_no_other(
    bank: list[ItemContent],
) -> None:
    assert {item.domain for item in bank} == DOMAINS


def test_every_item_says_why_its_key_is_right_where_that_comes_from_and_that_it_is_a_guess(
    bank: list[ItemContent],
) -> None:
    for item in bank:
        assert item.rationale, item.code
        assert item.source, item.code
        assert item.parameters.status == "belum dikalibrasi: taksiran ahli", item.code


@pytest.mark.parametrize("path", sorted(BANK.glob("*/*.toml")), ids=lambda path: path.stem)
def test_a_file_is_named_after_its_domain(path: Path) -> None:
    for item in read_file(path):
        part, *_, leaf = item.domain.split(".")
        assert (part, leaf) == (path.parent.name, path.stem)


def test_all_codes_of_a_domain_start_alike_and_unlike_those_of_any_other(
    bank: list[ItemContent],
) -> None:
    prefixes = defaultdict(set)
    for item in bank:
        assert re.fullmatch(rf"{item.part.upper()}-[A-Z]{{3}}-\d{{3}}", item.code)
        prefixes[item.domain].add(item.code[:-4])

    assert {domain for domain, found in prefixes.items() if len(found) > 1} == set()
    assert len(set().union(*prefixes.values())) == len(prefixes)


# --- What cannot be guessed --------------------------------------------------------------------


@of_each_part
@pytest.mark.parametrize("name", STRATEGIES)
def test_no_blind_strategy_earns_more_or_less_than_chance(
    bank: list[ItemContent], part: str, name: str
) -> None:
    items = of_part(bank, part)
    if name in LENGTH_STRATEGIES:
        # References to pictures are all equally long: the first option would always be taken.
        items = [item for item in items if not item.figures]

    # Under chance |z| passes 2.5 once in 80 tests; here are 21, of a bank balanced by hand.
    assert abs(strategy_yield(items, name).z) < 2.5


@of_each_part
def test_no_letter_is_favoured_as_the_key(bank: list[ItemContent], part: str) -> None:
    items = of_part(bank, part)
    counts, expected = key_counts(items), len(items) / len(LETTERS)

    chi_square = sum((counts[letter] - expected) ** 2 / expected for letter in LETTERS)

    # 9.49 is the 95% point of chi-square with 4 degrees of freedom.
    assert chi_square < 9.49


def test_no_two_items_are_near_duplicates(bank: list[ItemContent]) -> None:
    assert list(similar_pairs(bank)) == []
