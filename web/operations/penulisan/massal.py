"""Moving many items at once: first what would happen to each, then all that can, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.itembank.lifecycle import Status
from web.operations import audit
from web.operations.penulisan.alur import (
    Actor,
    MoveRefused,
    Seen,
    judge,
    reason_problems,
    take,
    workflow,
)
from web.tables import Item, ItemVersion

MOST = 500


@dataclass(frozen=True)
class Verdict:
    """One item: as it was seen, and why it cannot be moved; no reasons where it can."""

    seen: Seen
    reasons: list[str] = field(default_factory=list)


def targets(actor: Actor) -> dict[Status, str]:
    """States to which somebody may move items, in the order of its life, with their buttons."""
    labels = {
        move.target: move.label
        for moves in workflow().moves_from.values()
        for move in moves
        if not move.roles.isdisjoint(actor.roles)
    }
    return {status: labels[status] for status in Status if status in labels}


def needs_reason(target: Status) -> bool:
    """Whether any step to a state has to be explained."""
    moves = (move for each in workflow().moves_from.values() for move in each)
    return any(move.needs_reason for move in moves if move.target == target)


def preview(
    session: Session, codes: Sequence[str], target: Status, *, actor: Actor
) -> list[Verdict]:
    """What would happen to each of these items, in the order of their codes; nothing happens."""
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.code.in_(codes), ItemVersion.version == Item.latest)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    return [
        Verdict(
            Seen(version.item.code, version.version, version.item.status),
            judge(session, version, target, actor, None),
        )
        for version in versions
    ]


def apply(
    session: Session,
    chosen: Sequence[Seen],
    target: Status,
    *,
    actor: Actor,
    reason: str,
    now: int,
) -> list[Verdict]:
    """Move all that can be moved; nothing happens to the others, and each says why.

    Raises MoveRefused, with nothing moved, when the reason is missing or too long.
    """
    if found := reason_problems(reason, needed=needs_reason(target)):
        raise MoveRefused("tindakan massal", found)
    verdicts = []
    for seen in sorted(chosen, key=lambda each: each.code):
        try:
            take(session, seen, target, actor=actor, reason=reason, now=now)
            verdicts.append(Verdict(seen))
        except MoveRefused as refusal:
            verdicts.append(Verdict(seen, refusal.evidence["reasons"]))
    moved = sum(not verdict.reasons for verdict in verdicts)
    counted = {"dipindahkan": moved, "ditolak": len(verdicts) - moved}
    audit.record(
        session,
        at=now,
        by=actor.username,
        act="pindahkan butir massal",
        subject=target,
        alasan=reason.strip(),
        **counted,
    )
    return verdicts
