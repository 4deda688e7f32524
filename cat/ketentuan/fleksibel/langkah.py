"""Which steps are there on the way of a request, where may each begin, and who may take it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """Where a request stands."""

    BARU = "BARU"
    DIAJUKAN = "DIAJUKAN"
    DIKEMBALIKAN = "DIKEMBALIKAN"
    MENUNGGU_PUTUSAN = "MENUNGGU_PUTUSAN"
    MENUNGGU_BUKTI = "MENUNGGU_BUKTI"
    DISETUJUI = "DISETUJUI"
    DALAM_KLARIFIKASI = "DALAM_KLARIFIKASI"
    DITOLAK = "DITOLAK"
    DICABUT = "DICABUT"
    KEBERATAN_PENOLAKAN = "KEBERATAN_PENOLAKAN"
    KEBERATAN_PENCABUTAN = "KEBERATAN_PENCABUTAN"
    DITARIK = "DITARIK"
    BERAKHIR = "BERAKHIR"


class Move(StrEnum):
    """What somebody does to a request."""

    AJUKAN = "AJUKAN"
    AJUKAN_ULANG = "AJUKAN_ULANG"
    TARIK = "TARIK"
    DUKUNG = "DUKUNG"
    TIDAK_DUKUNG = "TIDAK_DUKUNG"
    KEMBALIKAN = "KEMBALIKAN"
    MINTA_BUKTI = "MINTA_BUKTI"
    BERI_BUKTI = "BERI_BUKTI"
    CATAT_BUKTI = "CATAT_BUKTI"
    SETUJUI = "SETUJUI"
    TOLAK = "TOLAK"
    PANTAU = "PANTAU"
    EVALUASI = "EVALUASI"
    PERPANJANG = "PERPANJANG"
    PANGGIL = "PANGGIL"
    TANGGAPI = "TANGGAPI"
    LANJUTKAN = "LANJUTKAN"
    CABUT = "CABUT"
    AJUKAN_KEBERATAN = "AJUKAN_KEBERATAN"
    KABULKAN = "KABULKAN"
    TOLAK_KEBERATAN = "TOLAK_KEBERATAN"


class Role(StrEnum):
    """In which capacity a person acts. There is none for the engine: it decides nothing."""

    PEGAWAI = "pegawai"
    ATASAN = "atasan"
    PIMPINAN = "pimpinan"
    STAF = "staf"


# Where each step may begin, and where it leads.
TRANSITIONS: dict[Move, dict[Standing, Standing]] = {
    Move.AJUKAN: {Standing.BARU: Standing.DIAJUKAN},
    Move.AJUKAN_ULANG: {Standing.DIKEMBALIKAN: Standing.DIAJUKAN},
    Move.TARIK: {
        Standing.DIAJUKAN: Standing.DITARIK,
        Standing.DIKEMBALIKAN: Standing.DITARIK,
        Standing.MENUNGGU_PUTUSAN: Standing.DITARIK,
        Standing.MENUNGGU_BUKTI: Standing.DITARIK,
        Standing.DISETUJUI: Standing.DITARIK,
    },
    Move.DUKUNG: {Standing.DIAJUKAN: Standing.MENUNGGU_PUTUSAN},
    Move.TIDAK_DUKUNG: {Standing.DIAJUKAN: Standing.MENUNGGU_PUTUSAN},
    Move.KEMBALIKAN: {Standing.DIAJUKAN: Standing.DIKEMBALIKAN},
    Move.MINTA_BUKTI: {Standing.MENUNGGU_PUTUSAN: Standing.MENUNGGU_BUKTI},
    Move.BERI_BUKTI: {Standing.MENUNGGU_BUKTI: Standing.MENUNGGU_PUTUSAN},
    Move.CATAT_BUKTI: {
        Standing.MENUNGGU_PUTUSAN: Standing.MENUNGGU_PUTUSAN,
        Standing.MENUNGGU_BUKTI: Standing.MENUNGGU_BUKTI,
        Standing.DISETUJUI: Standing.DISETUJUI,  # before an extension
    },
    Move.SETUJUI: {Standing.MENUNGGU_PUTUSAN: Standing.DISETUJUI},
    Move.TOLAK: {Standing.MENUNGGU_PUTUSAN: Standing.DITOLAK},
    Move.PANTAU: {
        Standing.DISETUJUI: Standing.DISETUJUI,
        Standing.DALAM_KLARIFIKASI: Standing.DALAM_KLARIFIKASI,
    },
    Move.EVALUASI: {Standing.DISETUJUI: Standing.DISETUJUI},
    Move.PERPANJANG: {Standing.DISETUJUI: Standing.DISETUJUI},
    Move.PANGGIL: {Standing.DISETUJUI: Standing.DALAM_KLARIFIKASI},
    Move.TANGGAPI: {Standing.DALAM_KLARIFIKASI: Standing.DALAM_KLARIFIKASI},
    Move.LANJUTKAN: {Standing.DALAM_KLARIFIKASI: Standing.DISETUJUI},
    Move.CABUT: {Standing.DALAM_KLARIFIKASI: Standing.DICABUT},
    Move.AJUKAN_KEBERATAN: {
        Standing.DITOLAK: Standing.KEBERATAN_PENOLAKAN,
        Standing.DICABUT: Standing.KEBERATAN_PENCABUTAN,
    },
    Move.KABULKAN: {
        Standing.KEBERATAN_PENOLAKAN: Standing.MENUNGGU_PUTUSAN,
        Standing.KEBERATAN_PENCABUTAN: Standing.DISETUJUI,
    },
    Move.TOLAK_KEBERATAN: {
        Standing.KEBERATAN_PENOLAKAN: Standing.DITOLAK,
        Standing.KEBERATAN_PENCABUTAN: Standing.DICABUT,
    },
}
# Nobody's step: these end by themselves after the last day of the decision.
EXPIRING = frozenset({Standing.DISETUJUI, Standing.DALAM_KLARIFIKASI})
OPEN = frozenset(Standing) - {
    Standing.DITOLAK,
    Standing.DICABUT,
    Standing.DITARIK,
    Standing.BERAKHIR,
}

_PEGAWAI, _ATASAN = frozenset({Role.PEGAWAI}), frozenset({Role.ATASAN})
_PIMPINAN = frozenset({Role.PIMPINAN})
ROLES_OF: dict[Move, frozenset[Role]] = {
    Move.AJUKAN: _PEGAWAI,
    Move.AJUKAN_ULANG: _PEGAWAI,
    Move.TARIK: _PEGAWAI,
    Move.DUKUNG: _ATASAN,
    Move.TIDAK_DUKUNG: _ATASAN,
    Move.KEMBALIKAN: _ATASAN,
    Move.MINTA_BUKTI: _PIMPINAN,
    Move.BERI_BUKTI: _PEGAWAI,
    Move.CATAT_BUKTI: frozenset({Role.PIMPINAN, Role.STAF}),
    Move.SETUJUI: _PIMPINAN,
    Move.TOLAK: _PIMPINAN,
    Move.PANTAU: frozenset({Role.PEGAWAI, Role.ATASAN}),
    Move.EVALUASI: _ATASAN,
    Move.PERPANJANG: _PIMPINAN,
    Move.PANGGIL: _PIMPINAN,
    Move.TANGGAPI: _PEGAWAI,
    Move.LANJUTKAN: _PIMPINAN,
    Move.CABUT: _PIMPINAN,
    Move.AJUKAN_KEBERATAN: _PEGAWAI,
    Move.KABULKAN: _PIMPINAN,
    Move.TOLAK_KEBERATAN: _PIMPINAN,
}
# Only these may go without words; what decides about a person is always given a reason.
WITHOUT_REASON = frozenset({Move.AJUKAN, Move.AJUKAN_ULANG, Move.PANTAU})


@dataclass(frozen=True)
class Actor:
    """A person who takes a step.

    account : name of the account. role : in which capacity.
    pegawai_id : the employee behind the account; None for an account of an office.
    """

    account: str
    role: Role
    pegawai_id: int | None = None


@dataclass(frozen=True)
class Step:
    """One step as it was taken; never changed afterwards.

    at : microseconds since 1970-01-01 UTC. day : the day of it where the office is.
    reason : in the person's own words. data : what the step says beside, JSON values only.
    """

    move: Move
    actor: Actor
    at: int
    day: date
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
