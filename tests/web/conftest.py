"""A demonstration database for each test, on SQLite or PostgreSQL, and people who use the site."""

from __future__ import annotations

import contextlib
import contextvars
import fcntl
import os
import re
import shutil
import socket
import subprocess
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import Engine, create_engine

from cat.exam.record import MICROSECONDS
from cat.itembank.base import Base
from seeds.demo.load import PASSWORD, demo_pin, load_demo, open_participants
from seeds.load import load_all
from tests.web.compiled import compile_once
from web import clock as real_clock
from web import create_app
from web.config import derive
from web.db import db, transaction
from web.operations.sittings import Keys
from web.operations.verification import verify_sitting
from web.tables import Sitting

compile_once()
SECRET = "rahasia untuk tes saja"
os.environ["CATCPNS_SECRET"] = SECRET  # the servers that tests start read it too
os.environ["CATCPNS_PLAIN_HTTP"] = "1"
KEYS = Keys(
    record=derive(SECRET.encode(), "records"),
    pin=derive(SECRET.encode(), "pins"),
    signing=derive(SECRET.encode(), "signatures"),
)
START = 1_795_000_000 * MICROSECONDS
POSTGRES = Path("/usr/lib/postgresql")
KINDS = ("sqlite", "postgresql")


@dataclass
class Clock:
    """A clock that stands until somebody moves it; microseconds."""

    at: int = START

    def now(self) -> int:
        return self.at

    def tick(self, seconds: float) -> None:
        self.at += int(seconds * MICROSECONDS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(real_clock, "now", standing.now)
    return standing


def settings(url: str, folder: Path) -> dict[str, object]:
    return {
        "INSTANCE_PATH": str(folder),
        "SQLALCHEMY_DATABASE_URI": url,
        # Nobody guesses passwords of tests; checking one as in service takes a tenth of a second.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__rounds": 1,
            "argon2__memory_cost": 64,
            "argon2__parallelism": 1,
        },
        "TESTING": True,
    }


