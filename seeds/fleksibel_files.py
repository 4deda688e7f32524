"""Puts the flexible-work rule that comes with the platform in force; again changes nothing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from seeds.ketentuan_files import read_policies
from web.operations.fleksibel.kebijakan import DASAR, adopt


def adopt_policies(session: Session, *, by: str, now: int) -> None:
    """Each national rule of `seeds/kerja_fleksibel/`. The layers there are examples: demo only."""
    for policy in read_policies():
        if policy.lapisan is None:
            adopt(session, DASAR, policy.to_mapping(), by=(by, by), now=now)
