"""Which trainings close the gaps with the fewest lesson hours?"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.kesenjangan import Kesenjangan
from cat.kompetensi.pelatihan import AturanPelatihan, Kewajiban, Pelatihan, plan
from seeds.talenta_files import read_talent_file

KAMUS = Kamus.from_mapping(read_talent_file("kamus.toml"))
MAPPING = read_talent_file("pelatihan.toml")
RULE = AturanPelatihan.from_mapping(MAPPING, KAMUS)
PNS = Kewajiban("pns", 20, None, "PP 11/2017 Pasal 203 ayat (4)", "A")


def training(kode: str, jp: int, *kompetensi: str, levels: tuple[int, int] = (1, 5)) -> Pelatihan:
    return Pelatihan(kode, kode, "teknis", jp, kompetensi, *levels, contoh=True)


def gap(kompetensi: str, prioritas: int = 10, level: int = 1) -> Kesenjangan:
    return Kesenjangan(kompetensi, level + 1, level, 1, Fraction(prioritas), Fraction(prioritas))


def codes(found) -> list[str]:
    return [each.kode for each in found.pelatihan]


def test_the_duty_of_a_pns_is_twenty_jp_and_a_pppk_has_at_most_twenty_four():
    # PP 11/2017 art. 203(4) A; the maximum of PPPK is C
    assert (RULE.duty("pns").jp_minimum, RULE.duty("pns").keyakinan) == (20, "A")
    assert (RULE.duty("pppk").jp_maksimum, RULE.duty("pppk").keyakinan) == (24, "C")
    assert RULE.menit_per_jp == 45
    assert RULE.duty("menteri") is None


def test_one_training_for_two_gaps_beats_two_trainings_when_it_is_shorter():
    catalogue = [training("a", 12, "x"), training("b", 12, "y"), training("ab", 20, "x", "y")]

    assert codes(plan(catalogue, [gap("x"), gap("y")], PNS)) == ["ab"]


def test_general_training_fills_the_year_to_its_minimum_and_no_further():
    catalogue = [training("a", 12, "x"), training("u5", 5), training("u8", 8), training("u9", 9)]

    found = plan(catalogue, [gap("x")], PNS)

    assert (codes(found), found.jp) == (["a", "u8"], 20)


def test_what_is_already_done_counts_and_is_not_offered_again():
    catalogue = [training("a", 12, "x"), training("a2", 14, "x"), training("u8", 8)]

    found = plan(catalogue, [gap("x")], PNS, done_jp=12, exclude={"a"})

    assert codes(found) == ["a2"]  # 12 done + 14 reach 20; the gap is still there


def test_training_for_other_levels_does_not_count_as_covering():
    catalogue = [training("lanjut", 20, "x", levels=(3, 4))]

    found = plan(catalogue, [gap("x", level=1)], PNS)

    assert found.tanpa_pelatihan == ("x",)
    assert (codes(found), found.kurang_jp) == ([], 20)


def test_under_a_maximum_the_higher_priorities_come_first_and_the_rest_waits():
    limited = Kewajiban("pppk", 0, 24, "", "C")
    catalogue = [training("a", 16, "x"), training("b", 14, "y"), training("c", 10, "z")]
    rows = [gap("x", 30), gap("y", 20), gap("z", 15)]

    found = plan(catalogue, rows, limited)

    # y + z = 35 points in 24 JP beat x alone with 30 points in 16 JP
    assert (codes(found), found.jp) == (["b", "c"], 24)
    assert (found.tercakup, found.ditunda) == (("y", "z"), ("x",))


def test_a_minimum_that_the_hours_cannot_meet_exactly_is_approached_and_stated():
    narrow = Kewajiban("contoh", 20, 22, "", "C")

    found = plan([training("u15", 15), training("u9", 9)], [], narrow)

    assert (codes(found), found.kurang_jp) == (["u15"], 5)


def test_an_empty_catalogue_leaves_everything_open():
    found = plan([], [gap("x")], PNS)

    assert (found.pelatihan, found.tanpa_pelatihan, found.kurang_jp) == ((), ("x",), 20)


def test_the_plan_of_the_shipped_catalogue_for_a_beginner_reaches_the_minimum():
    rows = [gap(each.kode, level=1) for each in KAMUS.of("manajerial", "sosial_kultural")]

    found = plan(RULE.katalog, rows, RULE.duty("pns"))

    assert found.tanpa_pelatihan == found.ditunda == ()
    assert set(found.tercakup) == {row.kompetensi for row in rows}
    # one training each: 4 + 8 + 8 + 8 + 8 + 4 + 6 + 12 + 6
    assert found.jp == 64


catalogues = st.lists(
    st.tuples(st.integers(1, 25), st.sets(st.sampled_from("xyz"), max_size=3)), max_size=6
).map(lambda rows: [training(f"t{n}", jp, *sorted(what)) for n, (jp, what) in enumerate(rows)])
wanted = st.dictionaries(st.sampled_from("xyz"), st.integers(1, 40), max_size=3)


@settings(max_examples=150, deadline=None)
@given(catalogues, wanted, st.integers(0, 30), st.one_of(st.none(), st.integers(1, 40)))
def test_no_other_choice_covers_more_or_covers_as_much_with_fewer_jp(
    catalogue, priorities, least, most
):
    most = None if most is None else max(most, least, 1)
    rows = [gap(kode, worth) for kode, worth in priorities.items()]
    found = plan(catalogue, rows, Kewajiban("x", least, most, "", "C"))

    def merit(chosen) -> tuple[int, int, int]:
        covered = sum(w for k, w in priorities.items() if any(k in t.kompetensi for t in chosen))
        hours = sum(t.jp for t in chosen)
        return covered, -max(0, least - hours), -hours

    useful = [t for t in catalogue if not t.kompetensi or set(t.kompetensi) & set(priorities)]
    subsets = chain.from_iterable(combinations(useful, n) for n in range(len(useful) + 1))
    legal = [each for each in subsets if most is None or sum(t.jp for t in each) <= most]

    # Priority first; then the plan must work on that very set of gaps, so among equals in
    # priority hours are compared for the same gaps only.
    assert merit(found.pelatihan)[0] == max(merit(each)[0] for each in legal)
    same = [
        each for each in legal if all(any(k in t.kompetensi for t in each) for k in found.tercakup)
    ]
    assert merit(found.pelatihan)[1:] == max(merit(each)[1:] for each in same)


@pytest.mark.parametrize(
    "change",
    [
        {"katalog": [{**MAPPING["katalog"][0], "kompetensi": ["sihir"]}]},
        {"katalog": [{**MAPPING["katalog"][0], "jp": 0}]},
        {"katalog": [{**MAPPING["katalog"][0], "peserta_dari": 4, "peserta_sampai": 2}]},
        {"katalog": [MAPPING["katalog"][0], MAPPING["katalog"][0]]},
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused(change):
    with pytest.raises(BadRules):
        AturanPelatihan.from_mapping({**MAPPING, **change}, KAMUS)
