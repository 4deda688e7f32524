"""catcpns ekspor and catcpns kunci: checking what left the platform."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from cat.errors import BadInput
from web.operations import signing

ekspor = AppGroup("ekspor", help="Ekspor yang bertanda tangan: memeriksa, menjelaskan kolom.")
kunci = AppGroup("kunci", help="Kunci publik di bawah ekspor, dokumen, dan pengumuman.")


@ekspor.command("verify")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--kunci",
    "key",
    help="Kunci publik penerbit, heksadesimal atau berkas yang memuatnya. "
    "Tanpa ini dipakai kunci server ini sendiri.",
)
def verify(file: Path, key: str | None) -> None:
    """Periksa apakah ekspor FILE (ZIP atau folder) masih seperti saat dibuat.

    Tanpa basis data dan tanpa jaringan. Keluar dengan kode 1 bila ada yang diubah.
    """
    from web.operations.ekspor.checking import check

    try:
        report = check(file, _public_key(key))
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    for finding in report.findings:
        click.echo(finding)
    if report.findings:
        click.echo("TIDAK UTUH: jangan dipakai; minta berkas asli kepada penerbitnya", err=True)
        sys.exit(1)
    told = report.manifest
    click.echo(
        f"utuh: {told['judul']}, {told['baris']} baris, dibuat {told['dibuat_pada']} "
        f"oleh {told['dibuat_oleh']}"
    )


@ekspor.command("kolom")
def columns() -> None:
    """Cetak arti setiap kolom sebagai Markdown; docs/kolom-ekspor.md dibuat dengan ini."""
    from web.operations.ekspor.documentation import page

    click.echo(page(), nl=False)


@kunci.command("show")
def show() -> None:
    """Cetak kunci publik server ini."""
    click.echo(signing.public_key(current_app.config["KEYS"].signing))


def _public_key(given: str | None) -> str:
    if given is None:
        return signing.public_key(current_app.config["KEYS"].signing)
    path = Path(given)
    return (path.read_text(encoding="utf-8") if path.is_file() else given).strip().lower()
