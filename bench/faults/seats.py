"""Faults of single seats: cut cables, requests that come twice, late or in another order, tabs."""

from __future__ import annotations

import asyncio
import random

from bench.faults.candidate import REPLY_SECONDS, Candidate, Way
from bench.faults.conduct import Fault, Run
from bench.faults.ledger import Save
from bench.faults.relay import Relay
from bench.load.client import Client

CUT_SECONDS, QUICK_CUT_SECONDS = 120, 8


async def cut_the_network(run: Run) -> None:
    """The cable of half of the seats is cut; what they do meanwhile waits and is sent later.

    Their clocks run on: the platform cannot tell a cut cable from a person who thinks.
    """
    relay = Relay(run.web.port)
    await relay.open()
    hit = run.candidates[::2]
    direct = [each.client for each in hit]
    for each in hit:
        each.client = Client(each.way.host, relay.port, connections=8)
    await run.wait(1.0, 2.0)
    relay.cut()
    await asyncio.sleep(REPLY_SECONDS)  # what went the direct way has its reply by now
    before = [len(each.ledger.acknowledged) for each in hit]
    await asyncio.sleep(QUICK_CUT_SECONDS if run.quick else CUT_SECONDS)
    after = [len(each.ledger.acknowledged) for each in hit]
    run.expect(before == after, "something was acknowledged through a cut cable")
    relay.mend()
    for _ in range(100):
        await asyncio.sleep(0.2)
        now = [len(each.ledger.acknowledged) for each in hit]
        if all(new > old for new, old in zip(now, after, strict=True)):
            break
    else:
        run.notes.append("a seat did not come back after its cable was mended")
    for each, client in zip(hit, direct, strict=True):
        each.client.close()
        each.client = client
    await asyncio.sleep(3.0)
    relay.close()


async def disturb_requests(run: Run) -> None:
    """Every save is sent up to three times, at once or late, and those of a linear seat overtake
    each other.
    """
    rounds = run.times(40, 12)
    await asyncio.gather(*(_disturbed(each, run.rng, rounds) for each in run.candidates))


async def _disturbed(candidate: Candidate, rng: random.Random, rounds: int) -> None:
    await candidate.ask()
    for _ in range(rounds):
        if candidate.phase != "working":
            return
        if candidate.ledger.mode == "linear":
            number = rng.randint(1, candidate.length)
            letters = rng.sample("ABCDE", 3)
            saves = [candidate.ledger.new(number, each, is_final=False) for each in letters]
        else:
            number, letter = candidate.number, rng.choice("ABCDE")
            saves = [candidate.ledger.new(number, letter, is_final=True)]
        await asyncio.gather(
            *(_late(candidate, save, rng) for save in saves for _ in range(rng.randint(1, 3)))
        )
        for save in saves:
            if not save.told:
                await candidate.send(save)


async def _late(candidate: Candidate, save: Save, rng: random.Random) -> None:
    await asyncio.sleep(rng.choice((0.0, 0.0, 0.02, 0.2)) * rng.random())
    try:
        reply = await asyncio.wait_for(candidate.send_once(save), 5.0)
    except (ConnectionError, TimeoutError, OSError):
        return
    if reply.status < 500:
        number = candidate.number
        candidate.judge(save, reply)
        candidate.number = max(number, candidate.number)  # replies overtake each other too


async def open_two_tabs(run: Run) -> None:
    """Two tabs of one browser answer the same items with different letters at the same time."""
    rounds = run.times(40, 12)
    won = await asyncio.gather(*(_two_tabs(each, rounds, run) for each in run.candidates))
    run.expect(sum(won) > 0, "no pair of answers was ever acknowledged")


async def _two_tabs(candidate: Candidate, rounds: int, run: Run) -> int:
    if candidate.ledger.mode == "linear":
        return 0
    await candidate.ask()
    won = 0
    for _ in range(rounds):
        if candidate.phase != "working":
            break
        number = candidate.number
        pair = run.rng.sample("ABCDE", 2)
        saves = [candidate.ledger.new(number, each, is_final=True) for each in pair]
        replies = await asyncio.gather(*(candidate.send_once(each) for each in saves))
        for save, reply in zip(saves, replies, strict=True):
            if reply.status < 500:
                candidate.judge(save, reply)
        run.expect(not all(save.told for save in saves), "two different answers acknowledged")
        won += sum(save.told for save in saves)
        await candidate.ask()
    return won


async def use_two_machines(run: Run) -> None:
    """A second computer logs in as the same person: both are held, the clock stands, and what the
    first one had acknowledged stays.
    """
    rivals = []
    for each in run.candidates[::3]:
        rival = Candidate(Way(run.web.port), each.nomor, each.pin, each.ledger, random.Random(1))
        await rival.log_in()
        rivals.append(rival)
        await asyncio.sleep(0.3)
        reply = await each.send_once(each.ledger.new(each.number, "A", is_final=True))
        run.expect(reply.status in (401, 403, 409), f"the first computer got {reply.status}")
        reply = await rival.send_once(each.ledger.new(each.number, "B", is_final=True))
        run.expect(reply.status in (401, 403, 409), f"the second computer got {reply.status}")
        each.stopped = True
    await asyncio.sleep(0.5)
    for rival in rivals:
        rival.client.close()


FAULTS = (
    Fault(
        *("cut", "network of seats cut", cut_the_network),
        adaptive=12,
        linear=4,
        gives_back=False,
    ),
    Fault(
        *("disturbed", "repeated, late, out of order", disturb_requests),
        adaptive=12,
        linear=4,
        works=False,
    ),
    Fault(
        *("machines", "two computers", use_two_machines),
        adaptive=12,
        linear=0,
        gives_back=False,
    ),
    Fault(
        *("tabs", "two tabs of one browser", open_two_tabs),
        adaptive=12,
        linear=0,
        works=False,
    ),
)
