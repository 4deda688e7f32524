"""The web server under test: `catcpns serve` with several processes, each of which can be hit."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from bench import processes
from bench.load.server import free_port

SHIFTED = Path(__file__).parent / "shifted"
PATIENCE_SECONDS = 150  # on a machine that does much else; it is a matter of seconds alone


class WebServer:
    """Started in a process group of its own; ended with all that it started."""

    def __init__(self, environment: dict[str, str], folder: Path, *, workers: int) -> None:
        self.port, self.workers, self.folder = free_port(), workers, folder
        self.clock = folder / "clock"
        self.clock.write_text("0")
        path = f"{SHIFTED}{os.pathsep}{processes.ROOT}"
        self.environment = {
            **os.environ,
            **environment,
            "PYTHONPATH": path,
            "CATCPNS_BENCH_CLOCK": str(self.clock),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start; returns at once."""
        command = [sys.executable, "-m", "web.cli", "serve", "--port", str(self.port)]
        command += ["--workers", str(self.workers), "--no-jobs"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Until it serves candidates."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError, urllib.error.URLError):
                url = f"http://127.0.0.1:{self.port}/ujian/masuk"
                with urllib.request.urlopen(url, timeout=2) as reply:
                    if reply.status == 200:
                        return
            time.sleep(0.1)
        log = (self.folder / "server.log").read_text()[-3000:]
        raise click.ClickException(f"the server does not serve:\n{log}")

    def set_clock(self, seconds: int) -> None:
        """Set the wall clock of every process of the server wrong by so much."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock)

    def pids(self) -> list[int]:
        """Of the processes that serve."""
        assert self.process is not None
        return [
            pid for pid in processes.family(self.process.pid)[1:] if b"spawn_main" in _command(pid)
        ]

    def kill_one(self, rng: random.Random) -> None:
        """kill -9 of one of the processes that serve."""
        pids = self.pids()
        if pids:
            os.kill(rng.choice(pids), signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 of everything."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def signal_all(self, number: signal.Signals) -> None:
        """Freeze (SIGSTOP) or thaw (SIGCONT) everything, as a suspended machine would be."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def renew(self) -> None:
        """Tell it to renew its processes one after the other, as an update in mid-exam does."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGHUP)

    def log(self) -> str:
        """What it wrote so far."""
        path = self.folder / "server.log"
        return path.read_text() if path.exists() else ""

    def end(self) -> None:
        """End it, frozen or not."""
        if self.process is not None and self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        if self.process is not None:
            self.kill_all()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
