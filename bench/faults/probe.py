"""Somebody who asks all the time whether the platform serves, so that outages are seen outside."""

from __future__ import annotations

import asyncio
import time

from bench.faults.candidate import Candidate
from bench.faults.ledger import Service

PERIOD_SECONDS = 0.1
# A reply that takes longer than this is no service.
REPLY_SECONDS = 1.0
# Between two good replies there is always this much, and on a busy machine a little more.
UNEVEN_SECONDS = 0.5


async def watch(candidate: Candidate, service: Service) -> None:
    """Ask until the candidate is stopped; note every gap."""
    good = time.monotonic()
    while not candidate.stopped:
        asked = time.monotonic()
        if await candidate.ask_once(REPLY_SECONDS):
            if asked - good > UNEVEN_SECONDS:
                service.gaps.append((good, time.monotonic()))
            good = time.monotonic()
        await asyncio.sleep(PERIOD_SECONDS)
