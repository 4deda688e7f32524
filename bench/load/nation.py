"""The loads of a day: a nation that answers while proctors look on, and a hall that starts.

After each the books are checked. `bench.load.day` sets the stage.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import create_engine, select

from bench.load import ledger, schedule
from bench.load.browser import Unexpected
from bench.load.client import Client
from bench.load.consoles import STATE, Console, Proctor, watch_all
from bench.load.cookies import Signer
from bench.load.hall import Nation
from bench.load.ledger import Start, Verdict
from bench.load.routed import Routed
from bench.load.schedule import LABELS, Kind
from bench.load.sender import Sender, Server
from bench.load.server import Running
from bench.load.start_minute import Candidate, StartMinute
from bench.load.tally import Tally
from bench.load.watch import Memory, Watch
from bench.scratch_postgres import SECRET, Database
from web.config import derive
from web.tables import Sitting

CONNECTIONS = 256
OFFICE_CONNECTIONS = 32
SAMPLE = 200  # sittings that are replayed afterwards


@dataclass(frozen=True)
class Stage:
    """On what a load is put. nation : as stored; people : where each stands by now.

    servers : what candidates see, a process each; office : the rest, as production has it.
    """

    database: Database
    servers: Sequence[Running]
    office: Running
    nation: Nation
    people: Sequence[Start]
    cookies: Sequence[str]
    signer: Signer
    seed: int


@dataclass(frozen=True)
class Checked:
    """What the database says afterwards. findings : of the sittings that were replayed."""

    verdict: Verdict
    replayed: int
    findings: Sequence[str]


@dataclass(frozen=True)
class Loaded:
    """What one load came to. answers : sent by the people of the nation, beside anything else.

    cold : the same from the time when the processes had just begun, counted apart.
    seconds : how long the rest took.
    """

    seconds: float
    answers: Tally
    beside: Tally
    checked: Checked
    cores: dict[str, float]
    memory: Sequence[Memory]
    most_late: float
    cold: Tally = field(default_factory=Tally)
    looks: int = 0
    unchanged: int = 0


def stage(
    database: Database, servers: Sequence[Running], office: Running, nation: Nation, seed: int
) -> Stage:
    """Everybody of the nation who is working, with their cookies."""
    signer = Signer(SECRET)
    working = nation.seats.filter(nation.seats["masuk_id"].is_not_null())
    people = [Start(*row) for row in working.select("id", "seed", "answered").iter_rows()]
    cookies = signer.cookies(working.select("id", "masuk_id").iter_rows())
    return Stage(database, servers, office, nation, people, cookies, signer, seed)


def run_nation(
    on: Stage,
    *,
    cold: float,
    seconds: float,
    per_second: float,
    pages: float,
    proctors: Sequence[Proctor],
) -> Loaded:
    """Everybody answers for so many seconds while the proctors watch their rooms.

    cold : seconds before that in which everybody answers too, to processes that have just begun.
    """
    plan = _plan(on, on.people, cold + seconds, per_second, pages)
    tally = Tally()
    consoles: list[Console] = []

    async def watching() -> None:
        await asyncio.sleep(cold)
        await watch_all(consoles, seconds)

    async def before(client: Server, office: Server) -> None:
        consoles.extend(Console(office, proctor, tally) for proctor in proctors)
        for console in list(consoles):
            try:
                await console.log_in()
            except Unexpected as error:
                tally.failed(STATE, f"login: {error}"[:80])
                consoles.remove(console)

    loaded = asyncio.run(_load(on, on.people, on.cookies, plan, tally, before, watching, cold))
    looks, unchanged = sum(c.looks for c in consoles), sum(c.unchanged for c in consoles)
    return Loaded(**{**vars(loaded), "looks": looks, "unchanged": unchanged})


def run_start_minute(
    on: Stage, others: Sequence[int], *, seconds: float, per_second: float, proctor: Proctor
) -> tuple[Loaded, int]:
    """The waiting hall starts while some others of the nation go on; also how many started.

    others : places in `on.people`.
    """
    people = [on.people[place] for place in others]
    plan = _plan(on, people, seconds, per_second, 0.0)
    waiting = on.nation.seats.filter(on.nation.seats["masuk_id"].is_null())
    hall = [Candidate(*row) for row in waiting.select("id", "nomor", "pin").iter_rows()]
    tally, minutes = Tally(), []

    async def before(client: Server, office: Server) -> None:
        console = Console(office, proctor, tally)
        await console.log_in()
        minutes.append(StartMinute(client, hall, console, seconds=seconds, seed=on.seed))
        minutes[0].tally = tally

    async def starting() -> None:
        await minutes[0].run()

    cookies = [on.cookies[place] for place in others]
    loaded = asyncio.run(_load(on, people, cookies, plan, tally, before, starting))
    return loaded, minutes[0].started


def _plan(
    on: Stage, people: Sequence[Start], seconds: float, per_second: float, pages: float
) -> schedule.Schedule:
    left = np.array([max(0, on.database.pool.length - start.answered) for start in people])
    rng = np.random.default_rng([on.seed, len(people)])
    return schedule.plan(left, seconds, per_second=per_second, rng=rng, pages=pages)


async def _load(
    on: Stage,
    people: Sequence[Start],
    cookies: Sequence[str],
    plan: schedule.Schedule,
    beside: Tally,
    before: Callable[[Server, Server], Awaitable[None]],
    meanwhile: Callable[[], Awaitable[None]],
    cold: float = 0.0,
) -> Loaded:
    """Send the plan and do something else meanwhile; then look at the books."""
    client = Routed(on.servers, connections=CONNECTIONS)
    sender = Sender(client, people, cookies, on.signer.token(), on.seed, cold=cold)
    office = Client(on.office.host, on.office.port, connections=OFFICE_CONNECTIONS)
    await before(client, office)
    since, began = time.time_ns() // 1000, time.monotonic()
    watch = Watch({"web": on.servers, "office": [on.office]}, on.database.pid)
    sampling = asyncio.create_task(watch.run())
    gc.collect()
    gc.freeze()  # fifty thousand people stay; looking through them again and again would not help
    try:
        await asyncio.gather(sender.run(plan), meanwhile())
    finally:
        gc.unfreeze()
        sampling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sampling
    seconds, cores = time.monotonic() - began - cold, watch.split()
    watch.sample()
    client.close()
    office.close()
    checked = _check(on, people, sender.ledger, since)
    memory = [each for each in watch.memory.values() if len(each.at) > 1]
    return Loaded(
        seconds, sender.tally, beside, checked, cores, memory, sender.most_late, sender.cold_tally
    )


def _check(on: Stage, people: Sequence[Start], books: ledger.Ledger, since: int) -> Checked:
    engine = create_engine(on.database.url)
    verdict = ledger.check(
        engine, books, people, shuffled=on.database.pool.shuffle_options, since=since
    )
    touched = np.unique(np.frombuffer(books.person, np.int64)) if len(books) else np.array([], int)
    rng = np.random.default_rng(on.seed)
    chosen = rng.choice(touched, min(SAMPLE, len(touched)), replace=False).tolist()
    names = [people[place].sitting_id for place in chosen]
    findings = ledger.verify(engine, names, derive(SECRET.encode(), "records"))
    engine.dispose()
    return Checked(verdict, len(names), findings)


def moved(on: Stage) -> Stage:
    """The stage after a load: everybody stands where the database says that they stand."""
    engine = create_engine(on.database.url)
    with engine.connect() as connection:
        answered = dict(connection.execute(select(Sitting.id, Sitting.answered)).all())
    engine.dispose()
    people = [Start(each.sitting_id, each.seed, answered[each.sitting_id]) for each in on.people]
    return replace(on, people=people)


def rows_of(loaded: Loaded) -> list[list[str]]:
    """The table of a load: a row for each kind of request, in a fixed order, then the rest."""
    rows = answer_rows(loaded.answers, loaded.seconds)
    return rows + [loaded.beside.row(label, loaded.seconds) for label in loaded.beside.waits]


def answer_rows(tally: Tally, seconds: float) -> list[list[str]]:
    """A row for each kind of request of the people, in a fixed order."""
    return [tally.row(LABELS[kind], seconds) for kind in Kind if LABELS[kind] in tally.waits]
