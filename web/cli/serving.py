"""catcpns serve: the web server, with sane defaults for one room."""

from __future__ import annotations

import socket
import time

import click

PATIENCE_SECONDS = 6


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
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Jalankan server web."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _wait_for_port(host, port)
    Granian(
        "web.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()


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
