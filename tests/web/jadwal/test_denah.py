"""Grids of seats, and the rules of exam days."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput, BadRules
from cat.exam.moves import GRACE_SECONDS
from web.operations.jadwal.denah import Denah, read_aisles, write_aisles
from web.operations.jadwal.pelaksanaan import Pelaksanaan

RULES = Path(__file__).resolve().parents[3] / "seeds" / "pelaksanaan"
FILES = sorted(RULES.glob("*.toml"))


def rules(year: int) -> Pelaksanaan:
    return Pelaksanaan.from_mapping(content(year))


def content(year: int) -> dict:
    return tomllib.loads((RULES / f"{year}.toml").read_text(encoding="utf-8"))


@st.composite
def grids(draw):
    rows, columns = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    cells = [(r, c) for r in range(1, rows + 1) for c in range(1, columns + 1)]
    aisles = draw(st.sets(st.sampled_from(cells), max_size=len(cells) - 1))
    return Denah(rows, columns, draw(st.integers(1, 5000)), frozenset(aisles))


@given(grids())
def test_every_cell_is_a_seat_or_an_aisle_and_numbers_run_without_a_gap(grid):
    cells = list(grid.letak.values())

    assert len(set(cells)) == grid.kapasitas == grid.baris * grid.kolom - len(grid.lorong)
    assert not grid.lorong.intersection(cells)
    assert list(grid.letak) == list(grid.nomor)
    assert cells == sorted(cells)


@given(grids())
def test_the_drawing_shows_each_seat_where_it_is(grid):
    drawn = grid.barisan()

    assert [len(row) for row in drawn] == [grid.kolom] * grid.baris
    for seat, (row, column) in grid.letak.items():
        assert drawn[row - 1][column - 1] == seat


@given(grids())
def test_aisles_that_are_written_are_read_back_the_same(grid):
    assert read_aisles(write_aisles(grid), grid.baris, grid.kolom) == grid.lorong


def test_aisles_are_whole_columns_whole_rows_or_single_cells():
    assert read_aisles("kolom 2; baris 1; 3,3", 3, 3) == {
        *((1, 1), (1, 2), (1, 3)),
        *((2, 2), (3, 2), (3, 3)),
    }


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Denah(0, 4), "baris: 1 sampai 100"),
        (lambda: Denah(2, 2, 1, frozenset({(3, 1)})), "lorong baris 3 kolom 1"),
        (lambda: Denah(1, 1, 1, frozenset({(1, 1)})), "tidak menyisakan"),
        (lambda: Denah(100, 100, 5), "nomor kursi terakhir"),
        (lambda: read_aisles("kolom", 2, 2), "lorong 'kolom'"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_by_name(make, said):
    with pytest.raises(BadInput, match=said):
        make()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_rules_reads_and_names_its_sources(path):
    made = Pelaksanaan.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))

    named = [*made.pola, *made.angka.values(), *made.akomodasi.values()]
    assert all(each.sumber and each.keyakinan in "ABC" for each in named)
    own = [each for each in named if "pilihan sendiri" in each.sumber.lower()]
    assert {each.keyakinan for each in own} == {"C"}


@pytest.mark.parametrize(
    ("year", "pattern", "day", "starts"),
    [
        (2024, "skd", date(2026, 11, 26), ["08:00", "10:30", "13:00", "15:30"]),  # a Thursday
        (2024, "skd", date(2026, 11, 27), ["08:00", "15:00"]),  # a Friday: prayer in between
        (2024, "skb", date(2026, 11, 27), ["08:00", "14:30"]),
        (2024, "skd", date(2026, 11, 28), ["08:00", "10:30", "13:00", "15:30"]),
        (2021, "skd", date(2021, 9, 24), ["08:00", "15:00"]),
        (2018, "skd", date(2018, 10, 26), ["08:00", "10:00", "14:00", "16:00"]),
    ],
)
def test_a_friday_has_starts_of_its_own(year, pattern, day, starts):
    assert rules(year).get_pola(pattern).mulai(day) == tuple(map(time.fromisoformat, starts))


def test_the_grace_of_the_engine_is_the_one_that_the_rules_state():
    assert {rules(int(path.stem)).tenggang_detik for path in FILES} == {GRACE_SECONDS}


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda data: data["angka"].pop(), "belum disebut"),
        (lambda data: data["pola"][0].update(jumat=["25:00"]), "harus jam"),
        (lambda data: data["pola"][0].update(jumat=["15:00", "08:00"]), "berurutan"),
        (lambda data: data["angka"][2].update(nilai=90), "pin_tutup sebelum registrasi_buka"),
        (lambda data: data.update(kebiasaan="x"), "isian tidak dikenal"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(break_it, said):
    data = content(2024)
    break_it(data)

    with pytest.raises(BadRules, match=said):
        Pelaksanaan.from_mapping(data)
