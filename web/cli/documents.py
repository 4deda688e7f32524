"""catcpns dokumen: checking a document without the database."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from web.dokumen.guarded import inspect_guarded
from web.dokumen.verify import Verdict, verify
from web.periksa.views import trusted_keys

dokumen = AppGroup("dokumen", help="Dokumen resmi: memeriksa keaslian PDF.")
_HEX_DIGITS = 64


@dokumen.command("verify")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kunci",
    "keys",
    multiple=True,
    help="Kunci publik penerbit, heksadesimal atau berkas yang memuatnya; lihat catcpns kunci "
    "show. Tanpa ini dipakai kunci server ini sendiri.",
)
def verify_files(files: tuple[Path, ...], keys: tuple[str, ...]) -> None:
    """Periksa dokumen PDF dan sebutkan halaman yang berubah.

    Tanpa basis data dan tanpa jaringan. Keluar dengan kode 1 bila ada yang tidak asli. Apakah
    dokumen masih berlaku, diganti, atau ditarik hanya diketahui halaman pemeriksaan.
    """
    trusted = [_public_key(each) for each in keys] or list(trusted_keys())
    genuine = [_verify(path, trusted) for path in files]
    sys.exit(0 if all(genuine) else 1)


def _public_key(given: str) -> str:
    path = Path(given)
    key = (path.read_text(encoding="utf-8") if path.is_file() else given).strip().lower()
    if len(key) != _HEX_DIGITS or not set(key) <= set("0123456789abcdef"):
        raise click.UsageError(f"--kunci {given!r}: harus {_HEX_DIGITS} angka heksadesimal")
    return key


def _verify(path: Path, keys: Sequence[str]) -> bool:
    pdf = path.read_bytes()
    report = verify(pdf, inspect_guarded(pdf), keys)
    nomor = f"{report.record.nomor}: " if report.record else ""
    click.echo(f"{path.name}: {nomor}{report.verdict.sentence}")
    for reason in report.reasons:
        click.echo(f"  {reason}")
    return report.verdict is Verdict.GENUINE
