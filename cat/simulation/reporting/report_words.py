"""The fixed words of a study report: terms, formulas, and the figures of the summary."""

from __future__ import annotations

from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting.numerals import NOTHING, angka, persen

GLOSSARY = (
    (
        "Ambang batas",
        "Nilai paling rendah yang harus dicapai; dicapai bila nilai sama dengan atau di atasnya.",
    ),
    (
        "Benih",
        "Bilangan yang menentukan semua undian; benih yang sama memberi studi yang sama.",
    ),
    (
        "Bias (kecondongan)",
        "Rata-rata selisih taksiran dengan yang seharusnya. Positif: tes cenderung memberi terlalu"
        " tinggi; negatif: terlalu rendah; nol: tidak condong.",
    ),
    (
        "Cakupan rentang 95%",
        "Bagian orang yang kemampuan sebenarnya berada dalam taksiran ± 1,96 galat baku."
        " Seharusnya sekitar 95%.",
    ),
    (
        "Galat baku (SE)",
        "Besar ketidakpastian suatu taksiran menurut tes itu sendiri.",
    ),
    (
        "Galat simulasi (±)",
        "Ketidakpastian karena orang yang disimulasikan terbatas, dalam rentang 95%.",
    ),
    (
        "Kappa",
        "Kesesuaian keputusan dengan keadaan sebenarnya, sesudah dikurangi yang terjadi karena"
        " kebetulan. 1 berarti selalu sesuai, 0 berarti tidak lebih baik daripada kebetulan.",
    ),
    (
        "Keandalan (reliabilitas)",
        "Bagian perbedaan hasil antarorang yang mencerminkan perbedaan kemampuan, dari 0 sampai 1.",
    ),
    (
        "Kekhususan (spesifisitas)",
        "Dari orang yang sebenarnya tidak mencapai ambang, bagian yang oleh tes dinyatakan tidak"
        " mencapai.",
    ),
    (
        "Kepekaan (sensitivitas)",
        "Dari orang yang sebenarnya mencapai ambang, bagian yang oleh tes dinyatakan mencapai.",
    ),
    (
        "Kisi-kisi",
        "Aturan isi tes: berapa butir dari domain mana yang harus ada pada setiap tes.",
    ),
    (
        "Logit",
        "Satuan skala kemampuan θ dan tingkat kesukaran butir.",
    ),
    (
        "MAE",
        "Rata-rata besar selisih taksiran dengan yang seharusnya, tanpa melihat arahnya.",
    ),
    (
        "Paparan butir",
        "Bagian peserta yang melihat butir itu. Paparan 25% berarti satu dari empat peserta.",
    ),
    (
        "Pool",
        "Paket butir, parameter, kisi-kisi, dan kebijakan yang sudah terbit dan tidak berubah.",
    ),
    (
        "RMSE",
        "Akar rata-rata kuadrat selisih: besar kesalahan yang lazim. Kesalahan besar berbobot"
        " lebih; kira-kira dua dari tiga orang meleset kurang dari ini.",
    ),
    (
        "Tumpang tindih",
        "Bagian butir yang rata-rata sama pada tes dua orang sembarang.",
    ),
)

FORMULAS = (
    "Selisih setiap orang ialah taksiran dikurangi yang seharusnya; bias rata-ratanya, MAE"
    " rata-rata besarnya, RMSE akar rata-rata kuadratnya.",
    "Keandalan ialah kuadrat korelasi taksiran dengan yang seharusnya. Keandalan marginal ialah"
    " 1 − rata-rata SE² / ragam kemampuan (Green dkk., 1984); tanpa kemampuan sebenarnya, ragam"
    " itu ragam taksiran ditambah rata-rata SE².",
    "RMSE dibagi galat baku memakai akar rata-rata SE².",
    "Tumpang tindih dihitung dari semua pasangan orang: jumlah butir bersama dibagi panjang tes"
    " rata-rata (Chen, Ankenmann & Spray, 2003).",
    "Kelompok kemampuan selebar 0,5 logit. Paparan tertinggi di satu kelompok memandang kelompok"
    " yang berisi paling sedikit 1% orang.",
    "Kappa menurut Cohen (1960), galatnya menurut Fleiss, Cohen & Everitt (1969).",
    "Galat simulasi ialah 1,96 galat baku Monte Carlo: metode delta untuk rata-rata dan sejenisnya"
    " (Koehler, Brown & Haneuse, 2009), cara Agresti & Coull (1998) untuk bagian orang.",
    "Galat baku terkecil dari bank ialah 1/√I, dengan I jumlah informasi Fisher butir terbaik pada"
    " kemampuan itu sebanyak panjang tes, ditambah informasi distribusi awal bila ada.",
)


def summary(measures: PartMeasures, reliability: float | None) -> dict[str, str]:
    """The main figures of one part, label -> text; the same labels for every part."""
    accuracy, points, check = measures.accuracy, measures.points, measures.blueprint
    length = measures.length
    is_fixed = length.fewest == length.most
    return {
        "Panjang tes (butir)": angka(length.mean, 0 if is_fixed else 1),
        "Butir di bank": angka(measures.bank),
        "Keandalan": angka(reliability, 2),
        "Bias (logit)": angka(accuracy.bias.value, 3, is_signed=True) if accuracy else NOTHING,
        "RMSE (logit)": angka(accuracy.rmse.value, 2) if accuracy else NOTHING,
        "RMSE nilai (poin)": angka(points.rmse.value, 1) if points else NOTHING,
        "Galat baku rata-rata": angka(measures.precision.mean_se.value, 2),
        "Paparan tertinggi": persen(measures.exposure.highest),
        "Tumpang tindih": persen(measures.exposure.overlap),
        "Butir terpakai": persen(measures.exposure.used_share),
        "Pelanggaran kisi-kisi": angka(check.violations) if check.violations else "nihil",
        "Butir berulang (orang)": angka(check.repeats) if check.repeats else "nihil",
    }


def step_time(measures: PartMeasures) -> str:
    """How long one step of one person took, in words."""
    time = measures.step_time
    if time is None:
        return NOTHING
    return (
        f"median {angka(time.median * 1e6, 1)} µs, persentil ke-95 {angka(time.p95 * 1e6, 1)} µs,"
        f" terlama {angka(time.most * 1e6, 1)} µs, {angka(time.steps)} pengukuran"
    )
