"""Items on trial: how many answers each has, and which have enough to be calibrated."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.calibration.estimates import FEWEST_ANSWERS
from cat.itembank.lifecycle import Status, is_calibrated
from cat.itembank.tables import Calibration, Item, ItemVersion
from web.operations.kalibrasi import platform


@dataclass(frozen=True)
class Trial:
    """One item on trial. key : "KODE@versi". right : mean share of the points, None unanswered.

    status : of its parameters.
    """

    key: str
    code: str
    version: int
    domain: str
    answers: int
    right: float | None
    status: str
    fewest: int

    @property
    def missing(self) -> int:
        """How many answers it still needs."""
        return max(0, self.fewest - self.answers)

    @property
    def is_ready(self) -> bool:
        """Whether it has enough answers and no estimated parameters yet."""
        return not self.missing and not is_calibrated(self.status)


def trials(session: Session, *, fewest: int = FEWEST_ANSWERS) -> dict[str, list[Trial]]:
    """Test part -> its items on trial, by code."""
    found: dict[str, list[Trial]] = {}
    rows = session.execute(
        select(Item, ItemVersion, Calibration.status)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(Calibration, Calibration.version_id == ItemVersion.id)
        .where(Item.status == Status.UJI_COBA, ItemVersion.version == Item.latest)
        .order_by(Item.code, Calibration.id)
    ).all()
    newest = {item.code: (item, version, status) for item, version, status in rows}
    counted = {one.known.key: one for one in platform.counts(session, "").items} if newest else {}
    for item, version, status in newest.values():
        key = f"{item.code}@{version.version}"
        count = counted.get(key)
        trial = Trial(
            key=key,
            code=item.code,
            version=version.version,
            domain=item.domain,
            answers=count.answers if count else 0,
            right=count.right if count else None,
            status=status,
            fewest=fewest,
        )
        found.setdefault(item.domain.partition(".")[0], []).append(trial)
    return found
