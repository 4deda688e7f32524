"""What happens in a sesi and belongs in its berita acara: typed, and tied to person, seat, time."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.tables import Kejadian, Sitting

LONGEST = 1000
# kode -> what people read. A proctor chooses among the first; the platform notes the second.
PELANGGARAN = {
    "pelanggaran_tata_tertib": "Pelanggaran tata tertib",
    "dugaan_kecurangan": "Dugaan kecurangan",
    "gangguan_komputer": "Gangguan komputer",
    "gangguan_listrik": "Gangguan listrik",
    "gangguan_jaringan": "Gangguan jaringan",
    "keluhan_kesehatan": "Keluhan kesehatan",
    "izin_keluar": "Izin ke luar ruangan",
    "lain": "Kejadian lain",
}
TINDAKAN = {
    "masuk_ditolak": "Izin masuk ditolak",
    "izin_dicabut": "Izin mulai dicabut",
    "masuk_ganda": "Masuk dari dua komputer",
    "komputer_diizinkan": "Komputer diizinkan melanjutkan",
    "pindah_kursi": "Pindah kursi",
    "identitas_manual": "Identitas diperiksa manual",
    "identitas_tidak_cocok": "Identitas tidak cocok",
    "jeda_bersama": "Jeda bersama",
    "lanjut_bersama": "Dilanjutkan bersama",
    "diakhiri": "Ujian diakhiri pengawas",
    "dibuka_kembali": "Ujian dibuka kembali",
    "serah_terima": "Serah terima pengawas",
    "sesi_digeser": "Sesi digeser",
    "sesi_dipecah": "Sesi dipecah",
    "sesi_dibatalkan": "Sesi dibatalkan",
    "dijadwalkan_ulang": "Dijadwalkan ulang",
}
JENIS = {**PELANGGARAN, **TINDAKAN}


def note(
    session: Session,
    sesi_id: int,
    jenis: str,
    uraian: str,
    *,
    by: str,
    now: int,
    sitting: Sitting | None = None,
    ruang_id: int | None = None,
    **data: Any,
) -> Kejadian:
    """Add a happening. by : username, or "sistem". data : what a program may want to read again.

    Raises BadInput for an unknown kind, or a text that is empty or too long.
    """
    if jenis not in JENIS:
        raise BadInput(f"jenis kejadian {jenis!r} tidak dikenal; yang ada {', '.join(JENIS)}")
    uraian = uraian.strip()
    if not 3 <= len(uraian) <= LONGEST:
        raise BadInput(f"uraian kejadian: 3 sampai {LONGEST} huruf; terbaca {len(uraian)}")
    row = Kejadian(
        sesi_id=sesi_id,
        ruang_id=sitting.ruang_id if sitting else ruang_id,
        sitting_id=sitting.id if sitting else None,
        kursi=sitting.seat if sitting else 0,
        at=now,
        jenis=jenis,
        uraian=uraian,
        oleh=by,
        data=data,
    )
    session.add(row)
    session.flush()
    return row
