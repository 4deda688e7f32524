-- Tabel untuk pemeriksaan: isinya dari `python -m cat.seleksi ... --audit FOLDER`.
-- Berlaku tanpa perubahan di SQLite (3.28 ke atas) dan PostgreSQL. Semua nilai SKB dan IPK
-- ditulis dalam perseribuan (80,5 = 80500) supaya semua hitungan memakai bilangan bulat.

CREATE TABLE aturan (
    faktor_kebutuhan BIGINT NOT NULL,  -- kelipatan kebutuhan yang boleh ikut SKB
    bobot_skd BIGINT NOT NULL,         -- persen
    bobot_skb BIGINT NOT NULL,         -- persen
    skd_maks BIGINT NOT NULL,          -- nilai SKD yang dihitung 100
    kode_lanjut TEXT NOT NULL,
    kode_di_luar TEXT NOT NULL,
    kode_tidak_lulus TEXT NOT NULL,
    kode_tidak_hadir TEXT NOT NULL
);

CREATE TABLE ambang_batas (            -- 0 berarti tidak ada minimum untuk bagian itu
    jenis_kebutuhan VARCHAR(40) PRIMARY KEY,
    twk BIGINT NOT NULL,
    tiu BIGINT NOT NULL,
    tkp BIGINT NOT NULL,
    total BIGINT NOT NULL
);

CREATE TABLE formasi (                 -- maks dalam poin; 0 berarti tes itu tidak ada
    kode VARCHAR(80) PRIMARY KEY,
    jenis_kebutuhan VARCHAR(40) NOT NULL,
    kebutuhan BIGINT NOT NULL,
    maks_1 BIGINT NOT NULL, bobot_1 BIGINT NOT NULL, minimum_1 BIGINT NOT NULL,
    maks_2 BIGINT NOT NULL, bobot_2 BIGINT NOT NULL, minimum_2 BIGINT NOT NULL,
    maks_3 BIGINT NOT NULL, bobot_3 BIGINT NOT NULL, minimum_3 BIGINT NOT NULL,
    maks_4 BIGINT NOT NULL, bobot_4 BIGINT NOT NULL, minimum_4 BIGINT NOT NULL
);

CREATE TABLE peserta (                 -- 1 berarti ya; -1 berarti tidak ada nilainya
    nomor VARCHAR(40) PRIMARY KEY,
    formasi VARCHAR(80) NOT NULL,
    hadir BIGINT NOT NULL,
    bebas_ambang_batas BIGINT NOT NULL,  -- nilai lama yang tidak diuji ambang batas lagi
    status_skd TEXT,
    twk BIGINT NOT NULL,
    tiu BIGINT NOT NULL,
    tkp BIGINT NOT NULL,
    status_akhir TEXT,
    skb_1 BIGINT NOT NULL,
    skb_2 BIGINT NOT NULL,
    skb_3 BIGINT NOT NULL,
    skb_4 BIGINT NOT NULL,
    jenjang TEXT,
    ipk BIGINT NOT NULL,
    lahir TEXT,                          -- tttt-bb-hh
    putusan BIGINT NOT NULL              -- urutan menurut petugas; 0 bila tidak ada
);

CREATE TABLE hasil_sistem (            -- yang dicetak sistem, untuk dibandingkan
    nomor VARCHAR(40) PRIMARY KEY,
    peringkat_skd BIGINT NOT NULL,       -- 0 bila tidak diperingkat
    ikut_skb BIGINT NOT NULL,
    kode_skd TEXT NOT NULL,
    akhir BIGINT NOT NULL,               -- perseribuan; -1 bila SKB tidak lengkap
    peringkat_akhir BIGINT NOT NULL,     -- 0 bila tidak diperingkat
    lulus BIGINT NOT NULL,               -- pada formasi sendiri, sebelum optimalisasi
    menunggu_putusan BIGINT NOT NULL     -- sama segalanya pada batas kebutuhan
);
