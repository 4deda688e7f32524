"""A PostgreSQL that can be killed, frozen and started again, with the settings of production."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import psycopg

from bench import processes
from bench.load.server import free_port
from bench.scratch_postgres import PROGRAMS, SETTINGS

START_SECONDS = 60.0


class Cluster:
    """Durable as it comes: fsync, synchronous_commit and full_page_writes are on."""

    def __init__(self) -> None:
        found = sorted(PROGRAMS.glob("*/bin/initdb"))
        if not found:
            raise click.ClickException("PostgreSQL is not installed")
        self.programs, self.version = found[-1].parent, found[-1].parents[1].name
        self.folder = Path(tempfile.mkdtemp(prefix="catcpns-faults-pg-"))
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
            self.user = {"user": "postgres", "group": "postgres"}
        self.port, self.data = free_port(), self.folder / "data"
        self._run("initdb", "-D", str(self.data), "-U", "catcpns", "-A", "trust", "-E", "UTF8")
        self.start()

    @property
    def address(self) -> str:
        """For psycopg."""
        return f"postgresql://catcpns@127.0.0.1:{self.port}/postgres"

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return self.address.replace("postgresql", "postgresql+psycopg", 1)

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def start(self) -> None:
        """Start, with recovery where it was killed; returns when it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {setting}" for setting in SETTINGS)
        log = str(self.folder / "log")
        command = ("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start")
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._run(*command)
            except subprocess.CalledProcessError:
                # A child of the one that was killed may still hold the shared memory.
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def stop(self, mode: str) -> None:
        """Orderly: `fast` ends the connections, `immediate` is a crash that PostgreSQL makes."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """kill -9 of the postmaster; its children end by themselves when they notice."""
        family = processes.family(self.pid)
        os.kill(family[0], signal.SIGKILL)
        end = time.monotonic() + 20
        while any(_is_alive(each) for each in family) and time.monotonic() < end:
            time.sleep(0.05)

    def kill_backend(self) -> None:
        """kill -9 of one process that serves a connection; PostgreSQL then restarts all of them."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            ).fetchone()
        if row is not None:
            os.kill(row[0], signal.SIGKILL)

    def signal_all(self, number: signal.Signals) -> None:
        """Freeze (SIGSTOP) or thaw (SIGCONT) every process of it."""
        for pid in processes.family(self.pid):
            os.kill(pid, number)

    def remove(self) -> None:
        """Stop and forget everything."""
        if _is_alive(int(self._pid_text() or 0)):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pid_text(self) -> str:
        path = self.data / "postmaster.pid"
        return path.read_text().split("\n")[0] if path.exists() else ""

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.user)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
