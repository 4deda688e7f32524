"""Sends what a schedule says when it is due, whether or not earlier requests have been answered.

One person still does one thing at a time: a page does not send the next answer before it has shown
the next item. What waits for that, or for a free connection, is counted from the moment it was due.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from bench.load.client import Reply
from bench.load.ledger import Ledger, Outcome, Start
from bench.load.schedule import LABELS, Kind, Schedule
from bench.load.tally import Tally
from cat.itembank.content import LETTERS

RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)  # as the page does
TICK_SECONDS = 0.001
LEFT_MS = 600_000  # what the pages say is left on their clocks: nobody is near the end
STATIC = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
FINISHED = b'"finished"'


class Server(Protocol):
    """What `bench.load.client.Client` does; a test may put something else in its place."""

    async def get(
        self, path: str, *, cookie: str = "", headers: Mapping[str, str] | None = None
    ) -> Reply: ...

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply: ...


@dataclass(frozen=True)
class Act:
    """One request that is due at a moment of the loop's clock."""

    kind: Kind
    due: float


class Sender:
    """People at their pages.

    people : where each stands. cookies : of each. token : against forgery, the same for all.
    cold : seconds from the start whose replies are counted apart, in `cold_tally`: the processes
    have just begun, and know none of these sittings.
    """

    def __init__(
        self,
        server: Server,
        people: Sequence[Start],
        cookies: Sequence[str],
        token: str,
        seed: int,
        *,
        cold: float = 0.0,
    ) -> None:
        self.server, self.cookies = server, cookies
        self.paths = [f"/ujian/{start.sitting_id}" for start in people]
        self.number = np.array([start.answered + 1 for start in people])
        self.has_finished = np.zeros(len(people), bool)
        self.headers = {"Accept": "application/json", "X-CSRFToken": token}
        self.letters = np.random.default_rng(seed)
        self.tally, self.cold_tally, self.ledger = Tally(), Tally(), Ledger()
        self.cold, self.warm_from = cold, 0.0
        self.waiting: dict[int, list[Act]] = {}
        self.running: set[asyncio.Task[None]] = set()
        self.most_late = 0.0

    async def run(self, schedule: Schedule, *, patience: float = 30.0) -> None:
        """Send everything; then wait so many seconds at most for what is still under way."""
        loop = asyncio.get_running_loop()
        began, place = loop.time(), 0
        self.warm_from = began + self.cold
        due, persons, kinds = schedule.due, schedule.person, schedule.kind
        while place < len(due):
            now = loop.time() - began
            until = int(np.searchsorted(due, now, side="right"))
            for each in range(place, until):
                self._begin(int(persons[each]), Act(Kind(kinds[each]), began + float(due[each])))
            if until > place:
                self.most_late = max(self.most_late, now - float(due[place]))
            place = until
            if place < len(due):
                pause = float(due[place]) - (loop.time() - began)
                await asyncio.sleep(max(pause, TICK_SECONDS))
        if self.running:
            await asyncio.wait(self.running, timeout=patience)
        for task in list(self.running):
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)

    def _begin(self, person: int, act: Act) -> None:
        if act.kind >= Kind.LOGIN_PAGE:  # somebody's browser starts anew, whatever else goes on
            self._keep(self._visit(person, act))
        elif person in self.waiting:
            if act.kind is not Kind.HEARTBEAT:  # a page that waits for a reply does not ask again
                self.waiting[person].append(act)
        elif not self.has_finished[person]:
            self.waiting[person] = [act]
            self._keep(self._serve(person))

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _serve(self, person: int) -> None:
        """Do what a person's page has to do, one after the other."""
        acts = self.waiting[person]
        try:
            while acts and not self.has_finished[person]:
                act = acts[0]
                if act.kind is Kind.HEARTBEAT:
                    await self._look(person, act)
                else:
                    await self._send(person, act)
                del acts[0]
        finally:
            del self.waiting[person]
            if not self.has_finished[person]:
                for act in acts[1:]:
                    self.tally.failed(LABELS[act.kind], "never sent")

    async def _look(self, person: int, act: Act) -> None:
        label = LABELS[act.kind]
        reply = await self._try(label, f"{self.paths[person]}/keadaan", self.cookies[person])
        if reply is not None:
            self._took(label, act.due)
            self.has_finished[person] |= FINISHED in reply.body[:80]

    async def _send(self, person: int, act: Act) -> None:
        """An answer or a choice, sent again until the server says what became of it."""
        number = int(self.number[person])
        letter = LETTERS[self.letters.integers(len(LETTERS))]
        is_answer = act.kind is Kind.ANSWER
        path = f"{self.paths[person]}/{'jawab' if is_answer else 'pilih'}"
        turn = 2 if is_answer else 1
        fields = {"nomor": number, "pilihan": letter, "urut": turn, "sisa": LEFT_MS}
        told = Outcome.UNKNOWN
        try:
            reply = await self._insist(LABELS[act.kind], path, fields, self.cookies[person])
            if reply.status == 200:
                told = Outcome.ACKNOWLEDGED
                self._took(LABELS[act.kind], act.due)
                self.has_finished[person] |= FINISHED in reply.body[:80]
            else:
                told = Outcome.REFUSED
                self.tally.failed(LABELS[act.kind], _reason(reply))
                await self._find_place(person)
        finally:
            if is_answer:
                self.ledger.add(person, number, letter, told)
                self.number[person] += told is Outcome.ACKNOWLEDGED

    async def _insist(self, label: str, path: str, fields: Mapping[str, Any], cookie: str) -> Reply:
        """The reply, however often one has to ask: 503 and a cut connection are no reply."""
        for attempt in range(1_000_000):
            try:
                reply = await self.server.post_form(
                    path, fields, cookie=cookie, headers=self.headers
                )
                if reply.status < 500:
                    return reply
                problem = f"status {reply.status}, sent again"
            except ConnectionError:
                problem = "no reply, sent again"
            self.tally.failed(label, problem)
            self.tally.retries += 1
            await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
        raise AssertionError("unreachable")

    async def _find_place(self, person: int) -> None:
        """After a refusal: the item at which the server says that this person is."""
        reply = await self._try("after a refusal", f"{self.paths[person]}/keadaan",
                                self.cookies[person])  # fmt: skip
        if reply is not None:
            standing = reply.json()
            self.number[person] = standing["nomor"]
            self.has_finished[person] = standing["keadaan"] == "finished"

    async def _visit(self, person: int, act: Act) -> None:
        """A page or the current item, as somebody asks who has just opened the browser."""
        label, path, cookie = LABELS[act.kind], self.paths[person], self.cookies[person]
        if act.kind is Kind.LOGIN_PAGE:
            path, cookie = "/ujian/masuk", ""
        elif act.kind is Kind.ITEM:
            path += "/soal"
        reply = await self._try(label, path, cookie, is_page=act.kind is not Kind.ITEM)
        if reply is None:
            return
        if act.kind is Kind.EXAM_PAGE:
            files = {found.decode() for found in STATIC.findall(reply.body)}
            await asyncio.gather(*(self._try("static file", name, "") for name in sorted(files)))
        self._took(label, act.due)

    async def _try(
        self, label: str, path: str, cookie: str, *, is_page: bool = False
    ) -> Reply | None:
        """GET once; what goes wrong is noted."""
        accept = "text/html" if is_page else "application/json"
        try:
            reply = await self.server.get(path, cookie=cookie, headers={"Accept": accept})
        except ConnectionError:
            self.tally.failed(label, "no reply")
            return None
        if reply.status != 200:
            self.tally.failed(label, _reason(reply))
            return None
        return reply

    def _took(self, label: str, due: float) -> None:
        tally = self.cold_tally if due < self.warm_from else self.tally
        tally.took(label, asyncio.get_running_loop().time() - due)


def _reason(reply: Reply) -> str:
    """Status and code of a refusal, such as "409 U06"."""
    if reply.body[:1] == b"{":
        return f"{reply.status} {reply.json().get('kode', '')}".strip()
    return str(reply.status)
