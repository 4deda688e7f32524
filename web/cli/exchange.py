"""catcpns item import and catcpns item export: items from files and to files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cat.errors import CatError, FileRefused
from cat.itembank.exchange.report import Batch
from web import clock
from web.db import db, transaction
from web.operations.penulisan.pencarian import Wanted
from web.operations.pertukaran import ekspor, impor

BY = "cli"


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa dan laporkan saja, jangan simpan.")
@click.option("--domain", default="", help="Domain bagi butir yang tidak menyebutnya.")
def import_items(file: Path, dry_run: bool, domain: str) -> None:
    """Masukkan butir dari FILE (XLSX, CSV, CSV TAO, QTI 2.1, 2.2, 3.0) sebagai draf.

    Laporan per butir tercetak lebih dahulu. Keluar dengan kode 1 bila ada butir yang ditolak.
    """
    try:
        data = file.read_bytes()
        batch = impor.examine(db.session(), file.name, data, domain=domain)
        _print(batch)
        if not dry_run and batch.accepted:
            with transaction() as session:
                now = clock.now()
                row = impor.keep(session, batch, data, domain=domain, by=BY, now=now)
                codes = impor.apply(session, row, batch, by=BY, now=now)
            click.echo(f"{len(codes)} butir disimpan sebagai draf", err=True)
    except OSError as error:
        raise click.ClickException(f"{file}: tidak dapat dibaca ({error.strerror})") from error
    except FileRefused as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if batch.refused:
        sys.exit(1)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(ekspor.KINDS)),
    default="qti",
    show_default=True,
    help="Bentuk berkas.",
)
@click.option("--part", default="", help="Hanya bagian ini, misalnya tiu.")
@click.option("--domain", default="", help="Hanya domain ini dan yang di bawahnya.")
@click.option("--status", default="", help="Hanya butir berstatus ini.")
@click.option("--dry-run", is_flag=True, help="Buat dan periksa saja, jangan tulis.")
def export_items(file: Path, kind: str, part: str, domain: str, status: str, dry_run: bool) -> None:
    """Tulis butir yang cocok ke FILE: paket QTI 3.0, XLSX, atau CSV."""
    if file.exists():
        raise click.ClickException(f"{file} sudah ada; hapus dulu atau pilih nama lain")
    wanted = Wanted(part=part, domain=domain, status=status)
    try:
        with transaction() as session:
            made = ekspor.export(session, wanted, kind, by=BY, now=clock.now())
            if dry_run:
                session.rollback()
            else:
                file.write_bytes(made.body)
    except OSError as error:
        raise click.ClickException(f"{file}: tidak dapat ditulis ({error.strerror})") from error
    except CatError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{made.count} butir, {len(made.body)} bita, {made.media_type}")


def _print(batch: Batch) -> None:
    for loss in batch.losses:
        click.echo(f"berkas\t{loss.place}\t{loss.what}: {loss.effect}")
    for item in batch.items:
        click.echo(f"{item.verdict}\t{item.place}\t{item.identifier}\t{item.code or '-'}")
        for why in item.refusals:
            click.echo(f"\tditolak: {why}")
        for loss in item.losses:
            click.echo(f"\t{loss.what}: {loss.effect} ({loss.place})")
    accepted, refused = len(batch.accepted), len(batch.refused)
    click.echo(f"{accepted} butir diterima, {refused} ditolak", err=True)
