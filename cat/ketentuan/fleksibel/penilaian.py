"""What does one test say of one employee? A function for each test, none of which knows numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from cat.ketentuan.fleksibel.fakta import Subject
from cat.ketentuan.fleksibel.kalender import months_after, shown
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.lapisan import AturanDigital, AturanPerangkat, AturanPredikat
from cat.ketentuan.fleksibel.uji import BODY_TEST, TASK_FACTS


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


def _shift(policy: Policy, subject: Subject, today: date) -> Verdict:
    """Longer than a working day; or on more days than a week has, and longer than its hours.

    A figure that is missing leaves the test open, unless the others settle it.
    """
    task, limit = subject.tugas, policy.sif
    long_day = _exceeds(task.menit_per_hari, limit.menit_per_hari)
    long_week = _all_of(
        _exceeds(task.hari_per_minggu, limit.hari_per_minggu),
        _exceeds(task.menit_per_minggu, limit.menit_per_minggu),
    )
    evidence = (
        f"Menurut telaah jabatan, tugas dijalankan {_hours(task.menit_per_hari)} sehari, "
        f"{_days(task.hari_per_minggu)} seminggu, {_hours(task.menit_per_minggu)} seminggu; "
        f"batasnya {_hours(limit.menit_per_hari)} sehari, atau {limit.hari_per_minggu} hari "
        f"dengan {_hours(limit.menit_per_minggu)} seminggu."
    )
    if long_day or long_week:
        return Verdict(Outcome.TERPENUHI, evidence)
    if long_day is None or long_week is None:
        return Verdict(Outcome.PERLU_BUKTI, evidence)
    return Verdict(Outcome.TIDAK_TERPENUHI, evidence)


def _exceeds(value: int | None, limit: int) -> bool | None:
    return None if value is None else value > limit


def _all_of(first: bool | None, second: bool | None) -> bool | None:
    """Both claims; False as soon as one is false, None while one is unknown."""
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _hours(minutes: int | None) -> str:
    if minutes is None:
        return "(jam belum dicatat)"
    hours, rest = divmod(minutes, 60)
    return f"{hours} jam {rest} menit" if rest else f"{hours} jam"


def _days(days: int | None) -> str:
    return "(hari belum dicatat)" if days is None else f"{days} hari"


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
    ends = months_after(subject.tmt_jabatan, policy.masa_baru_bulan)
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
        f"{reason}: masa baru {policy.masa_baru_bulan} bulan berakhir pada {shown(ends)}.",
        keyakinan=rule.keyakinan_masa_baru,
    )


def _entry_evidence(subject: Subject, today: date) -> str:
    tmt = shown(subject.tmt_jabatan) if subject.tmt_jabatan else "belum dicatat"
    status = subject.status.upper() if subject.status else "belum dicatat"
    return (
        f"Status pegawai: {status}; TMT jabatan: {tmt}; "
        f"cara masuk jabatan: {subject.cara_masuk or 'belum dicatat'}; "
        f"tanggal penilaian: {shown(today)}."
    )


def judge_digital(rule: AturanDigital, subject: Subject) -> Verdict:
    """Whether the agency's digital level is reached surely enough."""
    found = subject.digital
    if found is None:
        return Verdict(Outcome.PERLU_BUKTI, "Hasil pengukuran literasi digital: belum dicatat.")
    asked = f"Level digital ≥ {rule.level} dengan kepastian {rule.persen_terpenuhi}%"
    chance = found.chance_at_least(rule.level)
    if chance is None:
        return Verdict(Outcome.PERLU_BUKTI, f"{asked}: tidak diukur oleh {found.asal}.")
    if chance >= rule.persen_terpenuhi / 100:
        outcome, said = Outcome.TERPENUHI, "terpenuhi"
    elif chance <= rule.persen_tidak_terpenuhi / 100:
        outcome, said = Outcome.TIDAK_TERPENUHI, "tidak terpenuhi"
    else:
        outcome, said = Outcome.PERLU_BUKTI, "belum pasti"
    weak = "; bukti lemah" if found.lemah else ""
    return Verdict(outcome, f"{asked}: {_chance(chance)}, {said} (asal: {found.asal}{weak}).")


def _chance(chance: float) -> str:
    """Rounded down, so that a chance just short of a limit is never shown as reaching it."""
    hundredths = Decimal(str(chance)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return str(hundredths).replace(".", ",")


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


def judge_devices(rule: AturanPerangkat, subject: Subject) -> Verdict:
    """Whether what the employee says of the devices is what the agency asks for."""
    told = subject.perangkat
    owned = None if told.milik is None else told.milik in rule.milik
    secure = told.sambungan_aman if rule.sambungan_aman else True
    evidence = (
        f"Pernyataan pegawai: perangkat {told.milik or 'belum dinyatakan'}, "
        f"sambungan aman {_said(told.sambungan_aman)}; yang disyaratkan: perangkat "
        f"{' atau '.join(rule.milik)}{', sambungan aman' if rule.sambungan_aman else ''}."
    )
    outcomes = {
        True: Outcome.TERPENUHI,
        False: Outcome.TIDAK_TERPENUHI,
        None: Outcome.PERLU_BUKTI,
    }
    return Verdict(outcomes[_all_of(owned, secure)], evidence)


def _said(fact: bool | None) -> str:
    return "belum dinyatakan" if fact is None else "ya" if fact else "tidak"


JUDGES: dict[str, Callable[[Policy, Subject, date], Verdict]] = {
    BODY_TEST: _instansi,
    **{kode: _task(kode) for kode in (*TASK_FACTS, "tidak_terikat_jam_kantor")},
    "melebihi_jam_kantor": _shift,
    "tanpa_hukuman_disiplin": _punished,
    "tanpa_proses_disiplin": _examined,
    "bukan_pegawai_baru": _not_new,
}
