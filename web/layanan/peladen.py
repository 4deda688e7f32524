"""The web server that a reload does not interrupt: an old worker ends when the new one is ready."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from granian import Granian

FOLDER = "CATCPNS_SIAP_FOLDER"
# A fresh worker imports everything and loads its pools: on a busy machine that takes a while.
PATIENCE_SECONDS = 90
POLL_SECONDS = 0.05
# A worker that dies again so soon is started again after a pause, lest it fill the log.
AGAIN_SECONDS, BREATH_SECONDS = 5.5, 1.0
TRY = "from web import create_app; create_app()"
_log = logging.getLogger("_granian")


class Server(Granian):  # type: ignore[misc,valid-type]
    """Granian, which gives a fresh worker a fixed number of seconds, made to wait for it instead.

    folder : where workers note that they are ready, each under its process id.
    """

    def __init__(self, *args: Any, folder: Path, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = folder
        self.spawned = 0
        self.last_spawned: dict[int, float] = {}

    def _spawn_worker(self, *args: Any, **kwargs: Any) -> Any:
        """A worker; one that takes another's place is only started when it is ready."""
        worker = super()._spawn_worker(*args, **kwargs)
        self.spawned += 1
        if self.spawned > self.workers:
            start = worker.start

            def start_and_wait() -> None:
                start()
                self._wait_for(worker)

            worker.start = start_and_wait
        return worker

    def _respawn_workers(self, workers: Any, *args: Any, **kwargs: Any) -> None:
        """Start others in the place of workers, as often as it takes.

        Granian ends the whole server when a worker dies twice within seconds. That is right while
        none has ever served, since then something is wrong for good; later it would let a room
        stand still that one of its workers could serve.
        """
        again = [self.last_spawned.get(idx, 0.0) for idx in workers]
        if any(time.monotonic() - at < AGAIN_SECONDS for at in again):
            self.main_loop_interrupt.wait(BREATH_SECONDS)
        super()._respawn_workers(workers, *args, **kwargs)
        self.last_spawned |= self.respawned_wrks
        if any(noted.name.isdecimal() for noted in self.folder.iterdir()):
            self.respawned_wrks.clear()

    def _reload(self, *args: Any, **kwargs: Any) -> Any:
        """Renew the workers, unless the code that is there now does not even load."""
        tried = subprocess.run([sys.executable, "-c", TRY], check=False, capture_output=True)
        if tried.returncode == 0:
            return super()._reload(*args, **kwargs)
        _log.error("reload refused: the new code does not load; the old workers go on")
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        return None

    def _wait_for(self, worker: Any) -> None:
        noted = self.folder / str(worker.inner.pid)
        end = time.monotonic() + PATIENCE_SECONDS
        while not noted.exists() and worker.is_alive() and time.monotonic() < end:
            if self.interrupt_signal:
                return
            time.sleep(POLL_SECONDS)


def note_ready() -> None:
    """Say that this worker has all it needs; nothing where no server asked for it."""
    if folder := os.environ.get(FOLDER):
        (Path(folder) / str(os.getpid())).touch()
