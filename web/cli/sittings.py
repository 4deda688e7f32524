"""catcpns sitting: the audit of stored exams."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from web import clock, pulse
from web.db import db, transaction
from web.operations import outages
from web.operations.sittings import close_overdue
from web.operations.verification import verify_sitting
from web.tables import Peserta, Sitting

sitting = AppGroup("sitting", help="Ujian satu orang: memeriksa ulang, menutup yang habis waktu.")
_talk = Console(stderr=True)


@sitting.command("verify")
@click.argument("which", required=False)
@click.option("--all", "everything", is_flag=True, help="Periksa semua ujian yang tersimpan.")
def verify(which: str | None, everything: bool) -> None:
    """Putar ulang rekaman ujian dan bandingkan dengan hasil tersimpan sampai bit terakhir.

    WHICH adalah id ujian atau nomor peserta. Keluar dengan kode 1 bila ada yang tidak cocok.
    """
    if bool(which) == everything:
        raise click.UsageError("sebutkan satu id atau nomor peserta, atau --all")
    chosen = select(Sitting).join(Peserta).order_by(Sitting.sesi_id, Sitting.seat)
    if which:
        chosen = chosen.where((Sitting.id == which) | (Peserta.nomor == which))
    sittings = db.session.scalars(chosen).all()
    if not sittings:
        raise click.UsageError(f"tidak ada ujian {which or 'tersimpan'}")
    failed = 0
    for each in track(sittings, description="Memeriksa", console=_talk, transient=True):
        findings = verify_sitting(db.session(), each, current_app.config["KEYS"].record)
        failed += bool(findings)
        for finding in findings:
            click.echo(f"{each.id} {each.peserta.nomor} {finding}")
    finished = sum(each.phase == "finished" for each in sittings)
    click.echo(
        f"{len(sittings)} ujian diperiksa ({finished} selesai): "
        f"{len(sittings) - failed} cocok, {failed} tidak cocok"
    )
    sys.exit(1 if failed else 0)


@sitting.command("close")
@click.option("--dry-run", is_flag=True, help="Hanya sebutkan, jangan tutup.")
def close(dry_run: bool) -> None:
    """Tutup ujian yang waktunya habis tetapi belum dibuka siapa pun."""
    keys = current_app.config["KEYS"]
    with transaction() as session:
        pulse.keep_time(session)
        now = clock.now()
        # Time during which no server ran is given back before anybody is closed for it.
        outages.beat(session, now=now, keys=keys)
        closed = close_overdue(session, now=now, keys=keys)
        if dry_run:
            session.rollback()
    for sitting_id in closed:
        click.echo(sitting_id)
    click.echo(f"{len(closed)} ujian {'akan ' if dry_run else ''}ditutup", err=True)
