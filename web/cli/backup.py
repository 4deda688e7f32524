"""catcpns cadangan: everything of the platform in one file, and back into an empty database."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import track
from sqlalchemy import Connection, select

from cat.errors import BadInput
from web import clock
from web.db import db, writing
from web.layanan.kesiapan import schema_head
from web.operations.cadangan import arsip, pulih
from web.operations.sittings import Keys
from web.operations.verification import verify_sitting
from web.tables import Peserta, Sitting

cadangan = AppGroup("cadangan", help="Cadangan basis data: membuat, memeriksa, memulihkan.")
_talk = Console(stderr=True)


@cadangan.command("buat")
@click.argument("berkas", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hitung saja, jangan simpan berkasnya.")
def make(berkas: Path, dry_run: bool) -> None:
    """Tulis seluruh isi basis data pada satu saat ke BERKAS; ujian boleh berjalan terus.

    Rahasia platform (CATCPNS_SECRET) tidak ikut: simpan terpisah.
    """
    keys: Keys = current_app.config["KEYS"]
    if berkas.exists():
        raise click.ClickException(f"{berkas} sudah ada")
    if not berkas.absolute().parent.is_dir():
        raise click.ClickException(f"folder {berkas.parent} tidak ada")
    part = berkas.with_name(f".{berkas.name}.sementara")
    part.unlink(missing_ok=True)
    try:
        with db.engine.connect() as connection, connection.begin():
            manifest = arsip.write(_one_moment(connection), part, keys=keys, now=clock.now())
        if not dry_run:
            part.rename(berkas)
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{berkas}\t{len(manifest.tabel)} tabel\t{manifest.baris} baris")
    _talk.print("Rahasia platform tidak ada di dalamnya: simpan CATCPNS_SECRET di tempat lain.")


@cadangan.command("periksa")
@click.argument("berkas", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rekaman", is_flag=True, help="Putar ulang juga semua rekaman ujian di basis data.")
def check(berkas: Path, rekaman: bool) -> None:
    """Periksa BERKAS cadangan: tanda tangan dan setiap tabel. Keluar dengan 1 bila ada cacat."""
    keys: Keys = current_app.config["KEYS"]
    try:
        manifest = arsip.read(berkas, keys=keys)
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    faults = arsip.check(berkas, manifest)
    if rekaman:
        faults += _replay(keys)
    for fault in faults:
        click.echo(fault)
    made = clock.as_datetime(manifest.dibuat).isoformat(timespec="seconds")
    words = "ada cacat" if faults else "utuh"
    click.echo(f"{berkas}\t{made}\tskema {manifest.skema}\t{manifest.baris} baris\t{words}")
    sys.exit(1 if faults else 0)


@cadangan.command("pulihkan")
@click.argument("berkas", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--pertahankan-masuk",
    is_flag=True,
    help="Komputer peserta tetap sama: jangan minta mereka masuk lagi.",
)
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan pulihkan.")
def restore(berkas: Path, pertahankan_masuk: bool, dry_run: bool) -> None:
    """Pulihkan BERKAS ke basis data kosong, lalu putar ulang semua rekaman di dalamnya.

    Waktu sejak cadangan dibuat menjadi gangguan layanan: dikembalikan kepada peserta yang sedang
    ujian begitu server web mulai. Semua peserta masuk lagi dengan nomor dan PIN yang sama.
    """
    from flask_migrate import upgrade

    keys: Keys = current_app.config["KEYS"]
    try:
        manifest = arsip.read(berkas, keys=keys)
        pulih.refuse_other_schema(manifest, schema_head())
        pulih.refuse_filled(db.engine)
        if faults := arsip.check(berkas, manifest):
            raise BadInput("; ".join(faults))
        if dry_run:
            click.echo(f"{manifest.baris} baris dapat dipulihkan", err=True)
            return
        upgrade()
        with writing(db.engine.connect()) as connection, connection.begin():
            pulih.fill(connection, berkas, manifest)
            if not pertahankan_masuk:
                pulih.end_logins(connection, now=clock.now())
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    faults = _replay(keys)
    for fault in faults:
        click.echo(fault)
    words = f"{len(faults)} rekaman tidak cocok" if faults else "semua rekaman cocok"
    click.echo(f"{manifest.baris} baris dipulihkan, {words}")
    sys.exit(1 if faults else 0)


def _replay(keys: Keys) -> list[str]:
    """What the audit by replay finds in the database."""
    every = select(Sitting.id, Peserta.nomor).join(Peserta).order_by(Sitting.sesi_id, Sitting.seat)
    faults = []
    chosen = db.session.execute(every).all()
    for sitting_id, _ in track(chosen, "Memutar ulang", console=_talk, transient=True):
        sitting = db.session.get_one(Sitting, sitting_id)
        found = verify_sitting(db.session(), sitting, keys.record)
        faults += [f"ujian {sitting_id}: {each}" for each in found]
        db.session.expunge_all()
    return faults


def _one_moment(connection: Connection) -> Connection:
    """A transaction that sees one moment of the database, whatever others write meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return connection
