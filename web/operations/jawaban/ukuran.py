"""What the writer of answers counts, in plain numbers that anybody may read at any time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

# Upper edges; one more bucket holds what lies beyond the last.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REQUESTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


@dataclass
class Histogram:
    """How many values fell at or below each edge and above the one before; their sum."""

    edges: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.edges) + 1)

    def add(self, value: float, times: int = 1) -> None:
        """Count a value."""
        self.counts[bisect_left(self.edges, value)] += times
        self.total += value * times


@dataclass
class Ukuran:
    """Counts since the process began; `queue_depth` is of the moment.

    answers : final answers stored. endings : those that ended a sitting, counted apart. choices :
    choices stored. unchanged : requests that changed nothing: repeated, overtaken, or only asking.
    passed : left to the ordinary way. busy : sent away to come again. skipped : waited for a row
    that somebody else held. refolded : records read again in full. caught_up : records of which
    only the newest events were read. failed_batches : transactions that failed as a whole.
    wait_seconds : from arrival to reply. batch_seconds : of a batch. batch_size : requests in one.
    """

    answers: int = 0
    endings: int = 0
    choices: int = 0
    unchanged: int = 0
    passed: int = 0
    busy: int = 0
    skipped: int = 0
    refolded: int = 0
    caught_up: int = 0
    failed_batches: int = 0
    queue_depth: int = 0
    cached: int = 0
    wait_seconds: Histogram = field(default_factory=lambda: Histogram(SECONDS))
    batch_seconds: Histogram = field(default_factory=lambda: Histogram(SECONDS))
    batch_size: Histogram = field(default_factory=lambda: Histogram(REQUESTS))


UKURAN = Ukuran()
