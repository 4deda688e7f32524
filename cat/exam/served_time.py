"""Served time: the clock of a sitting runs only while its candidate can work."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ServedTime:
    """All times are microseconds; `started` and `stopped` since 1970-01-01 UTC.

    started : when the clock first ran, None before.
    stopped : since when it stands still, None while it runs.
    idle : how long it stood still before that.
    """

    started: int | None = None
    stopped: int | None = None
    idle: int = 0

    def start(self, at: int) -> ServedTime:
        """The clock set going for the first time."""
        return replace(self, started=at)

    def stop(self, at: int) -> ServedTime:
        """The clock standing still from `at` on, if it does not yet."""
        return self if self.stopped is not None else replace(self, stopped=at)

    def resume(self, at: int) -> ServedTime:
        """The clock running again from `at` on."""
        stood = 0 if self.stopped is None else at - self.stopped
        return replace(self, stopped=None, idle=self.idle + stood)

    def served(self, now: int) -> int:
        """Microseconds of work time used by `now`."""
        if self.started is None:
            return 0
        until = now if self.stopped is None else self.stopped
        return max(0, until - self.started - self.idle)

    def deadline(self, limit: int) -> int | None:
        """When `limit` microseconds will be used up; None while the clock is not running."""
        if self.started is None or self.stopped is not None:
            return None
        return self.started + self.idle + limit
