"""One hall logs in and starts within a minute, while others are answering.

Everybody logs in with number and PIN in the first half of the minute and reads the briefing; the
proctor lets all of them in at once; everybody presses start in the second half. "First item" is
from that press until the page with the first item is there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np

from bench.load.browser import Browser, Unexpected, expect
from bench.load.consoles import Console
from bench.load.sender import Server
from bench.load.tally import Tally

OPENS, LOGS_IN, BRIEFING = "login page opened", "login (number and PIN)", "briefing"
WAITS, STARTS = "waiting page asks", "start to first item"
STEPS = (OPENS, LOGS_IN, BRIEFING, WAITS, STARTS)
# The page that waits to be let in asks every 5 to 7 seconds.
POLL_SECONDS = (5.0, 7.0)
LOGINS_END, ADMITTED, STARTS_END = 0.45, 0.5, 1.0  # shares of the minute
LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Candidate:
    """Who logs in."""

    sitting_id: str
    nomor: str
    pin: str


class StartMinute:
    """The minute of one hall.

    seconds : how long the minute is.
    """

    def __init__(
        self, server: Server, hall: list[Candidate], proctor: Console, *, seconds: float, seed: int
    ) -> None:
        self.server, self.hall, self.proctor = server, hall, proctor
        self.seconds, self.tally = seconds, Tally()
        self.rng = np.random.default_rng(seed)
        self.started = 0

    async def run(self) -> None:
        """Everybody, and the proctor."""
        began = asyncio.get_running_loop().time()
        size = len(self.hall)
        logins = self.rng.uniform(0, LOGINS_END * self.seconds, size)
        starts = self.rng.uniform(ADMITTED * self.seconds, STARTS_END * self.seconds, size)
        people = [
            self._person(each, began + login, began + start)
            for each, login, start in zip(self.hall, logins, starts, strict=True)
        ]
        await asyncio.gather(self._admit(began + ADMITTED * self.seconds), *people)

    async def _admit(self, due: float) -> None:
        await _until(due)
        try:
            await self.proctor.admit_all(self.tally)
        except (ConnectionError, Unexpected) as error:
            self.tally.failed("proctor", str(error)[:80])

    async def _person(self, candidate: Candidate, login: float, start: float) -> None:
        step = OPENS
        browser = Browser(self.server)
        page = f"/ujian/{candidate.sitting_id}"
        try:
            await _until(login)
            expect(await browser.get("/ujian/masuk"), 200)
            self._took(OPENS, login)
            step, pressed = LOGS_IN, _now()
            sent = {"nomor": candidate.nomor, "pin": candidate.pin}
            expect(await browser.post("/ujian/masuk", **sent), 303)
            self._took(LOGS_IN, pressed)
            step, pressed = BRIEFING, _now()
            expect(await browser.get(page), 200)
            self._took(BRIEFING, pressed)
            step = WAITS
            await self._wait_for_admission(browser, page)
            step = STARTS  # the page holds the button already, and shows it now
            await _until(start)
            pressed = max(start, _now())
            expect(await browser.post(f"{page}/mulai"), 200, 303)
            expect(await browser.get(page), 200)
            self._took(STARTS, pressed)
            self.started += 1
        except (ConnectionError, Unexpected) as error:
            self.tally.failed(step, str(error)[:80])

    async def _wait_for_admission(self, browser: Browser, page: str) -> None:
        end = _now() + self.seconds + LONGEST_WAIT
        while _now() < end:
            await asyncio.sleep(self.rng.uniform(*POLL_SECONDS))
            asked = _now()
            reply = expect(
                await browser.get(f"{page}/keadaan", {"Accept": "application/json"}), 200
            )
            self._took(WAITS, asked)
            if reply.json()["keadaan"] != "waiting":
                return
        raise Unexpected("nobody let this person in")

    def _took(self, step: str, since: float) -> None:
        self.tally.took(step, _now() - since)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - _now()))
