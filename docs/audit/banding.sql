-- Setiap peserta yang hasilnya menurut SQL berbeda dari yang dicetak sistem.
-- Tidak ada baris berarti keduanya sama untuk semua peserta.

SELECT
    hasil_sistem.nomor,
    hasil_skd.formasi,
    hasil_skd.peringkat AS peringkat_skd_sql,
    hasil_sistem.peringkat_skd AS peringkat_skd_sistem,
    hasil_skd.kode AS kode_skd_sql,
    hasil_sistem.kode_skd AS kode_skd_sistem,
    hasil_akhir.akhir AS akhir_sql,
    hasil_sistem.akhir AS akhir_sistem,
    hasil_akhir.peringkat AS peringkat_akhir_sql,
    hasil_sistem.peringkat_akhir AS peringkat_akhir_sistem
FROM hasil_sistem
LEFT JOIN hasil_skd ON hasil_skd.nomor = hasil_sistem.nomor
LEFT JOIN hasil_akhir ON hasil_akhir.nomor = hasil_sistem.nomor
WHERE COALESCE(hasil_skd.peringkat, -1) <> hasil_sistem.peringkat_skd
    OR hasil_skd.ikut_skb <> hasil_sistem.ikut_skb
    OR hasil_skd.kode <> hasil_sistem.kode_skd
    OR COALESCE(hasil_akhir.akhir, -1) <> hasil_sistem.akhir
    OR COALESCE(hasil_akhir.peringkat, 0) <> hasil_sistem.peringkat_akhir
    OR COALESCE(hasil_akhir.lulus, 0) <> hasil_sistem.lulus
    OR COALESCE(hasil_akhir.menunggu_putusan, 0) <> hasil_sistem.menunggu_putusan
ORDER BY hasil_sistem.nomor;
