"""What is the index of professionalism of a person?"""

from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal

import pytest

from cat.errors import BadRules
from cat.kompetensi.ip_asn import AturanIpAsn, Fakta, Riwayat, index, mean_index
from seeds.talenta_files import read_talent_file

MAPPING = read_talent_file("ip_asn.toml")
RULE = AturanIpAsn.from_mapping(MAPPING)
YEAR = 2026
FULL_TRAINING = (
    Riwayat("fungsional", 2012, 40),
    Riwayat("teknis", 2026, 20),
    Riwayat("seminar", 2025, 4),
)
BEST = Fakta("s3", "fungsional", FULL_TRAINING, "sangat_baik", "tidak_pernah")


def points(facts: Fakta) -> list[Decimal | None]:
    return [each.poin for each in index(RULE, facts, YEAR).dimensi]


def test_the_best_facts_make_exactly_one_hundred():
    found = index(RULE, BEST, YEAR)

    assert points(BEST) == [25, 40, 30, 5]
    assert (found.nilai, found.pita) == (100, "Sangat tinggi")


@pytest.mark.parametrize(
    ("pendidikan", "poin"),
    [
        # domain.md 5.7: S3, S2 confidence A, the rest C
        *(("s3", 25), ("s2", 20), ("s1", 15), ("d4", 15), ("d3", 10)),
        *(("d2", 5), ("d1", 5), ("sma", 5), ("smp", 1), ("sd", 1)),
    ],
)
def test_education_counts_by_its_level(pendidikan, poin):
    assert points(replace(BEST, pendidikan=pendidikan))[0] == poin


@pytest.mark.parametrize(
    ("predikat", "poin"),
    [
        ("sangat_baik", 30),
        ("baik", 25),
        ("butuh_perbaikan", 15),
        ("kurang", 5),
        ("sangat_kurang", 1),
    ],
)
def test_performance_counts_by_its_predicate(predikat, poin):
    assert points(replace(BEST, predikat=predikat))[2] == poin


@pytest.mark.parametrize(
    ("disiplin", "poin"), [("tidak_pernah", 5), ("ringan", 3), ("sedang", 2), ("berat", 1)]
)
def test_discipline_counts_by_the_severest_punishment(disiplin, poin):
    assert points(replace(BEST, disiplin=disiplin))[3] == poin


@pytest.mark.parametrize(
    ("group", "history", "poin", "reason"),
    [
        ("fungsional", FULL_TRAINING, "40", "15 + 15 + 10"),
        ("struktural", FULL_TRAINING, "25", "functional training is no leadership training"),
        ("pelaksana", FULL_TRAINING, "40", "22.5 + 17.5"),
        ("pelaksana", (Riwayat("teknis", 2026, 20),), "22.5", "no seminar"),
        ("fungsional", (Riwayat("teknis", 2026, 19),), "0", "19 JP are not 20"),
        (
            "fungsional",
            (Riwayat("teknis", 2026, 12), Riwayat("teknis", 2026, 8)),
            "15",
            "several trainings add up to 20",
        ),
        ("fungsional", (Riwayat("teknis", 2025, 40),), "0", "technical training lasts one year"),
        ("fungsional", (Riwayat("seminar", 2025, 2),), "10", "seminars last two years"),
        ("fungsional", (Riwayat("seminar", 2024, 2),), "0", "and no third"),
        ("fungsional", (Riwayat("teknis", 2027, 40),), "0", "the future does not count"),
        ("fungsional", (), "0", "a plan without anything finished"),
    ],
)
def test_training_counts_by_kind_age_and_group_of_jabatan(group, history, poin, reason):
    facts = replace(BEST, kelompok_jabatan=group, riwayat=history)

    assert points(facts)[1] == Decimal(poin), reason


@pytest.mark.parametrize(
    ("change", "dimensi"),
    [
        ({"pendidikan": None}, "kualifikasi"),
        ({"pendidikan": "pesantren"}, "kualifikasi"),
        ({"riwayat": None}, "kompetensi"),
        ({"kelompok_jabatan": None}, "kompetensi"),
        ({"predikat": None}, "kinerja"),
        ({"disiplin": None}, "disiplin"),
    ],
)
def test_a_fact_that_is_wanting_leaves_the_index_open_and_is_named(change, dimensi):
    found = index(RULE, replace(BEST, **change), YEAR)

    assert (found.nilai, found.pita, found.belum_ada) == (None, None, (dimensi,))
    assert found.terendah == 100 - RULE.maximum(dimensi)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        # domain.md 5.7 publishes whole numbers; here a band holds up to the next bound, so 90.5 is
        # still "tinggi": who has not reached 91 is not "sangat tinggi"
        *(("100", "Sangat tinggi"), ("91", "Sangat tinggi"), ("90.995", "Sangat tinggi")),
        *(("90.99", "Tinggi"), ("90.5", "Tinggi"), ("81", "Tinggi"), ("80.99", "Sedang")),
        *(("71", "Sedang"), ("70.99", "Rendah"), ("61", "Rendah"), ("60.99", "Sangat rendah")),
        *(("60", "Sangat rendah"), ("0", "Sangat rendah")),
    ],
)
def test_bands_hold_from_their_bound_to_the_next_after_rounding(value, band):
    assert RULE.band(Decimal(value)) == band


def test_an_agencys_index_is_the_rounded_mean_of_those_who_have_one():
    assert mean_index(RULE, Decimal(80 + 81 + 81), 3) == Decimal("80.67")
    assert mean_index(RULE, Decimal(0), 0) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda rule: rule["bobot"].update(disiplin=6),
        lambda rule: rule["kualifikasi"][0].update(poin="24"),
        lambda rule: rule["kualifikasi"][0].update(poin="banyak"),
        lambda rule: rule["kompetensi"][0]["butir"].pop(),
        lambda rule: rule["pita"].pop(),
    ],
)
def test_points_that_do_not_make_the_weights_are_refused(change):
    broken = copy.deepcopy(MAPPING)
    change(broken)

    with pytest.raises(BadRules):
        AturanIpAsn.from_mapping(broken)
