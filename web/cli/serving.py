"""catcpns serve: the web server, with sane defaults for one room."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

PATIENCE_SECONDS = 6
RESTART_SECONDS = 5
# How long a process that was told to end may take for the requests that it has begun.
DRAIN_SECONDS = 20
# On SIGHUP a fresh worker that is ready gets so long to listen before the old one ends.
LISTEN_SECONDS = 2
BACKLOG = 2048
# What the server itself has to say, in the same lines as everything else.
_JSON_LOG = {
    "formatters": {"generic": {"()": "web.layanan.catatan.JsonLines"}},
    "handlers": {
        "console": {
            "formatter": "generic",
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


@click.command("serve")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    envvar="CATCPNS_HOST",
    help="Alamat yang didengarkan.",
)
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(1, 65535),
    show_default=True,
    envvar="CATCPNS_PORT",
    help="Porta.",
)
@click.option(
    "--socket",
    "uds",
    type=click.Path(path_type=Path),
    envvar="CATCPNS_SOCKET",
    help="Soket unix, sebagai ganti alamat dan porta.",
)
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(1),
    show_default=True,
    envvar="CATCPNS_WORKERS",
    help="Banyaknya proses web.",
)
@click.option(
    "--threads",
    default=4,
    type=click.IntRange(1),
    show_default=True,
    envvar="CATCPNS_THREADS",
    help="Utas tiap proses.",
)
@click.option(
    "--proxies",
    default=0,
    type=click.IntRange(0, 5),
    show_default=True,
    envvar="CATCPNS_PROXIES",
    help="Banyaknya proksi tepercaya di depan; alamat peserta dibaca dari X-Forwarded-For.",
)
@click.option(
    "--statement-seconds",
    default=30,
    type=click.IntRange(0),
    show_default=True,
    envvar="CATCPNS_STATEMENT_SECONDS",
    help="PostgreSQL mengakhiri perintah yang lebih lama; 0 tanpa batas.",
)
@click.option(
    "--log",
    "log_form",
    type=click.Choice(["json", "teks"]),
    envvar="CATCPNS_LOG",
    help="Bentuk catatan di stderr; tanpa pilihan: teks di terminal, selain itu json.",
)
@click.option(
    "--bagian",
    default="semua",
    type=click.Choice(["semua", "ujian"]),
    show_default=True,
    envvar="CATCPNS_BAGIAN",
    help="Layani semuanya, atau hanya halaman peserta: prosesnya separuh lebih kecil.",
)
@click.option(
    "--jobs/--no-jobs",
    default=True,
    show_default=True,
    envvar="CATCPNS_JOBS",
    help="Sertakan proses pekerjaan latar.",
)
def serve(
    host: str,
    port: int,
    uds: Path | None,
    workers: int,
    threads: int,
    proxies: int,
    statement_seconds: int,
    log_form: str | None,
    bagian: str,
    jobs: bool,
) -> None:
    """Jalankan server web, dan satu proses untuk pekerjaan latar."""
    if uds is None:
        _wait_for_port(host, port)
    log_form = log_form or ("teks" if sys.stderr.isatty() else "json")
    with ExitStack() as running:
        _tell_workers(CATCPNS_LOG=log_form)
        if jobs:
            running.enter_context(_job_worker())
        _tell_workers(
            CATCPNS_PROCESS="web",
            CATCPNS_BAGIAN=bagian,
            CATCPNS_THREADS=threads,
            CATCPNS_PROXIES=proxies,
            CATCPNS_STATEMENT_SECONDS=statement_seconds,
        )
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="catcpns-"))
        _tell_workers(CATCPNS_SIAP_FOLDER=folder)
        if workers > 1:
            _tell_workers(CATCPNS_METRIK_FOLDER=folder)
        _run(host, port, uds, workers, threads)


def _run(host: str, port: int, uds: Path | None, workers: int, threads: int) -> None:
    """Serve until told to stop: SIGTERM ends gracefully, SIGHUP renews worker after worker."""
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from web.layanan.peladen import FOLDER, Server

    # A forked worker would keep the code that this process has imported: a reload must not.
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "web.asgi:app",
        folder=Path(os.environ[FOLDER]),
        address=host,
        port=port,
        uds=uds,
        interface=Interfaces.ASGI,
        workers=workers,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        respawn_interval=LISTEN_SECONDS,
        workers_kill_timeout=DRAIN_SECONDS,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=_JSON_LOG if os.environ["CATCPNS_LOG"] == "json" else None,
    ).serve()


def _tell_workers(**settings: object) -> None:
    """Hand settings to the processes that will be started, whose configuration reads them."""
    os.environ.update({name: str(value) for name, value in settings.items()})


@contextmanager
def _job_worker() -> Iterator[None]:
    """Keep one `catcpns job work` running beside the server; one that dies is started again."""
    ending = threading.Event()
    started: list[subprocess.Popen[bytes]] = []
    command = [sys.executable, "-m", "web.cli", "job", "work", "--parent", str(os.getpid())]
    # As it is now: what the web processes are told is not for a worker that may take its time.
    environment = dict(os.environ)

    def keep() -> None:
        while not ending.is_set():
            started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment))
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
