"""What blind strategies earn, which items are alike and how keys are spread."""

from __future__ import annotations

from typing import Any

import pytest

from cat.itembank.content import LETTERS, ItemContent, Parameters, points_of_key
from cat.itembank.quality import STRATEGIES, key_counts, similar_pairs, strategy_yield

SHORT = ("dua", "tiga", "lima", "enam", "satu")


def item(code: str = "TWK-NAS-001", key: str = "A", **rest: Any) -> ItemContent:
    content: dict[str, Any] = {
        **{"code": code, "domain": "twk.nasionalisme", "stem": "Berapa?", "options": SHORT},
        **{"points": points_of_key(key), "rationale": "Karena.", "source": "penalaran"},
        "parameters": Parameters(1.0, (0.0,), 0.2),
    }
    return ItemContent(**content | rest)


def attitude(*points: int, **rest: Any) -> ItemContent:
    return item(domain="tkp.profesionalisme", points=points, **rest)


def picture(code: str, *shapes: str, turn: int = 0) -> ItemContent:
    figures = {
        letter.lower(): {"panel": [[{"bentuk": shape, "putar": turn}]]}
        for letter, shape in zip(LETTERS, shapes, strict=True)
    }
    options = tuple(f"![](gambar:{name})" for name in figures)
    return item(code, domain="tiu.figural.serial", options=options, figures=figures)


# --- Blind strategies --------------------------------------------------------------------------


def test_keys_that_are_always_longest_give_themselves_away() -> None:
    options = ("dua", "tiga", "lima", "enam puluh", "satu")
    items = [item(key="D", options=options)] * 20

    found = strategy_yield(items, "opsi terpanjang")

    # One draw of 0 or 1 at chance 1/5 has variance 0.16.
    assert (found.items, found.mean, found.chance) == (20, 1.0, pytest.approx(0.2))
    assert found.z == pytest.approx((20 - 4) / (20 * 0.16) ** 0.5)


@pytest.mark.parametrize("letter", LETTERS)
def test_marking_one_letter_earns_chance_when_keys_are_balanced(letter: str) -> None:
    items = [item(key=key) for key in LETTERS * 4]

    found = strategy_yield(items, f"selalu {letter}")

    assert found.mean == pytest.approx(found.chance)
    assert found.z == pytest.approx(0)


def test_attitude_items_are_measured_against_the_mean_of_their_five_values() -> None:
    options = ("dua", "tiga", "lima", "e", "satu")
    items = [attitude(2, 3, 4, 1, 5, options=options)] * 8

    found = strategy_yield(items, "opsi terpendek")

    # Picking one of 1..5 at random has mean 3 and variance 2.
    assert (found.mean, found.chance) == (1, 3)
    assert found.z == pytest.approx((8 - 24) / 16**0.5)


@pytest.mark.parametrize("name", ["opsi terpanjang", "opsi terpendek"])
def test_of_options_equally_long_the_first_is_taken(name: str) -> None:
    equal = item(key="A", options=("ab", "cd", "ef", "gh", "ij"))

    assert STRATEGIES[name](equal) == 0


# --- Items that are alike ----------------------------------------------------------------------

STEM = "Sikap yang tepat terhadap perbedaan pendapat dalam rapat kelurahan adalah mendengarkan dan"


def test_items_that_differ_in_one_word_are_near_duplicates() -> None:
    one, other = item("TWK-NAS-001", stem=f"{STEM} menimbang"), item("TWK-NAS-002", stem=STEM)

    ((first, second, share),) = similar_pairs([one, other])

    assert (first, second) == ("TWK-NAS-001", "TWK-NAS-002")
    assert 0.6 < share < 1


def test_items_that_share_only_their_options_are_not_near_duplicates() -> None:
    items = [item("TWK-NAS-001", stem=STEM), item("TWK-NAS-002", stem="Jumlah sila Pancasila?")]

    assert list(similar_pairs(items)) == []


def test_picture_items_with_the_same_words_and_other_pictures_are_not_alike() -> None:
    one = picture("TIU-SRL-001", "segitiga", "persegi", "segilima", "segienam", "lingkaran")
    other = picture("TIU-SRL-002", "panah", "bintang", "bendera", "huruf_l", "lingkaran")

    assert (one.stem, one.options) == (other.stem, other.options)
    assert list(similar_pairs([one, other])) == []


def test_picture_items_that_show_the_same_pictures_in_another_order_are_near_duplicates() -> None:
    shapes = ("segitiga", "persegi", "segilima", "segienam", "lingkaran")
    one, other = picture("TIU-SRL-001", *shapes), picture("TIU-SRL-002", *shapes[::-1], turn=360)

    assert list(similar_pairs([one, other])) == [("TIU-SRL-001", "TIU-SRL-002", 1.0)]


def test_a_picture_item_is_never_like_an_item_of_words() -> None:
    drawn = picture("TIU-SRL-001", "panah", "bintang", "bendera", "huruf_l", "lingkaran")
    worded = item("TWK-NAS-001", stem=drawn.stem, options=drawn.options)

    assert list(similar_pairs([drawn, worded], threshold=0)) == []


# --- Keys --------------------------------------------------------------------------------------


def test_the_key_of_an_attitude_item_is_its_option_of_five_points() -> None:
    items = [item(key="B"), item(key="B"), item(key="E"), attitude(4, 3, 5, 2, 1)]

    assert key_counts(items) == {"B": 2, "E": 1, "C": 1}
