"""Moves of figure items, and what makes a panel stand out."""

from __future__ import annotations

import pytest

from cat.errors import BadItem
from cat.itembank.models.oddness import PROPERTIES, odd_one, plainly_odd
from cat.itembank.models.panels import after

FLAG = {"bentuk": "bendera", "isi": "hitam", "putar": 90, "letak": "kiri_atas"}
DISC = {"bentuk": "lingkaran", "isi": "kosong"}


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        ({"putar": -45}, {"putar": 45}),
        ({"jumlah": 2}, {"jumlah": 3}),
        ({"letak": 3}, {"letak": "kanan"}),
        ({"letak": -1}, {"letak": "kiri"}),
        ({"isi": ["hitam", "abu"]}, {"isi": "abu"}),
        ({"isi": ["abu", "hitam"]}, {"isi": "abu"}),  # the cycle begins again
        ({"cermin_selang": True}, {"cermin": True}),
        ({"cermin": "kiri_kanan"}, {"letak": "kanan_atas", "putar": -90, "cermin": True}),
        ({"cermin": "atas_bawah"}, {"letak": "kiri_bawah", "putar": 90, "cermin": True}),
    ],
)
def test_a_step_changes_a_mark_in_this_way(step, changed):
    assert after([FLAG], [step]) == [{**FLAG, **changed}]


def test_a_step_may_act_on_one_mark_or_exchange_a_property_of_two():
    turned = after([FLAG, DISC], [{"tanda": 1, "putar": 90}, {"tukar": "isi"}])

    assert turned == [{**FLAG, "putar": 180, "isi": "kosong"}, {**DISC, "isi": "hitam"}]


@pytest.mark.parametrize(
    "step",
    [
        {"isi": ["abu", "kosong"]},  # the mark is none of them
        {"tanda": 3, "putar": 90},
        {"terbang": 1},
        {"tukar": "isi"},  # two marks are needed
        {"cermin": "diagonal"},
    ],
)
def test_a_step_that_cannot_be_taken_is_refused_by_name(step):
    with pytest.raises(BadItem, match="tidak dapat dilakukan"):
        after([FLAG], [step])


def test_the_odd_one_is_alone_against_equals():
    assert odd_one([1, 1, 2, 1, 1]) == 2
    assert odd_one([1, 1, 2, 2, 1]) is None
    assert odd_one([1, 2, 3, 4, 5]) is None


def panels(*marks):
    return [[dict(mark)] for mark in marks]


def test_a_panel_stands_out_by_a_fill_that_no_other_has():
    shapes = ("persegi", "segitiga", "bintang", "palang", "segienam")

    drawn = panels(*({"bentuk": s, "isi": "hitam" if s == "palang" else "abu"} for s in shapes))

    assert plainly_odd(drawn) == {3}


def test_panels_that_all_have_something_of_their_own_leave_none_standing_out():
    drawn = panels(*({"bentuk": "panah", "putar": 72 * k} for k in range(5)))

    # Of five turns only the first is upright: symmetric left to right, and not slanting.
    assert plainly_odd(drawn) == {0}
    assert plainly_odd(panels(*({"bentuk": "panah", "putar": t} for t in (0, 90, 180)))) == {1}
    assert plainly_odd(panels(*({"bentuk": "titik", "jumlah": n} for n in (2, 4, 5, 7)))) == set()


def test_properties_are_read_from_the_panel():
    dots = [{"bentuk": "segilima"}, {"bentuk": "titik", "jumlah": 7}]
    arrow = [{"bentuk": "panah", "putar": 90}, {"bentuk": "titik", "letak": "bawah"}]

    assert PROPERTIES["selisih_titik_sudut"](dots) == 2
    assert PROPERTIES["panah_ke_titik"](arrow) == 90
    assert PROPERTIES["genap"](dots) == 0
    assert PROPERTIES["jumlah_sudut"](dots) == 5
