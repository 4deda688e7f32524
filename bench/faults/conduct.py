"""One fault from beginning to end: people work, something breaks, they go on, all is checked."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench.faults.candidate import Candidate, Way
from bench.faults.checking import Verdict, check
from bench.faults.ledger import Ledger, Service
from bench.faults.place import Place, Seat, luck
from bench.faults.probe import UNEVEN_SECONDS, watch
from bench.faults.web_server import WebServer

START_SECONDS = 90.0
FINISH_SECONDS = 25.0
SETTLE_SECONDS = 2.5


@dataclass(frozen=True)
class Fault:
    """What breaks, and who is there.

    inject : breaks it, some seconds long. kinds : databases that it is tried on.
    adaptive, linear : people. pause : mean seconds between the acts of each; long enough that
        adaptive tests are not over before the fault is.
    gives_back : whether time must be given back for what the probe sees; where only some of the
        seats are hit, or the service is merely slow, none may be.
    works : whether people answer by themselves; else the fault lets them.
    """

    name: str
    title: str
    inject: Callable[[Run], Awaitable[None]]
    kinds: tuple[str, ...] = ("SQLite", "PostgreSQL")
    adaptive: int = 32
    linear: int = 8
    pause: float = 0.25
    gives_back: bool = True
    works: bool = True


@dataclass
class Run:
    """A fault being tried."""

    fault: Fault
    place: Place
    web: WebServer
    quick: bool
    rng: random.Random
    way: Way
    candidates: list[Candidate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def times(self, full: int, quick: int) -> int:
        """How often a fault is repeated."""
        return quick if self.quick else full

    async def wait(self, low: float, high: float) -> None:
        """A random while, in which people work."""
        await asyncio.sleep(self.rng.uniform(low, high))

    async def until_served(self, seconds: float = 60.0) -> None:
        """Until a candidate is acknowledged something new."""
        before = sum(len(each.ledger.acknowledged) for each in self.candidates)
        end = time.monotonic() + seconds
        while sum(len(each.ledger.acknowledged) for each in self.candidates) <= before:
            if time.monotonic() > end:
                self.notes.append(f"nobody was served for {seconds:.0f} s after the fault")
                return
            await asyncio.sleep(0.1)

    def expect(self, holds: bool, what: str) -> None:
        """Note a broken promise that is this fault's own."""
        if not holds:
            self.notes.append(what)


def person(seat: Seat, way: Way, rng: random.Random) -> Candidate:
    """The page of the person on a seat."""
    ledger = Ledger(seat.sitting_id, seat.mode, seat.seconds)
    own = random.Random(rng.random())
    return Candidate(way, seat.nomor, seat.pin, ledger, own, length=seat.length)


async def conduct(fault: Fault, place: Place, web: WebServer, *, quick: bool, seed: int) -> Verdict:
    """Try one fault; the server runs before and after."""
    rng = luck(fault.name, seed)
    run = Run(fault, place, web, quick, rng, Way(web.port))
    share = 2 if quick else 1
    adaptive = -(-fault.adaptive // share)
    seats = await asyncio.to_thread(place.seat, adaptive + 1, fault.linear // share)
    run.candidates = [person(seat, run.way, rng) for seat in seats[1:]]
    probe, service = person(seats[0], Way(web.port), rng), Service()
    try:
        everybody = [probe, *run.candidates]
        await asyncio.wait_for(_begin(everybody), START_SECONDS)
        watching = asyncio.create_task(watch(probe, service))
        working = [
            asyncio.create_task(each.work(fault.pause)) for each in run.candidates if fault.works
        ]
        await asyncio.sleep(1.0)
        await fault.inject(run)
        if fault.works:
            await run.until_served()
            await asyncio.sleep(SETTLE_SECONDS)
        until = time.monotonic()
        for each in everybody:
            each.stopped = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(
                asyncio.gather(watching, *working, return_exceptions=True), FINISH_SECONDS
            )
    finally:
        for each in [probe, *run.candidates]:
            each.client.close()
    ledgers = [each.ledger for each in [probe, *run.candidates]]
    moments = [at for ledger in ledgers for at, _ in ledger.left]
    seen = service.without(moments, UNEVEN_SECONDS) if fault.gives_back else None
    verdict = await asyncio.to_thread(check, place, ledgers, seen, until=until)
    verdict.notes += run.notes
    for ledger in ledgers:
        for code, count in ledger.refused.items():
            verdict.refused[code] = verdict.refused.get(code, 0) + count
    return verdict


async def _begin(everybody: list[Candidate]) -> None:
    async def one(each: Candidate) -> None:
        await each.log_in()
        await each.start()

    await asyncio.gather(*map(one, everybody))
