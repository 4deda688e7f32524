"""NIK and NIP against their owner: a mismatch is a warning; each of the two has its own rule."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.ketentuan.identitas import nik_mismatches, nip_mismatches

BORN = date(1968, 8, 5)


def test_a_woman_born_on_5_august_1968_has_45_in_her_nik_and_05_in_her_nip():
    assert nik_mismatches("9901014508680001", BORN, "P") == ()
    assert nip_mismatches("196808051994032001", BORN, "P") == ()


@pytest.mark.parametrize(
    ("nik", "sex", "words"),
    [
        ("9901010508680001", "P", "Jenis kelamin"),  # a man's day
        ("9901014508680001", "L", "Jenis kelamin"),
        ("9901014608680001", "P", "Tanggal lahir"),
        ("9901014507680001", "P", "Tanggal lahir"),
        ("99010145086800", "P", "16 angka"),
        ("99010145086800XX", "P", "16 angka"),
    ],
)
def test_a_nik_that_does_not_fit_says_in_what(nik, sex, words):
    (sentence,) = nik_mismatches(nik, BORN, sex)

    assert words in sentence


@pytest.mark.parametrize(
    ("nip", "words"),
    [
        ("196808451994032001", "Tanggal lahir"),  # the 40 of the NIK has no place here
        ("196808051994031001", "Jenis kelamin"),
        ("1968080519940", "18 angka"),
    ],
)
def test_a_nip_that_does_not_fit_says_in_what(nip, words):
    (sentence,) = nip_mismatches(nip, BORN, "P")

    assert words in sentence


@given(st.dates(date(1940, 1, 1), date(2010, 12, 31)), st.sampled_from("LP"))
def test_the_identifiers_that_the_demonstration_invents_fit_their_owners(born, sex):
    from seeds.demo.people import nik, nip

    assert nik_mismatches(nik(born, sex, 7), born, sex) == ()
    assert nip_mismatches(nip(born, date(2020, 3, 1), sex, 7), born, sex) == ()
