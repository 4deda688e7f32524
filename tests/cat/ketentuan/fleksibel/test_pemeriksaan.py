"""May the request go to the head? Invented employees, and the sentence each of them would read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cat.errors import BadInput, BadRules
from cat.ketentuan.fleksibel.fakta import Devices, DigitalEvidence, Subject, TaskFacts
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.pemeriksaan import Assessment, Conclusion, assess
from cat.ketentuan.fleksibel.penilaian import Outcome

NATIONAL, WITH_LAYER = "permenpanrb-4-2025", "permenpanrb-4-2025+contoh"
TODAY = date(2025, 8, 1)
DESK_WORK = TaskFacts(
    dapat_di_luar_kantor=True,
    tanpa_ruang_khusus=True,
    berbasis_tik=True,
    tatap_muka_minimal=True,
    tanpa_pengawasan_terus_menerus=True,
)
ANALYST = Subject(
    status="pns",
    instansi="kementerian",
    tmt_jabatan=date(2022, 3, 1),
    cara_masuk="promosi",
    hukuman_disiplin=False,
    proses_disiplin=False,
    predikat_kinerja="baik",
    tugas=DESK_WORK,
    digital=DigitalEvidence((0.98, 0.9, 0.3), "tes literasi digital 2025"),
)

NO = Conclusion.TIDAK_DAPAT_DIAJUKAN
ASK = Conclusion.PERLU_BUKTI
YES = Conclusion.DAPAT_DIAJUKAN_KEPADA_PIMPINAN


def tasks(**changes: bool | None) -> dict[str, TaskFacts]:
    return {"tugas": replace(DESK_WORK, **changes)}


def digital(*chances: float) -> dict[str, Any]:
    """Chances of level 2, 3, and so on."""
    return {"digital": DigitalEvidence(chances, "tes literasi digital 2025")}


# (who, what differs from the analyst, conclusion, the test that decides, part of its reason)
EMPLOYEES: list[tuple[str, dict[str, Any], Conclusion, str | None, str]] = [
    ("analyst three years in post", {}, YES, None, ""),
    ("CPNS", {"status": "cpns"}, NO, "bukan_pegawai_baru", "CPNS baru direkrut"),
    (
        "CPNS whose post began long ago",
        {"status": "cpns", "tmt_jabatan": date(2015, 1, 1)},
        NO,
        "bukan_pegawai_baru",
        "CPNS baru direkrut",
    ),
    (
        "promoted last month",
        {"tmt_jabatan": date(2025, 7, 1)},
        NO,
        "bukan_pegawai_baru",
        "masa baru 12 bulan berakhir pada 01-07-2026",
    ),
    (
        "rotated, last day of being new",
        {"tmt_jabatan": date(2024, 8, 2), "cara_masuk": "rotasi"},
        NO,
        "bukan_pegawai_baru",
        "02-08-2025",
    ),
    ("moved exactly a year ago", {"tmt_jabatan": date(2024, 8, 1)}, YES, None, ""),
    (
        "PPPK recruited half a year ago",
        {"status": "pppk", "tmt_jabatan": date(2025, 2, 1), "cara_masuk": "rekrutmen"},
        NO,
        "bukan_pegawai_baru",
        "Masih pegawai baru",
    ),
    (
        "new in post in a way the rule does not name",
        {"tmt_jabatan": date(2025, 7, 1), "cara_masuk": "penyetaraan"},
        ASK,
        "bukan_pegawai_baru",
        "Cara masuk jabatan perlu dipastikan",
    ),
    ("TMT not recorded", {"tmt_jabatan": None}, ASK, "bukan_pegawai_baru", "TMT jabatan"),
    (
        "post begins next month",
        {"tmt_jabatan": date(2025, 9, 1)},
        ASK,
        "bukan_pegawai_baru",
        "belum berlaku",
    ),
    ("status not recorded", {"status": None}, ASK, "bukan_pegawai_baru", "Status pegawai"),
    ("under punishment", {"hukuman_disiplin": True}, NO, "tanpa_hukuman_disiplin", "menjalani"),
    ("under examination", {"proses_disiplin": True}, NO, "tanpa_proses_disiplin", "dalam proses"),
    ("discipline not recorded", {"proses_disiplin": None}, ASK, "tanpa_proses_disiplin", "belum"),
    ("police officer's desk", {"instansi": "polri"}, NO, "instansi_dalam_cakupan", "dikecualikan"),
    (
        "kind of body unheard of",
        {"instansi": "bumn"},
        ASK,
        "instansi_dalam_cakupan",
        "tidak dikenal",
    ),
    (
        "laboratory worker",
        tasks(tanpa_ruang_khusus=False),
        NO,
        "tanpa_ruang_khusus",
        "ruang atau peralatan khusus",
    ),
    (
        "counter clerk",
        tasks(tatap_muka_minimal=False),
        NO,
        "tatap_muka_minimal",
        "banyak tatap muka",
    ),
    ("task not analysed", tasks(berbasis_tik=None), ASK, "berbasis_tik", "belum menjawab"),
    ("poor performer", {"predikat_kinerja": "butuh_perbaikan"}, NO, "predikat_kinerja", "di bawah"),
    ("not yet rated", {"predikat_kinerja": None}, ASK, "predikat_kinerja", "belum dicatat"),
    ("strange rating", {"predikat_kinerja": "lumayan"}, ASK, "predikat_kinerja", "tidak dikenal"),
    ("never measured", {"digital": None}, ASK, "level_digital", "belum cukup"),
    ("probably able", digital(0.95, 0.79), ASK, "level_digital", "belum cukup"),
    ("surely unable", digital(0.9, 0.2, 0.1), NO, "level_digital", "hampir pasti belum"),
    ("just sure enough", digital(0.9, 0.8), YES, None, ""),
    ("surely above the level", digital(1.0, 0.97, 0.85), YES, None, ""),
    ("measured on a shorter scale", digital(0.99), ASK, "level_digital", "belum cukup"),
]


def unmet(assessment: Assessment) -> list[str]:
    return [each.kode for each in assessment.findings if each.outcome is not Outcome.TERPENUHI]


@pytest.mark.parametrize(
    ("who", "change", "conclusion", "decided_by", "reason"),
    EMPLOYEES,
    ids=[e[0] for e in EMPLOYEES],
)
def test_each_employee_gets_a_conclusion_with_its_reason(
    policies: dict[str, Policy],
    who: str,
    change: dict[str, Any],
    conclusion: Conclusion,
    decided_by: str | None,
    reason: str,
) -> None:
    found = assess(policies[WITH_LAYER], replace(ANALYST, **change), TODAY)

    assert found.conclusion is conclusion
    assert unmet(found) == ([decided_by] if decided_by else [])
    assert reason in " ".join(each.reason for each in found.findings if each.kode == decided_by)


def test_an_employee_of_whom_nothing_is_known_passes_no_test_at_all(
    policies: dict[str, Policy],
) -> None:
    found = assess(policies[WITH_LAYER], Subject(), TODAY)

    assert {each.outcome for each in found.findings} == {Outcome.PERLU_BUKTI}
    assert found.conclusion is ASK


def test_a_failed_test_outweighs_missing_evidence(policies: dict[str, Policy]) -> None:
    found = assess(policies[WITH_LAYER], Subject(status="cpns"), TODAY)

    assert found.conclusion is NO


def test_without_an_agency_rule_nobody_knows_how_long_new_lasts(
    policies: dict[str, Policy],
) -> None:
    found = assess(policies[NATIONAL], ANALYST, TODAY)

    assert unmet(found) == ["bukan_pegawai_baru"]
    assert found.conclusion is ASK
    assert len(found.findings) == 9


def test_a_month_that_is_too_short_ends_the_new_period_on_its_last_day(
    policies: dict[str, Policy],
) -> None:
    leap = replace(ANALYST, tmt_jabatan=date(2024, 2, 29))

    found = assess(policies[WITH_LAYER], leap, TODAY)

    reason = next(each.reason for each in found.findings if each.kode == "bukan_pegawai_baru")
    assert "28-02-2025" in reason


def test_findings_keep_the_order_and_groups_of_the_policy(policies: dict[str, Policy]) -> None:
    found = assess(policies[WITH_LAYER], ANALYST, TODAY)

    groups = list(dict.fromkeys(each.kelompok for each in found.findings))
    assert groups == ["instansi", "tugas", "pegawai", "aturan_instansi"]
    assert [each.kode for each in found.findings][-2:] == ["level_digital", "predikat_kinerja"]


def test_every_finding_shows_what_was_asked_seen_and_by_which_rule(
    policies: dict[str, Policy],
) -> None:
    for subject in (ANALYST, Subject()):
        for each in assess(policies[WITH_LAYER], subject, TODAY).findings:
            assert each.pertanyaan.endswith("?")
            assert each.evidence.endswith(".")
            assert each.reason.endswith(".")
            assert each.source
            assert each.keyakinan in ("A", "B", "C")


def test_an_excluded_body_is_refused_by_its_own_source(policies: dict[str, Policy]) -> None:
    found = assess(policies[NATIONAL], replace(ANALYST, instansi="tni"), TODAY)

    assert found.findings[0].keyakinan == "B"
    assert "Pasal 38" in found.findings[0].source


def test_a_finding_that_rests_on_the_length_of_newness_is_marked_unconfirmed(
    policies: dict[str, Policy],
) -> None:
    by_status = {
        status: next(
            each.keyakinan
            for each in assess(
                policies[WITH_LAYER], replace(ANALYST, status=status), TODAY
            ).findings
            if each.kode == "bukan_pegawai_baru"
        )
        for status in ("pns", "cpns")
    }

    assert by_status == {"pns": "C", "cpns": "A"}


def test_the_best_conclusion_is_still_not_a_grant(policies: dict[str, Policy]) -> None:
    found = assess(policies[WITH_LAYER], ANALYST, TODAY)

    assert found.days_per_week == 2
    assert "bukan persetujuan" in found.notes[0]
    assert "Paling banyak 2 hari kerja dalam satu minggu" in found.notes[1]
    assert "37 jam 30 menit" in found.notes[2]
    assert "contoh" in found.notes[3]
    assert found.policy_digest == policies[WITH_LAYER].digest


def test_a_chance_just_short_of_the_limit_is_never_shown_as_reaching_it(
    policies: dict[str, Policy],
) -> None:
    almost = replace(ANALYST, **digital(1.0, 0.79999))

    found = assess(policies[WITH_LAYER], almost, TODAY)

    shown = next(each.evidence for each in found.findings if each.kode == "level_digital")
    assert "Level digital ≥ 3 dengan kepastian 80%: 0,79, belum pasti" in shown
    assert "tes literasi digital 2025" in shown


def test_the_policy_does_not_reach_back_before_it_was_in_force(
    policies: dict[str, Policy],
) -> None:
    with pytest.raises(BadInput, match="2025-04-21"):
        assess(policies[NATIONAL], ANALYST, date(2025, 4, 20))


@pytest.mark.parametrize(
    "make",
    [
        lambda: DigitalEvidence((1.01,), "tes"),
        lambda: DigitalEvidence((float("nan"),), "tes"),
        lambda: DigitalEvidence((), "tes"),
        lambda: DigitalEvidence((0.5, 0.6), "tes"),
        lambda: DigitalEvidence((0.5,), " "),
        lambda: TaskFacts(menit_per_hari=1441),
        lambda: Devices(milik="tetangga"),
        lambda: Subject(status="honorer"),
    ],
)
def test_impossible_facts_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(BadInput):
        make()


def test_a_policy_survives_storage_as_json(policies: dict[str, Policy]) -> None:
    for policy in policies.values():
        again = Policy.from_mapping(json.loads(json.dumps(policy.to_mapping(), sort_keys=True)))

        assert again == policy
        assert again.digest == policy.digest


def test_the_agency_layer_is_part_of_the_digest(policies: dict[str, Policy]) -> None:
    assert policies[NATIONAL].digest != policies[WITH_LAYER].digest


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (lambda m: m["uji"].pop(2), "uji", "tidak boleh hilang"),
        (lambda m: m["uji"][0].update(kode="suka"), "uji", "tidak boleh hilang"),
        (lambda m: m["uji"].append({**m["uji"][0], "kode": "suka"}), "uji", "tidak dikenal"),
        (lambda m: m["uji"].append(m["uji"][0]), "uji", "satu kali"),
        (lambda m: m["uji"][0].update(kelompok="lain"), "kelompok", "salah satu dari"),
        (lambda m: m["batas"].update(hari_per_minggu=6), "hari_per_minggu", "antara 1 dan 5"),
        (lambda m: m.update(berlaku_sejak="21-04-2025"), "berlaku_sejak", "tttt-bb-hh"),
        (lambda m: m["instansi"][0].update(dalam_cakupan=1), "dalam_cakupan", "true atau false"),
        (lambda m: m["pegawai_baru"].update(selalu_baru=["honorer"]), "selalu_baru", "hanya boleh"),
        (lambda m: m["lapisan"].update(hari_per_minggu=3), "hari_per_minggu", "antara 1 dan 2"),
        (lambda m: m["lapisan"].update(dasar="lain"), "lapisan: dasar", "permenpanrb-4-2025"),
        (lambda m: m["lapisan"].update(masa_baru_bulan=0), "masa_baru_bulan", "antara 1"),
        (lambda m: m["lapisan"]["predikat"].update(minimum="hebat"), "minimum", "sangat_baik"),
        (
            lambda m: m["lapisan"]["digital"].update(persen_terpenuhi=101),
            "persen",
            "antara 1 dan 100",
        ),
        (
            lambda m: m["lapisan"]["digital"].update(persen_tidak_terpenuhi=80),
            "persen_tidak_terpenuhi",
            "antara 0 dan 79",
        ),
    ],
)
def test_a_broken_policy_names_place_and_rule(
    policies: dict[str, Policy], change: Callable[[dict[str, Any]], object], place: str, rule: str
) -> None:
    mapping = policies[WITH_LAYER].to_mapping()
    change(mapping)

    with pytest.raises(BadRules, match=rule) as refused:
        Policy.from_mapping(mapping)

    assert place in refused.value.evidence["place"]
