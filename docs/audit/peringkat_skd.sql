-- Peringkat SKD setiap formasi: siapa yang berhak ikut SKB, dan kode hasilnya.
-- Ditulis terpisah dari program: satu pernyataan SQL, tanpa fungsi milik satu basis data.
--
-- 1. Peserta yang hadir dan mencapai setiap minimum jenis kebutuhannya diperingkat.
-- 2. Urutan: total, lalu TKP, TIU, TWK; yang lebih tinggi di depan. Yang sama berbagi peringkat.
-- 3. Ikut SKB: yang didahului kurang dari faktor kali kebutuhan peserta. Semua yang sama pada
--    batas ikut, jadi daftar dapat lebih panjang dari tiga kali kebutuhan.

CREATE TABLE hasil_skd AS
WITH dinilai AS (
    SELECT
        peserta.nomor,
        peserta.formasi,
        peserta.hadir,
        COALESCE(peserta.status_skd, '') AS status,
        peserta.twk,
        peserta.tiu,
        peserta.tkp,
        peserta.twk + peserta.tiu + peserta.tkp AS total,
        formasi.kebutuhan,
        CASE
            WHEN peserta.hadir = 0 THEN 0
            WHEN peserta.bebas_ambang_batas = 1 THEN 1
            WHEN peserta.twk >= ambang_batas.twk
                AND peserta.tiu >= ambang_batas.tiu
                AND peserta.tkp >= ambang_batas.tkp
                AND peserta.twk + peserta.tiu + peserta.tkp >= ambang_batas.total THEN 1
            ELSE 0
        END AS lulus
    FROM peserta
    JOIN formasi ON formasi.kode = peserta.formasi
    JOIN ambang_batas ON ambang_batas.jenis_kebutuhan = formasi.jenis_kebutuhan
),
terpilah AS (
    SELECT dinilai.*, CASE WHEN lulus = 1 AND status = '' THEN 1 ELSE 0 END AS diperingkat
    FROM dinilai
),
berperingkat AS (
    -- Yang tidak diperingkat berada di kelompok tersendiri dan tidak mendahului siapa pun.
    SELECT
        terpilah.*,
        RANK() OVER (
            PARTITION BY formasi, diperingkat
            ORDER BY total DESC, tkp DESC, tiu DESC, twk DESC
        ) - 1 AS di_depan
    FROM terpilah
)
SELECT
    nomor,
    formasi,
    total,
    lulus,
    CASE WHEN diperingkat = 1 THEN di_depan + 1 ELSE 0 END AS peringkat,
    CASE
        WHEN diperingkat = 1 AND di_depan < faktor_kebutuhan * kebutuhan THEN 1
        ELSE 0
    END AS ikut_skb,
    CASE
        WHEN status <> '' THEN status
        WHEN hadir = 0 THEN kode_tidak_hadir
        WHEN lulus = 0 THEN kode_tidak_lulus
        WHEN di_depan < faktor_kebutuhan * kebutuhan THEN kode_lanjut
        ELSE kode_di_luar
    END AS kode
FROM berperingkat
CROSS JOIN aturan;
