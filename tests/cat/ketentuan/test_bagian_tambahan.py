"""SKB limits, transfers, reuse, reserve minimums, objection windows and days in force, as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cat.errors import BadRules
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_rule_sets

RULES = {rules.tahun: rules for rules in read_rule_sets()}
Change = Callable[[dict[str, Any]], object]


def test_all_six_years_are_there_and_survive_a_round_trip() -> None:
    assert sorted(RULES) == [2014, 2018, 2019, 2021, 2023, 2024]
    for rules in RULES.values():
        assert RuleSet.from_mapping(rules.to_mapping()) == rules


def test_parts_that_a_year_does_not_have_leave_its_digest_alone() -> None:
    later = {
        "berlaku_sejak",
        "berlaku_sampai",
        "skb",
        "nilai_lama",
        "optimalisasi",
        "ambang_cadangan",
        "masa_sanggah",
    }

    assert later.isdisjoint(RULES[2014].to_mapping())


def test_days_in_force_are_days() -> None:
    rules = RuleSet.from_mapping(
        {
            **RULES[2024].to_mapping(),
            "berlaku_sejak": "2024-08-01",
            "berlaku_sampai": "2024-12-31",
        }
    )

    assert (rules.berlaku_sejak, rules.berlaku_sampai) == (date(2024, 8, 1), date(2024, 12, 31))
    assert RuleSet.from_mapping(rules.to_mapping()) == rules
    assert rules.digest != RULES[2024].digest


def test_what_is_unconfirmed_can_be_counted() -> None:
    counts = RULES[2014].count_keyakinan()

    # minutes for netra, adaptive mode, ranking, integration and the four result codes
    assert counts["C"] == 8
    assert counts["B"] == 1  # the 90 minutes


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (lambda m: m["skb"]["pusat"].update(bobot_cat_min=51), "tambahan_maks_bobot", "melebihi"),
        (lambda m: m["skb"]["pusat"].update(keyakinan="?"), "skb: pusat: keyakinan", "A, B, C"),
        (lambda m: m["skb"].pop("daerah"), "skb: daerah", "wajib diisi"),
        (lambda m: m["skb"]["jenis_tes"].pop(0), "skb: jenis_tes", "harus memuat 'cat'"),
        (
            lambda m: m["skb"]["jenis_tes"].append(m["skb"]["jenis_tes"][0]),
            "skb: jenis_tes",
            "lebih dari satu kali",
        ),
        (
            lambda m: m["optimalisasi"][0].update(donor=["guru"]),
            "optimalisasi ke-1 (U-1): donor",
            "hanya boleh memuat",
        ),
        (lambda m: m["optimalisasi"][0].update(kode="Z-9"), "optimalisasi: kode", "kode_hasil"),
        (lambda m: m["optimalisasi"][0].update(hanya="kota"), "hanya", "pusat, daerah"),
        (lambda m: m["optimalisasi"][0].update(jenis_sama="ya"), "jenis_sama", "true atau false"),
        (lambda m: m["optimalisasi"][0].update(lokasi="dekat"), "lokasi", "sama, lain"),
        (lambda m: m["nilai_lama"].pop("nilai_terbaik"), "nilai_terbaik", "wajib diisi"),
        (lambda m: m["masa_sanggah"][1].update(hari_pengajuan=3), "(skd): ada", "tidak boleh"),
        (
            lambda m: m["masa_sanggah"][2].update(ajuan_sampai="2025-01-12"),
            "(akhir): ajuan_sampai",
            "tidak boleh sebelum",
        ),
        (
            lambda m: m["masa_sanggah"][2].update(ajuan_mulai="13-01-2025"),
            "(akhir): ajuan_mulai",
            "tttt-bb-hh",
        ),
        (lambda m: m["masa_sanggah"][1].update(tahap="akhir"), "masa_sanggah", "satu kali"),
        (
            lambda m: m.update(berlaku_sejak="2024-02-01", berlaku_sampai="2024-01-31"),
            "berlaku_sampai",
            "tidak boleh sebelum 2024-02-01",
        ),
    ],
)
def test_a_broken_part_names_place_and_rule(change: Change, place: str, rule: str) -> None:
    mapping = RULES[2024].to_mapping()
    change(mapping)

    with pytest.raises(BadRules, match=rule) as refused:
        RuleSet.from_mapping(mapping)

    assert place in refused.value.evidence["place"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda row: row.update(jenis_kebutuhan="guru"), "salah satu dari"),
        (lambda row: row["minimum"].update(total=501), "melebihi nilai maksimum 500"),
        (lambda row: row.update(terbaik_per_kebutuhan=0), "antara 1 dan 100"),
    ],
)
def test_a_broken_reserve_row_is_refused(change: Change, rule: str) -> None:
    mapping = RULES[2018].to_mapping()
    change(mapping["ambang_cadangan"][0])

    with pytest.raises(BadRules, match=rule):
        RuleSet.from_mapping(mapping)
