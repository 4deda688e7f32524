"""catcpns serve: the web server, with sane defaults for one room."""

from __future__ import annotations

import click


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat yang didengarkan.")
@click.option("--port", default=8000, show_default=True, help="Porta.")
@click.option("--workers", default=1, show_default=True, help="Banyaknya proses web.")
@click.option("--threads", default=4, show_default=True, help="Utas tiap proses.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Jalankan server web."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

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
