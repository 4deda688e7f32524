"""Who sits the simulated test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from cat.errors import BadInput
from cat.simulation.study.fields import Fields
from cat.simulation.study.simulees import read_simulees
from cat.simulation.study.sources import Sources
from cat.simulation.study.streams import Purpose, seeds, uniforms

PARTS = ["twk", "tiu", "tkp"]


@pytest.fixture
def people(tmp_path):
    def read(parts=("uji",), seed=5, **table):
        fields = Fields(table, "s.toml peserta")
        return read_simulees(fields, list(parts), seed, Sources(tmp_path))

    return read


def test_abilities_follow_the_distribution_that_was_asked_for(people):
    normal = people(jumlah=20_000, sebaran={"jenis": "normal", "rata": 0.5, "sb": 2})
    even = people(jumlah=20_000, sebaran={"jenis": "seragam", "dari": -3, "sampai": 1})

    # A correct generator fails each of these once in a thousand seeds; the seed is fixed.
    assert kstest(normal.theta[:, 0], "norm", args=(0.5, 2)).pvalue > 0.001
    assert kstest(even.theta[:, 0], "uniform", args=(-3, 4)).pvalue > 0.001


def test_parts_correlate_as_asked_and_not_otherwise(people):
    matrix = [[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]]
    asked = people(PARTS, jumlah=20_000, korelasi=matrix).theta
    shared = people(PARTS, jumlah=20_000, korelasi=0.5).theta
    apart = people(PARTS, jumlah=20_000).theta

    # 3 / sqrt(20,000) = 0.02: three standard errors of a correlation of zero.
    assert np.corrcoef(asked.T) == pytest.approx(np.array(matrix), abs=0.02)
    assert np.corrcoef(shared.T)[np.triu_indices(3, 1)] == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(apart.T)[np.triu_indices(3, 1)] == pytest.approx(0.0, abs=0.02)


def test_a_person_is_the_same_in_a_small_and_a_large_study(people):
    few, many = people(PARTS, jumlah=10), people(PARTS, jumlah=1_000)

    assert (few.theta == many.theta[:10]).all()


def test_another_seed_gives_other_people(people):
    assert (people(jumlah=50, seed=1).theta != people(jumlah=50, seed=2).theta).all()


def test_streams_of_different_purpose_have_nothing_in_common():
    numbers = np.arange(1_000)
    columns = [uniforms(seeds(3, purpose, numbers), 0) for purpose in Purpose]

    assert np.abs(np.corrcoef(columns) - np.eye(len(columns))).max() < 0.12  # 4 / sqrt(1,000)


def test_a_grid_has_every_point_equally_often(people):
    shape = {"jenis": "titik", "dari": -1, "sampai": 1, "langkah": 0.5, "per_titik": 3}

    grid = people(PARTS, sebaran=shape).theta

    points, times = np.unique(grid[:, 0], return_counts=True)
    assert points.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert set(times) == {3}
    assert (grid == grid[:, :1]).all()


def test_a_step_that_is_no_binary_fraction_still_reaches_the_last_point(people):
    shape = {"jenis": "titik", "dari": -3, "sampai": 3, "langkah": 0.1, "per_titik": 1}

    assert len(people(sebaran=shape).theta) == 61


@pytest.mark.parametrize("text", ["tiu,uji\n0.5,-1.25\n1,2\n", "uji;tiu\n-1,25;0,5\n2;1\n"])
def test_abilities_from_a_file_stand_under_their_part(people, tmp_path, text):
    (tmp_path / "theta.csv").write_text(text)

    read = people(["uji", "tiu"], berkas="theta.csv")

    assert read.theta.tolist() == [[-1.25, 0.5], [2, 1]]
    assert "theta.csv" in read.people


def test_the_sentence_about_people_says_what_was_drawn(people):
    said = people(PARTS, jumlah=10, sebaran={"jenis": "normal", "rata": 0.5}, korelasi=0.5).people

    assert said == (
        "kemampuan normal dengan rata-rata dan simpangan baku 0,5 dan 1, korelasi antarbagian 0,5"
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "jumlah: wajib diisi"),
        ({"jumlah": 0}, "jumlah: nilainya harus antara 1 dan"),
        ({"jumlah": 2.5}, "jumlah: harus bilangan bulat"),
        ({"jumlah": True}, "jumlah: harus bilangan bulat"),
        ({"jumlah": 5, "sebaran": {"jenis": "beta"}}, "jenis: harus salah satu dari normal"),
        ({"jumlah": 5, "sebaran": {"jenis": "normal", "sb": -1}}, "sb: nilainya harus antara 0"),
        ({"jumlah": 5, "sebaran": {"jenis": "normal", "sd": 1}}, "sd: isian tidak dikenal"),
        ({"jumlah": 5, "sebaran": {"jenis": "normal", "rata": float("nan")}}, "berhingga"),
        ({"jumlah": 5, "jumlh": 5}, "jumlh: isian tidak dikenal; maksudnya jumlah"),
        ({"jumlah": 5, "korelasi": 1}, "definit positif"),
        ({"jumlah": 5, "korelasi": [[1, 0.5]]}, "matriks 3 x 3"),
        ({"jumlah": 5, "korelasi": [[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]}, "setangkup"),
        ({"jumlah": 5, "sebaran": {"twk": {"jenis": "normal"}}}, "tiu: wajib diisi"),
        ({"berkas": "hilang.csv"}, "berkas: berkas tidak dapat dibaca"),
        (
            {
                "jumlah": 7,
                "sebaran": {"jenis": "titik", "dari": 0, "sampai": 1, "langkah": 1, "per_titik": 4},
            },
            "2 titik x 4 = 8 peserta",
        ),
    ],
)
def test_a_mistake_is_refused_with_place_and_rule(people, table, message):
    with pytest.raises(BadInput, match=message) as caught:
        people(PARTS, **table)

    assert str(caught.value).startswith("s.toml peserta")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("uji\n1\n", "tidak ada kolom 'twk'"),
        ("twk,tiu,tkp\n1,2,x\n", "theta.csv baris 2, kolom tkp: .*'x'"),
        ("twk,tiu,tkp\n1,2,11\n", "antara -10 dan 10"),
        ("twk,tiu,tkp\n1,2\n", "baris 2: ada 2 sel, seharusnya 3"),
        ("twk,tiu,tiu\n1,2,3\n", "'tiu' kosong atau terulang"),
        ("twk,tiu,tkp\n", "sedikitnya satu baris isi"),
    ],
)
def test_a_broken_file_of_abilities_is_refused_with_its_line(people, tmp_path, text, message):
    (tmp_path / "theta.csv").write_text(text)

    with pytest.raises(BadInput, match=message):
        people(PARTS, berkas="theta.csv")
