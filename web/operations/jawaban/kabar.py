"""What passes between pages and proctors beside the answers: when a page was last heard of, and
the newest message to each seat. Both may lag by seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from web.operations.jawaban.rows import Row, Store
from web.tables import Sitting

CONTACT_SECONDS, MESSAGE_SECONDS = 3.0, 1.0
# Rows in one statement, so that it is over in milliseconds.
AT_ONCE = 500
# A page more or less may be forgotten; memory may not grow while the database is away.
MOST = 200_000
_log = logging.getLogger(__name__)


class Kabar:
    """A thread with a connection of its own.

    open_store : makes the connection.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._heard: dict[str, int] = {}
        self._newest: dict[tuple[int, int | None, str | None], int] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="contacts", daemon=True)

    def heard(self, sitting_id: str, at: int) -> None:
        """A page was heard of; microseconds."""
        if len(self._heard) < MOST:
            self._heard[sitting_id] = at

    def newest(self, row: Row | Sitting) -> int:
        """Id of the newest message to the seat, 0 for none."""
        if not self._newest:
            return 0
        find, sesi = self._newest.get, row.sesi_id
        return max(
            find((sesi, ruang, sitting), 0)
            for ruang in (None, row.ruang_id)
            for sitting in (None, row.id)
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Note the last contacts and end."""
        self._ending.set()
        self._thread.join(5.0)

    def _work(self) -> None:
        store: Store | None = None
        rounds = 0
        while True:
            is_last = self._ending.wait(MESSAGE_SECONDS)
            try:
                store = store or self._open_store()
                self._newest = {(s, r, p): newest for s, r, p, newest in store.messages()}
                rounds += 1
                if is_last or rounds * MESSAGE_SECONDS >= CONTACT_SECONDS:
                    rounds = 0
                    self._note(store)
            except Exception as error:  # the database is away; the next round tries again
                _log.error("contacts: %s", type(error).__name__)
                _close(store)
                store = None
            if is_last:
                _close(store)
                return

    def _note(self, store: Store) -> None:
        heard, self._heard = self._heard, {}
        items = sorted(heard.items())
        for start in range(0, len(items), AT_ONCE):
            store.contacts(dict(items[start : start + AT_ONCE]))


def _close(store: Store | None) -> None:
    try:
        if store is not None:
            store.close()
    except Exception as error:
        _log.info("contacts: closing: %s", type(error).__name__)
