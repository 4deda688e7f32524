"""The rules of every year as one table: case, rule, source with confidence, what must come out.

Sources are those of domain.md section 9. A row reads: in this case, by this rule, this is found.
The makers of findings are in `kasus.py`.
"""

# ruff: noqa: E501 -- a row of the table is one line

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cat.errors import BadInput, BadRules
from cat.ketentuan.identitas import nik_mismatches, nip_mismatches
from seeds.demo.people import nik, nip
from tests.cat.ketentuan.kasus import (
    RULES,
    Kasus,
    akhir,
    arti,
    bentuk,
    cadangan,
    ditolak,
    eksak,
    gugur,
    keyakinan,
    kode_skd,
    kurang,
    lanjut,
    lulus,
    pakai_lama,
    pindah,
    rencana,
    sanggah,
    sumbangan_skd,
    tampil,
    tes,
    urut,
)

BORN = date(1968, 8, 5)
EQUAL = (90, 100, 177)
TOP = (100, 110, 185)
LAW18, LAW19 = "S7 PermenPANRB 37/2018 A", "S6 PermenPANRB 24/2019 A"
LAW21, LAW23 = "S4 KepmenPANRB 1023/2021 A", "S5 KepmenPANRB 651/2023 A"
LAW24 = "S1 KepmenPANRB 321/2024 A"
CUT = "S14 S22 PermenPANRB 6/2024 A"
TIES = "S14 PermenPANRB 6/2024 Pasal 45(4) A"
SKB = "S15-S17 PermenPANRB 6/2024 Pasal 34-37 A"
INTEGRASI = "S14 S25 PermenPANRB 6/2024 Pasal 45 A"
EACH = "setiap bagian mencapai minimumnya"
ONLY = "hanya total dan TIU yang diuji"

