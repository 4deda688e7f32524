"""Answers that end a sitting: the ordinary way stores them and the result, but without Flask.

They are one in a hundred, and each costs what tens of others cost: threads of their own take them,
so that nobody else's answer waits behind them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from cat.errors import CatError
from cat.exam import moves
from cat.exam.record import Event
from cat.exam.state import Phase, State
from web.operations import records
from web.operations.jawaban.asks import Ask, Told, Verdict
from web.operations.jawaban.sheets import standing
from web.operations.jawaban.ukuran import Ukuran
from web.tables import Sitting

OpenSession = Callable[[], AbstractContextManager[Session]]
THREADS = 2
_log = logging.getLogger(__name__)


class Endings:
    """Stores last answers.

    open_session : begins a transaction that writes. key, now, newest : as in `Batches`.
    """

    def __init__(
        self,
        open_session: OpenSession,
        key: bytes,
        now: Callable[[], int],
        newest: Callable[[Sitting], int],
        ukuran: Ukuran,
    ) -> None:
        self._open_session = open_session
        self._key, self._now, self._newest = key, now, newest
        self._ukuran, self._counting = ukuran, threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="endings")

    def put(self, ask: Ask) -> None:
        """Store this answer soon, and tell who waits."""
        self._threads.submit(self._end, ask)

    def stop(self) -> None:
        """Store what was put, then end."""
        self._threads.shutdown()

    def _end(self, ask: Ask) -> None:
        told = self._told(ask)
        if told[1] is Verdict.DONE:
            with self._counting:
                self._ukuran.endings += 1
        try:
            ask.tell([told])
        except Exception as error:  # whoever waited is gone
            _log.error("endings: nobody to tell: %s", type(error).__name__)

    def _told(self, ask: Ask) -> Told:
        try:
            with self._open_session() as session:
                body = self._store(session, ask)
        except CatError:
            return ask, Verdict.PASSED, b""  # refused: the ordinary way says why
        except (OperationalError, InterfaceError) as error:
            _log.error("endings: the database is away: %s", type(error).__name__)
            return ask, Verdict.BUSY, b""
        except Exception as error:
            _log.exception("endings: %s", type(error).__name__)
            return ask, Verdict.PASSED, b""
        return ask, Verdict.DONE if body else Verdict.PASSED, body

    def _store(self, session: Session, ask: Ask) -> bytes:
        """The reply; empty where the ordinary way has to reply."""

        def decide(state: State) -> list[Event]:
            if session.get_one(Sitting, ask.sitting_id).masuk_id != ask.login:
                return []  # somebody else may act by now
            return moves.answer(state, ask.at, ask.number, ask.shown)

        state = records.advance(session, ask.sitting_id, decide, now=ask.at, key=self._key)
        if state.phase is not Phase.FINISHED:
            return b""
        sitting = session.get_one(Sitting, ask.sitting_id)
        if sitting.masuk_id != ask.login:
            return b""
        left, newest = state.left(self._now()), self._newest(sitting)
        text = standing(state.phase.value, state.number, left, newest)
        return f'{{{text},"soal":null}}'.encode()
