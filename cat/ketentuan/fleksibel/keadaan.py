"""Everything that follows from the steps of a request up to some point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from cat.ketentuan.fleksibel.isi import Limits, Terms, WeekReport, Wish
from cat.ketentuan.fleksibel.langkah import EXPIRING, TRANSITIONS, Actor, Move, Role, Standing


@dataclass(frozen=True)
class State:
    """Where a request stands and what was said on the way.

    supported : the superior's opinion.
    evidence : code of a test -> what a person has seen; an approval uses it up.
    granted, limits : terms of the last approval and the figures it was bound by.
    decided_by, decided_on : last approval, refusal or revocation.
    barred : people whose decision was overturned; they do not decide again.
    has_objected : whether the last decision was objected to already.
    reports : who reported, and what, in order. review_due : day of the next review.
    hearing_on, is_heard : the day set for hearing the employee; whether the employee has answered.
    """

    standing: Standing = Standing.BARU
    employee: int | None = None
    wish: Wish | None = None
    supported: bool | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    granted: Terms | None = None
    limits: Limits | None = None
    decided_by: Actor | None = None
    decided_on: date | None = None
    barred: tuple[Actor, ...] = ()
    has_objected: bool = False
    reports: tuple[tuple[Role, WeekReport], ...] = ()
    review_due: date | None = None
    hearing_on: date | None = None
    is_heard: bool = False
    steps: int = 0
    last_day: date | None = None

    def standing_on(self, day: date) -> Standing:
        """Where the request stands on a day: an arrangement ends by itself after its last day."""
        if self.standing in EXPIRING and self.granted and day > self.granted.sampai:
            return Standing.BERAKHIR
        return self.standing

    def is_active(self, day: date) -> bool:
        """Whether the employee may work flexibly on that day."""
        running = self.standing_on(day) in EXPIRING
        return running and self.granted is not None and self.granted.dari <= day

    def objection_until(self) -> date | None:
        """Last day on which the last decision may be objected to; None where it may not be."""
        decided = self.standing in (Standing.DITOLAK, Standing.DICABUT)
        if not decided or self.has_objected or not (self.decided_on and self.limits):
            return None
        return self.decided_on + timedelta(days=self.limits.keberatan_hari)

    def moves(self, day: date) -> tuple[Move, ...]:
        """The steps that may begin where the request stands, whoever takes them."""
        standing = self.standing_on(day)
        return tuple(move for move, targets in TRANSITIONS.items() if standing in targets)
