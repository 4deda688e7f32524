"""May this employee's flexible work be put to the head? Each test with outcome and evidence.

Never a grant: the best conclusion is that the request may go to the person who decides.
A fact that is missing asks for evidence; it never passes in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cat.errors import BadInput
from cat.ketentuan.fakta_pegawai import DigitalEvidence, Subject, TaskFacts
from cat.ketentuan.kebijakan_fleksibel import Policy
from cat.ketentuan.penilaian_uji import JUDGES, Outcome, Verdict, judge_digital, judge_predikat
from cat.ketentuan.uji import Uji

__all__ = [
    "Assessment",
    "Conclusion",
    "DigitalEvidence",
    "Finding",
    "Outcome",
    "Policy",
    "Subject",
    "TaskFacts",
    "assess",
]


class Conclusion(StrEnum):
    """What all tests together say."""

    TIDAK_DAPAT_DIAJUKAN = "TIDAK_DAPAT_DIAJUKAN"
    PERLU_BUKTI = "PERLU_BUKTI"
    DAPAT_DIAJUKAN_KEPADA_PIMPINAN = "DAPAT_DIAJUKAN_KEPADA_PIMPINAN"


@dataclass(frozen=True)
class Finding:
    """One test held against one person.

    kelompok : instansi, tugas, pegawai or aturan_instansi.
    pertanyaan, evidence, reason : Indonesian sentences: what was asked, what was looked at, why.
    source, keyakinan : the rule behind it and how sure we are of that rule.
    """

    kode: str
    kelompok: str
    pertanyaan: str
    outcome: Outcome
    evidence: str
    reason: str
    source: str
    keyakinan: str


@dataclass(frozen=True)
class Assessment:
    """All findings in the order of the policy, and what follows; a person decides.

    days_per_week : most working days a week, should the head agree.
    notes : Indonesian sentences that must be shown with the conclusion.
    policy_kode, policy_digest, assessed_on : which rules, on which day.
    """

    conclusion: Conclusion
    findings: tuple[Finding, ...]
    days_per_week: int
    notes: tuple[str, ...]
    policy_kode: str
    policy_digest: str
    assessed_on: date


def assess(policy: Policy, subject: Subject, today: date) -> Assessment:
    """Put every test of the policy to one person on one day.

    Raises BadInput for a day on which the policy does not hold yet.
    """
    if today < policy.berlaku_sejak:
        raise BadInput(f"{policy.kode} holds from {policy.berlaku_sejak}; today is {today}")
    findings = [_finding(test, JUDGES[test.kode](policy, subject, today)) for test in policy.uji]
    if policy.lapisan and (digital := policy.lapisan.digital):
        findings.append(_finding(digital.uji, judge_digital(digital, subject)))
    if policy.lapisan and (predikat := policy.lapisan.predikat):
        findings.append(_finding(predikat.uji, judge_predikat(predikat, policy, subject)))
    return Assessment(
        conclusion=_conclusion({finding.outcome for finding in findings}),
        findings=tuple(findings),
        days_per_week=policy.hari_per_minggu,
        notes=_notes(policy),
        policy_kode=policy.kode_lengkap,
        policy_digest=policy.digest,
        assessed_on=today,
    )


def _conclusion(outcomes: set[Outcome]) -> Conclusion:
    if Outcome.TIDAK_TERPENUHI in outcomes:
        return Conclusion.TIDAK_DAPAT_DIAJUKAN
    if Outcome.PERLU_BUKTI in outcomes:
        return Conclusion.PERLU_BUKTI
    return Conclusion.DAPAT_DIAJUKAN_KEPADA_PIMPINAN


def _notes(policy: Policy) -> tuple[str, ...]:
    limit = (
        f"Paling banyak {policy.hari_per_minggu} hari kerja dalam satu minggu. "
        f"{policy.batas.pengecualian} ({policy.batas.sumber})"
    )
    notes = [f"{policy.keputusan.kalimat} ({policy.keputusan.sumber})", limit]
    if policy.lapisan and policy.lapisan.contoh:
        notes.append("Aturan instansi yang dipakai hanya contoh, bukan aturan instansi nyata.")
    return tuple(notes)


def _finding(test: Uji, verdict: Verdict) -> Finding:
    reasons = {
        Outcome.TERPENUHI: test.terpenuhi,
        Outcome.TIDAK_TERPENUHI: test.tidak_terpenuhi,
        Outcome.PERLU_BUKTI: test.perlu_bukti,
    }
    return Finding(
        kode=test.kode,
        kelompok=test.kelompok,
        pertanyaan=test.pertanyaan,
        outcome=verdict.outcome,
        evidence=verdict.evidence,
        reason=verdict.reason or reasons[verdict.outcome],
        source=verdict.source or test.sumber,
        keyakinan=verdict.keyakinan or test.keyakinan,
    )