def fill(app: Flask) -> None:
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
        with transaction() as session:
            pool = load_all(session, now=START)
            load_demo(session, pool, keys=KEYS, password_hash=hash_password(PASSWORD), now=START)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's database, filled once however many processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    template = shared / "asal.sqlite"
    with (shared / "asal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            building = shared / "sedang-diisi.sqlite"
            fill(create_app(settings(f"sqlite:///{building}", shared)))
            building.rename(template)
    return template


def _quick_place() -> Path:
    """Memory where the machine lets a cluster have it: a database for each test is a thousand small
    files, and on a disk copying them takes longer than most tests.
    """
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30
    return memory if has_room and os.access(memory, os.W_OK | os.X_OK) else Path("/tmp")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scratch PostgreSQL cluster that ends with the tests."""
    versions = sorted(POSTGRES.glob("*/bin/initdb"))
    if not versions:
        pytest.skip("PostgreSQL is not installed; `make test` installs it")
    binaries = versions[-1].parent
    folder = _quick_place() / f"catcpns-pg-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    user: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        user = {"user": "postgres", "group": "postgres"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **user,
        )

    run("initdb", "-D", str(data), "-U", "catcpns", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://catcpns@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: str, sqlite_template: Path) -> str:
    """The same rows on PostgreSQL: copying them takes a second, simulating them half a minute."""
    from flask_migrate import upgrade

    _sql(postgres, "CREATE DATABASE asal")
    app = create_app(settings(f"{postgres}/asal", sqlite_template.parent))
    with app.app_context():
        upgrade()
        copy_rows(create_engine(f"sqlite:///{sqlite_template}"), db.engine)
        db.session.remove()
        db.engine.dispose()
    return postgres


def copy_rows(source: Engine, target: Engine) -> None:
    """Every row of one database into another that has the same tables and only migrated rows."""
    with source.connect() as given, target.begin() as taken:
        taken.exec_driver_sql("SET session_replication_role = replica")  # no triggers, any order
        for table in Base.metadata.sorted_tables:
            taken.execute(table.delete())
            rows = [dict(row) for row in given.execute(table.select()).mappings()]
            if rows:
                taken.execute(table.insert(), rows)
            for column in table.primary_key:
                if column.autoincrement is True or column is table.autoincrement_column:
                    taken.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                        f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}), false)"
                    )
    source.dispose()


@contextlib.contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[str]:
    shutil.copy(template, folder / "uji.sqlite")
    yield f"sqlite:///{folder / 'uji.sqlite'}"


@contextlib.contextmanager
def postgres_copy(server: str) -> Iterator[str]:
    name = f"uji_{uuid.uuid4().hex[:12]}"
    _sql(server, f"CREATE DATABASE {name} TEMPLATE asal STRATEGY FILE_COPY")
    yield f"{server}/{name}"
    _sql(server, f"DROP DATABASE {name} WITH (FORCE)")


def _sql(server: str, statement: str) -> None:
    address = server.replace("postgresql+psycopg", "postgresql") + "/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that could run on either database one is left, by turns, unless it is marked `both`
    because locks, types or SQL matter in it; CATCPNS_TESTS_ON=both leaves all.
    """
    if os.environ.get("CATCPNS_TESTS_ON") == "both":
        return
    twins: dict[str, list[pytest.Item]] = {}
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("database")
        if kind in KINDS and not item.get_closest_marker("both"):
            twins.setdefault(item.nodeid.replace(kind, "*"), []).append(item)
    left_out = [
        item
        for name, pair in twins.items()
        if len(pair) == len(KINDS)
        for item in pair
        if item.callspec.params["database"] != KINDS[zlib.crc32(name.encode()) % len(KINDS)]
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A filled database of its own, on either kind."""
    if request.param == "sqlite":
        with sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path) as url:
            yield url
    else:
        with postgres_copy(request.getfixturevalue("postgres_template")) as url:
            yield url


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application on a database of its own, inside an application context."""
    made = create_app(settings(database, tmp_path))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """Somebody at a browser without JavaScript."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **kwargs):
        return self._fresh(lambda: self.client.get(path, **kwargs))

    def post(self, path: str, token_from: str = "/ujian/masuk", **fields: object):
        token = TOKEN.search(self.get(token_from, follow_redirects=True).text)
        data = {**fields, "csrf_token": token.group(1) if token else ""}
        return self._fresh(lambda: self.client.post(path, data=data))

    def post_json(self, path: str, token_from: str, **fields: object):
        token = TOKEN.search(self.get(token_from).text).group(1)
        headers = {"Accept": "application/json"}
        data = {**fields, "csrf_token": token}
        return self._fresh(lambda: self.client.post(path, data=data, headers=headers))

    def _fresh(self, call):
        """Make a request outside the test's own application context, as a real server would."""
        db.session.remove()
        return contextvars.Context().run(call)


class Peserta(Browser):
    """A candidate of the open sesi, by seat."""

    def __init__(self, app: Flask, seat: int) -> None:
        super().__init__(app)
        self.nomor = open_participants(db.session())[seat - 1].nomor
        self.pin = demo_pin(self.nomor)
        self.sitting_id = db.session.scalar(
            db.select(Sitting.id).join(Sitting.peserta).filter_by(nomor=self.nomor)
        )
        self.url = f"/ujian/{self.sitting_id}"

    def logs_in(self, pin: str | None = None):
        return self.post("/ujian/masuk", nomor=self.nomor, pin=pin or self.pin)

    def starts(self):
        self.logs_in()
        return self.post(f"{self.url}/mulai", token_from=self.url)

    def sees(self) -> str:
        return self.get(self.url).text

    def number(self) -> int:
        return int(re.search(r'name="nomor" value="(\d+)"', self.sees()).group(1))

    def answers(self, letter: str, number: int | None = None):
        number = self.number() if number is None else number
        return self.post(f"{self.url}/jawab", token_from=self.url, nomor=number, pilihan=letter)

    def marks(self, letter: str, number: int | None = None):
        number = self.number() if number is None else number
        return self.post_json(f"{self.url}/pilih", self.url, nomor=number, pilihan=letter)

    def findings(self) -> list[str]:
        """What the audit by replay finds wrong with the sitting."""
        sitting = self.stored()
        return [str(found) for found in verify_sitting(db.session(), sitting, KEYS.record)]

    def stored(self) -> Sitting:
        db.session.remove()
        return db.session.get_one(Sitting, self.sitting_id)


@pytest.fixture
def peserta(app: Flask) -> Callable[[int], Peserta]:
    return lambda seat=1: Peserta(app, seat)


@pytest.fixture
def working(peserta: Callable[[int], Peserta]) -> Peserta:
    """A candidate in the middle of the first item."""
    chosen = peserta(1)
    chosen.starts()
    return chosen


@pytest.fixture
def petugas(app: Flask) -> Callable[[str], Browser]:
    """A member of staff who has logged in."""

    def log_in(role: str) -> Browser:
        browser = Browser(app)
        reply = browser.post(
            "/petugas/masuk", token_from="/petugas/masuk", username=role, password=PASSWORD
        )
        assert reply.status_code == 302
        return browser

    return log_in


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool], float], None]:
    """Wait for something that another process does, but not for ever."""

    def wait(happened: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.1)

    return wait
