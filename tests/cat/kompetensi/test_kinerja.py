"""Which predicate do two ratings make?"""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from cat.errors import BadInput, BadRules
from cat.kompetensi.kinerja import AturanKinerja, performance_gap
from seeds.talenta_files import read_talent_file

MAPPING = read_talent_file("kinerja.toml")
RULE = AturanKinerja.from_mapping(MAPPING)


@pytest.mark.parametrize(
    ("hasil", "perilaku", "predikat", "baris"),
    [
        # domain.md 5.5 (matrix of PermenPANRB 6/2022) and 5.4 (rows)
        ("di_atas", "di_atas", "sangat_baik", "di_atas"),
        ("di_atas", "sesuai", "baik", "sesuai"),
        ("sesuai", "di_atas", "baik", "sesuai"),
        ("sesuai", "sesuai", "baik", "sesuai"),
        ("di_bawah", "di_atas", "butuh_perbaikan", "di_bawah"),
        ("di_bawah", "sesuai", "butuh_perbaikan", "di_bawah"),
        ("di_atas", "di_bawah", "kurang", "di_bawah"),
        ("sesuai", "di_bawah", "kurang", "di_bawah"),
        ("di_bawah", "di_bawah", "sangat_kurang", "di_bawah"),
    ],
)
def test_each_pair_of_ratings_has_its_predicate_and_row(hasil, perilaku, predikat, baris):
    found = RULE.predicate(hasil, perilaku)

    assert (found.kode, found.baris) == (predikat, baris)


def test_an_unknown_rating_is_refused():
    with pytest.raises(BadInput, match="luar_biasa"):
        RULE.predicate("luar_biasa", "sesuai")


def test_a_matrix_with_a_pair_missing_or_doubled_is_refused():
    for change in (lambda rows: rows.pop(), lambda rows: rows.__setitem__(0, dict(rows[1]))):
        broken = copy.deepcopy(MAPPING)
        change(broken["matriks"]["isi"])
        with pytest.raises(BadRules, match="kesembilan pasangan"):
            AturanKinerja.from_mapping(broken)


@pytest.mark.parametrize(
    ("target", "result", "gap"), [("100", "92.50", "7.50"), ("100", "100", "0"), ("90", "110", "0")]
)
def test_the_performance_gap_is_target_less_result_and_never_negative(target, result, gap):
    # PP 11/2017 art. 206
    assert performance_gap(Decimal(target), Decimal(result)) == Decimal(gap)
