"""The door in front of the application, with its writer, as a server would run them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.web.conftest import KEYS, TOKEN, Clock, Peserta
from web.db import db, own_session
from web.front.door import Door
from web.operations.jawaban.ukuran import Ukuran
from web.operations.jawaban.writer import Writer

# A piece of a body: in its place the sender is gone.
CUT = b"-- cut --"


@dataclass
class Answer:
    """A reply of the door; status 0 where nobody waited for one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.body)


class Entrance:
    """Sends requests to a door that lives in a loop of its own."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.life = asyncio.run_coroutine_threadsafe(self._live(), self.loop)
        self._say("lifespan.startup")

    async def _live(self) -> None:
        async def send(_: Any) -> None:
            self.said.set()

        self.said = asyncio.Event()
        await self.door({"type": "lifespan"}, self.asked.get, send)

    def _say(self, kind: str) -> None:
        async def say() -> None:
            self.said.clear()
            await self.asked.put({"type": kind})
            await self.said.wait()

        asyncio.run_coroutine_threadsafe(say(), self.loop).result(20)

    def close(self) -> None:
        self._say("lifespan.shutdown")
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def ask(self, method: str, path: str, headers: dict[str, str], *pieces: bytes) -> Answer:
        return self.begin(method, path, headers, *pieces).result(20)

    def begin(self, method: str, path: str, headers: dict[str, str], *pieces: bytes):
        """A request whose reply is awaited later."""
        return asyncio.run_coroutine_threadsafe(
            self._ask(method, path, headers, list(pieces) or [b""]), self.loop
        )

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], pieces: list[bytes]
    ) -> Answer:
        path, _, query = path.partition("?")
        given = {"host": "localhost", "content-length": str(sum(map(len, pieces))), **headers}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1234),
            "headers": [(n.encode(), v.encode()) for n, v in given.items()],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not pieces:
                return {"type": "http.disconnect"}
            piece = pieces.pop(0)
            if piece is CUT:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.door(scope, receive, send)
        if not sent:
            return Answer(0, {}, b"")
        names = {n.decode(): v.decode() for n, v in sent[0]["headers"]}
        return Answer(sent[0]["status"], names, b"".join(m.get("body", b"") for m in sent[1:]))


class Script(Peserta):
    """The script on a candidate's page: asks the door, with the cookie that Flask gave it."""

    def __init__(self, app: Flask, seat: int, entrance: Entrance) -> None:
        super().__init__(app, seat)
        self.entrance = entrance
        self.turn = 0

    def opens(self) -> Script:
        self.starts()
        page = self.get(self.url).text
        self.token = TOKEN.search(page).group(1)
        self.cookie = "; ".join(
            f"{c.key}={c.value}" for c in self.client._cookies.values() if c.key == "catcpns"
        )
        return self

    def headers(self, **more: str) -> dict[str, str]:
        return {
            "accept": "application/json",
            "cookie": self.cookie,
            "x-csrftoken": self.token,
            "content-type": "application/x-www-form-urlencoded",
            **more,
        }

    def sends(self, act: str, number: int, letter: str, turn: int | None = None, **more: str):
        return self.begins(act, number, letter, turn, **more).result(20)

    def begins(self, act: str, number: int, letter: str, turn: int | None = None, **more: str):
        self.turn += 1
        fields = {"nomor": number, "pilihan": letter, "urut": self.turn if turn is None else turn}
        body = urlencode(fields | {"sisa": 60_000}).encode()
        return self.entrance.begin("POST", f"{self.url}/{act}", self.headers(**more), body)

    def asks(self) -> Answer:
        return self.entrance.ask("GET", f"{self.url}/keadaan", self.headers())

    def asks_flask(self, what: str) -> dict[str, Any]:
        reply = self.get(f"{self.url}/{what}", headers={"Accept": "application/json"})
        return reply.get_json()


@pytest.fixture
def ukuran() -> Ukuran:
    return Ukuran()


@pytest.fixture
def writer(app: Flask, clock: Clock, ukuran: Ukuran) -> Writer:
    open_session = partial(own_session, db.engine, writes=True)
    return Writer(db.engine, open_session, KEYS.record, clock.now, ukuran)


@pytest.fixture
def entrance(app: Flask, writer: Writer, clock: Clock) -> Iterator[Entrance]:
    opened = Entrance(Door(app, writer, threads=2, now=clock.now))
    yield opened
    opened.close()


@pytest.fixture
def script(app: Flask, entrance: Entrance) -> Callable[[int], Script]:
    return lambda seat=1: Script(app, seat, entrance).opens()


def without_time(reply: dict[str, Any]) -> dict[str, Any]:
    """All but what depends on when it was said."""
    return {name: value for name, value in reply.items() if name != "sisa"}


def number_in(page: str) -> int:
    return int(re.search(r'name="nomor" value="(\d+)"', page).group(1))
