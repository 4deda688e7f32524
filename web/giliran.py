"""Whose turn it is to write to SQLite, which has one place to write.

Whoever waits there only looks now and then, at growing intervals. A thread that writes without end
must therefore step back between two transactions, or the others would wait for seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# The longest interval at which SQLite looks again.
LONGEST_SLEEP_SECONDS = 0.1
_waiting: set[int] = set()


@contextmanager
def waiting() -> Iterator[None]:
    """While this thread waits for its turn."""
    _waiting.add(threading.get_ident())
    try:
        yield
    finally:
        _waiting.discard(threading.get_ident())


def give_way() -> None:
    """Let the threads of this process that wait go first."""
    end = time.monotonic() + LONGEST_SLEEP_SECONDS
    while _waiting and time.monotonic() < end:
        time.sleep(0.001)
