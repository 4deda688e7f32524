"""catcpns token: keys of programs from the command line."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from cat.errors import BadInput
from web import clock
from web.db import db, transaction
from web.operations.api import tokens
from web.tables import ApiToken


@click.group("token")
def token() -> None:
    """Token program yang memakai API."""


@token.command("list")
@with_appcontext
def show() -> None:
    """Daftar token dengan keadaannya."""
    now = clock.now()
    for row in db.session.scalars(select(ApiToken).order_by(ApiToken.id)):
        click.echo(f"{row.nama}\t{row.prefix}…\t{','.join(row.scopes)}\t{tokens.state(row, now)}")


@token.command("create")
@click.argument("nama")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(list(tokens.SCOPES))
)
@click.option("--purpose", required=True, help="Tujuan pemakaian data.")
@click.option("--legal-basis", required=True, help="Dasar hukum pemakaian data.")
@click.option("--days", default=90, show_default=True, help="Masa berlaku, hari.")
@click.option("--by", required=True, help="Nama pengguna pembuat; yang menyetujui harus lain.")
@click.option("--dry-run", is_flag=True, help="Periksa saja, tidak menyimpan.")
@with_appcontext
def create(
    nama: str,
    scopes: tuple[str, ...],
    purpose: str,
    legal_basis: str,
    days: int,
    by: str,
    dry_run: bool,
) -> None:
    """Buat token dan cetak satu kali; bekerja setelah disetujui di halaman petugas."""
    try:
        with transaction() as session:
            _, plain = tokens.create(
                session,
                nama=nama,
                scopes=scopes,
                instansi_id=None,
                purpose=purpose,
                legal_basis=legal_basis,
                days=days,
                by=by,
                now=clock.now(),
            )
            if dry_run:
                session.rollback()
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    click.echo("tidak disimpan" if dry_run else plain)


@token.command("revoke")
@click.argument("nama")
@click.option("--by", required=True, help="Nama pengguna yang mencabut.")
@with_appcontext
def revoke(nama: str, by: str) -> None:
    """Cabut token seketika."""
    with transaction() as session:
        row = session.scalar(select(ApiToken).where(ApiToken.nama == nama))
        if row is None:
            raise click.ClickException(f"tidak ada token {nama!r}")
        tokens.revoke(session, row, by=by, now=clock.now())
    click.echo(f"{nama}: dicabut", err=True)
