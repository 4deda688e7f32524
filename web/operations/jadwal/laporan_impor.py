"""What a file of participants would do: people, seats, and everything that forbids it."""

from __future__ import annotations

from dataclasses import dataclass, field

from web.operations.jadwal.berkas import Isian
from web.operations.seleksi.lembar import Temuan
from web.tables import Sesi


@dataclass
class Tujuan:
    """Where one line goes. sesi, kursi, ruang_id : None where no new seat is given."""

    isian: Isian
    sesi: Sesi | None = None
    kursi: int | None = None
    ruang_id: int | None = None


@dataclass(frozen=True)
class Pengisian:
    """How a sesi fills up. ruang : of each room its name, seats, taken before, new."""

    sesi: Sesi
    kapasitas: int
    terisi: int
    tambahan: int
    ruang: tuple[tuple[str, int, int, int], ...]


@dataclass
class Laporan:
    """The outcome of a check.

    jumlah : lines with something in them. baru, diubah, tetap : people. masalah : what forbids it
    all; peringatan : what somebody should look at. sudah_duduk : lines whose seat is there already.
    """

    jumlah: int = 0
    baru: int = 0
    diubah: int = 0
    tetap: int = 0
    sudah_duduk: int = 0
    masalah: list[Temuan] = field(default_factory=list)
    peringatan: list[Temuan] = field(default_factory=list)
    baris: list[Tujuan] = field(default_factory=list)
    pengisian: list[Pengisian] = field(default_factory=list)

    def count(self, status: str) -> None:
        """Count a person as baru, diubah or tetap; a refused one counts as nothing."""
        if status in ("baru", "diubah", "tetap"):
            setattr(self, status, getattr(self, status) + 1)

    @property
    def ditempatkan(self) -> int:
        """People who would be given a seat."""
        return sum(each.kursi is not None for each in self.baris)

    @property
    def tanpa_sesi(self) -> int:
        """People who would be registered without a seat."""
        return sum(each.sesi is None for each in self.baris) - self.sudah_duduk
