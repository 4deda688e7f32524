"""Counts of failed logins in the database, which all web processes share.

flask-limiter keeps its counts in the memory of a process unless told otherwise: with N processes
somebody could guess N times as often.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app
from limits.storage import Storage
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from web import clock
from web.db import db, own_session
from web.tables import BatasMasuk

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class DatabaseStorage(Storage):
    """Fixed windows as rows of `batas_masuk`; only the failures that are counted write."""

    STORAGE_SCHEME = ("basisdata",)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise when it cannot be reached."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the window of a key, which lasts `expiry` seconds from its first.

        Two processes that count at once both count: one statement decides.
        """
        now, kunci = clock.now(), _hash(key)
        until = now + expiry * MICROSECONDS
        with own_session(db.engine, writes=True) as session:
            fresh = _INSERT[db.engine.dialect.name](BatasMasuk).values(
                kunci=kunci, jumlah=amount, sampai=until
            )
            made = session.execute(fresh.on_conflict_do_nothing().returning(BatasMasuk.kunci))
            if made.scalar() is not None:
                # Where a new row is made, old ones go: the table stays as small as the last hour.
                session.execute(delete(BatasMasuk).where(BatasMasuk.sampai <= now - _HOUR))
                return amount
            return _count_on(session, kunci, amount, now=now, until=until)

    def get(self, key: str) -> int:
        """How much was counted in the running window."""
        found = select(BatasMasuk.jumlah).where(
            BatasMasuk.kunci == _hash(key), BatasMasuk.sampai > clock.now()
        )
        # With what the view reads anyway: three limits would be three transactions more a login.
        return db.session.scalar(found) or 0

    def get_expiry(self, key: str) -> float:
        """When the running window ends, seconds since 1970."""
        found = select(BatasMasuk.sampai).where(BatasMasuk.kunci == _hash(key))
        with own_session(db.engine) as session:
            return (session.scalar(found) or clock.now()) / MICROSECONDS

    def check(self) -> bool:
        """Whether the database answers."""
        with own_session(db.engine) as session:
            session.scalar(select(BatasMasuk.jumlah).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with own_session(db.engine, writes=True) as session:
            session.execute(delete(BatasMasuk))
        return None

    def clear(self, key: str) -> None:
        """Forget the count of a key."""
        with own_session(db.engine, writes=True) as session:
            session.execute(delete(BatasMasuk).where(BatasMasuk.kunci == _hash(key)))


_HOUR = 3600 * MICROSECONDS


def _count_on(session: Session, kunci: str, amount: int, *, now: int, until: int) -> int:
    """Add to a row that is there, or begin its window anew when it is over."""
    own = BatasMasuk.kunci == kunci
    running = update(BatasMasuk).where(own, BatasMasuk.sampai > now)
    added = running.values(jumlah=BatasMasuk.jumlah + amount).returning(BatasMasuk.jumlah)
    total = session.execute(added).scalar()
    if total is None:
        session.execute(update(BatasMasuk).where(own).values(jumlah=amount, sampai=until))
        return amount
    return int(total)


def _hash(key: str) -> str:
    secret = current_app.config["KEYS"].pin
    return hmac.new(secret, f"batas {key}".encode(), hashlib.sha256).hexdigest()
