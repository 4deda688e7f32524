"""What candidates were told, kept beside them: the one side of every check."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Save:
    """One thing that a candidate wanted stored.

    turn : the page's number of the act, never used twice in a sitting. shown : letter on the
    screen. is_final : an answer of an adaptive exam. told : whether the platform acknowledged it.
    tries : how often it was sent.
    """

    number: int
    shown: str
    turn: int
    is_final: bool
    told: bool = False
    tries: int = 0


@dataclass
class Ledger:
    """One sitting as its candidate saw it; moments are `time.monotonic()`, durations seconds.

    seconds : served time allowed. started : when the start was acknowledged.
    left : (moment, seconds left) as told with each reply, a reply's moment being when it came.
    refused : replies that said no, by code. finished : whether the candidate was told so.
    """

    sitting_id: str
    mode: str
    seconds: int
    saves: list[Save] = field(default_factory=list)
    started: float | None = None
    left: list[tuple[float, float]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    finished: bool = False

    def new(self, number: int, shown: str, *, is_final: bool) -> Save:
        """Note that something is about to be sent."""
        save = Save(number, shown, len(self.saves) + 1, is_final)
        self.saves.append(save)
        return save

    def heard(self, left: float) -> None:
        """Note the time left that a reply told."""
        self.left.append((time.monotonic(), left))

    @property
    def tried(self) -> int:
        """Saves that were sent at least once."""
        return sum(save.tries > 0 for save in self.saves)

    @property
    def acknowledged(self) -> list[Save]:
        """Saves that the platform said it had."""
        return [save for save in self.saves if save.told]


@dataclass
class Service:
    """When anybody could be served, as one who asks all the time sees it.

    gaps : (from, to) between the last good reply before and the first one after, seconds.
    """

    gaps: list[tuple[float, float]] = field(default_factory=list)

    def without(self, served: Iterable[float], uneven: float) -> Service:
        """The same, but for what lies around moments at which somebody else was served.

        uneven : pieces no longer than this are none, seconds.
        """
        moments = sorted(served)
        pieces = []
        for begin, end in self.gaps:
            edges = [begin, *(at for at in moments if begin < at < end), end]
            pieces += [pair for pair in pairwise(edges) if pair[1] - pair[0] > uneven]
        return Service(pieces)

    def away(self, since: float, until: float) -> float:
        """Seconds between two moments in which nobody was served."""
        return sum(max(0.0, min(end, until) - max(begin, since)) for begin, end in self.gaps)
