"""Proctors who look at their rooms every few seconds, as the page of the console does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from flask_security import hash_password

from bench.load.browser import Browser, Unexpected, expect
from bench.load.client import Reply
from bench.load.sender import Server
from bench.load.tally import Tally
from bench.scratch_postgres import Database
from web import create_app
from web.db import db, transaction
from web.operations.accounts import create_user
from web.tables import TugasPengawas

PERIOD_SECONDS = 5.0
PASSWORD = "pengawas-beban-2026"
STATE, PROGRESS = "console: seat map", "console: progress"
ADMIT = "proctor admits everybody"


@dataclass(frozen=True)
class Proctor:
    """An account that watches a room. room : None for the whole sesi."""

    username: str
    sesi_id: int
    room: int | None


def appoint(database: Database, rooms: pl.DataFrame) -> list[Proctor]:
    """An account with a duty for each of these rooms (rows of `Nation.rooms`)."""
    found = []
    settings = {"SQLALCHEMY_DATABASE_URI": database.url, "TESTING": True}
    with create_app(settings).app_context():
        password = hash_password(PASSWORD)
        with transaction() as session:
            for row in rooms.iter_rows(named=True):
                proctor = Proctor(f"pengawas-ruang-{row['id']}", row["sesi_id"], row["id"])
                create_user(
                    session,
                    username=proctor.username,
                    nama=f"Pengawas Ruang {row['id']}",
                    email=f"ruang{row['id']}@contoh.example",
                    password_hash=password,
                    roles=["pengawas"],
                    titik_lokasi_id=row["titik_lokasi_id"],
                )
                duty = {"sesi_id": proctor.sesi_id, "ruang_id": proctor.room, "mulai_at": 0}
                session.add(TugasPengawas(pengawas=proctor.username, **duty))
                found.append(proctor)
        db.session.remove()
        db.engine.dispose()
    return found


class Console:
    """The console of one proctor."""

    def __init__(self, server: Server, proctor: Proctor, tally: Tally) -> None:
        self.proctor, self.tally = proctor, tally
        self.browser = Browser(server)
        self.base = f"/pengawas/sesi/{proctor.sesi_id}"
        self.etag = self.since = ""
        self.unchanged = self.looks = 0

    async def log_in(self) -> None:
        """With name and password, as members of staff do. Raises Unexpected."""
        expect(await self.browser.get("/petugas/masuk"), 200)
        reply = await self.browser.post(
            "/petugas/masuk", username=self.proctor.username, password=PASSWORD
        )
        expect(reply, 302, 303)
        expect(await self.browser.get(self.base), 200)

    async def watch(self, seconds: float, first: float) -> None:
        """Look every few seconds, from `first` seconds on, however slow the replies are."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for due in np.arange(first, seconds, PERIOD_SECONDS).tolist():
            await asyncio.sleep(began + due - loop.time())
            try:
                await self._look(began + due)
            except (ConnectionError, Unexpected) as error:
                self.tally.failed(STATE, str(error)[:60])

    async def _look(self, due: float) -> None:
        loop = asyncio.get_running_loop()
        query = f"?ruang={self.proctor.room}" if self.proctor.room else ""
        reply = await self._ask(f"{self.base}/keadaan{query}", self.etag)
        self.tally.took(STATE, loop.time() - due)
        self.looks += 1
        self.unchanged += reply.status == 304
        self.etag = reply.header("etag") or self.etag
        asked = loop.time()
        reply = await self._ask(f"{self.base}/kemajuan?sejak={self.since}", "")
        self.tally.took(PROGRESS, loop.time() - asked)
        if reply.status == 200:
            self.since = str(reply.json()["sejak"])

    async def _ask(self, path: str, etag: str) -> Reply:
        headers = {"Accept": "application/json"} | ({"If-None-Match": etag} if etag else {})
        return expect(await self.browser.get(path, headers), 200, 204, 304)

    async def admit_all(self, tally: Tally) -> None:
        """Let in everybody who waits. Raises Unexpected."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        expect(await self.browser.post(f"{self.base}/izinkan"), 200, 302, 303)
        tally.took(ADMIT, loop.time() - asked)


async def watch_all(consoles: Sequence[Console], seconds: float) -> None:
    """All consoles side by side, spread over the period as they would be."""
    steps = np.linspace(0, PERIOD_SECONDS, len(consoles), endpoint=False).tolist()
    await asyncio.gather(
        *(each.watch(seconds, step) for each, step in zip(consoles, steps, strict=True))
    )
