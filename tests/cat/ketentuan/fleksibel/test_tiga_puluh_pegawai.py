"""Thirty invented employees held against the regulation by hand, and what must hold for anybody."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.ketentuan.fleksibel.fakta import Devices, DigitalEvidence, Subject, TaskFacts
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.pasal import STATUS
from cat.ketentuan.fleksibel.pemeriksaan import Conclusion, assess
from cat.ketentuan.fleksibel.penilaian import Outcome
from cat.ketentuan.fleksibel.uji import TASK_FACTS, TASK_TESTS
from seeds.ketentuan_files import read_policies

POLICIES = {policy.kode_lengkap: policy for policy in read_policies()}
NATIONAL = "permenpanrb-4-2025"
AGENCY = f"{NATIONAL}+contoh-lengkap"
TODAY = date(2026, 3, 2)

DESK = TaskFacts(
    dapat_di_luar_kantor=True,
    tanpa_ruang_khusus=True,
    berbasis_tik=True,
    tatap_muka_minimal=True,
    tanpa_pengawasan_terus_menerus=True,
    tidak_terikat_jam_kantor=False,
    menit_per_hari=450,
    hari_per_minggu=5,
    menit_per_minggu=2250,
)
ANALYST = Subject(
    status="pns",
    instansi="kementerian",
    tmt_jabatan=date(2022, 3, 1),
    cara_masuk="promosi",
    hukuman_disiplin=False,
    proses_disiplin=False,
    predikat_kinerja="baik",
    tugas=DESK,
    digital=DigitalEvidence((0.99, 0.94, 0.4), "asesmen literasi digital 2025"),
    perangkat=Devices("pribadi", True),
)
NO = Conclusion.TIDAK_DAPAT_DIAJUKAN
ASK = Conclusion.PERLU_BUKTI
YES = Conclusion.DAPAT_DIAJUKAN_KEPADA_PIMPINAN
UNMET, OPEN = Outcome.TIDAK_TERPENUHI, Outcome.PERLU_BUKTI


class Employee(NamedTuple):
    """One row: who, what differs from the analyst, the form, the rule, and what must come out.

    decisive : the tests that do not simply hold. source : of the first of them.
    reasoning : how the row was judged by hand.
    """

    who: str
    change: dict[str, Any]
    bentuk: str
    policy: str
    conclusion: Conclusion
    decisive: dict[str, Outcome]
    source: str
    reasoning: str


def task(**changes: Any) -> dict[str, Any]:
    return {"tugas": replace(DESK, **changes)}


def digital(*chances: float) -> dict[str, Any]:
    return {"digital": DigitalEvidence(chances, "asesmen literasi digital 2025")}


NURSE = {
    "dapat_di_luar_kantor": False,
    "tanpa_ruang_khusus": False,
    "berbasis_tik": False,
    "tatap_muka_minimal": False,
}
NEW = "bukan_pegawai_baru"
# fmt: off
EMPLOYEES = [
    Employee("01 analyst, four years in post", {}, "rumah", AGENCY, YES, {}, "",
             "five task tests hold, no discipline, 4 years > 12 months, digital 0.94 >= 0.90"),
    Employee("02 the same analyst without an agency rule", {}, "rumah", NATIONAL, ASK,
             {NEW: OPEN}, "Pasal 25",
             "art. 25 bars new staff but does not say for how long; nobody may guess it"),
    Employee("03 CPNS in the first year", {"status": "cpns", "tmt_jabatan": date(2025, 12, 1),
             "cara_masuk": "rekrutmen"}, "rumah", AGENCY, NO, {NEW: UNMET}, "Pasal 25",
             "new in the post through recruitment, whatever the scores"),
    Employee("04 PPPK hired two months ago", {"status": "pppk", "tmt_jabatan": date(2026, 1, 1),
             "cara_masuk": "rekrutmen"}, "rumah", AGENCY, NO, {NEW: UNMET}, "Pasal 25",
             "recruited 1 Jan 2026 + 12 months ends 1 Jan 2027, after today"),
    Employee("05 promoted exactly twelve months ago", {"tmt_jabatan": date(2025, 3, 2)},
             "rumah", AGENCY, YES, {}, "",
             "2 Mar 2025 + 12 months ends today; today is no longer inside"),
    Employee("06 promoted a day later", {"tmt_jabatan": date(2025, 3, 3)}, "rumah", AGENCY, NO,
             {NEW: UNMET}, "Pasal 25", "the twelve months end tomorrow"),
    Employee("07 moved two weeks ago", {"tmt_jabatan": date(2026, 2, 16), "cara_masuk": "mutasi"},
             "kantor_lain", AGENCY, NO, {NEW: UNMET}, "Pasal 25",
             "mutasi is named among the ways of being new; the form does not matter"),
    Employee("08 regraded two weeks ago", {"tmt_jabatan": date(2026, 2, 16),
             "cara_masuk": "penyetaraan"}, "rumah", AGENCY, ASK, {NEW: OPEN}, "Pasal 25",
             "penyetaraan is not among the four ways, so a person has to look"),
    Employee("09 under punishment", {"hukuman_disiplin": True}, "rumah", AGENCY, NO,
             {"tanpa_hukuman_disiplin": UNMET}, "Pasal 25", "art. 25: not under punishment"),
    Employee("10 under examination", {"proses_disiplin": True}, "dinamis", AGENCY, NO,
             {"tidak_terikat_jam_kantor": UNMET, "tanpa_proses_disiplin": UNMET},
             "PermenPANRB 4/2025", "art. 25 holds for time too; the desk task is tied to hours"),
    Employee("11 discipline record missing", {"hukuman_disiplin": None}, "rumah", AGENCY, ASK,
             {"tanpa_hukuman_disiplin": OPEN}, "Pasal 25", "not on file is not the same as no"),
    Employee("12 civilian at the police", {"instansi": "polri"}, "rumah", AGENCY, NO,
             {"instansi_dalam_cakupan": UNMET}, "Pasal 38", "excluded body"),
    Employee("13 at an embassy", {"instansi": "perwakilan_luar_negeri"}, "tempat_lain", AGENCY, NO,
             {"instansi_dalam_cakupan": UNMET}, "Perpres 21/2023", "missions abroad are outside"),
    Employee("14 at a body that the rule does not list", {"instansi": "bumn"}, "rumah", AGENCY, ASK,
             {"instansi_dalam_cakupan": OPEN}, "Pasal 38", "unknown kind: ask, do not assume"),
    Employee("15 ward nurse asks for home", task(**NURSE), "rumah", AGENCY, NO,
             dict.fromkeys(NURSE, UNMET), "PermenPANRB 4/2025",
             "four of the five task tests fail, supervision is not constant"),
    Employee("16 archivist in the depot", task(tanpa_ruang_khusus=False), "rumah", AGENCY, NO,
             {"tanpa_ruang_khusus": UNMET}, "PermenPANRB 4/2025", "needs the special room"),
    Employee("17 counter clerk", task(tatap_muka_minimal=False), "kantor_lain", AGENCY, NO,
             {"tatap_muka_minimal": UNMET}, "PermenPANRB 4/2025", "serves people face to face"),
    Employee("18 post never analysed", {"tugas": TaskFacts()}, "rumah", AGENCY, ASK,
             dict.fromkeys(TASK_FACTS, OPEN), "PermenPANRB 4/2025", "no task test was looked at"),
    Employee("19 ward nurse asks for shifts", task(**NURSE, menit_per_hari=720), "sif", AGENCY,
             YES, {}, "", "12 h > 8 h 30 m a day; the five place tests are not put to shifts"),
    Employee("20 emergency room, six days", task(**NURSE, menit_per_hari=480, hari_per_minggu=6,
             menit_per_minggu=2880), "sif", AGENCY, YES, {}, "",
             "8 h is not over 8 h 30 m, but 6 > 5 days with 48 h > 37 h 30 m"),
    Employee("21 clerk asks for shifts", {}, "sif", AGENCY, NO, {"melebihi_jam_kantor": UNMET},
             "PermenPANRB 4/2025", "7 h 30 m a day, 5 days: an office week"),
    Employee("22 exactly eight and a half hours", task(menit_per_hari=510, menit_per_minggu=2550),
             "sif", AGENCY, NO, {"melebihi_jam_kantor": UNMET}, "PermenPANRB 4/2025",
             "510 is not more than 510; five days are not more than five"),
    Employee("23 six days, hours of the week unknown", task(menit_per_hari=480, hari_per_minggu=6,
             menit_per_minggu=None), "sif", AGENCY, ASK, {"melebihi_jam_kantor": OPEN},
             "PermenPANRB 4/2025", "the second way stands or falls with the missing figure"),
    Employee("24 researcher asks for own hours", task(tidak_terikat_jam_kantor=True), "dinamis",
             AGENCY, YES, {}, "", "research is not tied to office hours"),
    Employee("25 cashier asks for own hours", {}, "dinamis", AGENCY, NO,
             {"tidak_terikat_jam_kantor": UNMET}, "PermenPANRB 4/2025", "the till has its hours"),
    Employee("26 weak performance", {"predikat_kinerja": "butuh_perbaikan"}, "rumah", AGENCY, NO,
             {"predikat_kinerja": UNMET}, "Aturan instansi", "below baik, the agency's own rule"),
    Employee("27 digital level probable", digital(0.99, 0.89, 0.3), "rumah", AGENCY, ASK,
             {"level_digital": OPEN}, "Aturan instansi", "0.20 < 0.89 < 0.90: not sure enough"),
    Employee("28 digital level surely missed", digital(0.6, 0.15, 0.0), "rumah", AGENCY, NO,
             {"level_digital": UNMET}, "Aturan instansi", "0.15 <= 0.20"),
    Employee("29 devices not stated", {"perangkat": Devices()}, "rumah", AGENCY, ASK,
             {"perangkat": OPEN}, "Aturan instansi", "nothing was stated about devices"),
    Employee("30 open network", {"perangkat": Devices("kantor", False)}, "rumah", AGENCY, NO,
             {"perangkat": UNMET}, "Aturan instansi", "the agency asks for a secure connection"),
]
# fmt: on


@pytest.mark.parametrize("row", EMPLOYEES, ids=[row.who for row in EMPLOYEES])
def test_each_of_thirty_employees_gets_the_outcome_worked_out_by_hand(row: Employee) -> None:
    found = assess(POLICIES[row.policy], replace(ANALYST, **row.change), TODAY, row.bentuk)

    decisive = {
        each.kode: each.outcome for each in found.findings if each.outcome is not Outcome.TERPENUHI
    }
    assert found.conclusion is row.conclusion, row.reasoning
    assert decisive == row.decisive, row.reasoning
    first = next((each.source for each in found.findings if each.kode in decisive), "")
    assert row.source in first
    assert bool(row.source) == bool(first)


def test_there_are_thirty_of_them_and_every_form_and_outcome_occurs() -> None:
    assert len(EMPLOYEES) == 30
    assert {row.bentuk for row in EMPLOYEES} == set(TASK_TESTS)
    assert {row.conclusion for row in EMPLOYEES} == set(Conclusion)


maybe = st.sampled_from([True, False, None])
days = st.dates(date(2018, 1, 1), date(2026, 12, 31))
SUBJECTS = st.builds(
    Subject,
    status=st.sampled_from([*STATUS, None]),
    instansi=st.sampled_from(["kementerian", "lembaga", "polri", "bumn", None]),
    tmt_jabatan=st.none() | days,
    cara_masuk=st.sampled_from(["rekrutmen", "promosi", "penyetaraan", None]),
    hukuman_disiplin=maybe,
    proses_disiplin=maybe,
    predikat_kinerja=st.sampled_from(["kurang", "baik", "sangat_baik", None]),
    tugas=st.builds(
        TaskFacts,
        **dict.fromkeys((*TASK_FACTS, "tidak_terikat_jam_kantor"), maybe),
        menit_per_hari=st.none() | st.integers(300, 800),
        hari_per_minggu=st.none() | st.integers(4, 7),
        menit_per_minggu=st.none() | st.integers(1800, 4000),
    ),
    digital=st.none()
    | st.lists(st.floats(0, 1), min_size=4, max_size=4).map(
        lambda chances: DigitalEvidence(tuple(sorted(chances, reverse=True)), "tes")
    ),
    perangkat=st.builds(
        Devices, milik=st.sampled_from(["kantor", "pribadi", None]), sambungan_aman=maybe
    ),
)
FORMS = st.sampled_from(sorted(TASK_TESTS))
LAYERS = st.fixed_dictionaries(
    {},
    optional={
        "hari_per_minggu": st.integers(1, 2),
        "masa_baru_bulan": st.integers(6, 36),
        "digital": st.integers(2, 5),
        "predikat": st.sampled_from(["kurang", "baik", "sangat_baik"]),
        "perangkat": st.sampled_from([["kantor"], ["kantor", "pribadi"]]),
    },
)


def layered(base: Policy, drawn: dict[str, Any]) -> Policy:
    """The base under a layer with these rules, worded as the shipped example."""
    example = POLICIES[AGENCY].to_mapping()["lapisan"]
    layer = {name: example[name] for name in ("kode", "judul", "contoh", "dasar")}
    for name, value in drawn.items():
        if name == "digital":
            layer[name] = {**example[name], "level": value}
        elif name == "predikat":
            layer[name] = {**example[name], "minimum": value}
        elif name == "perangkat":
            layer[name] = {**example[name], "milik": value}
        else:
            layer[name] = value
    return Policy.from_mapping({**base.to_mapping(), "lapisan": layer})


def base_with_months() -> Policy:
    """The national rule as if it said itself how long "new" lasts."""
    mapping = POLICIES[NATIONAL].to_mapping()
    mapping["pegawai_baru"]["masa_baru_bulan"] = 6
    return Policy.from_mapping(mapping)


COMPLETE = base_with_months()


@given(SUBJECTS, FORMS, LAYERS)
def test_a_layer_never_makes_anybody_eligible_who_was_not(subject, bentuk, drawn) -> None:
    under_layer = assess(layered(COMPLETE, drawn), subject, TODAY, bentuk)
    alone = assess(COMPLETE, subject, TODAY, bentuk)

    if under_layer.conclusion is YES:
        assert alone.conclusion is YES
    if alone.conclusion is NO:
        assert under_layer.conclusion is NO


@given(SUBJECTS, FORMS, LAYERS)
def test_a_layer_may_settle_only_the_one_question_that_the_regulation_leaves_open(
    subject, bentuk, drawn
) -> None:
    national = POLICIES[NATIONAL]
    under_layer = assess(layered(national, drawn), subject, TODAY, bentuk).outcomes
    alone = assess(national, subject, TODAY, bentuk).outcomes

    for kode, outcome in alone.items():
        if kode != NEW:
            assert under_layer[kode] is outcome
        elif outcome is UNMET:
            assert under_layer[kode] is UNMET


FACTS = [each.name for each in fields(Subject) if each.name not in ("tugas", "perangkat")]
PARTS = [
    *((None, name) for name in FACTS),
    *(("tugas", each.name) for each in fields(TaskFacts)),
    *(("perangkat", each.name) for each in fields(Devices)),
]


@given(SUBJECTS, FORMS, st.sampled_from(PARTS))
def test_a_fact_that_is_missing_never_helps_to_pass(subject, bentuk, part) -> None:
    where, name = part
    if where is None:
        without = replace(subject, **{name: None})
    else:
        without = replace(subject, **{where: replace(getattr(subject, where), **{name: None})})

    known = assess(POLICIES[AGENCY], subject, TODAY, bentuk).outcomes
    unknown = assess(POLICIES[AGENCY], without, TODAY, bentuk).outcomes

    passed = {kode for kode, said in unknown.items() if said is Outcome.TERPENUHI}
    assert passed <= {kode for kode, said in known.items() if said is Outcome.TERPENUHI}


@given(SUBJECTS, FORMS)
def test_stored_facts_give_the_same_assessment_again(subject, bentuk) -> None:
    again = Subject.from_mapping(subject.to_mapping())

    assert again == subject
    assert assess(POLICIES[AGENCY], again, TODAY, bentuk) == assess(
        POLICIES[AGENCY], subject, TODAY, bentuk
    )
