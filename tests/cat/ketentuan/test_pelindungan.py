"""The register of processing and how long data are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.ketentuan.pelindungan import Register, kept_until
from seeds.load import REGISTER, read_toml


def test_the_register_survives_being_written_and_read():
    register = Register.from_mapping(read_toml(REGISTER))

    again = Register.from_mapping(register.to_mapping())

    assert again == register
    assert again.digest == register.digest


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("dasar", "", "kosong"),  # no processing without a legal basis (UU 27/2022 art. 20)
        ("simpan_bulan", 0, "antara"),
        ("sesudahnya", "lupa", "salah satu"),
        ("keyakinan", "D", "salah satu"),
    ],
)
def test_an_activity_that_lacks_something_is_refused_by_name(field, value, words):
    content = read_toml(REGISTER)
    content["kegiatan"][0][field] = value

    with pytest.raises(BadRules, match=f"kegiatan ke-1.*{field}.*{words}"):
        Register.from_mapping(content)


@pytest.mark.parametrize(
    ("ended", "months", "gone"),
    [
        (date(2024, 11, 14), 60, date(2029, 11, 14)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),  # February has no 31st: not before March
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
    ],
)
def test_data_are_kept_to_the_same_day_some_months_later(ended, months, gone):
    assert kept_until(ended, months) == gone


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 240))
def test_nothing_that_ended_later_goes_earlier(ended, months):
    assert kept_until(ended, months) <= kept_until(ended + timedelta(days=1), months)
    assert kept_until(ended, months) > ended
