"""Clients that answer as fast as they are answered."""

from __future__ import annotations

import asyncio
import gc
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.load.client import Client
from bench.load.ledger import Ledger, Outcome, Start
from cat.itembank.content import LETTERS

SPREAD = 110  # answers of a sitting, or a few less
PAUSE_SECONDS = 0.02  # before asking again when the server is busy


@dataclass
class Answered:
    """What came of it. waits : seconds, one an answer. problems : status -> how often."""

    ledger: Ledger = field(default_factory=Ledger)
    waits: array[float] = field(default_factory=lambda: array("d"))
    problems: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """Acknowledged answers."""
        return len(self.waits)


async def answer_for(
    seconds: float,
    port: int,
    people: Sequence[Start],
    cookies: Sequence[str],
    token: str,
    clients: int,
) -> Answered:
    """Let each client answer the sittings of its share, one after the other, to their ends."""
    found = Answered()
    # Each is a browser of its own, with a connection that it keeps.
    browsers = [Client("127.0.0.1", port, connections=1) for _ in range(clients)]
    gc.collect()
    gc.disable()  # what the generator stops for would look like the server's time
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(
        *(
            _answer(browser, found, range(first, len(people), clients), people, cookies, token, end)
            for first, browser in enumerate(browsers)
        )
    )
    found.seconds = time.perf_counter() - started
    gc.enable()
    for browser in browsers:
        browser.close()
    return found


async def _answer(
    client: Client,
    found: Answered,
    own: range,
    people: Sequence[Start],
    cookies: Sequence[str],
    token: str,
    end: float,
) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": token}
    rng = np.random.default_rng(own.start)
    for person in own:
        path, number = f"/ujian/{people[person].sitting_id}/jawab", people[person].answered + 1
        picks = rng.integers(0, len(LETTERS), 200).tolist()
        # The first sitting is left early, so that not everybody finishes in the same moment.
        last = SPREAD * own.start // own.step if person == own.start else len(picks)
        while (sent := time.perf_counter()) < end:
            if number > last:
                break
            letter = LETTERS[picks[number]]
            fields = {"nomor": number, "pilihan": letter, "urut": number, "sisa": 60_000}
            reply = await client.post_form(path, fields, cookie=cookies[person], headers=headers)
            if reply.status != 200:
                found.problems[reply.status] += 1
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            found.waits.append(time.perf_counter() - sent)
            found.ledger.add(person, number, letter, Outcome.ACKNOWLEDGED)
            if b'"keadaan":"working"' not in reply.body.replace(b": ", b":"):
                break
            number += 1
        else:
            return
