"""Who would fare differently under another rule set? Differences and rule files as text, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.ketentuan.beda import Beda, differences
from cat.ketentuan.perbandingan import Balik, HasilSKD, compare_rules
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.toml_text import read_toml, write_toml
from seeds.ketentuan_files import read_rule_sets

ALL = {rules.tahun: rules for rules in read_rule_sets()}
RULES = ALL[2024]


def changed(change: Callable[[dict[str, Any]], object], rules: RuleSet = RULES) -> RuleSet:
    mapping = rules.to_mapping()
    change(mapping)
    return RuleSet.from_mapping(mapping)


def results(*rows: tuple[int, str, tuple[int, int, int]], posts: list[int]) -> HasilSKD:
    """Everybody present; (formasi, jenis, points) each."""
    return HasilSKD(
        formasi=np.array([row[0] for row in rows], dtype=np.int64),
        jenis=np.array([row[1] for row in rows], dtype=np.str_),
        nilai=np.array([row[2] for row in rows], dtype=np.int64).reshape(-1, 3),
        present=np.ones(len(rows), dtype=np.bool_),
        kebutuhan=np.array(posts, dtype=np.int64),
    )


LOWER = changed(lambda m: m["ambang_batas"][0]["minimum"].update(tkp=160))
FOUR = results(
    (0, "umum", (65, 80, 166)),  # passes under both
    (0, "umum", (80, 90, 163)),  # passes under the lower minimum only, and then comes first
    (0, "umum", (65, 80, 159)),  # under neither
    (1, "disabilitas", (20, 60, 206)),  # another jenis: nothing changes
    posts=[1, 1],
)


def test_a_lower_minimum_lets_exactly_those_between_pass() -> None:
    found = compare_rules(RULES, LOWER, FOUR)

    assert found.jadi_lulus.tolist() == [False, True, False, False]
    assert not found.batal_lulus.any()
    assert found.flips(1) == (Balik("tkp", 163, 166, 160),)
    assert found.flips(0) == found.flips(2) == ()


def test_counts_stand_by_jenis_and_by_the_formasi_that_change() -> None:
    found = compare_rules(RULES, LOWER, FOUR)

    umum = next(row for row in found.per_jenis() if row.kelompok == "umum")
    assert (umum.hadir, umum.lulus, umum.jadi_lulus, umum.batal_lulus) == (3, (1, 2), 1, 0)
    assert [row.kelompok for row in found.per_formasi()] == ["0"]
    assert found.seluruhnya().lanjut == (2, 3)


def test_someone_can_lose_the_place_though_their_own_minimums_never_moved() -> None:
    crowd = [(0, "umum", (100, 100, 164 - place)) for place in range(3)]
    found = compare_rules(RULES, LOWER, results(*crowd, (0, "umum", (65, 80, 166)), posts=[1]))

    assert found.batal_lanjut.tolist() == [False, False, False, True]
    assert found.flips(3) == ()
    assert (found.putusan_lama.ahead[3], found.putusan_baru.ahead[3]) == (0, 3)


def test_another_factor_changes_who_goes_on_and_nobody_who_passes() -> None:
    double = changed(lambda m: m["pemeringkatan"].update(faktor_kebutuhan=1))
    hasil = results((0, "umum", (65, 80, 167)), (0, "umum", (65, 80, 166)), posts=[1])

    found = compare_rules(RULES, double, hasil)

    assert found.batal_lanjut.tolist() == [False, True]
    assert not found.batal_lulus.any()


def test_a_minimum_that_one_rule_set_does_not_name_is_a_flip_too() -> None:
    total = changed(lambda m: m["ambang_batas"][0].update(minimum={"total": 300, "tiu": 80}))

    found = compare_rules(RULES, total, results((0, "umum", (60, 175, 225)), posts=[1]))

    assert found.jadi_lulus.all()
    assert found.flips(0) == (Balik("twk", 60, 65, None),)


def test_people_whose_jenis_one_rule_set_does_not_know_are_left_out_by_name() -> None:
    hasil = results(
        (0, "putra_putri_kalimantan", (65, 80, 166)), (1, "umum", (65, 80, 166)), posts=[1, 1]
    )

    found = compare_rules(RULES, ALL[2021], hasil)

    assert found.di_luar == (("putra_putri_kalimantan", 1),)
    assert not found.seluruhnya().is_changed
    assert found.seluruhnya().hadir == 1


def test_nobody_at_all_changes_nothing() -> None:
    assert not compare_rules(RULES, LOWER, results(posts=[])).seluruhnya().is_changed


points = st.tuples(st.integers(55, 75), st.integers(70, 90), st.integers(150, 180))
crowd = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["umum", "cumlaude"]), points), max_size=20
)


@given(crowd)
def test_a_rule_set_against_itself_changes_nothing_and_swapping_swaps_gain_and_loss(
    rows: list[Any],
) -> None:
    hasil = results(*rows, posts=[1, 2])

    assert not compare_rules(RULES, RULES, hasil).seluruhnya().is_changed
    there, back = compare_rules(RULES, LOWER, hasil), compare_rules(LOWER, RULES, hasil)
    assert there.jadi_lulus.tolist() == back.batal_lulus.tolist()
    assert there.jadi_lanjut.tolist() == back.batal_lanjut.tolist()


def test_a_difference_names_its_place_in_words() -> None:
    assert differences(RULES, LOWER) == (Beda("Ambang batas umum: TKP", "166", "160"),)
    assert differences(RULES, RULES) == ()


@pytest.mark.parametrize(
    ("change", "tempat", "lama", "baru"),
    [
        (lambda m: m["waktu"].update(menit=110), "Waktu: menit", "100", "110"),
        (lambda m: m.update(berlaku_sejak="2024-09-01"), "Berlaku sejak", None, "2024-09-01"),
        (lambda m: m["ambang_batas"].pop(3), "Ambang batas diaspora", "total 311", None),
        (lambda m: m["masa_sanggah"][0].update(maks_pengajuan=2), "administrasi", "1", "2"),
        (lambda m: m.pop("nilai_lama"), "Nilai SKD lama", "tahun asal 2023", None),
        (lambda m: m["nilai_lama"].update(nilai_terbaik=True), "nilai terbaik", "tidak", "ya"),
        (
            lambda m: m["optimalisasi"].insert(0, m["optimalisasi"].pop()),
            "Optimalisasi: urutan",
            "U-1, E-2",
            "E-3, U-1",
        ),
    ],
)
def test_every_kind_of_change_is_seen(
    change: Callable[[dict[str, Any]], object], tempat: str, lama: str | None, baru: str | None
) -> None:
    (found,) = differences(RULES, changed(change))

    assert tempat in found.tempat
    for expected, said in ((lama, found.lama), (baru, found.baru)):
        assert (said is None) if expected is None else (expected in (said or ""))


@pytest.mark.parametrize("year", ALL)
def test_the_text_of_a_rule_set_reads_back_as_the_same_rule_set(year: int) -> None:
    assert read_toml(write_toml(ALL[year])).digest == ALL[year].digest


@given(st.text(min_size=1).filter(lambda text: text.strip() == text))
def test_any_title_survives_the_text(title: str) -> None:
    rules = changed(lambda m: m.update(judul=title))

    assert read_toml(write_toml(rules)).judul == title


SNIPPETS = st.sampled_from(
    ["[[", "]]", "[skb]", "kode", " = ", '"', "1", "{", "}", "\n", "9" * 5000]
)


@given(st.lists(SNIPPETS | st.text(max_size=3)).map("".join))
def test_whatever_is_written_as_text_is_refused_in_the_one_expected_way(text: str) -> None:
    with pytest.raises(BadRules) as refused:
        read_toml(text)

    assert refused.value.evidence["rule"]


def test_nesting_beyond_all_measure_is_refused_too() -> None:
    with pytest.raises(BadRules, match="TOML"):
        read_toml("a = " + "[" * 50_000)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("menit = 100", "menit == 100", "menit == 100"),
        ("menit = 100", 'menit = "100"', 'menit = "100"'),
        ("tkp = 166", "tkp = 999", "minimum = { twk = 65, tiu = 80, tkp = 999 }"),
        ("faktor_kebutuhan = 3", "faktor_kebutuhan = 0", "faktor_kebutuhan = 0"),
        ("bobot_cat_min = 60", "bobot_cat_min = 61", "tambahan_maks_bobot = 40"),
        ("bobot_skd = 40", "bobot_skd = 50", "bobot_skd = 50"),
        ('kode = "DIS"', 'kode = "TMS"', "[[kode_hasil]]"),
    ],
)
def test_what_is_wrong_in_a_text_is_shown_at_its_line(old: str, new: str, line: str) -> None:
    text = write_toml(RULES).replace(old, new, 1)

    with pytest.raises(BadRules) as refused:
        read_toml(text)

    assert text.splitlines()[refused.value.evidence["line"] - 1] == line
