"""How far does a person meet the standard, and how sure is that?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.kompetensi.jpm import AturanJpm, match, spread
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.standar import Bobot, Standar
from seeds.talenta_files import read_talent_file

KAMUS = Kamus.from_mapping(read_talent_file("kamus.toml"))
MAPPING = read_talent_file("jpm.toml")
RULE = AturanJpm.from_mapping(MAPPING)
CAPPED = AturanJpm.from_mapping({**MAPPING, "batasi_per_kompetensi": True})
SELEKSI, PEMETAAN = RULE.skala
SI = "teknis.pengelolaan_sistem_informasi"


def create_standard(*bobot: Bobot, **syarat: int) -> Standar:
    """A standard with these requirements; without weights all count alike."""
    every = ("manajerial", "sosial_kultural", "digital", "teknis")
    return Standar(
        sasaran="jabatan/X",
        judul="Contoh",
        syarat=tuple((kode.replace("__", "."), level) for kode, level in syarat.items()),
        bobot=bobot or (Bobot(every, 100),),
        sumber="tes",
        keyakinan="C",
        contoh=True,
    )


THREE = create_standard(integritas=3, kerja_sama=3, komunikasi=3)
# 60:40 is the example of one functional family for ahli pertama, domain.md 5.3
WEIGHTED = create_standard(
    Bobot(("teknis", "digital"), 60),
    Bobot(("manajerial", "sosial_kultural"), 40),
    **{SI.replace(".", "__"): 2, "integritas": 2, "perekat_bangsa": 3},
)


@pytest.mark.parametrize(
    ("levels", "capped", "expected", "reason"),
    [
        ((3, 3, 3), False, Fraction(100), "9 of 9"),
        ((2, 3, 3), False, Fraction(800, 9), "8 of 9"),
        ((1, 1, 1), False, Fraction(300, 9), "3 of 9"),
        ((5, 5, 5), False, Fraction(100), "15 of 9 is capped at 100"),
        ((1, 5, 3), False, Fraction(100), "9 of 9: excess hides the gap of 2"),
        ((1, 5, 3), True, Fraction(700, 9), "1 + 3 + 3 of 9: excess hides nothing"),
    ],
)
def test_the_match_is_the_sum_reached_over_the_sum_required(levels, capped, expected, reason):
    reached = dict(zip(("integritas", "kerja_sama", "komunikasi"), levels, strict=True))

    assert match(THREE, reached, CAPPED if capped else RULE, KAMUS).nilai == expected, reason


def test_weights_count_each_family_by_its_own_share():
    # technical 1 of 2 = 50 %, the rest 2 + 2 of 5 = 80 %: 0.6 x 50 + 0.4 x 80 = 62
    found = match(WEIGHTED, {SI: 1, "integritas": 2, "perekat_bangsa": 2}, RULE, KAMUS)

    assert found.nilai == 62


def test_a_competency_that_nobody_measured_is_named_and_not_guessed():
    found = match(THREE, {"integritas": 3, "kerja_sama": None}, RULE, KAMUS)

    assert found.nilai is None
    assert found.belum_ada == ("kerja_sama", "komunikasi")
    assert found.terendah == Fraction(500, 9)  # both level 1
    assert found.tertinggi == 100  # both level 5


@pytest.mark.parametrize(
    ("value", "seleksi", "pemetaan"),
    [
        ("0", "kms", "kurang_optimal"),
        ("67.99", "kms", "kurang_optimal"),
        ("68", "mms", "kurang_optimal"),
        ("77.99", "mms", "kurang_optimal"),
        ("78", "mms", "cukup_optimal"),
        ("79.99", "mms", "cukup_optimal"),
        ("80", "ms", "cukup_optimal"),
        ("89.99", "ms", "cukup_optimal"),
        ("90", "ms", "optimal"),
        ("100", "ms", "optimal"),
    ],
)
def test_categories_begin_at_their_published_bounds(value, seleksi, pemetaan):
    # domain.md 5.3: MS >= 80, MMS 68 to < 80; Optimal >= 90, Cukup Optimal 78 to < 90
    assert SELEKSI.category(Fraction(value)).kode == seleksi
    assert PEMETAAN.category(Fraction(value)).kode == pemetaan


def test_a_value_just_below_a_bound_is_not_shown_as_the_bound():
    almost = Fraction(79_996, 1000)

    assert RULE.shown(almost) == Decimal("79.99")
    assert SELEKSI.category(almost).kode == "mms"


def test_a_level_outside_the_five_is_refused():
    with pytest.raises(BadInput, match="integritas"):
        match(THREE, {"integritas": 6, "kerja_sama": 1, "komunikasi": 1}, RULE, KAMUS)


def test_beliefs_that_do_not_add_to_one_are_refused():
    with pytest.raises(BadInput, match="kerja_sama"):
        spread(
            THREE,
            {"integritas": [0.2] * 5, "kerja_sama": [0.3] * 5, "komunikasi": [0.2] * 5},
            RULE,
            KAMUS,
        )


def test_without_a_belief_about_one_competency_nothing_is_said_of_chances():
    assert spread(THREE, {"integritas": [0.2] * 5}, RULE, KAMUS) is None


def test_sure_levels_make_a_sure_category():
    sure = spread(THREE, {k: [0, 1, 0, 0, 0] for k, _ in THREE.syarat}, RULE, KAMUS)

    # 6 of 9 = 66.67
    assert [(k.kode, chance) for k, chance in sure.categories(SELEKSI)] == [
        ("ms", 0.0),
        ("mms", 0.0),
        ("kms", 1.0),
    ]


levels = st.lists(st.integers(1, 5), min_size=3, max_size=3)
belief = (
    st.lists(st.integers(0, 20), min_size=5, max_size=5)
    .filter(any)
    .map(lambda counts: np.array(counts) / sum(counts))
)
rules = st.sampled_from([RULE, CAPPED])
standards = st.sampled_from([THREE, WEIGHTED])


@given(levels, st.integers(0, 2), rules, standards)
def test_a_higher_level_never_lowers_the_match(given_levels, place, rule, standard):
    names = [kode for kode, _ in standard.syarat]
    before = dict(zip(names, given_levels, strict=True))
    after = {**before, names[place]: min(5, before[names[place]] + 1)}

    low, high = (match(standard, each, rule, KAMUS).nilai for each in (before, after))

    assert low <= high <= 100


@given(levels, standards)
def test_the_cap_per_competency_never_raises_the_match(given_levels, standard):
    reached = dict(zip([kode for kode, _ in standard.syarat], given_levels, strict=True))

    assert (
        match(standard, reached, CAPPED, KAMUS).nilai <= match(standard, reached, RULE, KAMUS).nilai
    )


@given(st.lists(belief, min_size=3, max_size=3), rules, standards)
def test_the_convolution_agrees_with_listing_every_combination(beliefs, rule, standard):
    names = [kode for kode, _ in standard.syarat]
    found = spread(standard, dict(zip(names, beliefs, strict=True)), rule, KAMUS)

    listed: dict[Fraction, float] = {}
    for combination in product(range(1, 6), repeat=3):
        value = match(standard, dict(zip(names, combination, strict=True)), rule, KAMUS).nilai
        chance = np.prod([b[n - 1] for b, n in zip(beliefs, combination, strict=True)])
        listed[value] = listed.get(value, 0.0) + chance

    assert found.peluang.sum() == pytest.approx(1)
    assert np.all(np.diff(found.pembilang) > 0)
    for bound in (Fraction(0), Fraction(68), Fraction(80), Fraction(90), Fraction(200, 3)):
        expected = sum(chance for value, chance in listed.items() if value >= bound)
        assert found.chance_at_least(bound) == pytest.approx(expected, abs=1e-12)
    for scale in rule.skala:
        assert sum(chance for _, chance in found.categories(scale)) == pytest.approx(1)
