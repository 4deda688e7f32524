"""The data files of the profile: the dictionary, cut points, hints of TKP, and IT mastery."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.kompetensi.aturan_bukti import AturanBukti
from cat.kompetensi.batas_level import BatasSemua
from cat.kompetensi.bukti import Bukti, combine
from cat.kompetensi.gabungan import Gabungan
from cat.kompetensi.kaitan_tkp import KaitanTkp
from cat.kompetensi.kamus import Kamus
from cat.scoring.profile import DomainScore
from seeds.kompetensi_files import FILES, HERE
from web.operations.data_kompetensi import READERS

TODAY = date(2026, 11, 22)


def content(kode: str):
    return tomllib.loads((HERE / FILES[kode]).read_text(encoding="utf-8"))


KAMUS = Kamus.from_mapping(content("kamus-kompetensi"))
RULES = AturanBukti.from_mapping(content("aturan-bukti"))
BATAS = BatasSemua.from_mapping(content("batas-level"))
KAITAN = KaitanTkp.from_mapping(content("tkp-ke-kompetensi"))
DIGITAL = Gabungan.from_mapping(content("literasi-digital"))


def score(theta: float, se: float, items: int = 5) -> DomainScore:
    return DomainScore(items, theta, se, share=0.5, share_se=0.1, reliability=1 - se**2)


@pytest.mark.parametrize("kode", FILES)
def test_every_file_carries_its_code_and_survives_its_own_written_form(kode):
    data = READERS[kode](content(kode))

    assert data.kode == kode
    assert READERS[kode](data.to_mapping()) == data


def test_the_dictionary_holds_the_nine_of_permenpanrb_38_2017_and_the_four_pillars():
    nine = KAMUS.of("manajerial", "sosial_kultural")

    assert [each.kode for each in nine] == [
        *("integritas", "kerja_sama", "komunikasi", "orientasi_pada_hasil", "pelayanan_publik"),
        *("pengembangan_diri_dan_orang_lain", "mengelola_perubahan", "pengambilan_keputusan"),
        "perekat_bangsa",
    ]
    assert {each.kode for each in KAMUS.of("digital")} == {
        *("digital.cakap", "digital.etika", "digital.budaya", "digital.keamanan")
    }
    assert all(each.contoh for each in KAMUS.of("teknis"))


def test_what_the_files_refer_to_is_in_the_dictionary_and_has_cut_points():
    for link in KAITAN.kaitan:
        assert link.kompetensi in KAMUS
        assert BATAS.find(f"{KAITAN.bagian}.{link.domain}") is not None
    assert all(each.kompetensi in KAMUS for each in DIGITAL.unsur)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"level": content("kamus-kompetensi")["level"][:4]}, "1 sampai 5"),
        (
            {"kompetensi": [{**content("kamus-kompetensi")["kompetensi"][0], "kode": "A B"}]},
            "titik",
        ),
        ({"kompetensi": content("kamus-kompetensi")["kompetensi"][:1] * 2}, "lebih dari satu kali"),
    ],
)
def test_a_broken_dictionary_is_refused_with_the_rule(change, told):
    with pytest.raises(BadRules, match=told):
        Kamus.from_mapping(content("kamus-kompetensi") | change)


def test_cut_points_that_do_not_ascend_are_refused():
    row = content("batas-level")["batas"][0]
    row["perseratus_logit"]["level_3"] = -150

    with pytest.raises(BadRules, match="menaik"):
        BatasSemua.from_mapping(content("batas-level") | {"batas": [row]})


@given(st.floats(-3, 3), st.floats(0.1, 1))
def test_levels_of_an_ability_are_probabilities(theta, se):
    chances = BATAS.batas[0].chances(theta, se)

    assert len(chances) == 5
    assert min(chances) >= 0
    assert sum(chances) == pytest.approx(1)


def test_a_domain_that_taught_nothing_hints_at_nothing():
    found = KAITAN.evidence(
        {"pelayanan_publik": score(0, 1, items=1)}, BATAS, prior=(0, 1), tanggal=TODAY, asal="TKP"
    )

    assert found[0].peluang == pytest.approx((0.2,) * 5)


def test_a_domain_without_answers_or_cut_points_gives_no_evidence():
    scores = {"pelayanan_publik": score(1, 0.5, items=0), "tidak_dikenal": score(1, 0.5)}

    assert not KAITAN.evidence(scores, BATAS, prior=(0, 1), tanggal=TODAY, asal="TKP")


@given(st.floats(-3, 3), st.floats(0.2, 0.95))
def test_a_hint_leans_the_belief_but_stays_weak(theta, se):
    scores = {link.domain: score(theta, se) for link in KAITAN.kaitan}
    hints = KAITAN.evidence(scores, BATAS, prior=(0, 1), tanggal=TODAY, asal="TKP")

    for kode in {each.kompetensi for each in hints}:
        belief = combine([each for each in hints if each.kompetensi == kode], TODAY, RULES)
        assert belief.lemah
        assert max(belief.peluang) < 1 / 3


def test_it_mastery_pools_the_evidence_of_its_elements_at_their_share():
    strong = Bukti(
        *("digital.keamanan", (0.01, 0.02, 0.1, 0.77, 0.1), TODAY, TODAY, 1.0, "asesmen", "Contoh")
    )
    unrelated = Bukti(
        *("integritas", (0.96, 0.01, 0.01, 0.01, 0.01), TODAY, TODAY, 1.0, "asesmen", "Contoh")
    )
    found = {each.kompetensi: combine([each], TODAY, RULES) for each in (strong, unrelated)}

    belief = DIGITAL.belief(found, RULES)

    share = next(u.bobot_persen for u in DIGITAL.unsur if u.kompetensi == "digital.keamanan")
    assert belief.bobot == pytest.approx(share / 100)
    assert (belief.level, belief.lemah) == (4, True)
    assert not DIGITAL.belief({}, RULES).has_evidence
