"""What does one test say of one employee? A function for each test, none of which knows numbers."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from cat.ketentuan.fakta_pegawai import Subject
from cat.ketentuan.kebijakan_fleksibel import Policy
from cat.ketentuan.lapisan_instansi import AturanDigital, AturanPredikat
from cat.ketentuan.uji import TASK_FACTS


class Outcome(StrEnum):
    """What one test says."""

    TERPENUHI = "TERPENUHI"
    TIDAK_TERPENUHI = "TIDAK_TERPENUHI"
    PERLU_BUKTI = "PERLU_BUKTI"


@dataclass(frozen=True)
class Verdict:
    """Outcome and evidence; reason, source and keyakinan only where they differ from the test's."""

    outcome: Outcome
    evidence: str
    reason: str = ""
    source: str = ""
    keyakinan: str = ""


def _instansi(policy: Policy, subject: Subject, today: date) -> Verdict:
    kind = policy.find_instansi(subject.instansi)
    if kind is None:
        given = subject.instansi or "belum dicatat"
        return Verdict(Outcome.PERLU_BUKTI, f"Jenis instansi: {given}.")
    outcome = Outcome.TERPENUHI if kind.dalam_cakupan else Outcome.TIDAK_TERPENUHI
    evidence = f"Jenis instansi: {kind.nama}."
    return Verdict(outcome, evidence, source=kind.sumber, keyakinan=kind.keyakinan)


def _task(kode: str) -> Callable[[Policy, Subject, date], Verdict]:
    def judge(policy: Policy, subject: Subject, today: date) -> Verdict:
        fact: bool | None = getattr(subject.tugas, kode)
        return _claim(fact, "Telaah jabatan atas pertanyaan ini", passes_when=True)

    return judge


def _punished(policy: Policy, subject: Subject, today: date) -> Verdict:
    where = "Data kepegawaian, sedang menjalani hukuman disiplin"
    return _claim(subject.hukuman_disiplin, where, passes_when=False)


def _examined(policy: Policy, subject: Subject, today: date) -> Verdict:
    where = "Data kepegawaian, sedang dalam proses pemeriksaan disiplin"
    return _claim(subject.proses_disiplin, where, passes_when=False)


def _claim(fact: bool | None, where: str, *, passes_when: bool) -> Verdict:
    if fact is None:
        return Verdict(Outcome.PERLU_BUKTI, f"{where}: belum dicatat.")
    outcome = Outcome.TERPENUHI if fact is passes_when else Outcome.TIDAK_TERPENUHI
    return Verdict(outcome, f"{where}: {'ya' if fact else 'tidak'}.")


def _not_new(policy: Policy, subject: Subject, today: date) -> Verdict:
    """New in the post: always for some statuses, else for a while after some ways into the post."""
    evidence = _entry_evidence(subject, today)
    if subject.status is None:
        return Verdict(Outcome.PERLU_BUKTI, evidence, "Status pegawai belum dicatat.")
    if subject.status in policy.pegawai_baru.selalu_baru:
        reason = f"{subject.status.upper()} baru direkrut, sehingga termasuk pegawai baru."
        return Verdict(Outcome.TIDAK_TERPENUHI, evidence, reason)
    if subject.tmt_jabatan is None:
        return Verdict(Outcome.PERLU_BUKTI, evidence, "TMT jabatan belum dicatat.")
    if subject.tmt_jabatan > today:
        return Verdict(Outcome.PERLU_BUKTI, evidence, "TMT jabatan belum berlaku.")
    if policy.masa_baru_bulan is None:
        return Verdict(Outcome.PERLU_BUKTI, evidence)
    ends = _months_after(subject.tmt_jabatan, policy.masa_baru_bulan)
    return _still_new(policy, subject, ends, today)


def _still_new(policy: Policy, subject: Subject, ends: date, today: date) -> Verdict:
    rule = policy.pegawai_baru
    if today >= ends:
        outcome, reason = Outcome.TERPENUHI, "Bukan pegawai baru"
    elif subject.cara_masuk in rule.cara_masuk:
        outcome, reason = Outcome.TIDAK_TERPENUHI, "Masih pegawai baru"
    else:
        outcome, reason = Outcome.PERLU_BUKTI, "Cara masuk jabatan perlu dipastikan"
    return Verdict(
        outcome,
        _entry_evidence(subject, today),
        f"{reason}: masa baru {policy.masa_baru_bulan} bulan berakhir pada {_shown(ends)}.",
        keyakinan=rule.keyakinan_masa_baru,
    )


def _entry_evidence(subject: Subject, today: date) -> str:
    tmt = _shown(subject.tmt_jabatan) if subject.tmt_jabatan else "belum dicatat"
    status = subject.status.upper() if subject.status else "belum dicatat"
    return (
        f"Status pegawai: {status}; TMT jabatan: {tmt}; "
        f"cara masuk jabatan: {subject.cara_masuk or 'belum dicatat'}; "
        f"tanggal penilaian: {_shown(today)}."
    )


def _months_after(day: date, months: int) -> date:
    """The same day of a later month; its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _shown(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def judge_digital(rule: AturanDigital, subject: Subject) -> Verdict:
    """Whether the agency's digital level is reached surely enough.

    A chance for a higher level also speaks for lower ones, a low chance also for higher ones.
    """
    found = subject.digital
    if found is None:
        return Verdict(Outcome.PERLU_BUKTI, "Hasil pengukuran literasi digital: belum dicatat.")
    evidence = (
        f"Peluang mencapai level {found.level} atau lebih: {_percent(found.peluang)} "
        f"(asal: {found.asal}); yang disyaratkan level {rule.level} dengan peluang "
        f"sedikitnya {rule.persen_terpenuhi}%."
    )
    if found.level >= rule.level and found.peluang >= rule.persen_terpenuhi / 100:
        return Verdict(Outcome.TERPENUHI, evidence)
    if found.level <= rule.level and found.peluang <= rule.persen_tidak_terpenuhi / 100:
        return Verdict(Outcome.TIDAK_TERPENUHI, evidence)
    return Verdict(Outcome.PERLU_BUKTI, evidence)


def _percent(chance: float) -> str:
    """Rounded down, so that a chance just short of a limit is never shown as reaching it."""
    tenths = (Decimal(str(chance)) * 100).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return f"{tenths}%".replace(".", ",")


def judge_predikat(rule: AturanPredikat, policy: Policy, subject: Subject) -> Verdict:
    """Whether the last performance predicate stands at least as high as the agency asks."""
    order, found = policy.urutan_predikat, subject.predikat_kinerja
    if found is None:
        return Verdict(Outcome.PERLU_BUKTI, "Predikat kinerja terakhir: belum dicatat.")
    if found not in order:
        return Verdict(Outcome.PERLU_BUKTI, f"Predikat kinerja terakhir tidak dikenal: {found}.")
    high_enough = order.index(found) >= order.index(rule.minimum)
    outcome = Outcome.TERPENUHI if high_enough else Outcome.TIDAK_TERPENUHI
    shown, least = found.replace("_", " "), rule.minimum.replace("_", " ")
    return Verdict(outcome, f"Predikat kinerja terakhir: {shown}; yang disyaratkan: {least}.")


JUDGES: dict[str, Callable[[Policy, Subject, date], Verdict]] = {
    "instansi_dalam_cakupan": _instansi,
    **{kode: _task(kode) for kode in TASK_FACTS},
    "tanpa_hukuman_disiplin": _punished,
    "tanpa_proses_disiplin": _examined,
    "bukan_pegawai_baru": _not_new,
}
