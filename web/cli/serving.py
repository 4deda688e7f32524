"""catcpns serve: the web server, with sane defaults for one room."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

PATIENCE_SECONDS = 6
RESTART_SECONDS = 5


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat yang didengarkan.")
@click.option(
    "--port", default=8000, type=click.IntRange(1, 65535), show_default=True, help="Porta."
)
@click.option(
    "--workers", default=1, type=click.IntRange(1), show_default=True, help="Banyaknya proses web."
)
@click.option(
    "--threads", default=4, type=click.IntRange(1), show_default=True, help="Utas tiap proses."
)
@click.option(
    "--jobs/--no-jobs", default=True, show_default=True, help="Sertakan proses pekerjaan latar."
)
def serve(host: str, port: int, workers: int, threads: int, jobs: bool) -> None:
    """Jalankan server web, dan satu proses untuk pekerjaan latar."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _wait_for_port(host, port)
    server = Granian(
        "web.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.error,
    )
    with _job_worker() if jobs else nullcontext():
        server.serve()


@contextmanager
def _job_worker() -> Iterator[None]:
    """Keep one `catcpns job work` running beside the server; one that dies is started again."""
    ending = threading.Event()
    started: list[subprocess.Popen[bytes]] = []
    command = [sys.executable, "-m", "web.cli", "job", "work", "--parent", str(os.getpid())]

    def keep() -> None:
        while not ending.is_set():
            started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
            started[-1].wait()
            ending.wait(RESTART_SECONDS)

    threading.Thread(target=keep, name="job worker keeper", daemon=True).start()
    try:
        yield
    finally:
        ending.set()
        for worker in started[-1:]:
            worker.terminate()
            try:
                worker.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()  # its job goes on where it was, when it is next taken


def _wait_for_port(host: str, port: int) -> None:
    """Refuse a port that another server holds.

    The web server would share it silently, each answering every other request. Workers of a server
    that was just killed take a moment to end.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                return
        except OSError as error:
            if time.monotonic() > end:
                raise click.ClickException(f"{host}:{port} tidak dapat dipakai: {error}") from error
            time.sleep(0.3)
