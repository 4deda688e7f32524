"""Where an exam is stored while faults hit it: embedded SQLite, or a PostgreSQL of our own."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade

from bench.faults.postgres import Cluster
from bench.scratch_postgres import SECRET
from cat.exam.record import first_seal
from cat.itembank.pool import Pool
from seeds.load import load_all
from web import clock, create_app
from web.config import derive
from web.db import db, transaction
from web.operations import proctoring, sittings
from web.operations.pools import find_rules, get_pool
from web.operations.records import terms_of
from web.operations.verification import verify_sitting
from web.tables import Person, Peserta, PublishedPool, Sesi, Sitting, TitikLokasi

RULES = "cpns-2024"
BORN = date(1999, 8, 17)
# As web.config derives them from the secret that the server is given.
PURPOSES = {"record": "records", "pin": "pins", "signing": "signatures"}


@dataclass(frozen=True)
class Seat:
    """Whom a candidate must be to sit. seconds : served time allowed. length : items."""

    sitting_id: str
    nomor: str
    pin: str
    mode: str
    seconds: int
    length: int


class Place:
    """A database with rules, bank and pools in it; people are seated as a fault needs them."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        self.folder, self.cluster = folder, cluster
        self.path = folder / "exam.sqlite"
        self.url = cluster.url if cluster else f"sqlite:///{self.path}"
        self.kind = "PostgreSQL" if cluster else "SQLite"
        self.serial = 0
        self.disk: SmallDisk | None = None
        self.app = self._open()

    def _open(self) -> Flask:
        keys = {name: derive(SECRET.encode(), purpose) for name, purpose in PURPOSES.items()}
        return create_app(
            {
                "SQLALCHEMY_DATABASE_URI": self.url,
                "INSTANCE_PATH": str(self.folder),
                "KEYS": sittings.Keys(**keys),
            }
        )

    @property
    def environment(self) -> dict[str, str]:
        """What `catcpns` reads."""
        return {
            "CATCPNS_DATABASE_URL": self.url,
            "CATCPNS_SECRET": SECRET,
            "CATCPNS_PLAIN_HTTP": "1",
        }

    def install(self) -> None:
        """Tables, rules, bank and pools, as a fresh installation has them."""
        with self.app.app_context():
            upgrade()
            with transaction() as session:
                load_all(session, now=clock.now())
            self.let_go()

    def let_go(self) -> None:
        """Hold no connection, so that a killed server is not asked on a dead one."""
        db.session.remove()
        db.engine.dispose()

    def seat(self, adaptive: int, linear: int, *, seconds: int | None = None) -> list[Seat]:
        """People in a new sesi, let in by the proctor.

        seconds : served time of everybody, other than the rules'.
        """
        keys = self.app.config["KEYS"]
        with self.app.app_context(), transaction() as session:
            pools = {mode: _find_pool(session, mode) for mode in ("adaptif", "linear")}
            self.serial += 1
            site = TitikLokasi(nama=f"Titik Uji {self.serial}", zona="Asia/Jakarta")
            sesi = Sesi(
                nama="Sesi uji", titik_lokasi=site, ruang="A", starts_at=clock.now(),
                is_closed=False,
            )  # fmt: skip
            session.add(sesi)
            session.flush()
            found = []
            for seat, mode in enumerate(["adaptif"] * adaptive + ["linear"] * linear, start=1):
                pool = pools[mode]
                if pool is None:
                    continue
                number = self.serial * 1000 + seat
                nomor, pin = f"99{number:08}", f"{(number * 7919) % 1_000_000:06}"
                person = Person(
                    nama=f"Peserta Uji {number}", tanggal_lahir=BORN, jenis_kelamin="P",
                    nik=f"99{number:014}",
                )  # fmt: skip
                peserta = Peserta(nomor=nomor, person=person, formasi=None, netra=False)
                rules = find_rules(session, RULES)
                sitting = sittings.schedule(
                    session, sesi, peserta, seat=seat, pin=pin, pool=pool, rules=rules, keys=keys,
                    **({"mode": mode} if mode == "linear" else {}),
                )  # fmt: skip
                if seconds is not None:
                    sitting.seconds = seconds
                    sitting.seal = first_seal(keys.record, terms_of(sitting))
                    session.flush()
                proctoring.admit(session, sitting.id, by="pengawas", now=clock.now(), keys=keys)
                found.append(Seat(sitting.id, nomor, pin, mode, sitting.seconds, pool.length))
        with self.app.app_context():
            self.let_go()
        return found

    def verify(self, sitting_ids: Sequence[str]) -> list[str]:
        """What the platform's audit by replay finds wrong."""
        found = []
        with self.app.app_context():
            for each in sitting_ids:
                sitting = db.session.get_one(Sitting, each)
                key = self.app.config["KEYS"].record
                found += [f"{each}: {x}" for x in verify_sitting(db.session(), sitting, key)]
            self.let_go()
        return found

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query of our own, past the platform; `?` stands for a value."""
        if self.cluster is not None:
            with psycopg.connect(self.cluster.address) as connection:
                return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
        with contextlib.closing(sqlite3.connect(self.path, timeout=15)) as lite:
            return lite.execute(query, values).fetchall()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody from outside holds what every answer needs."""
        if self.cluster is not None:
            with psycopg.connect(self.cluster.address) as connection:
                connection.execute("LOCK TABLE sitting IN EXCLUSIVE MODE")
                yield
                connection.rollback()
            return
        with contextlib.closing(sqlite3.connect(self.path, timeout=15)) as lite:
            lite.isolation_level = None
            lite.execute("BEGIN IMMEDIATE")
            yield
            lite.execute("ROLLBACK")


class SmallDisk:
    """A file system of its own, with room for little more than what is in it."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder, self.ballast = folder, folder / "ballast"
        folder.mkdir(exist_ok=True)
        size = f"size={megabytes}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)

    def give_to_postgres(self) -> None:
        """A folder in it for a tablespace."""
        space = self.folder / "space"
        space.mkdir()
        for folder in (self.folder.parent, self.folder, space):
            folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(space, "postgres", "postgres")

    def fill(self) -> None:
        """Leave no byte free."""
        with contextlib.suppress(OSError), self.ballast.open("wb", buffering=0) as file:
            while file.write(bytes(65536)):
                pass

    def free(self) -> None:
        """Give the space back."""
        self.ballast.unlink(missing_ok=True)

    def remove(self) -> None:
        """Unmount."""
        subprocess.run(["umount", "-l", str(self.folder)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def _find_pool(session: Any, mode: str) -> Pool | None:
    """The newest published pool of a way of delivery for the SKD, if there is one."""
    order = PublishedPool.published_at.desc()
    for digest in session.scalars(db.select(PublishedPool.digest).order_by(order)):
        pool = get_pool(session, digest)
        if getattr(pool, "is_linear", False) == (mode == "linear") and len(pool.parts) == 3:
            return pool
    return None


def luck(name: str, seed: int) -> random.Random:
    """The luck of one fault, the same in every run with the same seed."""
    return random.Random(f"{name} {seed}")
