"""Which kinds of official documents are there?"""

from __future__ import annotations

from enum import StrEnum


class Jenis(StrEnum):
    """A kind of document. Stored as these words; never rename one."""

    HASIL = "hasil"
    PERINGKAT = "peringkat"
    BERITA_ACARA = "berita_acara"
    REKAP = "rekap"

    @property
    def awalan(self) -> str:
        """How the numbers of this kind begin."""
        return _AWALAN[self]

    @property
    def nama(self) -> str:
        """What people call it."""
        return _NAMA[self]


_AWALAN = {
    Jenis.HASIL: "HSL",
    Jenis.PERINGKAT: "PRK",
    Jenis.BERITA_ACARA: "BAC",
    Jenis.REKAP: "RKP",
}
_NAMA = {
    Jenis.HASIL: "Hasil peserta",
    Jenis.PERINGKAT: "Daftar peringkat",
    Jenis.BERITA_ACARA: "Berita acara sesi",
    Jenis.REKAP: "Rekapitulasi instansi",
}
