"""May this employee's flexible work be put to the head? Each test with outcome and evidence.

Never a grant: the best conclusion is that the request may go to the person who decides.
A fact that is missing asks for evidence; it never passes in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cat.errors import BadInput
from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.fakta import Subject
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.penilaian import (
    JUDGES,
    Outcome,
    Verdict,
    judge_devices,
    judge_digital,
    judge_predikat,
)
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI, Uji


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

    bentuk : the form of flexible work that was asked about.
    days_per_week : most working days a week, should the head agree; None where none is set.
    notes : Indonesian sentences that must be shown with the conclusion.
    policy_kode, policy_digest, assessed_on : which rules, on which day.
    """

    conclusion: Conclusion
    findings: tuple[Finding, ...]
    bentuk: str
    days_per_week: int | None
    notes: tuple[str, ...]
    policy_kode: str
    policy_digest: str
    assessed_on: date

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """Code of each test -> what it says."""
        return {finding.kode: finding.outcome for finding in self.findings}

    def to_mapping(self) -> dict[str, Any]:
        """The assessment as JSON holds it."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Assessment:
        """The reverse of `to_mapping`."""
        findings = tuple(
            Finding(**{**row, "outcome": Outcome(row["outcome"])}) for row in mapping["findings"]
        )
        return cls(
            **{
                **mapping,
                "conclusion": Conclusion(mapping["conclusion"]),
                "findings": findings,
                "notes": tuple(mapping["notes"]),
                "days_per_week": mapping.get("days_per_week"),
                "assessed_on": date.fromisoformat(mapping["assessed_on"]),
            }
        )


def assess(policy: Policy, subject: Subject, today: date, bentuk: str = "rumah") -> Assessment:
    """Put every test of one form of flexible work to one person on one day.

    bentuk : a form that the policy knows.

    Raises BadInput for a form it does not know, or a day on which it does not hold yet.
    """
    if today < policy.berlaku_sejak:
        raise BadInput(f"{policy.kode} holds from {policy.berlaku_sejak}; today is {today}")
    if policy.find_bentuk(bentuk) is None:
        raise BadInput(f"{policy.kode} knows no form {bentuk!r}")
    findings = tuple(_finding(test, v) for test, v in _verdicts(policy, subject, today, bentuk))
    return Assessment(
        conclusion=conclude({finding.outcome for finding in findings}),
        findings=findings,
        bentuk=bentuk,
        days_per_week=policy.hari_per_minggu(bentuk),
        notes=_notes(policy, bentuk),
        policy_kode=policy.kode_lengkap,
        policy_digest=policy.digest,
        assessed_on=today,
    )


def conclude(outcomes: set[Outcome]) -> Conclusion:
    """What follows from the outcomes of all tests: one failure refuses, one gap asks."""
    if Outcome.TIDAK_TERPENUHI in outcomes:
        return Conclusion.TIDAK_DAPAT_DIAJUKAN
    if Outcome.PERLU_BUKTI in outcomes:
        return Conclusion.PERLU_BUKTI
    return Conclusion.DAPAT_DIAJUKAN_KEPADA_PIMPINAN


def _verdicts(
    policy: Policy, subject: Subject, today: date, bentuk: str
) -> Iterator[tuple[Uji, Verdict]]:
    """National tests first, then the agency's; devices matter away from the office only."""
    for test in policy.tests_of(bentuk):
        yield test, JUDGES[test.kode](policy, subject, today)
    layer = policy.lapisan
    if layer and layer.digital:
        yield layer.digital.uji, judge_digital(layer.digital, subject)
    if layer and layer.predikat:
        yield layer.predikat.uji, judge_predikat(layer.predikat, policy, subject)
    if layer and layer.perangkat and JENIS_OF[bentuk] == LOKASI:
        yield layer.perangkat.uji, judge_devices(layer.perangkat, subject)


def _notes(policy: Policy, bentuk: str) -> tuple[str, ...]:
    notes = [f"{policy.keputusan.kalimat} ({policy.keputusan.sumber})"]
    if (days := policy.hari_per_minggu(bentuk)) is not None:
        exempt = " dan ".join(row.nama for row in policy.batas.pengecualian)
        notes.append(
            f"Paling banyak {days} hari kerja dalam satu minggu. Batas ini tidak berlaku bagi "
            f"{exempt}, yang dinyatakan oleh pimpinan. ({policy.batas.sumber})"
        )
    hours, minutes = divmod(policy.jam_kerja.menit_per_minggu, 60)
    notes.append(
        f"Jam kerja {hours} jam {minutes} menit seminggu tetap dipenuhi. "
        f"({policy.jam_kerja.sumber})"
    )
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
