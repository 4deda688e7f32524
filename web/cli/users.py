"""catcpns user: accounts of staff."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_security import hash_password

from web.access import PENGAWAS, PENULIS, STAF
from web.db import transaction
from web.operations import accounts

user = AppGroup("user", help="Akun petugas.")


@user.command("create")
@click.argument("username")
@click.option("--nama", required=True, help="Nama lengkap.")
@click.option("--email", required=True, help="Alamat surel.")
@click.option("--role", type=click.Choice([STAF, PENULIS, PENGAWAS]), required=True, help="Peran.")
@click.option("--site", type=int, help="Id titik lokasi tempat pengawas bertugas.")
@click.password_option(help="Kata sandi; ditanyakan bila tidak disebut.")
def create(
    username: str, nama: str, email: str, role: str, site: int | None, password: str
) -> None:
    """Buat akun petugas USERNAME."""
    with transaction() as session:
        accounts.create_user(
            session,
            username=username,
            nama=nama,
            email=email,
            password_hash=hash_password(password),
            roles=[role],
            titik_lokasi_id=site,
        )
    click.echo(f"{username} dibuat", err=True)
