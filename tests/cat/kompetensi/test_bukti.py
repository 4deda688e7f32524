"""Pooling evidence about one competency: what must hold whatever the numbers are."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput, BadRules
from cat.kompetensi.aturan_bukti import AturanBukti, months_after
from cat.kompetensi.bukti import Bukti, combine, likelihood_of_levels, stated_level
from seeds.kompetensi_files import HERE

TODAY = date(2026, 11, 22)
CONTENT = tomllib.loads((HERE / "aturan_bukti.toml").read_text(encoding="utf-8"))
RULES = AturanBukti.from_mapping(CONTENT)
FLAT = (0.2,) * 5


def bukti(jenis="asesmen", level=3, days_ago=0, **changes) -> Bukti:
    kind, day = RULES.get_jenis(jenis), TODAY - timedelta(days=days_ago)
    made = Bukti(
        kompetensi="kerja_sama",
        peluang=stated_level(kind, level),
        tanggal=day,
        berlaku_sampai=kind.valid_until(day),
        bobot=kind.bobot_persen / 100,
        jenis=jenis,
        asal="Pusat Penilaian Contoh",
    )
    return replace(made, **changes)


shares = st.lists(st.floats(0.01, 1), min_size=5, max_size=5).map(
    lambda given: tuple(x / sum(given) for x in given)
)
evidence = st.builds(
    bukti,
    jenis=st.sampled_from([each.kode for each in RULES.jenis]),
    level=st.integers(1, 5),
    days_ago=st.integers(-30, 1500),
    peluang=shares,
)


def test_without_evidence_the_belief_is_the_prior_and_names_no_level():
    belief = combine([], TODAY, RULES)

    assert belief.peluang == pytest.approx(FLAT)
    assert belief.level is None
    assert belief.lemah


def test_one_assessment_of_today_is_worked_out_by_hand():
    belief = combine([bukti(level=3)], TODAY, RULES)

    # 70 per cent in the middle: the factor per step is (sqrt(200 / 70 - 1) - 1) / 2 = 0.18139
    by_hand = (0.0230, 0.1270, 0.7000, 0.1270, 0.0230)
    assert belief.peluang == pytest.approx(by_hand, abs=5e-5)
    assert (belief.level, belief.bobot, belief.lemah) == (3, 1, False)
    assert belief.chance_at_least(3) == pytest.approx(0.85, abs=5e-5)
    assert belief.chance_at_least(1) == pytest.approx(1)
    assert belief.chance_at_least(6) == 0


@given(st.lists(evidence, max_size=6), st.randoms())
def test_the_order_of_evidence_does_not_matter(given_evidence, random):
    shuffled = list(given_evidence)
    random.shuffle(shuffled)

    first, second = (combine(each, TODAY, RULES) for each in (given_evidence, shuffled))

    assert first.peluang == pytest.approx(second.peluang)
    assert isclose(first.bobot, second.bobot)


@given(st.lists(evidence, max_size=6))
def test_probabilities_add_to_one_and_no_level_is_ever_ruled_out(given_evidence):
    belief = combine(given_evidence, TODAY, RULES)

    assert sum(belief.peluang) == pytest.approx(1)
    assert min(belief.peluang) > 0
    chances = [belief.chance_at_least(n) for n in range(1, 6)]
    assert chances == sorted(chances, reverse=True)


@given(evidence)
def test_flat_evidence_changes_nothing_but_the_weight(one):
    belief = combine([replace(one, peluang=FLAT)], TODAY, RULES)

    assert belief.peluang == pytest.approx(FLAT)


@given(st.lists(evidence, max_size=5))
def test_what_is_out_of_force_is_listed_and_changes_nothing(given_evidence):
    counted = [each for each in given_evidence if each.counts_on(TODAY)]

    belief, alone = combine(given_evidence, TODAY, RULES), combine(counted, TODAY, RULES)

    assert belief.peluang == pytest.approx(alone.peluang)
    assert len(belief.tidak_dihitung) == len(given_evidence) - len(counted)


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from(["asesmen", "tes", "praktik"]))
def test_a_higher_stated_level_never_lowers_the_chance_of_reaching_any(low, high, jenis):
    low, high = min(low, high), max(low, high)
    other = bukti("sertifikat", 3, days_ago=90)

    below, above = (combine([other, bukti(jenis, n)], TODAY, RULES) for n in (low, high))

    for k in range(2, 6):
        assert above.chance_at_least(k) >= below.chance_at_least(k) - 1e-12


@given(st.integers(0, 1000), st.integers(1, 90))
def test_evidence_weighs_less_as_it_ages(days_ago, later):
    weights = [
        combine([bukti(days_ago=d)], TODAY, RULES).bobot for d in (days_ago, later + days_ago)
    ]

    assert weights[1] < weights[0]


def test_after_the_half_life_the_weight_is_half():
    half_life = RULES.get_jenis("asesmen").paruh_bulan

    belief = combine([bukti(days_ago=round(half_life * 365.25 / 12))], TODAY, RULES)

    assert belief.bobot == pytest.approx(0.5, abs=1e-3)


def test_a_later_assessment_overrules_an_earlier_one_of_another_level():
    belief = combine([bukti(level=2, days_ago=900), bukti(level=4, days_ago=30)], TODAY, RULES)

    assert belief.level == 4


def test_a_stack_of_certificates_never_outweighs_its_limit():
    belief = combine([bukti("sertifikat", 5) for _ in range(20)], TODAY, RULES)

    limit = RULES.get_jenis("sertifikat").bobot_maks_persen / 100
    assert belief.bobot == pytest.approx(limit)


def test_tkp_alone_stays_weak_however_often_it_is_taken():
    belief = combine([bukti("tkp", 5) for _ in range(10)], TODAY, RULES)

    assert belief.lemah
    assert belief.chance_at_least(4) < 0.8


def test_evidence_counts_on_its_last_day_and_not_on_the_next():
    last = bukti(days_ago=100, berlaku_sampai=TODAY)

    assert combine([last], TODAY, RULES).has_evidence
    assert not combine([last], TODAY + timedelta(days=1), RULES).has_evidence


def test_evidence_of_two_competencies_is_not_mixed():
    with pytest.raises(BadInput, match="one competency"):
        combine([bukti(), bukti(kompetensi="integritas")], TODAY, RULES)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"peluang": (0.5, 0.5)}, "peluang"),
        ({"peluang": (0.5, 0.6, 0, 0, 0)}, "peluang"),
        ({"peluang": (1, 0, 0, 0, 0)}, "peluang"),
        ({"peluang": (float("nan"), 1, 0, 0, 0)}, "peluang"),
        ({"bobot": 1.01}, "bobot"),
        ({"bobot": float("nan")}, "bobot"),
        ({"berlaku_sampai": date(2020, 1, 1)}, "berlaku_sampai"),
    ],
)
def test_broken_evidence_is_refused_by_name(changes, told):
    with pytest.raises(BadInput, match=told):
        bukti(**changes)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(BadInput, match=r"asesmen.*ramalan"):
        combine([replace(bukti(), jenis="ramalan")], TODAY, RULES)


@pytest.mark.parametrize("level", range(1, 6))
def test_a_stated_level_is_the_best_explanation_and_its_neighbours_come_next(level):
    explained = stated_level(RULES.get_jenis("asesmen"), level)

    by_distance = sorted(range(1, 6), key=lambda n: abs(n - level))
    assert [explained[n - 1] for n in by_distance] == sorted(explained, reverse=True)
    assert sum(explained) == pytest.approx(1)


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_are_only_five_levels(level):
    with pytest.raises(BadInput, match="level must be 1 to 5"):
        stated_level(RULES.get_jenis("tes"), level)


@given(shares)
def test_answers_that_leave_the_prior_as_it_was_say_nothing(prior):
    assert likelihood_of_levels(prior, prior, 20) == pytest.approx(FLAT)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 12, 15), 36, date(2028, 12, 15)),
    ],
)
def test_months_end_where_the_month_ends(day, months, expected):
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("prior_persen", {"level_1": 100}),
        ("prior_persen", dict.fromkeys([f"level_{n}" for n in range(1, 6)], 19)),
        ("bobot_cukup_persen", 0),
        ("jenis", []),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_the_place(place, value):
    with pytest.raises(BadRules, match=place):
        AturanBukti.from_mapping(CONTENT | {place: value})


def test_rules_survive_their_own_written_form():
    assert AturanBukti.from_mapping(RULES.to_mapping()) == RULES
