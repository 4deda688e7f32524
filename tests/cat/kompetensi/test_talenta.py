"""In which of the nine boxes does a person stand, and how sure is that?"""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.kompetensi.jpm import AturanJpm, Sebaran, match, spread
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.standar import DaftarJenjang
from cat.kompetensi.talenta import (
    KebijakanPotensial,
    PetaTalenta,
    column_chances,
    potential,
)
from seeds.talenta_files import read_talent_file

KAMUS = Kamus.from_mapping(read_talent_file("kamus.toml"))
JPM_RULE = AturanJpm.from_mapping(read_talent_file("jpm.toml"))
USUAL = DaftarJenjang.from_mapping(read_talent_file("standar_jenjang.toml"))
PENGAWAS = USUAL.usual_standard(USUAL.find("pengawas"), KAMUS)
MAPPING = read_talent_file("sembilan_kotak.toml")
PETA = PetaTalenta.from_mapping(MAPPING)
POLICY_MAPPING = read_talent_file("potensial_contoh.toml")
POLICY = KebijakanPotensial.from_mapping(POLICY_MAPPING)


@pytest.mark.parametrize(
    ("baris", "kolom", "nomor", "label"),
    [
        # domain.md 5.4, PermenPANRB 3/2020
        ("di_atas", "rendah", 4, "Kinerja di atas ekspektasi dan potensial rendah"),
        ("di_atas", "menengah", 7, "Kinerja di atas ekspektasi dan potensial menengah"),
        ("di_atas", "tinggi", 9, "Kinerja di atas ekspektasi dan potensial tinggi"),
        ("sesuai", "rendah", 2, "Kinerja sesuai ekspektasi dan potensial rendah"),
        ("sesuai", "menengah", 5, "Kinerja sesuai ekspektasi dan potensial menengah"),
        ("sesuai", "tinggi", 8, "Kinerja sesuai ekspektasi dan potensial tinggi"),
        ("di_bawah", "rendah", 1, "Kinerja di bawah ekspektasi dan potensial rendah"),
        ("di_bawah", "menengah", 3, "Kinerja di bawah ekspektasi dan potensial menengah"),
        ("di_bawah", "tinggi", 6, "Kinerja di bawah ekspektasi dan potensial tinggi"),
    ],
)
def test_each_box_has_its_number_label_and_follow_up(baris, kolom, nomor, label):
    kotak = PETA.box(baris, kolom)

    assert (kotak.nomor, kotak.label) == (nomor, label)
    assert kotak.tindak_lanjut
    assert kotak.kelompok_talenta == (nomor in (7, 8, 9))


def test_the_grid_is_printed_from_the_best_row_and_the_lowest_column():
    assert [[k.nomor for k in boxes] for _, boxes in PETA.rows()] == [
        [4, 7, 9],
        [2, 5, 8],
        [1, 3, 6],
    ]


def test_a_map_with_a_box_missing_or_doubled_is_refused():
    missing, doubled = copy.deepcopy(MAPPING), copy.deepcopy(MAPPING)
    missing["kotak"].pop()
    doubled["kotak"][0]["kolom"] = "rendah"

    for broken in (missing, doubled):
        with pytest.raises(BadRules, match="kesembilan kotak"):
            PetaTalenta.from_mapping(broken)


@pytest.mark.parametrize(
    ("index", "kolom"),
    [
        # cut points 80 and 60 of the example policy
        ("0", "rendah"),
        ("59.99", "rendah"),
        ("60", "menengah"),
        ("79.999", "menengah"),
        ("80", "tinggi"),
        ("100", "tinggi"),
    ],
)
def test_columns_begin_at_the_cut_points(index, kolom):
    assert POLICY.column(Fraction(index)) == kolom


def test_the_potential_index_is_the_weighted_mean():
    found = potential(
        POLICY, {"jpm": Fraction(75), "pendidikan": Fraction(60), "disiplin": Fraction(100)}
    )

    assert found.indeks == 76  # 0.8 x 75 + 0.1 x 60 + 0.1 x 100


def test_a_component_that_is_not_known_leaves_the_index_open_and_is_named():
    found = potential(POLICY, {"jpm": None, "pendidikan": Fraction(60)})

    assert found.indeks is None
    assert found.belum_ada == ("Job Person Match", "Rekam jejak disiplin")


@pytest.mark.parametrize(
    "change",
    [
        {"titik_potong": {"tinggi": 60, "menengah": 60}},
        {"unsur": [{"kode": "jpm", "nama": "JPM", "bobot": 90}]},
        {"unsur": [{"kode": "zodiak", "nama": "Zodiak", "bobot": 100}]},
    ],
)
def test_a_policy_that_cannot_be_counted_is_refused(change):
    with pytest.raises(BadRules):
        KebijakanPotensial.from_mapping({**POLICY_MAPPING, **change})


OTHERS = {"pendidikan": Fraction(60), "disiplin": Fraction(100)}  # 16 points of the index


def sure(level: int) -> Sebaran:
    belief = [float(n == level) for n in range(1, 6)]
    return spread(PENGAWAS, dict.fromkeys([k for k, _ in PENGAWAS.syarat], belief), JPM_RULE, KAMUS)


def test_a_sure_match_makes_a_sure_column():
    # level 1 of 2: JPM 50, index 56; level 2: JPM 100, index 96
    assert column_chances(POLICY, OTHERS, sure(1)) == {"rendah": 1, "menengah": 0, "tinggi": 0}
    assert column_chances(POLICY, OTHERS, sure(2)) == {"rendah": 0, "menengah": 0, "tinggi": 1}


def test_without_a_fact_or_without_beliefs_there_are_no_chances():
    assert column_chances(POLICY, {"pendidikan": Fraction(60)}, sure(2)) is None
    assert column_chances(POLICY, OTHERS, None) is None


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any))
def test_the_chances_of_the_columns_agree_with_listing_every_sum(counts):
    # nine equal beliefs: the sum of levels is multinomial, listed here by repeated addition
    belief = [n / sum(counts) for n in counts]
    names = [kode for kode, _ in PENGAWAS.syarat]
    sums = {0: 1.0}
    for _ in names:
        longer: dict[int, float] = {}
        for total, chance in sums.items():
            for level, share in enumerate(belief, start=1):
                longer[total + level] = longer.get(total + level, 0.0) + chance * share
        sums = longer
    expected = dict.fromkeys(("rendah", "menengah", "tinggi"), 0.0)
    for total, chance in sums.items():
        jpm = min(Fraction(100), Fraction(100 * total, 18))
        expected[POLICY.column(potential(POLICY, {**OTHERS, "jpm": jpm}).indeks)] += chance

    jpm = spread(PENGAWAS, dict.fromkeys(names, belief), JPM_RULE, KAMUS)
    found = column_chances(POLICY, OTHERS, jpm)

    assert found == pytest.approx(expected, abs=1e-9)
    assert sum(found.values()) == pytest.approx(1)


def test_the_likeliest_levels_and_the_chances_speak_of_the_same_match():
    assert match(PENGAWAS, dict.fromkeys(dict(PENGAWAS.syarat), 2), JPM_RULE, KAMUS).nilai == 100
    assert sure(2).chance_at_least(Fraction(100)) == 1
