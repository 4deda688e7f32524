"""What the script of the exam page says; the page hands it over in the language chosen."""

from __future__ import annotations

from flask_babel import gettext as _


def of_script() -> dict[str, str]:
    """Name -> sentence. {n} and the like are filled in by the script."""
    return _saving() | _moving() | _refusals()


def _saving() -> dict[str, str]:
    return {
        "menyimpan": _("Menyimpan …"),
        "tersimpan": _("Tersimpan."),
        "tersimpan_soal": _("Jawaban soal {n} tersimpan."),
        "draf": _("Pilihan tersimpan, belum final."),
        "coba": _("Belum tersimpan, mencoba lagi …"),
        "antre": _("{n} jawaban belum tersimpan, mencoba lagi …"),
        "ditahan": _(
            "Jawaban belum tersimpan, mencoba lagi … Pilihan ditahan; waktu tetap berjalan."
        ),
        "pilih_dulu": _("Pilih salah satu jawaban dahulu."),
        "habis": _("Waktu habis. Menyimpan jawaban …"),
        "habis_tunggu": _("Waktu habis. Menunggu server …"),
        "tolak": _("Ditolak server. Panggil pengawas."),
        "tunggu_antre": _("Tunggu: {n} jawaban belum tersimpan."),
        "kode": _("kode"),
    }


def _moving() -> dict[str, str]:
    return {
        "soal": _("Soal {n} <span>dari {m}</span>"),
        "judul": _("Soal {n} dari {m} · CAT CPNS"),
        "bagian": _("Bagian {n} dari {m}"),
        "sisa_menit": _("Sisa waktu {n} menit."),
        "dijawab": _("dijawab"),
        "kosong": _("kosong"),
        "ragu": _("ragu-ragu"),
        "nomor": _("Soal {n}"),
        "hitung": _("{n} dijawab, {k} kosong, {r} ragu-ragu"),
        "ragu_pasang": _("Soal {n} ditandai ragu-ragu."),
        "ragu_lepas": _("Tanda ragu-ragu soal {n} dilepas."),
        "coret": _("Coret pilihan {x}"),
        "dicoret": _("dicoret"),
        "coret_ya": _("Pilihan {x} dicoret."),
        "coret_tidak": _("Coretan pilihan {x} dihapus."),
    }


def _refusals() -> dict[str, str]:
    """Sentences of refusals by their code, where the server may have said it in Indonesian."""
    return {
        "U00": _("Anda sudah keluar dari komputer ini, atau masuk di komputer lain."),
        "U02": _("Ujian sedang tidak berjalan. Jawaban yang sudah tersimpan tetap aman."),
        "U03": _("Ujian ini sudah selesai."),
        "U04": _("Waktu ujian sudah habis."),
        "U05": _("Soal itu bukan soal yang sedang dibuka. Lanjutkan dari soal sekarang."),
        "U06": _(
            "Soal itu sudah dijawab. Jawaban pertama yang berlaku; lanjutkan dari soal sekarang."
        ),
        "U08": _("Pilihan sudah terlalu sering diganti. Tekan Simpan dan lanjutkan bila yakin."),
        "U20": _("Akun ini masuk di dua komputer. Panggil pengawas."),
        "H419": _("Halaman ini sudah kedaluwarsa. Muat ulang halaman, lalu ulangi."),
    }
