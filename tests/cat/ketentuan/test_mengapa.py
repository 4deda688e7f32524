"""Can every decision be told in sentences with the exact comparison and its source?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest

from cat.errors import BadInput, BadRules
from cat.ketentuan.integrasi import Contender
from cat.ketentuan.ketentuan_skb import HasilTes, RencanaTes
from cat.ketentuan.mengapa import Alasan, TempatSKD, why_skd
from cat.ketentuan.mengapa_akhir import Penentu, TempatAkhir, deciding, why_final
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_rule_sets

ALL = {rules.tahun: rules for rules in read_rule_sets()}
RULES: RuleSet = ALL[2024]
PASSES = {"twk": 65, "tiu": 80, "tkp": 166}
CAT = RencanaTes("cat", "SKB CAT", 60, 550)
TPA = RencanaTes("tpa", "TPA", 40, 100)
SAMAPTA = RencanaTes("kesegaran_jasmani", "Samapta", 40, 100, menggugurkan=True, minimum=61)


def texts(reasons: tuple[Alasan, ...]) -> list[str]:
    return [reason.teks for reason in reasons]


def test_a_pass_exactly_at_the_minimums_is_told_part_by_part() -> None:
    told = why_skd(PASSES, "umum", TempatSKD(2, 0, 1), "P/L", RULES)

    assert texts(told) == [
        "Nilai SKD: TWK 65 + TIU 80 + TKP 166 = 311.",
        "Ambang batas jenis kebutuhan Umum menguji TWK, TIU dan TKP.",
        "TWK 65 ≥ 65: terpenuhi, tepat pada batas.",
        "TIU 80 ≥ 80: terpenuhi, tepat pada batas.",
        "TKP 166 ≥ 166: terpenuhi, tepat pada batas.",
        "Semua minimum tercapai: ambang batas terpenuhi.",
        "Yang lulus ambang batas diurutkan menurut total, lalu TKP, lalu TIU, lalu TWK. "
        "Yang nilainya lebih tinggi: 2 orang.",
        "Batas yang lanjut ke SKB: 3 × 1 kebutuhan = 3 orang. Karena 2 < 3, peserta ini lanjut.",
        "Kode P/L: memenuhi nilai ambang batas dan berhak mengikuti SKB.",
    ]
    assert [told[2].sumber, told[2].keyakinan] == ["KepmenPANRB 321/2024", "A"]
    assert [told[-1].keyakinan, told[6].sumber] == ["B", "PermenPANRB 6/2024"]


def test_a_high_total_does_not_hide_the_part_that_is_short() -> None:
    told = texts(why_skd({"twk": 60, "tiu": 175, "tkp": 225}, "umum", None, "TL", RULES))

    assert "TWK 60 < 65: kurang 5." in told
    assert "Nilai SKD: TWK 60 + TIU 175 + TKP 225 = 460." in told
    assert told[-2].startswith("Ambang batas tidak terpenuhi karena TWK kurang")
    assert not any("kebutuhan =" in text for text in told)


def test_the_other_kind_of_rule_says_which_parts_have_no_minimum() -> None:
    told = texts(why_skd({"twk": 20, "tiu": 60, "tkp": 206}, "disabilitas", None, "P", RULES))

    assert "menguji TIU dan total; TWK dan TKP tidak mempunyai minimum sendiri." in told[1]
    assert "total 286 ≥ 286: terpenuhi, tepat pada batas." in told


def test_a_tie_at_the_cut_is_explained() -> None:
    told = texts(why_skd(PASSES, "umum", TempatSKD(2, 1, 1), "P/L", RULES))

    tie = next(text for text in told if text.startswith("Ada 1 orang lain"))
    assert "Semua yang sama tepat pada batas ikut lanjut" in tie
    assert "lebih panjang dari 3 orang" in tie


@pytest.mark.parametrize(
    ("ahead", "equal"), [(1, 1), (3, 1)], ids=["inside the limit", "outside the limit"]
)
def test_a_tie_away_from_the_cut_is_only_shared(ahead: int, equal: int) -> None:
    told = texts(why_skd(PASSES, "umum", TempatSKD(ahead, equal, 1), "P", RULES))

    assert any(text.endswith("semuanya berbagi tempat yang sama.") for text in told)


def test_who_stays_behind_reads_what_the_last_one_had_more() -> None:
    last = {"twk": 64, "tiu": 80, "tkp": 167}
    told = texts(why_skd(PASSES, "umum", TempatSKD(3, 0, 1, last), "P", RULES))

    assert "Karena 3 tidak kurang dari 3, peserta ini tidak lanjut." in told[-3]
    assert told[-2] == (
        "Dibandingkan dengan orang terakhir yang lanjut: total sama; TKP 166 < 167."
    )


def test_the_absent_read_only_that() -> None:
    told = texts(why_skd(None, "umum", None, "TH", RULES))

    assert told == [
        "Tidak hadir pada SKD, jadi tidak ada nilai yang dapat dibandingkan.",
        "Kode TH: tidak hadir.",
    ]


def test_reused_points_name_their_year_and_their_own_law() -> None:
    told = why_skd(PASSES, "umum", TempatSKD(0, 0, 1), "P/L", RULES, reused=True)

    assert "tahun 2023 dipakai kembali" in told[0].teks
    assert told[0].sumber == "KepmenPANRB 344/2024"


def test_an_unconfirmed_minimum_says_so_in_every_sentence_about_it() -> None:
    told = why_skd({"twk": 0, "tiu": 70, "tkp": 216}, "rescuer", None, "P", RULES)

    about = [reason for reason in told if "1023/2021" in reason.sumber]
    assert len(about) == 4
    assert {reason.keyakinan for reason in about} == {"C"}


def test_a_code_that_the_year_does_not_have_is_refused() -> None:
    with pytest.raises(BadRules, match="U-1"):
        why_skd(PASSES, "umum", None, "U-1", ALL[2019])


def test_every_sentence_has_a_source_in_every_year() -> None:
    for rules in ALL.values():
        told = why_skd(
            {"twk": 150, "tiu": 150, "tkp": 175}, "umum", TempatSKD(0, 0, 1), "P/L", rules
        )
        assert all(each.sumber and each.keyakinan in "ABC" for each in told)


SKB = [HasilTes(CAT, 465), HasilTes(TPA, 80)]


def test_the_published_integration_is_told_figure_by_figure() -> None:
    assert RULES.skb is not None
    told = why_final(400, SKB, RULES.skb.pusat, TempatAkhir(1, 2), "L", RULES)

    assert texts(told)[:6] == [
        "SKB CAT: 465 dari 550 = 84,545 pada skala 100; bobot 60% menyumbang 50,727.",
        "TPA: 80 dari 100 = 80,000 pada skala 100; bobot 40% menyumbang 32,000.",
        "SKD: 400 dari 550 = 72,727 pada skala 100; bobot 40% menyumbang 29,091.",
        "SKB: 82,727 pada skala 100; bobot 60% menyumbang 49,636.",
        "Nilai akhir: 29,091 + 49,636 = 78,727. Setiap bobot dipakai satu kali; pembulatan hanya "
        "untuk tampilan, urutan memakai nilai tanpa pembulatan.",
        "Peringkat 1 untuk 2 kebutuhan: termasuk yang mengisi kebutuhan.",
    ]
    assert told[0].sumber == "PermenPANRB 6/2024 Pasal 34-37"
    assert told[2].sumber == "PermenPANRB 6/2024 Pasal 45"


def test_the_callers_decimal_context_changes_no_sentence() -> None:
    expected = why_final(400, SKB, None, None, "L", RULES)

    with localcontext() as context:
        context.prec = 3
        assert why_final(400, SKB, None, None, "L", RULES) == expected


def test_a_knock_out_ends_the_sum() -> None:
    told = texts(
        why_final(550, [HasilTes(CAT, 550), HasilTes(SAMAPTA, 60)], None, None, "TMS-1", RULES)
    )

    assert (
        "Samapta bersifat menggugurkan: 60 < 61, jadi peserta gugur berapa pun nilai lainnya."
        in told
    )
    assert not any("Nilai akhir" in text for text in told)


def test_missing_a_knock_out_test_is_told_apart_from_failing_it() -> None:
    told = texts(
        why_final(550, [HasilTes(CAT, 550), HasilTes(SAMAPTA, None)], None, None, "TMS-1", RULES)
    )

    assert "Samapta: tidak hadir, jadi tidak ada nilai." in told
    assert "Samapta bersifat menggugurkan dan tidak diikuti: peserta gugur." in told


def test_limits_that_are_not_on_file_make_the_skb_sentences_unconfirmed() -> None:
    told = why_final(400, SKB, None, None, "TL", ALL[2018])

    assert told[0].keyakinan == "C"


A = Contender(Decimal("78.5"), (90, 110, 200), "s1", Decimal("3.50"), date(1995, 8, 5))


@pytest.mark.parametrize(
    ("changes", "expected", "sentence"),
    [
        ({"akhir": Decimal("78.6")}, Penentu("akhir", Decimal("78.5"), Decimal("78.6"), False), ""),
        (
            {"nilai": (91, 110, 200)},
            Penentu("total", Decimal(400), Decimal(401), False),
            "sama dalam nilai akhir. Yang menentukan: total SKD 400 < 401.",
        ),
        (
            {"nilai": (92, 109, 199)},
            Penentu("tkp", Decimal(200), Decimal(199), True),
            "sama dalam nilai akhir, total SKD. Yang menentukan: TKP 200 > 199.",
        ),
        (
            {"nilai": (89, 111, 200)},
            Penentu("tiu", Decimal(110), Decimal(111), False),
            "sama dalam nilai akhir, total SKD, TKP. Yang menentukan: TIU 110 < 111.",
        ),
        (
            {"ipk": Decimal("3.40")},
            Penentu("ipk", None, None, True),
            "TKP, TIU, TWK. Yang menentukan: IPK peserta ini lebih tinggi.",
        ),
        (
            {"tanggal_lahir": date(1995, 8, 4)},
            Penentu("usia", None, None, False),
            "TWK, IPK. Yang menentukan: yang lebih tua didahulukan; peserta ini lebih muda.",
        ),
    ],
)
def test_the_tie_that_decided_is_named_and_other_peoples_ipk_and_birthday_are_not(
    changes: dict[str, object], expected: Penentu, sentence: str
) -> None:
    rival = Contender(**{**A.__dict__, **changes})  # type: ignore[arg-type]

    found = deciding(A, rival, RULES.integrasi)

    assert found == expected
    if sentence:
        told = texts(why_final(400, SKB, None, TempatAkhir(1, 1, found), "L", RULES))
        assert any(text.endswith(sentence) for text in told), told


def test_people_equal_in_everything_have_no_deciding_criterion() -> None:
    assert deciding(A, A, RULES.integrasi) is None


def test_an_ipk_of_another_jenjang_decides_nothing_by_itself() -> None:
    rival = Contender(A.akhir, A.nilai, "sma", Decimal(88), A.tanggal_lahir)

    with pytest.raises(BadInput, match="jenjang"):
        deciding(A, rival, RULES.integrasi)


def test_a_transfer_names_its_step_and_its_law() -> None:
    step = RULES.optimalisasi[0]

    told = why_final(400, SKB, None, TempatAkhir(3, 1), "U-1", RULES, step=step)

    assert "lokasi yang sama" in told[-2].teks
    assert "ambang batas umum" in told[-2].teks
    assert "U-1" in told[-1].teks
    assert "di luar jumlah kebutuhan" in told[-3].teks
