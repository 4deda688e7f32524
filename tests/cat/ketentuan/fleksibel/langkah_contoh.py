"""One legal step of each kind, for the tests of the request."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cat.ketentuan.fleksibel.isi import Limits, Terms, WeekReport, Wish
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.langkah import Actor, Move, Role, Step

BEGIN = date(2026, 3, 2)  # a Monday
EMPLOYEE = Actor("ratna", Role.PEGAWAI, 1)
SUPERIOR = Actor("atasan", Role.ATASAN, 2)
HEAD = Actor("pimpinan", Role.PIMPINAN, 3)
SECOND_HEAD = Actor("pimpinan2", Role.PIMPINAN, 4)
STAFF = Actor("staf", Role.STAF)
ACTOR_OF = {
    Role.PEGAWAI: EMPLOYEE,
    Role.ATASAN: SUPERIOR,
    Role.PIMPINAN: HEAD,
    Role.STAF: STAFF,
}
LIMITS = Limits(
    hari_per_minggu=2,
    pengecualian=("tugas_lapangan", "keadaan_khusus"),
    berlaku_bulan=6,
    evaluasi_bulan=3,
    keberatan_hari=35,
)
ALL_MET = {"instansi_dalam_cakupan": "TERPENUHI", "tanpa_hukuman_disiplin": "TERPENUHI"}
REASON = "alasan yang cukup panjang"


def wish(day: date) -> dict[str, Any]:
    return Wish(
        bentuk="rumah",
        hari=("selasa", "kamis"),
        alasan="Menyusun laporan tanpa gangguan",
        dari=day,
        sampai=day + timedelta(days=90),
        ergonomi=True,
        keamanan=True,
    ).to_mapping()


def terms(day: date, **changes: Any) -> dict[str, Any]:
    granted = {"dari": day, "sampai": day + timedelta(days=90), "hari": ("selasa", "kamis")}
    return Terms(**{**granted, **changes}).to_mapping()


def data_of(move: Move, day: date, state: State) -> dict[str, Any]:
    """What a legal step of this kind says beside its reason."""
    granted = {"batas": LIMITS.to_mapping(), "hasil": ALL_MET}
    monday = day - timedelta(days=day.weekday())
    last = state.granted.sampai if state.granted else day
    return {
        Move.AJUKAN: {"permohonan": wish(day)},
        Move.AJUKAN_ULANG: {"permohonan": wish(day)},
        Move.CATAT_BUKTI: {"uji": "tanpa_proses_disiplin"},
        Move.SETUJUI: {"ketetapan": terms(day), **granted},
        Move.TOLAK: {"batas": LIMITS.to_mapping()},
        Move.PANTAU: {"laporan": WeekReport(monday, 2250, 0, False, "laporan").to_mapping()},
        Move.PERPANJANG: {"sampai": (last + timedelta(days=60)).isoformat(), **granted},
        Move.PANGGIL: {"pada": (day + timedelta(days=3)).isoformat()},
    }.get(move, {})


def step(move: Move, day: date, state: State, actor: Actor, **changes: Any) -> Step:
    """A legal step of this kind, but for what is given."""
    data = {**data_of(move, day, state), **changes.pop("data", {})}
    at = (day - date(1970, 1, 1)).days * 86_400_000_000
    return Step(move, actor, at, day, changes.pop("reason", REASON), data)
