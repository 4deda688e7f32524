"""catcpns pengumuman: are announcements still what two people approved?"""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from web.db import db
from web.operations.seleksi.periksa import verify as verify_announcement
from web.operations.signing import public_key
from web.tables import Pengumuman

pengumuman = AppGroup("pengumuman", help="Pengumuman hasil: memeriksa keutuhan dan asalnya.")
_talk = Console(stderr=True)


@pengumuman.command("verify")
@click.argument("kode", required=False)
@click.option("--all", "everything", is_flag=True, help="Periksa semua pengumuman dan draf.")
@click.option("--replay", is_flag=True, help="Putar ulang juga rekaman ujian setiap peserta.")
def verify(kode: str | None, everything: bool, replay: bool) -> None:
    """Hitung ulang sidik jari, tanda tangan, dan seluruh daftar dari catatan.

    Setiap perbedaan ditulis satu baris. Keluar dengan kode 1 bila ada yang tidak cocok.
    """
    if bool(kode) == everything:
        raise click.UsageError("sebutkan satu kode, atau --all")
    chosen = select(Pengumuman).order_by(Pengumuman.id)
    heads = db.session.scalars(chosen.where(Pengumuman.kode == kode) if kode else chosen).all()
    if not heads:
        raise click.UsageError(f"tidak ada pengumuman {kode or 'tersimpan'}")
    keys = current_app.config["KEYS"]
    public, record = public_key(keys.signing), keys.record if replay else None
    failed = 0
    for head in track(heads, description="Memeriksa", console=_talk, transient=True):
        findings = verify_announcement(db.session(), head, public, record_key=record)
        failed += bool(findings)
        for finding in findings:
            click.echo(f"{head.kode} {finding}")
    drafts = sum(head.approved_at is None for head in heads)
    click.echo(
        f"{len(heads)} pengumuman diperiksa ({drafts} draf): "
        f"{len(heads) - failed} cocok, {failed} tidak cocok"
    )
    sys.exit(1 if failed else 0)
