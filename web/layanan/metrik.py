"""The figures of all processes of one server, as Prometheus reads them.

Processes of one port share what they counted through small files, for a reading reaches any one of
them. A process alone on its port needs none.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase
from web.layanan import ukuran
from web.layanan.kesiapan import AROUND_SECONDS
from web.operations.jobs import Status
from web.tables import Job, Pulse, Sesi, Sitting

WRITE_SECONDS = 5
FORGET_SECONDS = 30
# Counting everybody who waits for the weeks to come would read the whole table.
_RUNNING = (Phase.ADMITTED, Phase.WORKING, Phase.PAUSED)


def exposition(session: Session, now: int, folder: str) -> bytes:
    """Everything to be read: of the processes that share `folder` ("" for one alone), and once of
    the platform.
    """
    own = generate_latest(ukuran.REGISTRY)
    platform = generate_latest(_Given(_platform(session, now)))
    if not folder:
        return own + platform
    texts = {str(os.getpid()): own.decode()} | _others(Path(folder))
    return generate_latest(_Given(_labelled(texts))) + platform


def share(app: Flask, folder: str) -> threading.Thread:
    """Write what this process counted every few seconds, for the others of its port to read."""
    path = Path(folder) / f"{os.getpid()}.prom"

    def keep() -> None:
        while True:
            with app.app_context():
                fresh = path.with_suffix(".baru")
                fresh.write_bytes(generate_latest(ukuran.REGISTRY))
                fresh.replace(path)
            time.sleep(WRITE_SECONDS)

    thread = threading.Thread(target=keep, name="metrics", daemon=True)
    thread.start()
    return thread


class _Given(CollectorRegistry):
    """Families that are at hand already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        super().__init__()
        self.families = families

    def collect(self) -> Iterable[Metric]:
        """The families."""
        return self.families


def _others(folder: Path) -> dict[str, str]:
    """Process id -> its figures, of the others that still live."""
    texts = {}
    for path in folder.glob("*.prom"):
        try:
            is_fresh = time.time() - path.stat().st_mtime < FORGET_SECONDS
            if is_fresh and path.stem != str(os.getpid()):
                texts[path.stem] = path.read_text()
        except OSError:
            continue  # it ended between the listing and the reading
    return texts


def _labelled(texts: dict[str, str]) -> Iterable[Metric]:
    """The families of all processes, each sample with the label `proses`."""
    families: dict[str, Metric] = {}
    for process, text in texts.items():
        for family in text_string_to_metric_families(text):
            kept = families.setdefault(
                family.name, Metric(family.name, family.documentation, family.type)
            )
            for sample in family.samples:
                kept.add_sample(sample.name, {**sample.labels, "proses": process}, sample.value)
    return families.values()


def _platform(session: Session, now: int) -> Iterable[Metric]:
    sittings = GaugeMetricFamily(
        "catcpns_ujian", "Ujian yang terbuka menurut keadaannya.", labels=("keadaan",)
    )
    counts = dict.fromkeys((Phase.WAITING, *_RUNNING), 0)
    counts |= {Phase(phase): count for phase, count in _phases(session, now)}
    for phase, count in counts.items():
        sittings.add_metric((phase.value,), count)
    yield sittings
    last = session.scalar(select(Pulse.at))
    age = (now - last) / MICROSECONDS if last is not None else -1
    yield GaugeMetricFamily("catcpns_denyut_umur_detik", "Umur denyut terakhir.", value=age)
    waiting = session.scalar(select(func.count(Job.id)).where(Job.status == Status.WAITING.value))
    yield GaugeMetricFamily(
        "catcpns_pekerjaan_menunggu", "Pekerjaan latar yang menunggu.", value=waiting or 0
    )


def _phases(session: Session, now: int) -> list[tuple[str, int]]:
    around = AROUND_SECONDS * MICROSECONDS
    counted = select(Sitting.phase, func.count()).group_by(Sitting.phase)
    running = counted.where(Sitting.phase.in_([phase.value for phase in _RUNNING]))
    is_today = Sesi.starts_at.between(now - around, now + around)
    today = select(Sesi.id).where(~Sesi.is_closed, is_today)
    waiting = counted.where(Sitting.phase == Phase.WAITING.value, Sitting.sesi_id.in_(today))
    return [*session.execute(running).all(), *session.execute(waiting).all()]
