"""How operators drive the platform: noun, then verb. Data on stdout, talk on stderr."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError

from web.cli import (
    announcements,
    banks,
    documents,
    exchange,
    exports,
    fleksibel,
    jobs,
    ketentuan,
    rescoring,
    seeding,
    selection,
    serving,
    sittings,
    talent,
    tokens,
    users,
)


def register(app: Flask) -> None:
    """Add every command to the application."""
    for group in (banks.item, banks.pool, jobs.job, seeding.seeds, sittings.sitting, users.user):
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


def main() -> None:
    """Entry point of the `catcpns` command."""
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
