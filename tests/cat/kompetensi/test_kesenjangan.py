"""Where does a person fall short, and what matters most?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.kompetensi.jpm import AturanJpm, match
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.kesenjangan import by_priority, gap_percent, gaps
from cat.kompetensi.standar import Bobot, Standar
from seeds.talenta_files import read_talent_file

KAMUS = Kamus.from_mapping(read_talent_file("kamus.toml"))
CAPPED = AturanJpm.from_mapping({**read_talent_file("jpm.toml"), "batasi_per_kompetensi": True})
STANDARD = Standar(
    sasaran="jabatan/X",
    judul="Contoh",
    syarat=(("integritas", 3), ("perekat_bangsa", 2), ("digital.cakap", 4)),
    bobot=(Bobot(("digital",), 60), Bobot(("manajerial", "sosial_kultural"), 40)),
    sumber="tes",
    keyakinan="C",
    contoh=True,
)


def test_gaps_priorities_and_gap_percent_by_hand():
    rows = gaps(STANDARD, {"integritas": 1, "perekat_bangsa": 5, "digital.cakap": 3}, KAMUS)

    # one level is worth 40/5 = 8 points of JPM in the first family and 60/4 = 15 in the second
    assert [(row.gap, row.bobot, row.prioritas) for row in rows] == [
        (2, 8, 16),
        (0, 8, 0),
        (1, 15, 15),
    ]
    assert [row.kompetensi for row in by_priority(rows)] == ["integritas", "digital.cakap"]
    assert gap_percent(rows) == Fraction(300, 9)  # 3 levels of 9


def test_an_unknown_level_has_no_gap_and_no_percentage():
    rows = gaps(STANDARD, {"integritas": 3, "perekat_bangsa": None}, KAMUS)

    assert [row.gap for row in rows] == [0, None, None]
    assert gap_percent(rows) is None
    assert by_priority(rows) == ()


@pytest.mark.parametrize("place", range(3))
@given(st.lists(st.integers(1, 5), min_size=3, max_size=3))
def test_the_priorities_are_exactly_what_is_wanting_to_a_full_match(place, levels):
    # With excess capped, closing every gap brings the JPM to 100.
    reached = dict(zip([kode for kode, _ in STANDARD.syarat], levels, strict=True))
    rows = gaps(STANDARD, reached, KAMUS)

    assert match(STANDARD, reached, CAPPED, KAMUS).nilai + sum(r.prioritas for r in rows) == 100
    assert rows[place].gap == max(0, rows[place].standar - levels[place])
