"""What the writer of answers counted, as metric families."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.utils import floatToGoString

from web.operations.jawaban.ukuran import UKURAN, Histogram, Ukuran

_COUNTERS = {
    "answers": ("catcpns_jawaban", "Jawaban final yang tersimpan, selain yang terakhir."),
    "endings": ("catcpns_jawaban_terakhir", "Jawaban yang mengakhiri ujian."),
    "choices": ("catcpns_pilihan", "Pilihan sementara yang tersimpan."),
    "unchanged": ("catcpns_jawaban_tetap", "Kiriman yang tidak mengubah apa pun."),
    "busy": ("catcpns_jawaban_sibuk", "Kiriman yang diminta datang lagi."),
    "failed_batches": ("catcpns_kelompok_gagal", "Transaksi sekelompok jawaban yang gagal."),
    "refolded": ("catcpns_rekaman_dibaca_ulang", "Rekaman yang dibaca lagi seluruhnya."),
}
_GAUGES = {
    "queue_depth": ("catcpns_antrean", "Kiriman yang menunggu ditulis."),
    "cached": ("catcpns_ujian_di_memori", "Ujian yang keadaannya di memori."),
}
_HISTOGRAMS = {
    "wait_seconds": ("catcpns_jawaban_detik", "Dari kiriman tiba sampai dibalas."),
    "batch_seconds": ("catcpns_kelompok_detik", "Lama menulis sekelompok jawaban."),
    "batch_size": ("catcpns_kelompok", "Kiriman dalam satu transaksi."),
}


def families(counted: Ukuran = UKURAN) -> Iterable[Metric]:
    """The counts so far. Reading takes no lock: a figure may be one answer behind another."""
    for field, (name, text) in _COUNTERS.items():
        yield CounterMetricFamily(name, text, value=getattr(counted, field))
    for field, (name, text) in _GAUGES.items():
        yield GaugeMetricFamily(name, text, value=getattr(counted, field))
    for field, (name, text) in _HISTOGRAMS.items():
        yield _histogram(name, text, getattr(counted, field))


def _histogram(name: str, text: str, counted: Histogram) -> Metric:
    """Prometheus counts each bucket with all below it."""
    buckets, below = [], 0
    for edge, count in zip((*counted.edges, float("inf")), counted.counts, strict=True):
        below += count
        buckets.append((floatToGoString(edge), below))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=counted.total)
