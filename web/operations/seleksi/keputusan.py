"""The decision of the second person, and what it brings about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from web.operations.seleksi import nilai_skb, sanggah, usul
from web.operations.seleksi.usul import Jenis
from web.tables import Usul

# The other kinds hold by being agreed: whoever needs them reads the agreed proposals.
_EFFECTS: dict[Jenis, Callable[..., Any]] = {
    Jenis.KOREKSI_SKB: nilai_skb.apply_correction,
    Jenis.JAWAB_SANGGAH: sanggah.apply_answer,
}


def decide(session: Session, usul_id: int, *, agree: bool, by: str, now: int) -> Usul:
    """Agree to a proposal and do what it says, or refuse it.

    Raises what `usul.decide` raises, and AlreadyDecided where its subject has changed meanwhile.
    """
    row = usul.decide(session, usul_id, agree=agree, by=by, now=now)
    effect = _EFFECTS.get(Jenis(row.jenis))
    if agree and effect is not None:
        effect(session, row, now=now)
    return row
