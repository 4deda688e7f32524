"""A PostgreSQL of our own with the platform's tables, in a temporary folder, stopped afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import polars as pl
import psycopg
from flask_migrate import upgrade

from cat.itembank.pool import Pool
from seeds.load import load_all
from web import create_app
from web.db import db, transaction

PROGRAMS = Path("/usr/lib/postgresql")
SECRET = "rahasia untuk pengukuran saja"
# What a server of 4 GiB would be given; everything else is as it comes.
SETTINGS = ("shared_buffers=512MB", "max_wal_size=8GB", "work_mem=64MB")


@dataclass(frozen=True)
class Database:
    """A running server. url : for SQLAlchemy. pool : the one that is published in it."""

    url: str
    pid: int
    version: str
    pool: Pool

    @property
    def environment(self) -> dict[str, str]:
        """What `catcpns` reads."""
        return {
            "CATCPNS_DATABASE_URL": self.url,
            "CATCPNS_SECRET": SECRET,
            "CATCPNS_PLAIN_HTTP": "1",
        }

    @contextlib.contextmanager
    def loading(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection that fills tables without checking foreign keys, and gathers statistics."""
        address = self.url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection
            connection.execute("VACUUM ANALYZE")


def fill(connection: psycopg.Connection[Any], table: str, frame: pl.DataFrame) -> None:
    """Copy a frame into the table; its columns are named as the table's."""
    names = ", ".join(f'"{name}"' for name in frame.columns)
    text = frame.write_csv(include_header=False, quote_style="non_numeric", null_value="")
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT CSV)") as copy:
        copy.write(text)


@contextlib.contextmanager
def scratch() -> Iterator[Database]:
    """A database as a fresh installation leaves it: with rules, bank and pool.

    PostgreSQL refuses to run as root; the user postgres runs it then.
    """
    found = sorted(PROGRAMS.glob("*/bin/initdb"))
    if not found:
        raise click.ClickException("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="catcpns-bench-"))
    user: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        user = {"user": "postgres", "group": "postgres"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")

    def run(program: str, *arguments: str) -> None:
        command = [str(found[-1].with_name(program)), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)

    run("initdb", "-D", data, "-U", "catcpns", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    options += "".join(f" -c {setting}" for setting in SETTINGS)
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        url = f"postgresql+psycopg://catcpns@127.0.0.1:{port}/postgres"
        pool = _install(url, folder)
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        yield Database(url, pid, found[-1].parents[1].name, pool)
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _install(url: str, folder: Path) -> Pool:
    os.environ.setdefault("CATCPNS_SECRET", SECRET)
    os.environ.setdefault("CATCPNS_PLAIN_HTTP", "1")
    settings = {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": str(folder), "TESTING": True}
    with create_app(settings).app_context():
        upgrade()
        with transaction() as session:
            pool = load_all(session, now=0)
        db.session.remove()
        db.engine.dispose()
    return pool
