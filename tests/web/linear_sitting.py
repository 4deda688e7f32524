"""Linear sittings for tests of the pages: short forms cut from the pool of the demonstration."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.record import LINEAR, MICROSECONDS
from cat.itembank.pool import Pool, load
from cat.itembank.store import store_pool
from seeds.demo.load import OPEN, demo_pin
from seeds.demo.people import invent
from web.operations import proctoring, sittings
from web.operations.pools import find_rules, get_pool, latest_pool
from web.operations.sittings import Keys
from web.tables import Person, Peserta, Sesi, Sitting


def short_linear_pool(session: Session, per_part: int = 4) -> Pool:
    """The demonstration's pool with one form A of so many items a part; pictures come with TIU."""
    source = get_pool(session, latest_pool(session).digest)
    document = json.loads(source.manifest)
    document["kode"] = f"linear-uji-{per_part}"
    document["paket"] = {
        "A": {part.part: [item.key for item in part.items[-per_part:]] for part in source.parts}
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    pool = load(text.encode(), source.tables)
    store_pool(session, pool, by="analis", now=0)
    return pool


def seat_linear(
    session: Session, seat: int, *, keys: Keys, now: int, seconds: int | None = None
) -> tuple[str, str, str]:
    """A participant who may start a linear sitting: nomor, PIN and id of the sitting.

    seconds : served time, when it is not to be that of the rules.
    """
    import numpy as np

    sesi = session.scalars(select(Sesi).where(Sesi.nama == OPEN)).one()
    nomor = f"2499000{seat:06}"
    peserta = Peserta(
        nomor=nomor,
        person=Person(**invent(np.random.default_rng(seat), 5000 + seat)),
        formasi=None,
        netra=False,
    )
    session.add(peserta)
    session.flush()
    sitting = sittings.schedule(
        session,
        sesi,
        peserta,
        seat=seat,
        pin=demo_pin(nomor),
        pool=short_linear_pool(session),
        rules=find_rules(session, "cpns-2024"),
        keys=keys,
        mode=LINEAR,
        seed=seat,
    )
    if seconds is not None:
        shorten(session, sitting, seconds, keys)
    proctoring.admit(session, sitting.id, by="pengawas", now=now or MICROSECONDS, keys=keys)
    return nomor, demo_pin(nomor), sitting.id


def shorten(session: Session, sitting: Sitting, seconds: int, keys: Keys) -> None:
    """Give a sitting that has no event yet so much time, with the seal that belongs to it."""
    from cat.exam.record import first_seal
    from web.operations.records import terms_of

    sitting.seconds = seconds
    sitting.seal = first_seal(keys.record, terms_of(sitting))
    session.flush()
