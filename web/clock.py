"""The one place that reads the clock: the platform's own time, which no setting of a clock moves.

It is the wall clock as it stood when the platform last set itself by it, carried on by the count
that the machine keeps since it was started. Somebody who sets the machine's clock, or a time server
that finds it wrong by minutes, therefore neither closes an exam early nor prolongs one. See
`web.operations.jam` for when the platform sets itself, and docs/decisions/0018.
"""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")

_BOOT = Path("/proc/sys/kernel/random/boot_id")
# Counts on while the machine sleeps; elsewhere than on Linux sleeping time is not counted.
_STEADY = getattr(time, "CLOCK_BOOTTIME", None)


def since_boot() -> int:
    """Microseconds since the machine was started: the same for all its processes, never set."""
    if _STEADY is None:
        return time.monotonic_ns() // 1000
    return time.clock_gettime_ns(_STEADY) // 1000


def wall() -> int:
    """What the machine's clock shows, microseconds since 1970-01-01 UTC; anybody may set it."""
    return time.time_ns() // 1000


_offset = wall() - since_boot()
_unknown = uuid.uuid4().hex


def now() -> int:
    """The platform's time, microseconds since 1970-01-01 UTC."""
    return since_boot() + _offset


def offset() -> int:
    """The platform's time less the time since the machine was started, microseconds."""
    return _offset


def keep(new_offset: int) -> None:
    """Let this process keep the time that all processes of the machine agreed on."""
    global _offset
    _offset = new_offset


def machine() -> str:
    """Name of this machine since it was last started; where none is known, of this process."""
    return _BOOT.read_text().strip() if _BOOT.exists() else f"{os.getpid()}-{_unknown}"[:36]


def as_datetime(at: int) -> datetime:
    """The moment `at` (microseconds) as a datetime in UTC."""
    return datetime.fromtimestamp(at / 1_000_000, UTC)


def today() -> date:
    """Today's date in Jakarta, where the offices that decide are."""
    return datetime.fromtimestamp(now() / 1_000_000, WIB).date()
