-- Nilai akhir dan peringkat akhir setiap formasi, sebelum optimalisasi. Perlu hasil_skd.
--
-- 1. akhir = bobot_skd% x (SKD / skd_maks x 100) + bobot_skb% x (jumlah bobot x nilai / maks).
--    Dihitung sebagai pecahan: pembilang / penyebut, keduanya bilangan bulat, tanpa pembulatan.
-- 2. Urutan: akhir, total SKD, TKP, TIU, TWK, IPK, lalu yang lebih tua. IPK hanya dipakai bila
--    semua yang sama sejauh itu mempunyai IPK dan berjenjang sama; bila tidak, petugas memutus.
-- 3. Lulus: yang muat di dalam kebutuhan bersama semua yang sama dengannya.

CREATE TABLE hasil_akhir AS
WITH bersaing AS (
    SELECT
        peserta.nomor,
        peserta.formasi,
        formasi.kebutuhan,
        hasil_skd.total,
        peserta.tkp,
        peserta.tiu,
        peserta.twk,
        COALESCE(peserta.jenjang, '') AS jenjang,
        peserta.ipk,
        peserta.lahir,
        peserta.putusan,
        100 * 1000 * aturan.skd_maks * m.satu * m.dua * m.tiga * m.empat AS penyebut,
        hasil_skd.total * aturan.bobot_skd * 100 * 1000 * m.satu * m.dua * m.tiga * m.empat
            + aturan.bobot_skb * aturan.skd_maks * (
                CASE WHEN formasi.maks_1 = 0 THEN 0
                    ELSE peserta.skb_1 * formasi.bobot_1 * m.dua * m.tiga * m.empat END
                + CASE WHEN formasi.maks_2 = 0 THEN 0
                    ELSE peserta.skb_2 * formasi.bobot_2 * m.satu * m.tiga * m.empat END
                + CASE WHEN formasi.maks_3 = 0 THEN 0
                    ELSE peserta.skb_3 * formasi.bobot_3 * m.satu * m.dua * m.empat END
                + CASE WHEN formasi.maks_4 = 0 THEN 0
                    ELSE peserta.skb_4 * formasi.bobot_4 * m.satu * m.dua * m.tiga END
            ) AS pembilang,
        CASE
            WHEN (formasi.maks_1 > 0 AND peserta.skb_1 < formasi.minimum_1)
                OR (formasi.maks_2 > 0 AND peserta.skb_2 < formasi.minimum_2)
                OR (formasi.maks_3 > 0 AND peserta.skb_3 < formasi.minimum_3)
                OR (formasi.maks_4 > 0 AND peserta.skb_4 < formasi.minimum_4)
                OR COALESCE(peserta.status_akhir, '') <> '' THEN 0
            ELSE 1
        END AS diperingkat
    FROM hasil_skd
    JOIN peserta ON peserta.nomor = hasil_skd.nomor
    JOIN formasi ON formasi.kode = peserta.formasi
    JOIN (
        SELECT
            kode,
            CASE WHEN maks_1 = 0 THEN 1 ELSE maks_1 END AS satu,
            CASE WHEN maks_2 = 0 THEN 1 ELSE maks_2 END AS dua,
            CASE WHEN maks_3 = 0 THEN 1 ELSE maks_3 END AS tiga,
            CASE WHEN maks_4 = 0 THEN 1 ELSE maks_4 END AS empat
        FROM formasi
    ) AS m ON m.kode = peserta.formasi
    CROSS JOIN aturan
    WHERE hasil_skd.ikut_skb = 1
        AND formasi.bobot_1 + formasi.bobot_2 + formasi.bobot_3 + formasi.bobot_4 = 100
        AND (formasi.maks_1 = 0 OR peserta.skb_1 >= 0)
        AND (formasi.maks_2 = 0 OR peserta.skb_2 >= 0)
        AND (formasi.maks_3 = 0 OR peserta.skb_3 >= 0)
        AND (formasi.maks_4 = 0 OR peserta.skb_4 >= 0)
),
-- Pembagian bersusun: tiga angka di belakang koma, sisa menentukan pembulatan.
angka_0 AS (SELECT bersaing.*, pembilang / penyebut AS utuh, pembilang % penyebut AS r0 FROM bersaing),
angka_1 AS (SELECT angka_0.*, r0 * 10 / penyebut AS d1, r0 * 10 % penyebut AS r1 FROM angka_0),
angka_2 AS (SELECT angka_1.*, r1 * 10 / penyebut AS d2, r1 * 10 % penyebut AS r2 FROM angka_1),
angka_3 AS (SELECT angka_2.*, r2 * 10 / penyebut AS d3, r2 * 10 % penyebut AS r3 FROM angka_2),
bernilai AS (
    SELECT
        angka_3.*,
        utuh * 1000 + d1 * 100 + d2 * 10 + d3
            + CASE WHEN r3 * 2 >= penyebut THEN 1 ELSE 0 END AS akhir
    FROM angka_3
),
-- Yang gugur atau dikeluarkan berada di kelompok tersendiri dan tidak mendahului siapa pun.
terbandingkan AS (
    SELECT
        bernilai.*,
        CASE
            WHEN MIN(ipk) OVER sama >= 0
                AND MIN(jenjang) OVER sama = MAX(jenjang) OVER sama
                AND MIN(jenjang) OVER sama <> '' THEN 1
            ELSE 0
        END AS ipk_berlaku
    FROM bernilai
    WINDOW sama AS (PARTITION BY formasi, diperingkat, pembilang, total, tkp, tiu, twk)
),
berkunci_usia AS (
    SELECT
        terbandingkan.*,
        CASE WHEN ipk_berlaku = 1 THEN ipk ELSE 0 END AS kunci_ipk,
        CASE WHEN ipk_berlaku = 1 THEN lahir ELSE '' END AS kunci_lahir
    FROM terbandingkan
),
-- Urutan dari petugas berlaku bila semua yang sama segalanya mendapatkannya.
berkunci AS (
    SELECT
        berkunci_usia.*,
        CASE
            WHEN MIN(putusan) OVER (
                PARTITION BY formasi, diperingkat, pembilang, total, tkp, tiu, twk,
                    kunci_ipk, kunci_lahir
            ) > 0 THEN putusan
            ELSE 0
        END AS kunci_putusan
    FROM berkunci_usia
),
berperingkat AS (
    SELECT
        berkunci.*,
        RANK() OVER (
            PARTITION BY formasi, diperingkat
            ORDER BY pembilang DESC, total DESC, tkp DESC, tiu DESC, twk DESC,
                kunci_ipk DESC, kunci_lahir, kunci_putusan
        ) - 1 AS di_depan,
        COUNT(*) OVER (
            PARTITION BY formasi, diperingkat, pembilang, total, tkp, tiu, twk,
                kunci_ipk, kunci_lahir, kunci_putusan
        ) AS banyak_sama
    FROM berkunci
)
SELECT
    nomor,
    formasi,
    pembilang,
    penyebut,
    akhir,
    CASE WHEN diperingkat = 1 THEN di_depan + 1 ELSE 0 END AS peringkat,
    CASE
        WHEN diperingkat = 1 AND di_depan + banyak_sama <= kebutuhan THEN 1
        ELSE 0
    END AS lulus,
    CASE
        WHEN diperingkat = 1 AND di_depan < kebutuhan AND di_depan + banyak_sama > kebutuhan THEN 1
        ELSE 0
    END AS menunggu_putusan
FROM berperingkat;
