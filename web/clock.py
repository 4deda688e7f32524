"""The one place that reads the clock."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


def now() -> int:
    """Microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


def as_datetime(at: int) -> datetime:
    """The moment `at` (microseconds) as a datetime in UTC."""
    return datetime.fromtimestamp(at / 1_000_000, UTC)


def today() -> date:
    """Today's date in Jakarta, where the offices that decide are."""
    return datetime.fromtimestamp(now() / 1_000_000, WIB).date()
