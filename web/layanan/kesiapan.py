"""Whether this process is ready to take people, and getting it ready."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Select, select, text, union
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cat.errors import CatError
from cat.exam.record import MICROSECONDS
from web.db import db, own_session
from web.operations import pools
from web.tables import Pulse, Sesi, Sitting

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
STALE_SECONDS = 30
# A sesi that is not closed long after its day, or weeks before, needs no pool in memory today.
AROUND_SECONDS = 24 * 3600
_log = logging.getLogger(__name__)
_warming = threading.Lock()


def lacking(session: Session, now: int) -> list[str]:
    """What keeps this process from taking people, in words for an operator; empty when ready.

    now : microseconds since 1970-01-01 UTC.
    """
    checks: tuple[Callable[[Session, int], str], ...] = (_schema, _pulse, _pools)
    try:
        return [found for found in (check(session, now) for check in checks) if found]
    except SQLAlchemyError as error:
        return [f"basis data tidak menjawab ({type(error).__name__})"]


def schema_head() -> str:
    """The newest migration that this code knows."""
    return _revisions()[0]


def open_pools(now: int) -> Select[tuple[str]]:
    """Digests of the pools that people of an open sesi sit on, or are about to."""
    around = AROUND_SECONDS * MICROSECONDS
    is_open = (~Sesi.is_closed, ~Sesi.is_void, Sesi.starts_at.between(now - around, now + around))
    given = select(Sesi.pool_digest).where(*is_open, Sesi.pool_digest.is_not(None))
    used = select(Sitting.pool_digest).join(Sesi).where(*is_open).distinct()
    return select(union(given, used).subquery().c.pool_digest)


def prepare(session: Session, now: int) -> None:
    """`warm` for a process that is starting: one without a database starts too, and says so."""
    try:
        warm(session, now)
    except SQLAlchemyError as error:
        session.rollback()
        _log.error("not warmed: %s", type(error).__name__)


def warm(session: Session, now: int) -> int:
    """Load every pool of an open sesi into this process; returns how many there are.

    A pool that cannot be loaded is left: whoever sits on it is told so, and others are served.
    """
    digests = session.scalars(open_pools(now)).all()
    for digest in digests:
        try:
            pools.get_pool(session, digest)
        except CatError as error:
            _log.error("pool %s: %s", digest[:12], type(error).__name__)
    return len(digests)


def warm_beside(app: Flask, now: int) -> None:
    """The same in a thread of its own, unless one is at it already."""

    def work() -> None:
        with _warming, app.app_context(), own_session(db.engine) as session:
            warm(session, now)

    if not _warming.locked():
        threading.Thread(target=work, name="pools", daemon=True).start()


def _schema(session: Session, now: int) -> str:
    """An older schema is a fault; a newer one is what a rolling upgrade looks like from behind."""
    head, known = _revisions()
    current = session.scalar(text("SELECT version_num FROM alembic_version"))
    if current == head or (current and current not in known):
        return ""
    return f"skema {current or 'kosong'}, seharusnya {head}: jalankan catcpns db upgrade"


def _pulse(session: Session, now: int) -> str:
    last = session.scalar(select(Pulse.at))
    if last is None:
        return "denyut belum ada"
    age = (now - last) // MICROSECONDS
    return f"denyut berhenti {age} detik lalu" if age > STALE_SECONDS else ""


def _pools(session: Session, now: int) -> str:
    missing = [each for each in session.scalars(open_pools(now)) if not pools.is_loaded(each)]
    return f"pool belum dimuat: {', '.join(each[:12] for each in missing)}" if missing else ""


@cache
def _revisions() -> tuple[str, frozenset[str]]:
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = frozenset(each.revision for each in scripts.walk_revisions())
    return str(scripts.get_current_head()), known
