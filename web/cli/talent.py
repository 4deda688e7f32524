"""catcpns talent: performance from a file, and the pictures of all employees."""

from __future__ import annotations

import sys
from typing import TextIO

import click
from flask.cli import AppGroup

from web import clock
from web.db import db, transaction
from web.operations.talenta import kinerja, potret
from web.operations.talenta.acuan import get_acuan

talent = AppGroup("talent", help="Manajemen talenta: kinerja tahunan dan potret pegawai.")
OPERATOR = "operator"


@talent.command("performance")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")
def performance(file: TextIO, dry_run: bool) -> None:
    """Impor kinerja dari CSV: nip, tahun, hasil_kerja, perilaku_kerja, target, capaian.

    Semua baris disimpan atau tidak satu pun; setiap masalah disebut dengan barisnya.
    """
    entries, problems = kinerja.read_file(file.read())
    problems += kinerja.check(db.session(), entries)[1]
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(1)
    new = 0
    if not dry_run:
        with transaction() as session:
            rule = get_acuan(session).kinerja
            new = kinerja.import_entries(session, entries, rule, by=OPERATOR, now=clock.now())
    click.echo(f"{len(entries)} baris benar, {new} baris baru disimpan", err=True)


@talent.command("refresh")
@click.option("--dry-run", is_flag=True, help="Hitung saja, jangan simpan.")
def refresh(dry_run: bool) -> None:
    """Hitung ulang potret semua pegawai, yang dibaca halaman populasi dan peta."""
    with transaction() as session:
        count = potret.refresh_all(session, today=clock.today(), by=OPERATOR, now=clock.now())
        if dry_run:
            session.rollback()
    click.echo(f"{count} pegawai dihitung", err=True)
