"""A study on a Dask cluster of separate processes gives the bytes of a study on one machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cat.itembank.pool_file import save_pool
from cat.simulation.reporting.outputs import ITEMS, PERSONS, REPORT, RESULTS, TIMES

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 30
STUDY = """
judul = "Klaster"
benih = 5
[peserta]
jumlah = 600
[bank]
pool = "mainan.pool"
"""


def start(folder: Path, name: str, *words: str) -> subprocess.Popen[bytes]:
    dask = [sys.executable, "-m", "dask", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_CONFIG": str(folder)}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(dask, cwd=folder, env=environment, stdout=log, stderr=log)


def address_in(path: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """The address that the scheduler writes into a file once it listens."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return str(json.loads(path.read_text())["address"])
        except (FileNotFoundError, ValueError):
            assert scheduler.poll() is None, (path.parent / "scheduler.log").read_text()
            assert time.monotonic() < end, "the scheduler did not start in time"
            time.sleep(0.05)


@dataclass(frozen=True)
class Cluster:
    """address : of the scheduler. workers : process ids."""

    address: str
    workers: tuple[str, ...]


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers, each a process of its own, on the loopback."""
    folder = tmp_path_factory.mktemp("klaster")
    where = folder / "scheduler.json"
    quiet = ("--no-dashboard", "--scheduler-file", str(where))
    processes = [
        start(folder, "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", *quiet)
    ]
    try:
        address = address_in(where, processes[0])
        for number in (1, 2):
            name = f"pekerja{number}"
            alone = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", *quiet)
            processes.append(
                start(folder, name, "worker", "--name", name, "--local-directory", name, *alone)
            )
        yield Cluster(address, tuple(str(process.pid) for process in processes[1:]))
    finally:
        for process in reversed(processes):
            process.kill()
        for process in processes:
            process.wait(PATIENCE_SECONDS)


@pytest.fixture
def study(tmp_path, pool) -> Path:
    save_pool(pool, tmp_path / "mainan.pool")
    (tmp_path / "studi.toml").write_text(STUDY)
    return tmp_path / "studi.toml"


def conduct(study: Path, folder: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cat.simulation", str(study), "--out", folder, *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE_SECONDS, check=False
    )


def test_a_cluster_of_separate_processes_gives_the_bytes_of_one_machine(study, tmp_path, cluster):
    here, there = tmp_path / "di sini", tmp_path / "di sana"

    for folder, words in ((here, ("--workers", "1")), (there, ("--scheduler", cluster.address))):
        done = conduct(study, str(folder), *words)
        assert done.returncode == 0, done.stderr

    for name in (PERSONS, ITEMS, RESULTS, REPORT):
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    worked_here, worked_there = (
        set(json.loads((folder / TIMES).read_text())["persons_by_worker"])
        for folder in (here, there)
    )
    assert worked_here.isdisjoint(worked_there)
    assert {worker.split(":")[1] for worker in worked_there} <= set(cluster.workers)


def test_an_address_where_nobody_answers_is_refused_with_one_line(study, tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        program = (
            "import sys; from cat.simulation import __main__ as command;"
            "from cat.simulation.running import runner;"
            "runner.CONNECT_SECONDS = 1; command.main(sys.argv[1:])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(study), "--scheduler", nobody],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    assert done.returncode == 1
    assert f"--scheduler {nobody}: tidak dapat dihubungi" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_library_is_named(study, monkeypatch):
    from cat.errors import BadInput
    from cat.simulation.running.runner import run_dask

    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(BadInput, match=r"perlu pustaka dask\.distributed"):
        list(run_dask(lambda: b"", [], "tcp://127.0.0.1:1"))
