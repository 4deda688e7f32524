"""catcpns fleksibel: decisions on flexible work."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from web.db import db
from web.operations.fleksibel.audit_ulang import findings

fleksibel = AppGroup("fleksibel", help="Kerja fleksibel.")


@fleksibel.command("verify")
def verify() -> None:
    """Ulangi semua penilaian dan langkah yang tersimpan; kode keluar 1 bila ada yang berbeda."""
    wrong = 0
    for finding in findings(db.session()):
        wrong += 1
        click.echo(finding)
    click.echo(f"{wrong} ketidakcocokan" if wrong else "semua cocok", err=True)
    sys.exit(1 if wrong else 0)
