"""Which standards are well formed, and what is usual for a jenjang?"""

from __future__ import annotations

import pytest

from cat.errors import BadRules
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.standar import DaftarJenjang, Standar
from seeds.talenta_files import read_talent_file

KAMUS = Kamus.from_mapping(read_talent_file("kamus.toml"))
USUAL = DaftarJenjang.from_mapping(read_talent_file("standar_jenjang.toml"))
GOOD = {
    "sasaran": "jabatan/JF9900001",
    "judul": "Pranata Komputer Ahli Pertama",
    "syarat": {"integritas": 2, "digital.cakap": 3},
    "bobot": [
        {"kelompok": ["digital", "teknis"], "persen": 60},
        {"kelompok": ["manajerial", "sosial_kultural"], "persen": 40},
    ],
    "sumber": "Contoh",
    "keyakinan": "C",
    "contoh": True,
}


@pytest.mark.parametrize(
    ("kode", "level"),
    [
        # domain.md 5.2, confidence C
        ("pelaksana", 1),
        ("pengawas", 2),
        ("administrator", 3),
        ("jpt_pratama", 4),
        ("jpt_madya", 5),
        ("jpt_utama", 5),
    ],
)
def test_the_usual_standard_asks_one_level_of_all_nine_competencies(kode, level):
    standar = USUAL.usual_standard(USUAL.find(kode), KAMUS)

    assert [asked for _, asked in standar.syarat] == [level] * 9
    assert standar.keyakinan == "C"


def test_every_usual_standard_is_one_that_a_form_would_accept():
    for jenjang in USUAL.jenjang:
        standar = USUAL.usual_standard(jenjang, KAMUS)
        assert Standar.from_mapping(standar.to_mapping(), KAMUS) == standar


def test_functional_posts_are_marked_as_examples():
    assert all(each.contoh for each in USUAL.jenjang if each.kelompok_jabatan == "fungsional")


def test_a_standard_written_out_and_read_again_is_the_same():
    standar = Standar.from_mapping(GOOD, KAMUS)

    assert Standar.from_mapping(standar.to_mapping(), KAMUS).digest == standar.digest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"syarat": {"integritas": 6, "digital.cakap": 3}}, "level harus 1 sampai 5"),
        ({"syarat": {"integritas": 0, "digital.cakap": 3}}, "level harus 1 sampai 5"),
        ({"syarat": {"kesaktian": 3}}, "perlu sedikitnya satu|tidak dikenal"),
        ({"syarat": {"integritas": 2}}, "setiap bobot perlu sedikitnya satu syarat"),
        ({"bobot": [{"kelompok": ["digital", "manajerial"], "persen": 90}]}, "harus 100"),
        ({"bobot": [{"kelompok": ["digital"], "persen": 100}]}, "harus tercakup"),
        (
            {
                "bobot": [
                    {"kelompok": ["digital", "manajerial"], "persen": 60},
                    {"kelompok": ["manajerial"], "persen": 40},
                ]
            },
            "lebih dari satu kali",
        ),
        ({"sasaran": "JF9900001"}, "jabatan/"),
        ({"keyakinan": "Z"}, "salah satu dari"),
        ({"warna": "biru"}, "tidak dikenal"),
    ],
)
def test_a_standard_that_cannot_be_counted_is_refused_with_place_and_rule(change, words):
    with pytest.raises(BadRules, match=words):
        Standar.from_mapping({**GOOD, **change}, KAMUS)
