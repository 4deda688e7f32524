"""catcpns user: accounts of staff."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cat.errors import BadInput
from web.access import ANALIS, PEGAWAI, PENELAAH, PENGAWAS, PENULIS, PIMPINAN, REGISTRASI, STAF
from web.db import transaction
from web.operations import accounts
from web.tables import Instansi, Pegawai, TitikLokasi

user = AppGroup("user", help="Akun petugas.")
SHORTEST_PASSWORD = 12
ROLES = (STAF, PENULIS, PENELAAH, ANALIS, PENGAWAS, REGISTRASI, PEGAWAI, PIMPINAN)


@user.command("create")
@click.argument("username")
@click.option("--nama", required=True, help="Nama lengkap.")
@click.option("--email", required=True, help="Alamat surel.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Peran.")
@click.option("--site", help="Nama titik lokasi tempat pengawas atau petugas registrasi bertugas.")
@click.option("--nip", help="NIP pegawai pemilik akun.")
@click.option("--instansi", help="Kode instansi yang dipimpin.")
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")
@click.password_option(help="Kata sandi; ditanyakan bila tidak disebut.")
def create(
    username: str,
    nama: str,
    email: str,
    role: str,
    site: str | None,
    nip: str | None,
    instansi: str | None,
    dry_run: bool,
    password: str,
) -> None:
    """Buat akun petugas USERNAME."""
    if len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(f"kata sandi paling sedikit {SHORTEST_PASSWORD} huruf")
    try:
        with transaction() as session:
            accounts.create_user(
                session,
                username=username,
                nama=nama,
                email=email,
                password_hash=hash_password(password),
                roles=[role],
                titik_lokasi_id=_site_id(session, site),
                pegawai_id=_found(session, Pegawai.id, Pegawai.nip, nip),
                instansi_id=_found(session, Instansi.id, Instansi.kode, instansi),
            )
            if dry_run:
                session.rollback()
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username} {'dapat' if dry_run else 'sudah'} dibuat", err=True)


def _site_id(session: Session, nama: str | None) -> int | None:
    if nama is None:
        return None
    sites = {site.nama: site.id for site in session.scalars(select(TitikLokasi))}
    if nama not in sites:
        known = ", ".join(sites) or "belum ada"
        raise BadInput(f"titik lokasi {nama!r} tidak ada; yang ada: {known}")
    return sites[nama]


def _found(
    session: Session,
    row_id: InstrumentedAttribute[int],
    column: InstrumentedAttribute[str],
    value: str | None,
) -> int | None:
    if value is None:
        return None
    found = session.scalar(select(row_id).where(column == value))
    if found is None:
        raise BadInput(f"{column.key} {value!r} tidak ada")
    return found
