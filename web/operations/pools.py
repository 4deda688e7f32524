"""Pools and rule sets in memory: immutable and hashed, so one copy of each serves every request."""

from __future__ import annotations

from datetime import date
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import ADAPTIVE, LINEAR
from cat.itembank.pool import Pool
from cat.itembank.store import load_pool
from cat.ketentuan.bentuk_tes import PARTS, BentukTes
from cat.ketentuan.ruleset import RuleSet
from cat.selection.published import adaptive_parts
from web.operations.ketentuan import find_ended, find_version
from web.tables import BentukTesRow, PoolWithdrawal, PublishedPool, RuleSetRow

SKD = "skd"  # what `Sitting.ujian` says of a test by a rule set; others are named by their form

_pools: dict[str, Pool] = {}
# Threads that meet a new pool at once would each make one of their own, 40 MB apiece.
_loading = Lock()


def get_pool(session: Session, digest: str) -> Pool:
    """The pool with this digest, opened and checked once; raises BadInput, PoolDamaged."""
    if digest not in _pools:
        with _loading:
            if digest not in _pools:
                pool = load_pool(session, digest)
                if not pool.is_linear:
                    adaptive_parts(pool)  # kept there: made here once, not by every thread
                _pools[digest] = pool
    return _pools[digest]


def is_loaded(digest: str) -> bool:
    """Whether this process holds the pool already."""
    return digest in _pools


def count_loaded() -> int:
    """How many pools this process holds."""
    return len(_pools)


def latest_pool(session: Session, code: str | None = None, mode: str = ADAPTIVE) -> PublishedPool:
    """The pool published last that new sittings may use.

    code : name of the pool; without it a pool of the SKD for this mode, never one of another test.

    Raises BadInput when there is none.
    """
    usable = select(PublishedPool.digest).where(
        PublishedPool.digest.not_in(select(PoolWithdrawal.pool_digest))
    )
    if code is not None:
        usable = usable.where(PublishedPool.code == code)
    order = PublishedPool.published_at.desc(), PublishedPool.digest
    for digest in session.scalars(usable.order_by(*order)).all():
        if code is not None or _fits_skd(get_pool(session, digest), mode):
            return session.get_one(PublishedPool, digest)
    raise BadInput("belum ada pool yang diterbitkan" + (f" dengan kode {code}" if code else ""))


def _fits_skd(pool: Pool, mode: str) -> bool:
    return is_skd(pool) and pool.is_linear == (mode == LINEAR)


def is_skd(pool: Pool) -> bool:
    """Whether the test is that of the law, with all its parts."""
    return {part.part for part in pool.parts} == set(PARTS)


def refuse_withdrawn(session: Session, digest: str) -> None:
    """Raise BadInput for a pool that no new sitting may use."""
    if session.get(PoolWithdrawal, digest) is not None:
        raise BadInput(f"pool {digest[:12]} sudah ditarik: sesi baru memakai pool lain")


def get_rules(session: Session, digest: str) -> RuleSet | BentukTes:
    """The rule set with this digest, or the form of a test outside the SKD; raises BadInput when
    there is none.
    """
    if digest in _forms:
        return _forms[digest]
    row = session.get(RuleSetRow, digest)
    if row is not None:
        return _read_rules(digest, row)
    form = session.get(BentukTesRow, digest)
    if form is None:
        raise BadInput(f"no rule set with digest {digest}", digest=digest)
    test = BentukTes.from_mapping(form.content)
    if test.digest != digest:
        raise BadInput(f"form {form.kode}: its content does not have the digest {digest}")
    return _forms.setdefault(digest, test)


def find_rules(session: Session, kode: str, on: date | None = None) -> RuleSet:
    """The rule set in force with this code, such as "cpns-2024".

    on : the day; without it the version approved last, whatever its days. After the last day of
        every version the one that ended last: the rules of a year stay the rules of that year.

    Raises BadInput when there is none.
    """
    row = find_version(session, kode, on)
    if row is None and on is not None:
        row = find_ended(session, kode, on)
    if row is None:
        raise BadInput(f"no approved rule set {kode!r} in force", kode=kode, on=on)
    return _read_rules(row.digest, row)


_rules: dict[str, RuleSet] = {}
_forms: dict[str, BentukTes] = {}


def _read_rules(digest: str, row: RuleSetRow) -> RuleSet:
    if digest not in _rules:
        rules = RuleSet.from_mapping(row.content)
        if rules.digest != digest:
            raise BadInput(f"rule set {row.kode}: its content does not have the digest {digest}")
        _rules[digest] = rules
    return _rules[digest]
