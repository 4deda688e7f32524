"""What did a benchmark run on?"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bench import THREAD_VARIABLES


def describe(packages: Iterable[str] = ("numpy", "scipy")) -> dict[str, str]:
    """The machine, the versions and the threads, ready to print.

    packages : distributions whose versions matter to the figures.
    """
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": _processor(),
        "cores": f"{len(os.sched_getaffinity(0))} usable of {os.cpu_count()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "load before": f"{os.getloadavg()[0]:.2f} processes in the last minute",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "blas": f"{blas['name']} {blas['version']}",
        "threads": ", ".join(f"{name}={os.environ.get(name)}" for name in THREAD_VARIABLES),
    } | {name: _version(name) for name in packages}


def _processor() -> str:
    """The model name that Linux gives, else whatever Python knows."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
