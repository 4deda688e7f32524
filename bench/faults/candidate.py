"""A candidate's page without a browser: it sends again, later and later, until it is acknowledged.

Like the page it counts its acts (`urut`), says how much time its own clock had left (`sisa`), sends
the very same request again when a reply was lost or the server asked to come again, and keeps what
could not be sent in order.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from typing import Any

from bench.faults.ledger import Ledger, Save
from bench.load.client import Client, Reply

TOKEN = re.compile(r'name="csrf[-_]token"[^>]*?(?:value|content)="([^"]+)"')
COOKIE = re.compile(r"\r\nset-cookie: *([^=]+)=([^;\r\n]*)", re.IGNORECASE)
JSON = {"Accept": "application/json"}
REPLY_SECONDS, LOGIN_SECONDS = 4.0, 20.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
LETTERS = "ABCDE"


@dataclass
class Way:
    """Where the server is reached; a fault may lay a cut cable in between."""

    port: int
    host: str = "127.0.0.1"


class Stopped(Exception):
    """The candidate was told to stop while waiting."""


@dataclass
class Candidate:
    """One person at one computer."""

    way: Way
    nomor: str
    pin: str
    ledger: Ledger
    rng: random.Random
    jar: dict[str, str] = field(default_factory=dict)
    token: str = ""
    stopped: bool = False
    phase: str = ""
    number: int = 1
    length: int = 110
    turned_away: int = 0  # replies that asked to come again

    def __post_init__(self) -> None:
        self.client = Client(self.way.host, self.way.port, connections=8)
        self.url = f"/ujian/{self.ledger.sitting_id}"
        # A computer that was used before: a login whose reply got lost is then no second computer.
        self.jar.setdefault("komputer", f"{self.rng.getrandbits(128):032x}")

    async def log_in(self) -> Reply:
        """Number and PIN; keeps cookies and token."""
        page = await self._until(lambda: self._get("/ujian/masuk"), LOGIN_SECONDS)
        fields = {"csrf_token": self._read_token(page), "nomor": self.nomor, "pin": self.pin}
        reply = await self._until(lambda: self._post("/ujian/masuk", fields), LOGIN_SECONDS)
        self._read_token(await self._until(lambda: self._get(self.url), LOGIN_SECONDS))
        return reply

    async def start(self) -> None:
        """Press start; the ledger's clock runs from the acknowledgement."""
        await self._until(lambda: self._post(f"{self.url}/mulai", {"csrf_token": self.token}))
        await self.ask()
        self.ledger.started = time.monotonic()

    async def ask(self) -> dict[str, Any]:
        """Where the sitting stands, asked until the server says."""
        reply = await self._until(lambda: self._get(f"{self.url}/keadaan", JSON))
        return self._read(reply)

    async def ask_once(self, seconds: float) -> bool:
        """Whether the server says within so long where the sitting stands."""
        try:
            reply = await asyncio.wait_for(self._get(f"{self.url}/keadaan", JSON), seconds)
        except (ConnectionError, TimeoutError, OSError):
            return False
        if reply.status == 200:
            self._read(reply)
        return reply.status == 200

    async def work(self, pause: float, *, drafts: float = 0.3) -> None:
        """Answer item after item until stopped or finished.

        pause : mean seconds between acts. drafts : share of items whose choice is saved first.
        """
        try:
            while not self.stopped and self.phase in ("", "working", "paused"):
                await asyncio.sleep(self.rng.uniform(0.5, 1.5) * pause)
                if self.phase == "paused":
                    await self.ask()
                    continue
                if self.ledger.mode == "linear":
                    await self._mark_somewhere()
                else:
                    await self._answer_next(drafts)
        except Stopped:
            return

    async def _answer_next(self, drafts: float) -> None:
        shown = self.rng.choice(LETTERS)
        if self.rng.random() < drafts:
            await self.send(self.ledger.new(self.number, shown, is_final=False))
        if self.phase not in ("", "working") or self.stopped:
            return
        await self.send(self.ledger.new(self.number, shown, is_final=True))

    async def _mark_somewhere(self) -> None:
        number = self.rng.randint(1, self.length)
        others = {s.shown for s in self.ledger.saves if s.number == number}
        shown = self.rng.choice([each for each in LETTERS if each not in others] or LETTERS)
        await self.send(self.ledger.new(number, shown, is_final=False))

    async def send(self, save: Save) -> Reply:
        """Send a save until the server says yes or no."""
        return self.judge(save, await self._until(lambda: self.send_once(save)))

    async def send_once(self, save: Save) -> Reply:
        """One request for a save, whatever comes of it."""
        save.tries += 1
        fields = {"nomor": save.number, "pilihan": save.shown, "urut": save.turn, "sisa": 60_000}
        act = "jawab" if save.is_final else "pilih"
        headers = JSON | {"X-CSRFToken": self.token}
        return await self._post(f"{self.url}/{act}", fields, headers)

    def judge(self, save: Save, reply: Reply) -> Reply:
        """Note what a reply says of a save."""
        if reply.status == 200:
            save.told = True
            self._read(reply)
        else:
            told = reply.json() if reply.body[:1] == b"{" else {}
            code = str(told.get("kode", reply.status))
            self.ledger.refused[code] = self.ledger.refused.get(code, 0) + 1
        return reply

    def _read(self, reply: Reply) -> dict[str, Any]:
        if reply.status != 200:
            return {}
        told: dict[str, Any] = json.loads(reply.body)
        self.phase, self.number = told["keadaan"], told["nomor"]
        self.ledger.heard(float(told["sisa"]))
        self.ledger.finished = self.phase == "finished"
        return told

    async def _until(self, ask: Any, patience: float = REPLY_SECONDS) -> Reply:
        """Ask again, later and later, until there is a reply that is not about the server."""
        wait = FIRST_WAIT
        while True:
            if self.stopped:
                raise Stopped
            try:
                reply: Reply = await asyncio.wait_for(ask(), patience)
                if reply.status < 500 and reply.status != 429:
                    return reply
                self.turned_away += 1
            except (ConnectionError, TimeoutError, OSError):
                pass
            await asyncio.sleep(wait * self.rng.uniform(0.7, 1.3))
            wait = min(LONGEST_WAIT, wait * 1.6)

    async def _get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        return self._keep(await self.client.get(path, cookie=self._cookie(), headers=headers))

    async def _post(
        self, path: str, fields: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Reply:
        cookie = self._cookie()
        return self._keep(await self.client.post_form(path, fields, cookie=cookie, headers=headers))

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def _keep(self, reply: Reply) -> Reply:
        self.jar |= dict(COOKIE.findall(reply.head.decode("latin-1")))
        return reply

    def _read_token(self, page: Reply) -> str:
        found = TOKEN.search(page.body.decode())
        self.token = found.group(1) if found else self.token
        return self.token
