"""How operators drive the platform: noun, then verb. Data on stdout, talk on stderr."""

from __future__ import annotations

from flask import Flask
from flask.cli import FlaskGroup

from web.cli import banks, seeding, serving, sittings, users


def register(app: Flask) -> None:
    """Add every command to the application."""
    for group in (banks.item, banks.pool, seeding.seeds, sittings.sitting, users.user):
        app.cli.add_command(group)
    app.cli.add_command(serving.serve)


def main() -> None:
    """Entry point of the `catcpns` command."""
    from web import create_app

    FlaskGroup(
        create_app=lambda: create_app(),
        add_default_commands=False,
        add_version_option=False,
        help="CAT CPNS dari baris perintah: benda dulu, lalu tindakan.",
    )()
