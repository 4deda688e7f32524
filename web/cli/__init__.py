"""How operators drive the platform: noun, then verb. Data on stdout, talk on stderr."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError


def register(app: Flask) -> None:
    """Add every command to the application."""
    # Here, not above: `catcpns serve` keeps a process that needs none of them.
    from web.cli import (
        announcements,
        backup,
        banks,
        documents,
        exchange,
        exports,
        fleksibel,
        jobs,
        ketentuan,
        layanan,
        rescoring,
        schedule,
        seeding,
        selection,
        serving,
        sittings,
        talent,
        tokens,
        users,
    )

    for group in (banks.item, banks.pool, jobs.job, seeding.seeds, sittings.sitting, users.user):
        app.cli.add_command(group)
    for group in (schedule.sesi, schedule.peserta):
        app.cli.add_command(group)
    sittings.sitting.add_command(rescoring.rescore)
    for command in (exchange.import_items, exchange.export_items):
        banks.item.add_command(command)
    app.cli.add_command(tokens.token)
    for group in (exports.ekspor, exports.kunci):
        app.cli.add_command(group)
    app.cli.add_command(ketentuan.ketentuan)
    app.cli.add_command(fleksibel.fleksibel)
    app.cli.add_command(documents.dokumen)
    app.cli.add_command(talent.talent)
    app.cli.add_command(announcements.pengumuman)
    app.cli.add_command(selection.seleksi)
    app.cli.add_command(serving.serve)
    app.cli.add_command(layanan.layanan)
    app.cli.add_command(backup.cadangan)


def main() -> None:
    """Entry point of the `catcpns` command."""
    if sys.argv[1:2] in (["serve"], ["layanan"]):
        from web.cli.layanan import layanan
        from web.cli.serving import serve

        # The workers load the application; the process that watches them stays small.
        command = serve if sys.argv[1] == "serve" else layanan
        command(sys.argv[2:], prog_name=f"catcpns {sys.argv[1]}")
    from web import create_app

    group = FlaskGroup(
        create_app=lambda: create_app(),
        add_default_commands=False,
        add_version_option=False,
        help="CAT CPNS dari baris perintah: benda dulu, lalu tindakan.",
    )
    try:
        group()
    except (OperationalError, ProgrammingError, ArgumentError) as error:
        what = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        click.echo(f"Error: basis data tidak siap ({what}). Sudah catcpns db upgrade?", err=True)
        sys.exit(1)
