"""A real server in a process of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import create_engine, select

from cat.exam.standing import Phase
from seeds.demo.load import OPEN, demo_pin
from tests.web.conftest import KEYS
from web import clock
from web.db import own_session
from web.operations.proctoring import admit
from web.tables import Sesi, Sitting

# Patience for a noisy machine; what is waited for is still exact.
expect.set_options(timeout=20_000)

START_SECONDS = 90
WAITING = 7  # the seat that has not been let in
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@dataclass
class Server:
    """`catcpns serve` on a database of its own."""

    database: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    log: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "catcpns"), "serve", "--port", str(self.port)]
        environment = {**os.environ, "CATCPNS_DATABASE_URL": f"sqlite:///{self.database}"}
        with (self.database.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_SECONDS
        while not self.is_up():
            if time.monotonic() > end:
                self.kill()
                raise AssertionError((self.database.parent / "server.log").read_text())
            time.sleep(0.1)

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/sehat", timeout=2) as reply:
                return reply.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """kill -9 of the server and of everything it started."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def ask(self, query: str, *values: object) -> list[tuple]:
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute(query, values).fetchall()
        connection.close()
        return rows

    def verify(self, nomor: str) -> subprocess.CompletedProcess[str]:
        """`catcpns sitting verify` on this server's database."""
        command = [str(Path(sys.executable).parent / "catcpns"), "sitting", "verify", nomor]
        environment = {**os.environ, "CATCPNS_DATABASE_URL": f"sqlite:///{self.database}"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file, since starting it takes seconds: each takes people and
    sesi of its own. All seats of the open sesi but the seventh have been let in.
    """
    database = tmp_path_factory.mktemp("server") / "uji.sqlite"
    shutil.copy(sqlite_template, database)
    _admit_all_but(WAITING, database)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Server(database, port)
    running.start()
    yield running
    if running.process is not None:
        running.kill()


def _admit_all_but(seat: int, database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    with own_session(engine, writes=True) as session:
        chosen = (
            select(Sitting.id)
            .join(Sesi)
            .where(Sesi.nama == OPEN, Sitting.phase == Phase.WAITING.value)
        )
        for sitting_id in session.scalars(chosen.where(Sitting.seat != seat)):
            admit(session, sitting_id, by="pengawas", now=clock.now(), keys=KEYS)
    engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def seats(server: Server) -> dict[int, tuple[str, str]]:
    """Seat of the open adaptive sesi -> nomor peserta and PIN."""
    rows = server.ask(
        "SELECT sitting.seat, peserta.nomor FROM sitting"
        " JOIN peserta ON peserta.id = sitting.peserta_id"
        " JOIN sesi ON sesi.id = sitting.sesi_id WHERE sesi.nama = ?",
        OPEN,
    )
    return {seat: (nomor, demo_pin(nomor)) for seat, nomor in rows}


@pytest.fixture
def opens_exam(server: Server, chromium: Browser, seats: dict[int, tuple[str, str]]):
    """Log in as the candidate of a seat, up to the page with the start button."""
    contexts = []

    def open_exam(seat: int, **options: object) -> Page:
        nomor, pin = seats[seat]
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server.url}/ujian/masuk")
        page.get_by_label("Nomor peserta").fill(nomor)
        page.get_by_label("PIN registrasi").fill(pin)
        page.get_by_role("button", name="Masuk").click()
        expect(page.get_by_role("heading", name="Persiapan ujian")).to_be_visible()
        return page

    yield open_exam
    for context in contexts:
        context.close()


@pytest.fixture
def starts_exam(opens_exam):
    """Log in as the candidate of a seat and start."""

    def start_exam(seat: int, **options: object) -> Page:
        page = opens_exam(seat, **options)
        page.get_by_role("button", name="Mulai ujian").click()
        return page

    return start_exam
