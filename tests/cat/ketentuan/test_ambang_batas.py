"""Who reaches the minimums? Numbers here are read from domain.md 1.2, not from the seeds."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput, BadRules
from cat.ketentuan.ambang_batas import MinimumTable, compare, reaches, reaches_many
from cat.ketentuan.ruleset import RuleSet

UMUM_2019 = {"twk": 65, "tiu": 80, "tkp": 126}
UMUM_2021 = {"twk": 65, "tiu": 80, "tkp": 166}
DOKTER = (
    "dokter",
    "dokter_spesialis",
    "dokter_gigi",
    "dokter_gigi_spesialis",
    "dokter_pendidik_klinis",
)
CREW = ("abk", "rescuer", "pengamat_gunung_api")
SPECIAL_2018 = ("juru_ukur", "penjaga_mercusuar", "pawang_hewan", "penjaga_tahanan")
# (year, jenis kebutuhan, minimums, keyakinan, regulation)
PUBLISHED = [
    (year, jenis, minimums, keyakinan, law)
    for year, group, minimums, keyakinan, law in [
        (2014, ("umum",), {"twk": 70, "tiu": 75, "tkp": 126}, "A", "29/2014"),
        (2018, ("umum",), {"twk": 75, "tiu": 80, "tkp": 143}, "A", "37/2018"),
        (2018, ("cumlaude", "diaspora"), {"total": 298, "tiu": 85}, "A", "37/2018"),
        (2018, ("disabilitas",), {"total": 260, "tiu": 70}, "A", "37/2018"),
        (2018, ("papua", "eks_thk2_guru_medis"), {"total": 260, "tiu": 60}, "A", "37/2018"),
        (
            2018,
            ("dokter_spesialis", "instruktur_penerbang"),
            {"total": 298, "tiu": 80},
            "A",
            "37/2018",
        ),
        (2018, (*CREW, *SPECIAL_2018), {"total": 260, "tiu": 70}, "A", "37/2018"),
        (2019, ("umum", "tenaga_siber"), UMUM_2019, "A", "24/2019"),
        (2019, ("cumlaude", "diaspora"), {"total": 271, "tiu": 85}, "A", "24/2019"),
        (2019, ("disabilitas",), {"total": 260, "tiu": 70}, "A", "24/2019"),
        (2019, ("papua",), {"total": 260, "tiu": 60}, "A", "24/2019"),
        (2019, (*DOKTER, "instruktur_penerbang"), {"total": 271, "tiu": 80}, "A", "24/2019"),
        (2019, ("awak_kapal", *CREW[1:]), {"total": 260, "tiu": 70}, "A", "24/2019"),
        (2021, ("umum",), UMUM_2021, "A", "1023/2021"),
        (2021, ("cumlaude", "diaspora"), {"total": 311, "tiu": 85}, "A", "1023/2021"),
        (2021, ("disabilitas", "papua_papua_barat"), {"total": 286, "tiu": 60}, "A", "1023/2021"),
        (2021, DOKTER, {"total": 311, "tiu": 80}, "A", "1023/2021"),
        (2021, CREW, {"total": 286, "tiu": 70}, "A", "1023/2021"),
        (2023, ("umum",), UMUM_2021, "A", "651/2023"),
        (2023, ("cumlaude", "diaspora"), {"total": 311, "tiu": 85}, "A", "651/2023"),
        (2023, ("disabilitas", "papua"), {"total": 286, "tiu": 60}, "A", "651/2023"),
        (2023, DOKTER, {"total": 311, "tiu": 80}, "C", "1023/2021"),
        (2023, CREW, {"total": 286, "tiu": 70}, "C", "1023/2021"),
        (2024, ("umum", "putra_putri_kalimantan"), UMUM_2021, "A", "321/2024"),
        (2024, ("cumlaude", "diaspora"), {"total": 311, "tiu": 85}, "A", "321/2024"),
        (2024, ("disabilitas", "papua"), {"total": 286, "tiu": 60}, "A", "321/2024"),
        (2024, ("daerah_tertinggal",), {"total": 286, "tiu": 60}, "B", "321/2024"),
        (2024, DOKTER, {"total": 311, "tiu": 80}, "C", "1023/2021"),
        (2024, CREW, {"total": 286, "tiu": 70}, "C", "1023/2021"),
    ]
    for jenis in group
]


def passes_both_ways(rules: RuleSet, jenis: str, nilai: dict[str, int]) -> bool:
    """The verdict for one person, after checking that one and many at once agree."""
    table = MinimumTable.of(rules)
    points = np.array([[nilai["twk"], nilai["tiu"], nilai["tkp"]]])
    many = reaches_many(points, table.rows([jenis]), table)
    row = rules.get_ambang_batas(jenis)
    one = reaches(nilai, row.minimums)
    assert bool(many[0]) == one == all(each.met for each in compare(nilai, row))
    return one


def exactly_at(minimums: dict[str, int]) -> dict[str, int]:
    """Points that meet every minimum with nothing to spare."""
    if "total" not in minimums:
        return dict(minimums)
    return {"twk": 30, "tiu": minimums["tiu"], "tkp": minimums["total"] - minimums["tiu"] - 30}


def one_short(minimums: dict[str, int], part: str) -> dict[str, int]:
    """Points one short of one minimum and, where they can be, at all others."""
    nilai = exactly_at(minimums)
    nilai["tkp" if part == "total" else part] -= 1
    if "total" in minimums and part != "total":
        nilai["twk"] += 1
    return nilai


def test_the_seeds_hold_the_published_rows_and_no_others(rule_sets: dict[int, RuleSet]) -> None:
    shipped = {
        (year, row.jenis_kebutuhan): (row.minimums, row.keyakinan)
        for year, rules in rule_sets.items()
        for row in rules.ambang_batas
    }

    assert shipped == {(year, jenis): (least, sure) for year, jenis, least, sure, _ in PUBLISHED}


@pytest.mark.parametrize(("year", "jenis", "minimums", "keyakinan", "law"), PUBLISHED)
def test_every_row_passes_at_its_minimum_and_fails_one_point_below(
    rule_sets: dict[int, RuleSet],
    year: int,
    jenis: str,
    minimums: dict[str, int],
    keyakinan: str,
    law: str,
) -> None:
    rules = rule_sets[year]

    assert passes_both_ways(rules, jenis, exactly_at(minimums))
    for part in minimums:
        assert not passes_both_ways(rules, jenis, one_short(minimums, part)), part
    assert law in rules.get_ambang_batas(jenis).dasar_hukum


@pytest.mark.parametrize(
    ("year", "jenis", "twk", "tiu", "tkp", "expected", "reason"),
    [
        (2024, "umum", 65, 80, 166, True, "exactly 311, every part at its minimum"),
        (2024, "umum", 60, 175, 225, False, "total 460 does not help a short TWK"),
        (2024, "umum", 70, 80, 161, False, "311 in total and still short in TKP"),
        (2024, "umum", 65, 80, 156, False, "156 was the early announcement of 2021, not the rule"),
        (2024, "putra_putri_kalimantan", 65, 80, 166, True, "uses the general rule"),
        (2024, "putra_putri_kalimantan", 0, 60, 226, False, "no special minimum for Kalimantan"),
        (2024, "cumlaude", 30, 85, 196, True, "total 311; TWK has no minimum of its own"),
        (2024, "cumlaude", 150, 80, 225, False, "TIU 80 is below 85 whatever the total"),
        (2024, "cumlaude", 0, 175, 136, True, "a part without a minimum may be zero"),
        (2024, "disabilitas", 20, 60, 206, True, "total 286"),
        (2019, "disabilitas", 65, 60, 175, False, "TIU 60 is one list's misprint for 70"),
        (2019, "umum", 65, 80, 126, True, "TKP had 35 items and a minimum of 126"),
        (2021, "umum", 65, 80, 126, False, "the minimum of 2019 no longer does"),
    ],
)
def test_published_cases_and_known_traps(
    rule_sets: dict[int, RuleSet],
    year: int,
    jenis: str,
    twk: int,
    tiu: int,
    tkp: int,
    expected: bool,
    reason: str,
) -> None:
    nilai = {"twk": twk, "tiu": tiu, "tkp": tkp}

    assert passes_both_ways(rule_sets[year], jenis, nilai) is expected, reason


def test_a_comparison_says_what_was_short_by_which_rule(rules_2024: RuleSet) -> None:
    nilai = {"twk": 60, "tiu": 175, "tkp": 225}

    short = [each for each in compare(nilai, rules_2024.get_ambang_batas("umum")) if not each.met]

    assert [(each.bagian, each.nilai, each.minimum) for each in short] == [("twk", 60, 65)]
    assert short[0].dasar_hukum == "KepmenPANRB 321/2024"
    assert short[0].keyakinan == "A"


def test_people_of_different_jenis_kebutuhan_are_each_held_to_their_own_rule(
    rules_2024: RuleSet,
) -> None:
    table = MinimumTable.of(rules_2024)
    nilai = np.array([[20, 60, 206]] * 3, dtype=np.int16)

    passes = reaches_many(nilai, table.rows(["umum", "disabilitas", "abk"]), table)

    assert passes.tolist() == [False, True, False]


def test_an_unknown_jenis_kebutuhan_is_refused_by_name(rules_2024: RuleSet) -> None:
    with pytest.raises(BadRules, match="tenaga_siber"):
        rules_2024.get_ambang_batas("tenaga_siber")
    with pytest.raises(BadRules, match="tenaga_siber"):
        MinimumTable.of(rules_2024).rows(["umum", "tenaga_siber"])


@pytest.mark.parametrize(
    "nilai", [{"twk": 65, "tiu": 80}, {"twk": 65, "tiu": 80, "tkp": 166, "total": 999}]
)
def test_a_missing_part_or_a_total_from_outside_is_refused(nilai: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="exactly"):
        reaches(nilai, {"total": 311})


def test_a_row_number_outside_the_table_is_refused_rather_than_wrapped(
    rules_2024: RuleSet,
) -> None:
    table = MinimumTable.of(rules_2024)

    with pytest.raises(BadInput, match="rows must lie"):
        reaches_many(np.array([[65, 80, 166]]), np.array([-1]), table)


def test_fractions_of_a_point_are_refused(rules_2024: RuleSet) -> None:
    table = MinimumTable.of(rules_2024)

    with pytest.raises(BadInput, match="integers"):
        reaches_many(np.array([[64.9, 80, 166]]), np.array([0]), table)
