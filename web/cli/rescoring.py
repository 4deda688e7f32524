"""catcpns sitting rescore: what the stored records come to, beside what was published."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from web.db import db
from web.operations import rescoring
from web.tables import Peserta, Sitting

_talk = Console(stderr=True)


@click.command("rescore")
@with_appcontext
@click.argument("which", required=False)
@click.option("--all", "everything", is_flag=True, help="Hitung ulang semua ujian yang tersimpan.")
@click.option("--sesi", "sesi_id", type=int, help="Hitung ulang ujian satu sesi (nomor sesi).")
@click.option("--seals", is_flag=True, help="Periksa juga segel setiap peristiwa.")
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Banyaknya proses; 1 berarti di proses ini saja.",
)
def rescore(
    which: str | None, everything: bool, sesi_id: int | None, seals: bool, workers: int
) -> None:
    """Hitung ulang hasil dari rekaman jawaban dan laporkan yang berbeda; tidak mengubah apa pun.

    WHICH adalah id ujian atau nomor peserta. Keluar dengan kode 1 bila ada yang berbeda.
    """
    if sum([bool(which), everything, sesi_id is not None]) != 1:
        raise click.UsageError("sebutkan satu id atau nomor peserta, --sesi, atau --all")
    chunks = rescoring.plan(db.session(), sesi_id=sesi_id, which=which)
    if not chunks:
        raise click.UsageError("tidak ada ujian yang tersimpan untuk pilihan itu")
    key = current_app.config["KEYS"].record if seals else None
    reports: Iterator[rescoring.Report]
    if workers == 1 or len(chunks) == 1:
        reports = (rescoring.rescore(db.session(), chunk, key) for chunk in chunks)
    else:
        url = db.engine.url.render_as_string(hide_password=False)
        reports = rescoring.rescore_all(url, chunks, workers=workers, key=key)
    total = rescoring.Report(0, 0, 0, ())
    for report in track(
        reports, "Menghitung ulang", total=len(chunks), console=_talk, transient=True
    ):
        for sitting_id, finding in report.differences:
            click.echo(f"{sitting_id} {_nomor(sitting_id)} {finding}")
        total = total.plus(report)
    failed = len({sitting_id for sitting_id, _ in total.differences})
    click.echo(
        f"{total.sittings} ujian, {total.parts} hasil bagian dihitung ulang"
        f" ({total.replayed} diputar ulang satu per satu): {failed} ujian berbeda"
    )
    sys.exit(1 if failed else 0)


def _nomor(sitting_id: str) -> str:
    chosen = select(Peserta.nomor).join(Sitting).where(Sitting.id == sitting_id)
    return db.session.scalar(chosen) or ""
