"""The platform as production runs it, while a load is on it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bench.processes import ROOT
from bench.scratch_postgres import Database

PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Running:
    """A server that answers. pid : of the process that started the others."""

    port: int
    pid: int

    @property
    def host(self) -> str:
        return "127.0.0.1"


@contextlib.contextmanager
def serving(
    database: Database,
    folder: Path,
    name: str = "server",
    *,
    workers: int,
    threads: int | None = None,
    bagian: str = "semua",
) -> Iterator[Running]:
    """`catcpns serve` on the database; ended afterwards, with all that it started.

    threads : of each web process; what the command itself thinks right when None.
    bagian : what the processes serve; ujian leaves the offices out, as production does, and the
    worker for jobs too. name : of the log in the folder.
    """
    port = free_port()
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--bagian", bagian]
    if bagian == "ujian":
        command.append("--no-jobs")
    if threads:
        command += ["--threads", str(threads)]
    environment = {**os.environ, **database.environment, "PYTHONPATH": str(ROOT)}
    told = folder / f"{name}.log"
    with told.open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(port, process, told)
        yield Running(port, process.pid)
    except BaseException:
        _end(process)
        click.echo(told.read_text()[-4000:], err=True)
        raise
    finally:
        _end(process)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ujian/masuk", timeout=5).close()
            return
        except OSError:  # not yet listening, or not yet ready
            time.sleep(0.2)
    raise SystemExit(f"the server did not start:\n{log.read_text()[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end; its process group is ours, so whatever is left of it may be killed."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
