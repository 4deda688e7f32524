"""What an agency may add: everything that narrows the national rule, nothing that widens it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.ketentuan.fleksibel.jatah import KESELURUHAN, ShareRow, standing_share, unit_share
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.lapisan import JatahUnit
from cat.ketentuan.fleksibel.susun import LayerFigures, compose, figures_of, has_standard_words
from cat.ketentuan.section import Section
from cat.ketentuan.toml_text import read_as, write_mapping

FULL = "permenpanrb-4-2025+contoh-lengkap"
NATIONAL = "permenpanrb-4-2025"
SHARE = JatahUnit(persen_bersamaan=25, persen_keseluruhan=50, sumber="contoh", keyakinan="C")


def layered(policy: Policy, **changes: Any) -> Policy:
    layer = policy.to_mapping()["lapisan"]
    return policy.with_layer(Section({**layer, **changes}, "contoh"))


@pytest.mark.parametrize(
    ("changes", "place", "rule"),
    [
        ({"hari_per_minggu": 3}, "contoh: hari_per_minggu", "antara 1 dan 2"),
        ({"evaluasi_bulan": 4}, "contoh: evaluasi_bulan", "antara 1 dan 3"),
        ({"berlaku_bulan": 13}, "contoh: berlaku_bulan", "antara 1 dan 12"),
        ({"masa_baru_bulan": 0}, "contoh: masa_baru_bulan", "antara 1 dan 600"),
        ({"uji": []}, "contoh", "isian tidak dikenal"),
        ({"jatah_unit": {"persen_bersamaan": 60, "persen_keseluruhan": 50}}, "jatah_unit", "60"),
        ({"perangkat": {"milik": ["warnet"]}}, "milik", "hanya boleh memuat"),
    ],
)
def test_a_layer_that_widens_the_rule_is_refused_by_name(policies, changes, place, rule):
    with pytest.raises(BadRules, match=rule) as refused:
        layered(policies[FULL], **changes)

    assert place in refused.value.evidence["place"]


def test_a_new_national_rule_tightens_what_layers_may_say(policies):
    mapping = policies[FULL].to_mapping()
    mapping["pegawai_baru"]["masa_baru_bulan"] = 24

    with pytest.raises(BadRules, match="antara 24 dan 600"):
        Policy.from_mapping(mapping)


def test_figures_and_layer_say_the_same(policies):
    layer = policies[FULL].lapisan
    figures = figures_of(layer)

    assert policies[NATIONAL].with_layer(Section(compose(figures), "contoh")) == policies[FULL]
    assert has_standard_words(layer)
    own = replace(layer.predikat, uji=replace(layer.predikat.uji, pertanyaan="Cukup baik?"))
    assert not has_standard_words(replace(layer, predikat=own))


def test_an_empty_layer_changes_nothing_but_the_name(policies):
    empty = LayerFigures(kode="kosong", judul="Kosong", dasar=NATIONAL, sumber="contoh")
    bare = policies[NATIONAL]
    policy = bare.with_layer(Section(compose(empty), "kosong"))

    assert policy.masa_baru_bulan is None
    assert policy.hari_per_minggu("rumah") == bare.hari_per_minggu("rumah") == 2
    assert policy.hari_per_minggu("sif") is None
    assert policy.digest != bare.digest


def test_every_shipped_policy_survives_its_text(policies):
    for policy in policies.values():
        again = read_as(write_mapping(policy.to_mapping()), Policy.from_mapping)

        assert again.digest == policy.digest


# 25 % of 8 employees is 2, of 7 is 1.75: one person only; half of 7 is 3.5: three.
@pytest.mark.parametrize(
    ("members", "others", "wanted", "exceeded"),
    [
        (8, [("senin",)], ("senin",), set()),
        (8, [("senin",), ("senin",)], ("senin",), {"senin"}),
        (8, [("senin",), ("senin",)], ("selasa",), set()),
        (7, [("senin",)], ("senin",), {"senin"}),
        (7, [("senin",), ("selasa",), ("rabu",)], ("kamis",), {KESELURUHAN}),
        (3, [], ("senin", "selasa"), {"senin", "selasa"}),
    ],
)
def test_the_share_of_a_unit_counts_each_day_and_all_days(members, others, wanted, exceeded):
    rows = unit_share(SHARE, members, others, wanted)

    assert {row.kapan for row in rows} == {*wanted, KESELURUHAN}
    assert {row.kapan for row in rows if row.is_exceeded} == exceeded


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 100))
def test_a_share_is_exceeded_exactly_when_its_places_are(members, people, percent):
    row = ShareRow("senin", people, members, percent)

    assert row.is_exceeded == (row.orang > row.places)


def test_without_a_share_the_whole_unit_may_be_away():
    rows = standing_share(None, 2, [("senin",), ("senin",)])

    assert not any(row.is_exceeded for row in rows)
    assert rows[0] == ShareRow("senin", 2, 2, 100)
