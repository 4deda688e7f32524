"""The thread that stores answers, and the queue before it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from sqlalchemy.engine import Engine

from web.operations.jawaban.asks import STANDING, Ask, QueueFull, Told, Verdict
from web.operations.jawaban.batches import Batches, open_store
from web.operations.jawaban.endings import Endings, OpenSession
from web.operations.jawaban.kabar import Kabar
from web.operations.jawaban.ukuran import UKURAN, Ukuran

# Requests in one transaction at most: beyond it, more of them save nothing more.
LARGEST_BATCH = 256
# More requests than this wait for some seconds: better to say so than to let everybody wait.
LONGEST_QUEUE = 8_000
# How soon a row that somebody else holds is asked for again when there is nothing else to do.
RETRY_SECONDS = 0.005
_log = logging.getLogger(__name__)


class Writer:
    """Takes requests from any thread; one thread of its own stores them, batch by batch.

    engine, key, now : as in `Batches`. open_session : as in `Endings`.
    """

    def __init__(
        self,
        engine: Engine,
        open_session: OpenSession,
        key: bytes,
        now: Callable[[], int],
        ukuran: Ukuran = UKURAN,
    ) -> None:
        self._ukuran = ukuran
        self.kabar = Kabar(lambda: open_store(engine))
        self.batches = Batches(engine, key, now, self.kabar.newest, self.kabar.heard, ukuran)
        self._endings = Endings(open_session, key, now, self.kabar.newest, ukuran)
        self._queue: SimpleQueue[Ask | None] = SimpleQueue()
        self._held: deque[Ask] = deque()
        self._thread = threading.Thread(target=self._work, name="answers", daemon=True)

    def start(self) -> None:
        """Begin to store what is put."""
        self.kabar.start()
        self._thread.start()

    def put(self, ask: Ask) -> None:
        """Queue a request; its `tell` is called from the writer's thread. Raises QueueFull."""
        if self._queue.qsize() > LONGEST_QUEUE:
            self._ukuran.busy += 1
            raise QueueFull
        self._queue.put(ask)

    def stop(self, patience: float = 10.0) -> None:
        """Store what is queued, then end; requests put later are not stored."""
        self._queue.put(None)
        self._thread.join(patience)
        self._endings.stop()
        self.kabar.stop()

    def _work(self) -> None:
        is_ending = False
        while not (is_ending and not self._held and self._queue.empty()):
            batch, ends = self._next_batch()
            is_ending |= ends
            if not batch:
                continue
            told, again = self.batches.run(batch)
            for ask, verdict, _ in told:
                if verdict is Verdict.LAST:
                    self._endings.put(ask)
            _tell([each for each in told if each[1] is not Verdict.LAST])
            self._held.extendleft(reversed(again))
            if again and len(again) == len(batch):
                time.sleep(RETRY_SECONDS)
        self.batches.close()

    def _next_batch(self) -> tuple[list[Ask], bool]:
        """What waits now, at most one act of a sitting, in the order of arrival."""
        batch: list[Ask] = []
        later: deque[Ask] = deque()
        taken: set[str] = set()
        ends = False
        while len(batch) < LARGEST_BATCH:
            if self._held:
                ask: Ask | None = self._held.popleft()
            else:
                try:
                    ask = self._queue.get(block=not batch and not later)
                except Empty:
                    break
            if ask is None:
                ends = True
                break
            if ask.sitting_id in taken and ask.act != STANDING:
                later.append(ask)
            else:
                batch.append(ask)
                if ask.act != STANDING:
                    taken.add(ask.sitting_id)
        self._held.extendleft(reversed(later))
        self._ukuran.queue_depth = self._queue.qsize() + len(self._held)
        return batch, ends


def _tell(told: list[Told]) -> None:
    """Tell everybody, with one call to each of those who wait for many."""
    by_listener: dict[Callable[[list[Told]], None], list[Told]] = {}
    for each in told:
        by_listener.setdefault(each[0].tell, []).append(each)
    for tell, theirs in by_listener.items():
        try:
            tell(theirs)
        except Exception as error:  # whoever waited is gone; the others are not
            _log.error("answers: nobody to tell: %s", type(error).__name__)
