"""What was asked, what came back, and how long it took."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

PERCENTILES = (50, 95, 99)


@dataclass
class Tally:
    """Latencies by kind of request, and what went wrong.

    waits : milliseconds from the moment when it was due until the reply was there.
    problems : kind and what happened -> how often. retries : requests sent once more.
    """

    waits: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("f")))
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    retries: int = 0

    def took(self, kind: str, seconds: float) -> None:
        """A request was answered."""
        self.waits[kind].append(seconds * 1000)

    def failed(self, kind: str, what: str) -> None:
        """A request was refused, or could not be made."""
        self.problems[kind, what] += 1

    def count(self, kind: str) -> int:
        """How many were answered."""
        return len(self.waits[kind]) if kind in self.waits else 0

    def percentile(self, kind: str, share: float) -> float:
        """Milliseconds within which that share (in hundred) was answered; NaN when none was."""
        waits = self.waits.get(kind)
        return float(np.percentile(np.frombuffer(waits, np.float32), share)) if waits else np.nan

    def row(self, kind: str, seconds: float) -> list[str]:
        """Cells of a table: kind, answered, a second, percentiles, longest, problems."""
        waits = self.waits.get(kind)
        wrong = sum(count for (of, _), count in self.problems.items() if of == kind)
        if not waits:
            return [kind, "0", *("-" for _ in range(2 + len(PERCENTILES))), f"{wrong:,}"]
        times = [f"{self.percentile(kind, share):,.1f}" for share in PERCENTILES]
        rate = f"{len(waits) / seconds:,.1f}"
        return [kind, f"{len(waits):,}", rate, *times, f"{max(waits):,.0f}", f"{wrong:,}"]


COLUMNS: Sequence[str] = (
    *("request", "answered", "a second"),
    *(f"p{share} ms" for share in PERCENTILES),
    *("longest", "problems"),
)
