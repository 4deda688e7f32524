"""Do rule sets say what the law says, survive storage, and name what is broken in them?"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cat.errors import BadRules
from cat.ketentuan.bentuk_tes import PoinBertingkat, PoinKunci
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_rule_sets

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("year", "butir", "maks", "total", "minutes", "minutes_netra"),
    [
        (2019, (30, 35, 35), (150, 175, 175), 500, 90, 120),
        (2021, (30, 35, 45), (150, 175, 225), 550, 100, 130),
        (2024, (30, 35, 45), (150, 175, 225), 550, 100, 130),
    ],
)
def test_the_test_has_the_shape_of_its_year(
    rule_sets: dict[int, RuleSet],
    year: int,
    butir: tuple[int, ...],
    maks: tuple[int, ...],
    total: int,
    minutes: int,
    minutes_netra: int,
) -> None:
    rules = rule_sets[year]

    assert tuple(each.butir for each in rules.bagian) == butir
    assert tuple(each.nilai_maks for each in rules.bagian) == maks
    assert rules.nilai_maks == rules.integrasi.skd_maks == total
    assert rules.duration_seconds(netra_on_disability_formation=False) == minutes * 60
    assert rules.duration_seconds(netra_on_disability_formation=True) == minutes_netra * 60


def test_every_year_ranks_and_weighs_alike(rule_sets: dict[int, RuleSet]) -> None:
    for rules in rule_sets.values():
        assert rules.pemeringkatan.faktor_kebutuhan == 3
        assert rules.pemeringkatan.urutan == ("total", "tkp", "tiu", "twk")
        assert (rules.integrasi.bobot_skd, rules.integrasi.bobot_skb) == (40, 60)
        assert rules.integrasi.urutan == ("akhir", "total", "tkp", "tiu", "twk", "ipk", "usia")


def test_the_adaptive_mode_is_allowed_only_with_its_flag(rule_sets: dict[int, RuleSet]) -> None:
    for rules in rule_sets.values():
        assert rules.get_moda("linear").keyakinan == "A"
        assert rules.get_moda("adaptif").keyakinan == "C"
        assert rules.get_moda("adaptif").catatan == "uji coba, belum diatur"


def test_the_2019_time_for_netra_is_marked_as_unconfirmed(rule_sets: dict[int, RuleSet]) -> None:
    assert rule_sets[2019].waktu.keyakinan_netra == "C"
    assert rule_sets[2024].waktu.keyakinan_netra == "A"


def test_points_follow_the_scheme_of_the_part(rules_2024: RuleSet) -> None:
    twk, tkp = rules_2024.get_bagian("twk").poin, rules_2024.get_bagian("tkp").poin

    assert twk == PoinKunci(benar=5, salah=0, kosong=0)
    assert tkp == PoinBertingkat(terendah=1, tertinggi=5, kosong=0)


def test_a_rule_set_survives_storage_as_json(rule_sets: dict[int, RuleSet]) -> None:
    for rules in rule_sets.values():
        stored = json.loads(json.dumps(rules.to_mapping(), sort_keys=True))

        again = RuleSet.from_mapping(stored)

        assert again == rules
        assert again.digest == rules.digest


def test_the_digest_is_sha256_over_canonical_json(rules_2024: RuleSet) -> None:
    text = json.dumps(
        rules_2024.to_mapping(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )

    assert rules_2024.digest == hashlib.sha256(text.encode()).hexdigest()


def test_any_changed_number_changes_the_digest(rules_2024: RuleSet) -> None:
    mapping = rules_2024.to_mapping()
    mapping["ambang_batas"][0]["minimum"]["tkp"] = 165

    assert RuleSet.from_mapping(mapping).digest != rules_2024.digest


def test_changing_a_mapping_given_out_does_not_change_the_rule_set(rules_2024: RuleSet) -> None:
    before = copy.deepcopy(rules_2024)

    rules_2024.to_mapping()["ambang_batas"][0]["minimum"].clear()

    assert rules_2024 == before


def first_row(mapping: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = mapping["ambang_batas"][0]
    return row


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (lambda m: m.pop("judul"), "cpns-2024: judul", "wajib diisi"),
        (lambda m: m.pop("kode"), "aturan: kode", "wajib diisi"),
        (lambda m: m.update(tahun="2024"), "tahun", "bilangan bulat"),
        (lambda m: m.update(tahun=True), "tahun", "bilangan bulat"),
        (lambda m: m.update(jduul="x"), "cpns-2024", "tidak dikenal"),
        (lambda m: m["bagian"].pop(), "bagian", "harus twk, tiu, tkp"),
        (lambda m: m["bagian"].reverse(), "bagian", "urutan itu"),
        (lambda m: m["bagian"][0].update(kode="skb"), "bagian ke-1", "salah satu dari"),
        (lambda m: m["bagian"][2].update(nilai_maks=224), "nilai_maks", "45 butir x 5 poin = 225"),
        (lambda m: m["bagian"][0].update(butir=0), "butir", "antara 1 dan 1000"),
        (lambda m: m["bagian"][0]["poin"].update(jenis="z"), "poin: jenis", "salah satu dari"),
        (lambda m: m["bagian"][0]["poin"].update(benar=0), "poin: benar", "antara 1 dan 100"),
        (lambda m: m["waktu"].update(menit_netra=90), "menit_netra", "antara 100 dan 1440"),
        (lambda m: m["waktu"].update(menit=1.5), "menit", "bilangan bulat"),
        (lambda m: m.update(waktu=100), "waktu", "tabel"),
        (lambda m: m["moda"][0].update(kode="lisan"), "moda ke-1", "linear, adaptif"),
        (lambda m: m["moda"].append(m["moda"][0]), "moda", "lebih dari satu kali"),
        (lambda m: m.update(moda=[]), "moda", "sedikitnya satu baris"),
        (
            lambda m: first_row(m)["minimum"].update(twk=-1),
            "(umum): minimum: twk",
            "paling kecil 0",
        ),
        (lambda m: first_row(m)["minimum"].update(twk=151), "minimum: twk", "maksimum 150"),
        (lambda m: first_row(m)["minimum"].update(total=551), "minimum: total", "maksimum 550"),
        (lambda m: first_row(m)["minimum"].update(tpa=1), "(umum): minimum", "tidak dikenal"),
        (lambda m: first_row(m).update(minimum={}), "minimum", "sedikitnya satu dari"),
        (lambda m: first_row(m).update(keyakinan="D"), "keyakinan", "A, B, C"),
        (lambda m: first_row(m).update(dasar_hukum=" "), "dasar_hukum", "kosong"),
        (lambda m: first_row(m).update(jenis_kebutuhan="papua"), "ambang_batas", "satu kali"),
        (lambda m: m["pemeringkatan"].update(urutan=["total", "usia"]), "urutan", "hanya boleh"),
        (lambda m: m["pemeringkatan"].update(urutan=["tkp", "tkp"]), "urutan", "berulang"),
        (
            lambda m: m["pemeringkatan"].update(faktor_kebutuhan=0),
            "faktor_kebutuhan",
            "antara 1 dan 100",
        ),
        (lambda m: m["integrasi"].update(bobot_skd=50), "bobot_skd + bobot_skb", "harus 100"),
        (lambda m: m["integrasi"].update(skd_maks=500), "skd_maks", "550"),
        (lambda m: m["kode_hasil"].pop(0), "kode_hasil: peran", "wajib ada"),
        (lambda m: m["kode_hasil"][1].update(peran="lanjut"), "kode_hasil: peran", "satu kali"),
        (lambda m: m["kode_hasil"][1].update(peran="x"), "peran", "salah satu dari"),
        (lambda m: m.update(sumber=["S1"]), "sumber ke-1", "tabel"),
    ],
)
def test_a_broken_rule_file_names_place_value_and_rule(
    rules_2024: RuleSet, change: Change, place: str, rule: str
) -> None:
    mapping = rules_2024.to_mapping()
    change(mapping)

    with pytest.raises(BadRules, match=rule) as refused:
        RuleSet.from_mapping(mapping)

    assert place in refused.value.evidence["place"]
    assert set(refused.value.evidence) == {"place", "value", "rule"}


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "rusak.toml").write_text("tahun = = 2024")

    with pytest.raises(BadRules, match=r"rusak\.toml"):
        read_rule_sets(tmp_path)
