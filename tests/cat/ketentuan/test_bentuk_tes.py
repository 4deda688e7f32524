"""The form of a test outside the SKD."""

from __future__ import annotations

import copy

import pytest

from cat.errors import BadRules
from cat.ketentuan.bentuk_tes import BentukTes

FORM = {
    "kode": "skb-contoh",
    "judul": "SKB contoh",
    "dasar_hukum": "PermenPANRB 6/2024 Pasal 34",
    "menit": 90,
    "keyakinan": "C",
    "bagian": [
        {
            "kode": "skb_contoh",
            "nama": "Kompetensi teknis",
            "butir": 80,
            "nilai_maks": 400,
            "poin": {"jenis": "kunci", "benar": 5, "salah": 0, "kosong": 0},
            "keyakinan": "C",
        }
    ],
}


def test_a_form_has_the_parts_that_it_names():
    form = BentukTes.from_mapping(FORM)

    assert form.get_bagian("skb_contoh").nilai_maks == 400
    with pytest.raises(BadRules, match="skb-contoh: bagian: tidak dikenal; yang ada skb_contoh"):
        form.get_bagian("twk")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"menit": 0}, "menit"),
        ({"bagian": []}, "perlu sedikitnya satu baris"),
        ({"bagian": FORM["bagian"] * 2}, "lebih dari satu kali"),
        ({"bagian": [FORM["bagian"][0] | {"nilai_maks": 500}]}, "harus 80 butir x 5 poin = 400"),
        ({"lain": 1}, "isian tidak dikenal"),
    ],
)
def test_what_does_not_add_up_is_refused_with_its_place(change, message):
    with pytest.raises(BadRules, match=message):
        BentukTes.from_mapping(copy.deepcopy(FORM) | change)