# --- the table -----------------------------------------------------------------------------------
# fmt: off
VECTORS = [  # domain.md 2.5, every row of it
    Kasus("2024 umum 65 80 166", EACH, LAW24, True, lulus(2024, "umum", 65, 80, 166)),
    Kasus("2024 umum 60 175 225, total 460", EACH, LAW24, False, lulus(2024, "umum", 60, 175, 225)),
    Kasus("2024 cumlaude 30 85 196, total 311", ONLY, LAW24, True, lulus(2024, "cumlaude", 30, 85, 196)),
    Kasus("2024 cumlaude 150 80 225", ONLY, LAW24, False, lulus(2024, "cumlaude", 150, 80, 225)),
    Kasus("2024 disabilitas 20 60 206, total 286", ONLY, LAW24, True, lulus(2024, "disabilitas", 20, 60, 206)),
    Kasus("1 kebutuhan; 395, 388, 367, 367 sama semua bagian", "yang sama pada batas ikut semua", CUT, "P/L P/L P/L P/L", kode_skd(2024, 1, TOP, (98, 110, 180), EQUAL, EQUAL)),
    Kasus("SKD 400; CAT 465/550 x60; TPA 80/100 x40", "40% SKD + 60% SKB", INTEGRASI, ("72.7273", "82.7273", "78.7273"), akhir(2024, 400, (465, 550, 60), (80, 100, 40))),
    Kasus("perempuan lahir 05-08-1968: NIK", "hari lahir ditambah 40", "S46 A", "450868", lambda: nik(BORN, "P", 1)[6:12]),
    Kasus("perempuan lahir 05-08-1968: NIP", "tanpa ditambah 40", "S47 A", "19680805", lambda: nip(BORN, date(1990, 3, 1), "P", 1)[:8]),
]
BENTUK = [
    Kasus("bentuk tes 2014", "35-30-35 butir", "S9 A; S30 B", ((35, 175), (30, 150), (35, 175), 500, 90, 90), bentuk(2014)),
    Kasus("bentuk tes 2018", "35-30-35 butir", "S7 A; S8 B", ((35, 175), (30, 150), (35, 175), 500, 90, 120), bentuk(2018)),
    Kasus("bentuk tes 2019", "30-35-35 butir, bukan 110", "S6 A", ((30, 150), (35, 175), (35, 175), 500, 90, 120), bentuk(2019)),
    Kasus("bentuk tes 2021", "30-35-45 butir", "S3 S4 A", ((30, 150), (35, 175), (45, 225), 550, 100, 130), bentuk(2021)),
    Kasus("bentuk tes 2023", "30-35-45 butir", "S5 A", ((30, 150), (35, 175), (45, 225), 550, 100, 130), bentuk(2023)),
    Kasus("bentuk tes 2024", "30-35-45 butir", "S1 A", ((30, 150), (35, 175), (45, 225), 550, 100, 130), bentuk(2024)),
]
AMBANG_BATAS = [
    Kasus("2014 umum tepat pada batas 70 75 126", EACH, "PermenPANRB 29/2014 A", True, lulus(2014, "umum", 70, 75, 126)),
    Kasus("2014 umum 69 75 126", EACH, "PermenPANRB 29/2014 A", False, lulus(2014, "umum", 69, 75, 126)),
    Kasus("2014 umum 70 75 125", EACH, "PermenPANRB 29/2014 A", {"tkp": 1}, kurang(2014, "umum", 70, 75, 125)),
    Kasus("2014 cumlaude: tidak ada barisnya", "jenis yang tidak diatur ditolak", "PermenPANRB 29/2014 A", "ditolak", ditolak(BadRules, lambda: lulus(2014, "cumlaude", 175, 150, 175)())),
    Kasus("2018 umum tepat pada batas 75 80 143", EACH, LAW18, True, lulus(2018, "umum", 75, 80, 143)),
    Kasus("2018 umum 75 80 142", EACH, LAW18, False, lulus(2018, "umum", 75, 80, 142)),
    Kasus("2018 diaspora 0 123 175, total 298", ONLY, LAW18, True, lulus(2018, "diaspora", 0, 123, 175)),
    Kasus("2018 cumlaude total 297", ONLY, LAW18, {"total": 1}, kurang(2018, "cumlaude", 60, 85, 152)),
    Kasus("2018 eks THK-II guru/medis TIU 60", ONLY, LAW18, True, lulus(2018, "eks_thk2_guru_medis", 40, 60, 160)),
    Kasus("2018 disabilitas TIU 69", ONLY, LAW18, False, lulus(2018, "disabilitas", 100, 69, 175)),
    Kasus("2018 dokter spesialis TIU 80", ONLY, LAW18, True, lulus(2018, "dokter_spesialis", 60, 80, 158)),
    Kasus("2018 penjaga tahanan TIU 70", ONLY, LAW18, True, lulus(2018, "penjaga_tahanan", 20, 70, 170)),
    Kasus("2019 umum tepat pada batas 65 80 126", EACH, LAW19, True, lulus(2019, "umum", 65, 80, 126)),
    Kasus("2019 tenaga siber seperti umum: 64 175 175", EACH, LAW19, {"twk": 1}, kurang(2019, "tenaga_siber", 64, 175, 175)),
    Kasus("2019 disabilitas TIU 60 (salah cetak satu daftar)", ONLY, LAW19, False, lulus(2019, "disabilitas", 90, 60, 175)),
    Kasus("2019 papua TIU 60", ONLY, LAW19, True, lulus(2019, "papua", 40, 60, 160)),
    Kasus("2019 instruktur penerbang total 271", ONLY, LAW19, True, lulus(2019, "instruktur_penerbang", 41, 80, 150)),
    Kasus("2021 umum dengan TKP 156", "156 hanya pengumuman awal; berlaku 166", "S2 S61 A", {"tkp": 10}, kurang(2021, "umum", 65, 80, 156)),
    Kasus("2021 umum total 311 tetapi TKP 161", EACH, LAW21, False, lulus(2021, "umum", 70, 80, 161)),
    Kasus("2021 papua dan papua barat total 285", ONLY, LAW21, {"total": 1}, kurang(2021, "papua_papua_barat", 25, 60, 200)),
    Kasus("2021 dokter pendidik klinis TIU 79", ONLY, LAW21, False, lulus(2021, "dokter_pendidik_klinis", 150, 79, 225)),
    Kasus("2021 ABK TIU 70 total 286", ONLY, LAW21, True, lulus(2021, "abk", 16, 70, 200)),
    Kasus("2023 umum tepat pada batas", EACH, LAW23, True, lulus(2023, "umum", 65, 80, 166)),
    Kasus("2023 umum TIU 79", EACH, LAW23, {"tiu": 1}, kurang(2023, "umum", 150, 79, 225)),
    Kasus("2023 diaspora TWK 0", "bagian tanpa minimum boleh nol", LAW23, True, lulus(2023, "diaspora", 0, 86, 225)),
    Kasus("2023 papua tepat pada batas", ONLY, LAW23, True, lulus(2023, "papua", 1, 60, 225)),
    Kasus("2023 dokter", "terbawa dari 2021: belum terkonfirmasi", "domain 1.2 C", "C", keyakinan(2023, "dokter")),
    Kasus("2024 putra/putri Kalimantan 65 80 166", "memakai ambang batas umum", LAW24, True, lulus(2024, "putra_putri_kalimantan", 65, 80, 166)),
    Kasus("2024 putra/putri Kalimantan 0 86 200", "bukan ambang batas khusus", LAW24, {"twk": 65}, kurang(2024, "putra_putri_kalimantan", 0, 86, 200)),
    Kasus("2024 umum kurang di semua bagian", EACH, LAW24, {"twk": 65, "tiu": 80, "tkp": 166}, kurang(2024, "umum", 0, 0, 0)),
    Kasus("2024 daerah tertinggal", "satu surat kabar", "S5 B", "B", keyakinan(2024, "daerah_tertinggal")),
    Kasus("2024 dokter", "terbawa dari 2021: belum terkonfirmasi", "domain 1.2 C", "C", keyakinan(2024, "dokter")),
    Kasus("2024 rescuer TIU 70 total 286", ONLY, "terbawa dari 2021 C", True, lulus(2024, "rescuer", 0, 70, 216)),
    Kasus("2024 tenaga siber (hanya 2019)", "jenis yang tidak diatur ditolak", LAW24, "ditolak", ditolak(BadRules, lambda: lulus(2024, "tenaga_siber", 150, 175, 225)())),
]
PERINGKAT = [
    Kasus("82 kebutuhan, ke-246 dan ke-247 sama", "daftar boleh melebihi 3x: 247", CUT, 247, lanjut(2024, 82, [(100, 100, 225)] * 245 + [EQUAL, EQUAL, (80, 80, 190)])),
    Kasus("1 kebutuhan, ke-4 kalah satu poin TKP", "total sama: TKP menentukan", CUT, "P/L P/L P/L P", kode_skd(2024, 1, TOP, (98, 110, 180), (90, 99, 178), EQUAL)),
    Kasus("1 kebutuhan, ke-4 kalah TIU", "total dan TKP sama: TIU menentukan", CUT, "P/L P/L P/L P", kode_skd(2024, 1, TOP, (98, 110, 180), (89, 101, 177), EQUAL)),
    Kasus("5 kebutuhan, dua orang lulus", "kurang dari 3x bila yang lulus kurang", CUT, "P/L P/L", kode_skd(2024, 5, TOP, EQUAL)),
    Kasus("0 kebutuhan", "tanpa kebutuhan tidak ada yang lanjut", CUT, "P", kode_skd(2024, 0, TOP)),
    Kasus("tiga sama di depan, satu kebutuhan", "yang sama di atas batas memakan tempat", CUT, "P/L P/L P/L P", kode_skd(2024, 1, TOP, TOP, TOP, EQUAL)),
    Kasus("empat sama semuanya, satu kebutuhan", "batas jatuh di tengah yang sama", CUT, "P/L P/L P/L P/L P", kode_skd(2024, 1, EQUAL, EQUAL, EQUAL, EQUAL, (65, 80, 166))),
    Kasus("satu lulus, satu tidak hadir, satu gugur", "TH dan TL tidak mendapat tempat", "S21 S22 B", "P/L TH TL", kode_skd(2024, 1, TOP, absent=1, failed=1)),
    Kasus("2019: tiga kali kebutuhan", "3 x kebutuhan", "PermenPANRB 23/2019 A", "P/L P/L P/L P", kode_skd(2019, 1, (90, 100, 175), (90, 100, 174), (90, 100, 173), (90, 100, 172))),
    Kasus("2021: yang sama pada batas ikut", "yang sama pada batas ikut semua", "S14 PermenPANRB 27/2021 A", 4, lanjut(2021, 1, [TOP, TOP, EQUAL, EQUAL])),
]
CADANGAN = [
    Kasus("2018 umum 0 80 175, total 255; satu kebutuhan kosong", "total paling sedikit 255", "PermenPANRB 61/2018 A", "1", cadangan("umum", 1, 0, (0, 80, 175))),
    Kasus("2018 umum total 254", "total paling sedikit 255", "PermenPANRB 61/2018 A", "0", cadangan("umum", 1, 0, (74, 80, 100))),
    Kasus("2018 papua total 220", "total paling sedikit 220", "PermenPANRB 61/2018 A", "1", cadangan("papua", 1, 0, (50, 50, 120))),
    Kasus("2018 empat calon, satu kebutuhan kosong", "tiga terbaik tiap kebutuhan kosong", "PermenPANRB 61/2018 A", "1110", cadangan("umum", 1, 0, (70, 80, 140), (70, 79, 140), (70, 78, 140), (70, 77, 140))),
    Kasus("2018 kebutuhan sudah terisi yang lulus", "hanya untuk kebutuhan yang kosong", "PermenPANRB 61/2018 A", "0", cadangan("umum", 1, 1, (70, 80, 142))),
    Kasus("2018 dua kebutuhan, satu lulus", "satu yang kosong: tiga terbaik", "PermenPANRB 61/2018 A", "1110", cadangan("umum", 2, 1, (70, 80, 140), (70, 79, 140), (70, 78, 140), (70, 77, 140))),
    Kasus("2018 dokter spesialis", "jenis tanpa baris cadangan tidak ikut", "PermenPANRB 61/2018 A", "0", cadangan("dokter_spesialis", 1, 0, (70, 79, 175))),
    Kasus("2019 tidak mempunyai ambang cadangan", "hanya 2018", "PermenPANRB 61/2018 A", (), lambda: RULES[2019].ambang_cadangan),
]
BATAS_SKB = [
    Kasus("pusat: CAT 100", "CAT paling sedikit 50%", SKB, [], rencana("pusat", ("cat", 100))),
    Kasus("pusat: CAT 60 + TPA 40 (BP2MI 2024)", "CAT paling sedikit 50%", "S18 A", [], rencana("pusat", ("cat", 60), ("tpa", 40))),
    Kasus("pusat: CAT 50 + praktik 35 + TPA 15", "tambahan bersama paling banyak 50%", "S18 A", [], rencana("pusat", ("cat", 50), ("praktik_kerja", 35), ("tpa", 15))),
    Kasus("pusat: CAT 49 + TPA 51", "CAT 50%, tambahan 50%", SKB, ["bobot CAT", "bobot tes tambahan"], rencana("pusat", ("cat", 49), ("tpa", 51))),
    Kasus("pusat: empat jenis tambahan", "paling banyak tiga jenis", SKB, ["tes tambahan"], rencana("pusat", ("cat", 60), ("tpa", 10), ("psikotes", 10), ("praktik_kerja", 10), ("wawancara", 10))),
    Kasus("pusat: wawancara 10", "wawancara paling banyak 10%", SKB, [], rencana("pusat", ("cat", 90), ("wawancara", 10))),
    Kasus("pusat: wawancara 11", "wawancara paling banyak 10%", SKB, ["wawancara"], rencana("pusat", ("cat", 89), ("wawancara", 11))),
    Kasus("daerah: wawancara 1", "wawancara tidak diperbolehkan", SKB, ["wawancara"], rencana("daerah", ("cat", 99), ("wawancara", 1))),
    Kasus("daerah: CAT 60 + praktik 40", "CAT paling sedikit 60%", "S15-S17 B", [], rencana("daerah", ("cat", 60), ("praktik_kerja", 40))),
    Kasus("daerah: CAT 50 + praktik 50 (angka yang keliru dicetak)", "CAT 60%, tambahan 40%", "S15-S17 B", ["bobot CAT", "bobot tes tambahan"], rencana("daerah", ("cat", 50), ("praktik_kerja", 50))),
    Kasus("daerah: dua jenis tambahan", "paling banyak satu jenis", SKB, ["tes tambahan"], rencana("daerah", ("cat", 60), ("praktik_kerja", 20), ("psikotes", 20))),
    Kasus("bobot 60 + 30", "jumlah bobot 100", "S18 A", ["jumlah bobot"], rencana("pusat", ("cat", 60), ("tpa", 30))),
    Kasus("tes yang tidak dikenal", "hanya jenis tes yang tercantum", SKB, ["ramalan"], rencana("pusat", ("cat", 60), ("ramalan", 40))),
    Kasus("TPA dua kali", "satu jenis direncanakan sekali", SKB, ["Tes potensi akademik"], rencana("pusat", ("cat", 60), ("tpa", 20), ("tpa", 20))),
    Kasus("menggugurkan tanpa minimum", "yang menggugurkan mempunyai minimum", "S21 B", ["Samapta"], rencana("pusat", ("cat", 60), tes("kesegaran_jasmani", 40, nama="Samapta", menggugurkan=True))),
    Kasus("minimum di atas nilai maksimum", "minimum antara 0 dan maksimum", "S21 B", ["Samapta"], rencana("pusat", ("cat", 60), tes("kesegaran_jasmani", 40, nama="Samapta", menggugurkan=True, minimum=101))),
    Kasus("SKB 2014", "batasnya tidak ditemukan: tidak dimuat", "domain 1.4", None, lambda: RULES[2014].skb),
]
GUGUR = [
    Kasus("nilai 60, minimum 61", "di bawah minimum: gugur", "S21 B", True, gugur(60, 61)),
    Kasus("nilai 61, minimum 61", "tepat pada minimum: tidak gugur", "S21 B", False, gugur(61, 61)),
    Kasus("tidak mengikuti tes yang menggugurkan", "tidak hadir: gugur", "S21 B", True, gugur(None, 61)),
    Kasus("nilai 0 pada tes biasa", "hanya tes yang ditandai menggugurkan", "S21 B", False, gugur(0, 61, menggugurkan=False)),
    Kasus("kode gugur 2024", "TMS-1", "S21 B", "Tidak memenuhi syarat pada bagian SKB yang menggugurkan", arti(2024, "TMS-1")),
]
INTEGRASI_NILAI = [
    Kasus("SKD 400 dari 550", "sumbangan SKD 40% = 29,091", INTEGRASI, "29.091", sumbangan_skd(400)),
    Kasus("SKD 400 dari 500", "maksimum 500 sebelum 2021", "PermenPANRB 23/2019 A", ("80.0000", "50.0000", "62.0000"), akhir(2019, 400, (1, 2, 100))),
    Kasus("semua maksimum", "nilai akhir paling banyak 100", INTEGRASI, ("100", "100", "100"), akhir(2024, 550, (550, 550, 60), (100, 100, 40), digits=0)),
    Kasus("semua nol", "nilai akhir paling sedikit 0", INTEGRASI, ("0", "0", "0"), akhir(2024, 0, (0, 550, 100), digits=0)),
    Kasus("dua kali 40% (kekeliruan pers): 11,636 + 49,636", "bobot dipakai satu kali", "S25 A", False, lambda: tampil(400, (465, 550, 60), (80, 100, 40))() == "61.273"),
    Kasus("maksimum SKB berbeda: 450/500 dan 495/550", "dinormalkan ke 100 per jabatan", "domain 1.4 C", True, lambda: akhir(2024, 400, (450, 500, 100))() == akhir(2024, 400, (495, 550, 100))()),
    Kasus("1/3 x 50 + 2/3 x 50 = 1/2 x 100", "pecahan eksak: yang sama benar-benar sama", "keputusan rancangan", True, lambda: eksak(400, (1, 3, 50), (2, 3, 50))() == eksak(400, (1, 2, 100))()),
    Kasus("SKD 1, SKB 0", "28 angka, dibulatkan sekali", "keputusan rancangan", "0.07272727272727272727272727273", eksak(1, (0, 1, 100))),
    Kasus("beda 1 poin dari 999.999", "urutan memakai nilai tanpa pembulatan", "domain 2.2 C", (True, True), lambda: (tampil(400, (500_000, 999_999, 100))() == tampil(400, (500_001, 999_999, 100))(), eksak(400, (500_000, 999_999, 100))() < eksak(400, (500_001, 999_999, 100))())),
    Kasus("78,7272727... ditampilkan", "tiga desimal, hanya tampilan", "S25 A", "78.727", tampil(400, (465, 550, 60), (80, 100, 40))),
    Kasus("bobot SKB 60 + 30", "bobot SKB berjumlah 100", "S18 A", "ditolak", ditolak(BadInput, akhir(2024, 400, (1, 1, 60), (1, 1, 30)))),
    Kasus("SKD 551", "SKD paling banyak 550", INTEGRASI, "ditolak", ditolak(BadInput, akhir(2024, 551, (1, 1, 100)))),
]
URUTAN_AKHIR = [
    Kasus("nilai akhir lebih tinggi, SKD nol", "nilai akhir lebih dahulu", TIES, (2, 1), urut(2024, akhir=Decimal("78.6"), nilai=(0, 0, 0))),
    Kasus("nilai akhir sama, total SKD lebih tinggi", "lalu total SKD", TIES, (2, 1), urut(2024, nilai=(91, 110, 200))),
    Kasus("total sama, TKP lebih tinggi", "lalu TKP", TIES, (2, 1), urut(2024, nilai=(90, 109, 201))),
    Kasus("TKP sama, TIU lebih tinggi", "lalu TIU", TIES, (2, 1), urut(2024, nilai=(89, 111, 200))),
    Kasus("SKD sama, IPK lebih tinggi", "lalu IPK", TIES, (2, 1), urut(2024, ipk=Decimal("3.51"), tanggal_lahir=date(2000, 1, 1))),
    Kasus("IPK sama, lebih tua satu hari", "lalu yang lebih tua", TIES, (2, 1), urut(2024, tanggal_lahir=date(1995, 8, 4))),
    Kasus("sama dalam semuanya", "berbagi peringkat", TIES, (1, 1), urut(2024)),
    Kasus("IPK 3,50 dan rata-rata ijazah 88", "IPK hanya dibandingkan dalam satu jenjang", "domain 2.2 A", "ditolak", ditolak(BadInput, urut(2024, jenjang="sma", ipk=Decimal(88)))),
    Kasus("2019: IPK lebih tinggi", "urutan sama pada 2019", "S14 A", (2, 1), urut(2019, ipk=Decimal("3.51"))),
    Kasus("2021: lebih muda", "urutan sama pada 2021", "S14 A", (1, 2), urut(2021, tanggal_lahir=date(1995, 8, 6))),
]
NILAI_LAMA = [
    Kasus("2024 memakai SKD 2023, semua syarat terpenuhi", "NIK dan jenjang sama", "S23 A", [], pakai_lama(2024)),
    Kasus("2024 memakai SKD 2021", "hanya SKD 2023", "S23 A", ["tahun"], pakai_lama(2024, tahun=2021)),
    Kasus("2024 NIK berbeda", "NIK sama", "S23 A", ["NIK"], pakai_lama(2024, same_nik=False)),
    Kasus("2024 jenjang berbeda", "jenjang sama", "S23 A", ["jenjang pendidikan"], pakai_lama(2024, same_jenjang=False)),
    Kasus("2024 ikut ujian lagi", "pilihan satu kali, tanpa nilai terbaik", "S23 A", ["pilihan"], pakai_lama(2024, sits_again=True)),
    Kasus("2024 di bawah ambang batas 2024", "harus memenuhi ambang batas 2024", "S23 C", ["ambang batas"], pakai_lama(2024, reaches_now=False)),
    Kasus("2024 keyakinan syarat ambang batas", "belum terkonfirmasi", "S23 C", "C", lambda: RULES[2024].nilai_lama and RULES[2024].nilai_lama.keyakinan_ambang_batas),
    Kasus("2019 memakai SKD 2018", "gagasan yang sama", "S23 C", [], pakai_lama(2019)),
    Kasus("2019 kode", "P1/TL", "S23 C", "P1/TL", lambda: RULES[2019].nilai_lama and RULES[2019].nilai_lama.kode),
    Kasus("2021: nilai lama", "tidak ada aturannya", "domain 2.1", None, lambda: RULES[2021].nilai_lama),
]
PENGISIAN = [
    Kasus("2019 cumlaude ke umum, lokasi sama, pusat", "jenis lain, lokasi sama", "S26 PermenPANRB 23/2019 A", ["L-1"], pindah(2019, "cumlaude", "umum", "sama", "pusat")),
    Kasus("2019 umum ke umum, lokasi lain, daerah", "lokasi lain hanya daerah", "S26 A", ["L-2"], pindah(2019, "umum", "umum", "lain")),
    Kasus("2019 umum ke umum, lokasi lain, pusat", "lokasi lain hanya daerah", "S26 A", [], pindah(2019, "umum", "umum", "lain", "pusat")),
    Kasus("2019 semua langkah", "harus memenuhi ambang batas umum", "S26 A", {"umum"}, lambda: {step.ambang_batas for step in RULES[2019].optimalisasi}),
    Kasus("2024 disabilitas ke umum, lokasi sama", "U-1", "S21 B", ["U-1"], pindah(2024, "disabilitas", "umum", "sama")),
    Kasus("2024 papua ke umum, lokasi lain", "U-3", "S21 B", ["U-3"], pindah(2024, "papua", "umum", "lain")),
    Kasus("2024 cumlaude ke cumlaude, lokasi lain", "E-1", "S21 B", ["E-1"], pindah(2024, "cumlaude", "cumlaude", "lain")),
    Kasus("2024 umum ke disabilitas, lokasi sama", "E-2", "S21 B", ["E-2"], pindah(2024, "umum", "disabilitas", "sama")),
    Kasus("2024 umum ke diaspora, lokasi lain", "E-3", "S21 B", ["E-3"], pindah(2024, "umum", "diaspora", "lain")),
    Kasus("2024 umum ke umum, lokasi sama", "bukan perpindahan", "S21 B", [], pindah(2024, "umum", "umum", "sama")),
    Kasus("2018: optimalisasi", "tidak ada langkah pindah; ada ambang cadangan", "domain 2.3", (), lambda: RULES[2018].optimalisasi),
]
KODE_DAN_SANGGAH = [
    Kasus("2024 P/L", "lulus dan lanjut", "S22 B", "Memenuhi nilai ambang batas dan berhak mengikuti SKB", arti(2024, "P/L")),
    Kasus("2024 APS", "mengundurkan diri", "S21 B", "Mengundurkan diri atas permintaan sendiri", arti(2024, "APS")),
    Kasus("2014 L-1", "kode yang tidak ada pada tahun itu ditolak", "domain 2.4", "ditolak", ditolak(BadRules, arti(2014, "L-1"))),
    Kasus("setiap tahun mencetak kode untuk keempat hasil SKD", "P/L P TL TH", "S22 B, C sebelum 2024", {("P/L", "P", "TL", "TH")}, lambda: {tuple(map(rules.kode_for, ("lanjut", "lulus_di_luar_kuota", "tidak_lulus", "tidak_hadir"))) for rules in RULES.values()}),
    Kasus("2024 sanggah administrasi", "3 hari, 1 kali, dijawab 7 hari", "S35 A", {"hari_pengajuan": "3", "hari_jawaban": "7", "maks_pengajuan": "1"}, sanggah(2024, "administrasi")),
    Kasus("2024 sanggah SKD", "tidak ada masa resmi", "S36 A", (False, {}), lambda: (RULES[2024].get_masa_sanggah("skd").ada, sanggah(2024, "skd")())),
    Kasus("2023 sanggah SKD", "ada, lamanya tidak diketahui", "S36 B", (True, {}), lambda: (RULES[2023].get_masa_sanggah("skd").ada, sanggah(2023, "skd")())),
    Kasus("2024 sanggah akhir", "13-15 Januari 2025, dijawab sampai 19", "S17 A", {"hari_pengajuan": "3", "ajuan_mulai": "2025-01-13", "ajuan_sampai": "2025-01-15", "jawaban_sampai": "2025-01-19", "pengumuman_mulai": "2025-01-16", "pengumuman_sampai": "2025-01-22"}, sanggah(2024, "akhir")),
    Kasus("NIK laki-laki lahir 05-08-1968", "hari lahir tanpa 40", "S46 A", "050868", lambda: nik(BORN, "L", 1)[6:12]),
    Kasus("NIK dengan tanggal lahir lain", "peringatan, bukan penolakan", "S46 A", 1, lambda: len(nik_mismatches(nik(BORN, "P", 1), date(1968, 8, 6), "P"))),
    Kasus("NIP perempuan dengan hari ditambah 40", "NIP tidak ditambah 40", "S47 A", 1, lambda: len(nip_mismatches("196808451990032001", BORN, "P"))),
]
# fmt: on
TABLE = [
    *VECTORS,
    *BENTUK,
    *AMBANG_BATAS,
    *PERINGKAT,
    *CADANGAN,
    *BATAS_SKB,
    *GUGUR,
    *INTEGRASI_NILAI,
    *URUTAN_AKHIR,
    *NILAI_LAMA,
    *PENGISIAN,
    *KODE_DAN_SANGGAH,
]


@pytest.mark.parametrize("row", TABLE, ids=[row.case for row in TABLE])
def test_the_rule_of_the_row_gives_what_its_source_says(row: Kasus) -> None:
    assert row.found() == row.expected, f"{row.rule} ({row.source})"


def test_the_table_has_every_published_vector_and_sixty_more() -> None:
    assert len(VECTORS) == 9  # the eight rows of domain.md 2.5; the last one holds NIK and NIP
    assert len(TABLE) - len(VECTORS) >= 60
    assert len({row.case for row in TABLE}) == len(TABLE)


def test_the_table_reaches_every_year_and_every_row_names_its_source() -> None:
    years = {str(rules.tahun) for rules in RULES.values()}

    assert all(any(year in row.case for row in TABLE) for year in years)
    assert all(row.source for row in TABLE)
