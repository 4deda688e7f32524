"""The columns of the sheet of items: one row an item, every cell a text."""

from __future__ import annotations

from string import ascii_lowercase

from cat.itembank.content import LANGUAGE_LEVELS, MOST_OPTIONS

LETTERS = ascii_lowercase[:MOST_OPTIONS]
SHEET, HELP, EXAMPLE, LISTS = "Butir", "Petunjuk", "Contoh", "Daftar"

# Name -> what to write there, as the help sheet says it.
HELP_OF = {
    "kode": "Nama butir di bank, unik. Boleh kosong: kode dibuatkan saat impor.",
    "domain": "Domain kisi-kisi, misalnya tiu.verbal.analogi; lihat lembar Daftar.",
    "stimulus": "Kode teks bersama bila beberapa butir memakai bacaan yang sama.",
    "teks_stimulus": "Isi teks bersama (Markdown); sama persis di setiap butirnya.",
    "soal": "Pokok soal: Markdown, rumus di antara $...$, gambar ![keterangan](gambar:nama.png).",
    "kunci": "Huruf kunci untuk TWK, TIU, dan TKB: B. Beberapa kunci: A, C. Kosong untuk TKP.",
    "rasional": "Satu baris: mengapa kuncinya benar, atau apa yang mengurutkan nilainya.",
    "sumber": "Pasal, buku, atau peraturan yang menjadi dasar.",
    "indikator": "Indikator kisi-kisi, satu baris.",
    "tingkat_bahasa": "Salah satu dari " + ", ".join(LANGUAGE_LEVELS) + ", atau kosong.",
    "pilihan_terbanyak": "Banyaknya pilihan yang boleh ditandai; kosong berarti 1, 0 tanpa batas.",
    "detik": "Waktu menjawab yang wajar, dalam detik; boleh kosong.",
    "seteru": "Kode butir yang tidak boleh keluar bersama, dipisah titik koma.",
    "induk": "Kode model butir yang membuatnya; biasanya kosong.",
    "a": "Daya beda (logit, D = 1); kosong bila belum dikalibrasi.",
    "b": "Tingkat kesukaran; beberapa tingkat dipisah titik koma.",
    "c": "Peluang tebakan, 0 sampai kurang dari 1; 0 untuk TKP.",
    "status_parameter": "Dari mana a, b, c berasal.",
    "gambar": "Gambar yang sudah ada di bank (JSON); diisi oleh ekspor.",
    "aturan": "Aturan penghitung kunci (JSON); diisi oleh ekspor.",
}
for _letter in LETTERS:
    HELP_OF[f"opsi_{_letter}"] = f"Pilihan {_letter.upper()} (Markdown satu baris)."
    HELP_OF[f"poin_{_letter}"] = f"Nilai pilihan {_letter.upper()}, 1 sampai 5, hanya untuk TKP."
    HELP_OF[f"alasan_{_letter}"] = (
        f"Mengapa orang memilih {_letter.upper()} dan mengapa benar atau salah; satu baris."
    )


def columns(options: int = 5) -> list[str]:
    """All columns in the order of the sheet, for items of so many options."""
    letters = LETTERS[:options]
    return [
        *("kode", "domain", "stimulus", "teks_stimulus", "soal"),
        *(f"opsi_{letter}" for letter in letters),
        "kunci",
        *(f"poin_{letter}" for letter in letters),
        "rasional",
        *(f"alasan_{letter}" for letter in letters),
        *("sumber", "indikator", "tingkat_bahasa", "pilihan_terbanyak", "detik", "seteru"),
        *("induk", "a", "b", "c", "status_parameter", "gambar", "aturan"),
    ]


KNOWN = frozenset(columns(MOST_OPTIONS))
REQUIRED = ("soal", "opsi_a", "opsi_b")
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "domain": "tiu.numerik.deret_angka",
        "soal": "Suku berikutnya dari deret $2, 6, 18, 54, \\ldots$ adalah ...",
        **{"opsi_a": "108", "opsi_b": "126", "opsi_c": "162", "opsi_d": "216", "opsi_e": "270"},
        "kunci": "C",
        "rasional": "Setiap suku tiga kali suku sebelumnya: 54 × 3 = 162.",
        "alasan_a": "Menggandakan suku terakhir; rasionya 3, bukan 2.",
        "alasan_b": "Menambah 72; selisihnya tidak tetap.",
        "alasan_c": "Kunci.",
        "alasan_d": "Mengalikan dengan 4.",
        "alasan_e": "Mengalikan dengan 5.",
        **{"tingkat_bahasa": "dasar", "detik": "45"},
    },
    {
        "domain": "tkp.pelayanan_publik",
        "soal": "Seorang warga datang lima menit sebelum loket ditutup. Saya ...",
        "opsi_a": "memintanya kembali besok pagi.",
        "opsi_b": "melayaninya sampai selesai.",
        "opsi_c": "menanyakan keperluannya lalu memberi nomor antrean besok.",
        "opsi_d": "melayaninya bila keperluannya singkat.",
        "opsi_e": "menutup loket sesuai jadwal tanpa keterangan.",
        **{"poin_a": "2", "poin_b": "5", "poin_c": "3", "poin_d": "4", "poin_e": "1"},
        "rasional": "Makin tuntas kebutuhan warga dilayani, makin tinggi nilainya.",
    },
)
