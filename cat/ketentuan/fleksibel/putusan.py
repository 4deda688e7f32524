"""What stands in the way of an approval? A person decides, but not past these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from cat.ketentuan.fleksibel.isi import Limits, Terms
from cat.ketentuan.fleksibel.jatah import KESELURUHAN, ShareRow
from cat.ketentuan.fleksibel.kalender import months_after, shown
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.penilaian import Outcome


def limits_of(policy: Policy, bentuk: str) -> Limits:
    """The figures of the policy that bind a decision on this form."""
    return Limits(
        hari_per_minggu=policy.hari_per_minggu(bentuk),
        pengecualian=tuple(row.kode for row in policy.batas.pengecualian),
        berlaku_bulan=policy.berlaku_bulan,
        evaluasi_bulan=policy.evaluasi_bulan,
        keberatan_hari=policy.keberatan.hari,
    )


def failed_tests(
    outcomes: Mapping[str, Outcome], evidence: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Codes of tests not met, and of tests whose evidence nobody has recorded yet.

    evidence : codes of the tests for which a person has recorded evidence. Evidence settles a
    test that asked for it; it never overturns one that was not met.
    """
    seen = set(evidence)
    unmet = [kode for kode, said in outcomes.items() if said is Outcome.TIDAK_TERPENUHI]
    open_ = [
        kode for kode, said in outcomes.items() if said is Outcome.PERLU_BUKTI and kode not in seen
    ]
    return unmet, open_


def outcome_hindrances(outcomes: Mapping[str, Outcome], evidence: Iterable[str]) -> list[str]:
    """Indonesian sentences: which tests forbid the approval."""
    if not outcomes:
        return ["Belum ada pemeriksaan ketentuan."]
    unmet, open_ = failed_tests(outcomes, evidence)
    found = [f"Uji tidak terpenuhi: {_words(kode)}." for kode in unmet]
    return found + [f"Bukti belum dicatat untuk uji: {_words(kode)}." for kode in open_]


def terms_hindrances(terms: Terms, limits: Limits, day: date) -> list[str]:
    """Indonesian sentences: what the limits forbid in the terms of a decision made on `day`."""
    found = []
    if terms.dari < day:
        found.append("Masa berlaku tidak boleh dimulai sebelum hari keputusan.")
    last = months_after(terms.dari, limits.berlaku_bulan)
    if terms.sampai >= last:
        found.append(
            f"Masa berlaku paling lama {limits.berlaku_bulan} bulan: sebelum {shown(last)}."
        )
    if terms.pengecualian and terms.pengecualian not in limits.pengecualian:
        found.append(f"Pengecualian tidak dikenal: {terms.pengecualian}.")
    most = limits.hari_per_minggu
    if most is not None:
        if not terms.hari:
            found.append("Pilih sedikitnya satu hari kerja.")
        if len(terms.hari) > most and terms.pengecualian not in limits.pengecualian:
            found.append(
                f"{len(terms.hari)} hari seminggu melebihi batas {most} hari; tanpa "
                "pengecualian yang dinyatakan, batas itu berlaku."
            )
    elif terms.hari:
        found.append("Fleksibel secara waktu tidak memakai pilihan hari.")
    return found


def share_hindrances(rows: Iterable[ShareRow]) -> list[str]:
    """Indonesian sentences: on which days the share of the unit would be exceeded."""
    return [
        f"Jatah unit terlampaui {'secara ' if row.kapan == KESELURUHAN else 'pada hari '}"
        f"{row.kapan}: {row.orang} dari {row.anggota} pegawai, paling banyak {row.persen}%."
        for row in rows
        if row.is_exceeded
    ]


def _words(kode: str) -> str:
    return kode.replace("_", " ")
