"""What the processes of the platform use while a load is on them: memory and processor time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench import processes
from bench.load.server import Running

PERIOD_SECONDS = 15.0
WARM_SHARE = 1 / 3  # of the run in which caches may still fill
# Growth under this over the rest of a run is the unevenness of the allocator.
STEADY_MIB = 10.0


@dataclass
class Memory:
    """Memory of one process over time. at : seconds since the watch began.

    mib : resident, as `ps` shows it. own : the same with shared pages counted by their share.
    """

    name: str
    at: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    @property
    def points(self) -> tuple[float, float, float]:
        """At the start, in the middle, at the end."""
        return self.mib[0], self.mib[len(self.mib) // 2], self.mib[-1]

    @property
    def slope(self) -> float:
        """MiB a minute after the caches have filled, by the median of all pairs (Theil 1950)."""
        warm = self.at[0] + (self.at[-1] - self.at[0]) * WARM_SHARE
        times = np.array([at for at in self.at if at >= warm])
        values = np.array(self.mib[len(self.mib) - len(times) :])
        first, second = np.triu_indices(len(times), 1)
        if not len(first):
            return 0.0
        return float(
            np.median((values[second] - values[first]) / (times[second] - times[first])) * 60
        )

    @property
    def growth(self) -> float:
        """MiB that the slope comes to over the part of the run that it was taken from."""
        return self.slope / 60 * (self.at[-1] - self.at[0]) * (1 - WARM_SHARE)


class Watch:
    """Samples every process that the servers started.

    servers : by the name that their web processes are shown with. database : process id of the
    database server, or None.
    """

    def __init__(self, servers: Mapping[str, Sequence[Running]], database: int | None) -> None:
        self.servers = {name: [each.pid for each in some] for name, some in servers.items()}
        self.database = database
        self.memory: dict[int, Memory] = {}
        self.began = time.monotonic()
        self._before = self._cpu()

    async def run(self, period: float = PERIOD_SECONDS) -> None:
        """Sample until cancelled."""
        while True:
            self.sample()
            await asyncio.sleep(period)

    def sample(self) -> None:
        """Look once at the memory of each process."""
        now = time.monotonic() - self.began
        for name, mains in self.servers.items():
            for pid in (pid for main in mains for pid in processes.family(main)):
                self._sample_one(pid, name, now)

    def _sample_one(self, pid: int, server: str, now: float) -> None:
        mib = _kilobytes(pid, "status", "VmRSS:") / 1024
        if not mib:
            return
        if pid not in self.memory:
            self.memory[pid] = Memory(self._name(pid, server))
        self.memory[pid].at.append(now)
        self.memory[pid].mib.append(mib)
        self.memory[pid].own.append(_kilobytes(pid, "smaps_rollup", "Pss:") / 1024)

    def of(self, name: str) -> list[Memory]:
        """Processes whose name begins so and that were seen more than once."""
        found = [each for each in self.memory.values() if each.name.startswith(name)]
        return [each for each in found if len(each.at) > 1]

    def split(self) -> dict[str, float]:
        """Cores kept busy since the watch began: generator, web processes, database."""
        wall = time.monotonic() - self.began
        after = self._cpu()
        return {name: (after[name] - before) / wall for name, before in self._before.items()}

    def _cpu(self) -> dict[str, float]:
        served = {
            name: sum(map(processes.cpu_seconds, mains)) for name, mains in self.servers.items()
        }
        stored = processes.cpu_seconds(self.database) if self.database else 0.0
        return {"generator": time.process_time(), **served, "database": stored}

    def _name(self, pid: int, server: str) -> str:
        if pid in self.servers[server]:
            return f"main of {server}"
        command = _read(Path(f"/proc/{pid}/cmdline")).split("\0")
        if "job" in command:
            return "jobs"
        if any("resource_tracker" in word for word in command):
            return "tracker"
        same = sum(each.name.startswith(server) for each in self.memory.values())
        return f"{server} {same + 1}"


def _kilobytes(pid: int, file: str, field_name: str) -> int:
    """What a file of /proc says of a process; 0 when it is gone."""
    for line in _read(Path(f"/proc/{pid}/{file}")).splitlines():
        if line.startswith(field_name):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
