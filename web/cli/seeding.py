"""catcpns seeds: what a fresh installation starts with."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security import hash_password

from web import clock
from web.db import transaction

seeds = AppGroup("seeds", help="Isi awal: bank soal, ketentuan, pool, dan data peragaan.")


@seeds.command("load")
@click.option("--demo", is_flag=True, help="Sertakan orang, sesi, dan akun rekaan.")
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")
def load(demo: bool, dry_run: bool) -> None:
    """Muat isi awal. Menjalankannya lagi tidak mengubah apa pun."""
    from seeds.demo.load import PASSWORD, load_demo
    from seeds.load import load_all

    now = clock.now()
    with transaction() as session:
        pool = load_all(session, now=now)
        if demo:
            keys = current_app.config["KEYS"]
            load_demo(session, pool, keys=keys, password_hash=hash_password(PASSWORD), now=now)
        if dry_run:
            session.rollback()
    click.echo(f"pool {pool.code} {pool.digest[:12]} siap", err=True)


@seeds.command("banner")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Alamat server.")
def banner(url: str) -> None:
    """Cetak ke mana harus pergi dan dengan akun apa."""
    from seeds.demo.banner import text

    click.echo(text(url))
