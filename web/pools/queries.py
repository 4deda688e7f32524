"""What the pages of pools show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from cat.ketentuan.bentuk_tes import PARTS
from web.db import db
from web.operations.kisi_kisi import usulan, versi
from web.operations.kisi_kisi.pekerjaan import describe
from web.operations.pools import get_pool
from web.tables import KisiKisi, PoolProposal, PoolWithdrawal, PublishedPool, RuleSetRow, Sitting


@dataclass(frozen=True)
class PoolRow:
    """One published pool without its bytes. sittings : that have it."""

    digest: str
    code: str
    published_at: int
    published_by: str
    withdrawal: PoolWithdrawal | None
    sittings: int


@dataclass(frozen=True)
class PoolPage:
    """One pool opened: counts only, never a key."""

    row: PoolRow
    parts: Sequence[dict[str, Any]]
    size: int
    shuffle_options: bool
    proposal: PoolProposal | None
    domains: dict[str, list[tuple[str, int]]]
    sesi: Sequence[tuple[str, int]]


def pool_rows(digest: str | None = None) -> list[PoolRow]:
    """Published pools, newest first; or one."""
    session = db.session()
    chosen = select(
        PublishedPool.digest,
        PublishedPool.code,
        PublishedPool.published_at,
        PublishedPool.published_by,
    ).order_by(PublishedPool.published_at.desc(), PublishedPool.digest)
    if digest is not None:
        chosen = chosen.where(PublishedPool.digest == digest)
    counted = select(Sitting.pool_digest, func.count()).group_by(Sitting.pool_digest)
    sittings = {row[0]: row[1] for row in session.execute(counted)}
    gone = {row.pool_digest: row for row in session.scalars(select(PoolWithdrawal))}
    return [
        PoolRow(*row, gone.get(row.digest), sittings.get(row.digest, 0))
        for row in session.execute(chosen)
    ]


def pool_page(digest: str) -> PoolPage:
    """One pool; 404 when there is none."""
    rows = pool_rows(digest)
    if not rows:
        raise NotFound
    session = db.session()
    pool = get_pool(session, digest)
    by_phase = (
        select(Sitting.phase, func.count())
        .where(Sitting.pool_digest == digest)
        .group_by(Sitting.phase)
        .order_by(Sitting.phase)
    )
    return PoolPage(
        row=rows[0],
        parts=[describe(part) for part in pool.parts],
        size=len(pool.manifest) + len(pool.tables),
        shuffle_options=pool.shuffle_options,
        proposal=usulan.proposal_of(session, digest),
        domains={
            part.part: [
                (leaf, int(count))
                for leaf, count in zip(part.tree.leaves, part.tree.stock, strict=True)
            ]
            for part in pool.parts
        },
        sesi=[(row[0], row[1]) for row in session.execute(by_phase)],
    )


def get_version(digest: str) -> KisiKisi:
    """One version of a blueprint; 404 when there is none."""
    row = db.session().get(KisiKisi, digest)
    if row is None:
        raise NotFound
    return row


def version_groups() -> list[tuple[str, list[KisiKisi]]]:
    """Versions by kode, those of the SKD first."""
    rows = versi.versions(db.session())
    groups = [(kode, list(same)) for kode, same in groupby(rows, key=lambda row: row.kode)]
    return sorted(groups, key=lambda group: (not is_skd(group[1][0]), group[0]))


def is_skd(row: KisiKisi) -> bool:
    """Whether a blueprint is of the test of the law."""
    return set(row.content["bagian"]) == set(PARTS)


def rule_codes() -> list[str]:
    """Codes of the rule sets that were approved."""
    codes = select(RuleSetRow.kode).where(RuleSetRow.status == "disetujui").distinct()
    return sorted(db.session().scalars(codes))
