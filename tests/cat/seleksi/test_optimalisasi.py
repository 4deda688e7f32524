"""Empty posts are filled step by step, the best first, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cat.ketentuan.pengisian import LangkahPindah
from cat.seleksi.optimalisasi import JENIS_INSTANSI, Moves, Needs, fill_empty
from cat.seleksi.peringkat_akhir import UNKNOWN, Contenders, rank_final
from seeds.ketentuan_files import read_rule_sets

JENIS = ("umum", "cumlaude", "disabilitas")


def step(kode: str, **changes: Any) -> LangkahPindah:
    plain: dict[str, Any] = {
        "kode": kode,
        "sasaran": ("umum",),
        "donor": ("khusus",),
        "lokasi": "sama",
        "ambang_batas": "umum",
        "hanya": "",
        "dasar_hukum": "PermenPANRB 23/2019",
        "keyakinan": "A",
    }
    return LangkahPindah(**plain | changes)


STEPS = (
    step("U-1"),
    step("E-2", sasaran=("khusus",), donor=("*",), jenis_sama=False),
    step("U-3", donor=("*",), lokasi="lain", hanya="daerah"),
    step("E-1", sasaran=("khusus",), donor=("khusus",), lokasi="lain", jenis_sama=True,
         ambang_batas="sendiri"),
)  # fmt: skip
RULES = replace(read_rule_sets()[-1], optimalisasi=STEPS)


def world(
    formasi: list[tuple[int, int, int, int, int]], people: list[tuple[int, int, int, Any, bool]]
) -> tuple[Any, ...]:
    """Arrays from rows.

    formasi : posts, group, lokasi, jenis, kind of agency.
    people : formasi, numerator, denominator, (jenjang, ipk, birth), reaches umum.
    """
    needs = Needs(*np.array(formasi, dtype=np.int64).reshape(-1, 5).T, JENIS)
    count = len(people)
    columns = np.array([(f, n, d, *own) for f, n, d, own, _ in people], dtype=np.int64)
    own, above, below, jenjang, ipk, lahir = columns.reshape(-1, 6).T
    contenders = Contenders(
        above, below, np.ones((count, 3), np.int64), jenjang, ipk, lahir, np.zeros(count, np.int64)
    )
    everyone = np.ones(count, dtype=bool)
    ranking = rank_final(own, contenders, everyone, needs.kebutuhan, RULES.integrasi)
    reaches = np.array([row[4] for row in people], dtype=bool)
    return own, contenders, ranking, reaches, needs


def moved(found: Moves) -> list[tuple[int, str] | None]:
    return [
        (int(target), STEPS[number].kode) if target >= 0 else None
        for target, number in zip(found.target, found.step, strict=True)
    ]


S1 = (1, 350, 700_000)


def test_the_best_of_the_special_needs_takes_the_empty_general_post_at_the_same_place() -> None:
    made = world(
        [(1, 0, 0, 0, 0), (1, 0, 0, 1, 0)],
        [(1, 70, 1, S1, True), (1, 60, 1, S1, True), (1, 50, 1, S1, True)],
    )

    assert moved(fill_empty(*made, RULES)) == [None, (0, "U-1"), None]


def test_who_misses_the_general_minimums_is_passed_over() -> None:
    made = world(
        [(1, 0, 0, 0, 0), (1, 0, 0, 1, 0)],
        [(1, 70, 1, S1, True), (1, 60, 1, S1, False), (1, 50, 1, S1, True)],
    )

    assert moved(fill_empty(*made, RULES)) == [None, None, (0, "U-1")]


def test_another_place_is_open_to_regional_agencies_only() -> None:
    def at(agency: str) -> list[tuple[int, str] | None]:
        kind = JENIS_INSTANSI.index(agency)
        rows = [(1, 70, 1, S1, True), (1, 60, 1, S1, True)]
        return moved(fill_empty(*world([(1, 0, 0, 0, kind), (1, 0, 1, 0, kind)], rows), RULES))

    assert at("daerah") == [None, (0, "U-3")]
    assert at("pusat") == [None, None]


def test_another_jabatan_or_agency_gives_nobody() -> None:
    made = world([(1, 0, 0, 0, 1), (1, 1, 0, 1, 1)], [(1, 70, 1, S1, True), (1, 60, 1, S1, True)])

    assert moved(fill_empty(*made, RULES)) == [None, None]


def test_equals_for_one_post_wait_for_a_person_and_the_post_stays_empty() -> None:
    unknown = (1, UNKNOWN, 700_000)
    made = world(
        [(1, 0, 0, 0, 1), (1, 0, 0, 1, 1), (0, 0, 1, 1, 1)],
        [
            (1, 70, 1, S1, True),
            (1, 60, 1, unknown, True),
            (1, 60, 1, S1, True),
            (2, 50, 1, S1, True),
        ],
    )

    found = fill_empty(*made, RULES)

    assert moved(found) == [None, None, None, None]
    assert found.undecided.tolist() == [False, True, True, False]


def slow_fill(made: tuple[Any, ...]) -> tuple[list[tuple[int, str] | None], list[bool]]:
    """The same by looking at one person after another."""
    formasi, people, ranking, reaches, needs = made
    people_count, result = len(formasi), [None] * len(formasi)
    undecided = [False] * people_count
    closed = [bool(ranking.placed[i] or ranking.undecided[i]) for i in range(people_count)]
    empty = []
    for g, posts in enumerate(needs.kebutuhan.tolist()):
        mine = [i for i in range(people_count) if formasi[i] == g]
        waiting = any(ranking.undecided[i] for i in mine)
        empty.append(0 if waiting else posts - sum(bool(ranking.placed[i]) for i in mine))

    def first(i: int) -> Fraction:
        return -Fraction(int(people.pembilang[i]), int(people.penyebut[i]))

    for each in STEPS:
        for g in range(len(empty)):
            legal = [
                i
                for i in range(people_count)
                if not closed[i]
                and formasi[i] != g
                and needs.group[formasi[i]] == needs.group[g]
                and each.allows(
                    JENIS[needs.jenis[formasi[i]]],
                    JENIS[needs.jenis[g]],
                    same_lokasi=bool(needs.lokasi[formasi[i]] == needs.lokasi[g]),
                    jenis_instansi=JENIS_INSTANSI[needs.instansi[g]],
                )
                and (each.ambang_batas == "sendiri" or reaches[i])
            ]
            while legal and empty[g] > 0:
                best = min(map(first, legal))
                block = [i for i in legal if first(i) == best]
                comparable = (
                    all(people.ipk[i] != UNKNOWN for i in block)
                    and len({int(people.jenjang[i]) for i in block}) == 1
                )
                if comparable:
                    keys = {i: (-people.ipk[i], people.lahir[i]) for i in block}
                    block = [i for i in block if keys[i] == min(keys.values())]
                if len(block) > empty[g]:
                    empty[g] = 0
                    for i in block:
                        undecided[i] = closed[i] = True
                    break
                for i in block:
                    result[i], closed[i] = (g, each.kode), True
                    empty[g] -= 1
                    legal.remove(i)
    return result, undecided


need = st.tuples(
    st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.integers(0, 2), st.integers(0, 1)
)
own_facts = st.tuples(
    st.sampled_from([1, 1, 2]),
    st.sampled_from([300, 350, UNKNOWN]),
    st.sampled_from([700_000, 700_001]),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Any, ...]:
    """A few formasi, each of a plan with its own denominator, and many people who stand equal."""
    formasi = draw(st.lists(need, min_size=2, max_size=6))
    below = [draw(st.sampled_from([2, 4, 6])) for _ in formasi]
    rows = []
    for _ in range(draw(st.integers(0, 25))):
        mine = draw(st.integers(0, len(formasi) - 1))
        halves = draw(st.integers(0, 2))
        rows.append(
            (mine, halves * below[mine] // 2, below[mine], draw(own_facts), draw(st.booleans()))
        )
    return world(formasi, rows)


@given(worlds())
def test_filling_in_arrays_equals_looking_at_one_person_after_another(made: Any) -> None:
    expected, undecided = slow_fill(made)

    found = fill_empty(*made, RULES)

    assert moved(found) == expected
    assert found.undecided.tolist() == undecided


@given(worlds())
def test_no_formasi_ends_with_more_people_than_posts(made: Any) -> None:
    formasi, _, ranking, _, needs = made

    found = fill_empty(*made, RULES)

    seats = np.bincount(formasi[ranking.placed], minlength=len(needs.kebutuhan))
    seats += np.bincount(found.target[found.target >= 0], minlength=len(needs.kebutuhan))
    assert (seats <= needs.kebutuhan).all()
    assert not (ranking.placed & (found.target >= 0)).any()
