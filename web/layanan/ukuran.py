"""What this process counts for Prometheus, kept off the path of an answer.

Requests are counted as they are answered; everything else is read when somebody asks. Labels name
parts of the platform, never people: the blueprint of a route and the status of a reply.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy.pool import QueuePool

from web.db import db
from web.layanan import jawaban
from web.operations import pools

# Seconds. The promise of the issue of exam days is a p99 of 250 ms: the edges lie close around it.
EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LOGINS = {"candidate.login": "peserta", "security.login": "petugas"}

disable_created_metrics()
REGISTRY = CollectorRegistry(auto_describe=False)
_requests = Counter(
    "catcpns_permintaan", "Permintaan yang dijawab.", ("bagian", "status"), registry=REGISTRY
)
_seconds = Histogram(
    "catcpns_permintaan_detik",
    "Lama menjawab permintaan.",
    ("bagian",),
    buckets=EDGES,
    registry=REGISTRY,
)
_failed_logins = Counter(
    "catcpns_masuk_gagal", "Percobaan masuk yang gagal.", ("siapa",), registry=REGISTRY
)
_held_logins = Counter(
    "catcpns_masuk_ditahan", "Percobaan masuk yang terlalu sering.", ("siapa",), registry=REGISTRY
)
_outages = Counter("catcpns_gangguan", "Gangguan yang waktunya dikembalikan.", registry=REGISTRY)
_outage_seconds = Counter(
    "catcpns_gangguan_detik", "Lama gangguan yang dikembalikan.", registry=REGISTRY
)
_given_back = Counter(
    "catcpns_waktu_dikembalikan", "Peserta yang waktunya dikembalikan.", registry=REGISTRY
)
ProcessCollector(registry=REGISTRY)


class _OfThisProcess:
    """Figures that are read, not counted: pools of items, connections, the writer of answers."""

    def collect(self) -> Iterable[Metric]:
        """Metric families; the connections only inside an application context."""
        yield GaugeMetricFamily(
            "catcpns_pool_soal_dimuat", "Pool soal dalam memori.", value=pools.count_loaded()
        )
        yield from jawaban.families()
        yield from _connections()


REGISTRY.register(_OfThisProcess())


def register(app: Flask) -> None:
    """Count every reply of the application."""

    @app.after_request
    def count(response: Response) -> Response:
        part = request.blueprint or "lain"
        _requests.labels(part, str(response.status_code)).inc()
        if "began" in g:
            _seconds.labels(part).observe(time.perf_counter() - g.began)
        who = LOGINS.get(request.endpoint or "")
        if who and request.method == "POST":
            _count_login(who, response.status_code)
        return response


def note_outage(seconds: float, people: int) -> None:
    """An outage ended, and this process gave its time back to so many people."""
    _outages.inc()
    _outage_seconds.inc(seconds)
    _given_back.inc(people)


def _count_login(who: str, status: int) -> None:
    if status in (200, 401):
        _failed_logins.labels(who).inc()
    elif status == 429:
        _held_logins.labels(who).inc()


def _connections() -> Iterable[Metric]:
    pool = db.engine.pool
    if not isinstance(pool, QueuePool):
        return
    used = GaugeMetricFamily(
        "catcpns_koneksi", "Koneksi basis data proses ini.", labels=("keadaan",)
    )
    used.add_metric(("dipakai",), pool.checkedout())
    used.add_metric(("tersedia",), pool.size() + pool._max_overflow - pool.checkedout())
    yield used
