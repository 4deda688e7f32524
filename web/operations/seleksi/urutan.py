"""Orders that people give to those whom the rules cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import NotDue
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.usul import Jenis, propose
from web.tables import Formasi, Usul

Ints = NDArray[np.int64]
Claims = NDArray[np.bool_]


def orders(session: Session, formasi_ids: Sequence[int], as_of: AsOf = NOW) -> list[list[int]]:
    """Agreed orders of participants' ids, the one agreed last first."""
    rows = session.scalars(
        select(Usul)
        .where(
            Usul.jenis == Jenis.URUTAN.value,
            Usul.agreed.is_(True),
            Usul.formasi_id.in_(formasi_ids),
            *as_of.written(Usul.decided_at),
        )
        .order_by(Usul.decided_at.desc(), Usul.id.desc())
    )
    return [row.isi["peserta"] for row in rows]


def settle(
    people: Sequence[int],
    blocks: Callable[[Ints], Iterable[Sequence[int]]],
    given: Sequence[Sequence[int]],
) -> Ints:
    """The place of each person in the orders given, 0 where none was needed or none fits.

    people : (J,) ids of participants.
    blocks : for places (J,), the groups of positions that are still undecided.
    given : orders of ids, the one to prefer first. One counts for a group that it holds whole:
        whoever joined the group later was not looked at when it was made.
    """
    places = np.zeros(len(people), dtype=np.int64)
    settled: set[frozenset[int]] = set()
    while True:
        before = len(settled)
        for block in blocks(places):
            ids = frozenset(people[each] for each in block)
            order = next((each for each in given if ids <= set(each)), None)
            if order is not None and ids not in settled:
                settled.add(ids)
                places[list(block)] = [order.index(people[each]) + 1 for each in block]
        if len(settled) == before:
            return places


def propose_order(
    session: Session,
    formasi: Formasi,
    order: Sequence[int],
    undecided: Iterable[Sequence[int]],
    *,
    alasan: str,
    by: str,
    now: int,
) -> Usul:
    """Propose in which order people stand whom the rules cannot tell apart.

    order : their ids, the first first. undecided : the groups that wait for an order now.

    Raises NotDue where `order` is not exactly one of these groups.
    """
    if not any(sorted(order) == sorted(group) for group in undecided):
        raise NotDue("Urutan harus memuat setiap peserta yang sama, masing-masing satu kali.")
    return propose(
        session,
        Jenis.URUTAN,
        tahun=formasi.tahun,
        formasi_id=formasi.id,
        isi={"peserta": list(order)},
        alasan=alasan,
        by=by,
        now=now,
    )
