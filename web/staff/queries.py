"""What the staff pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from cat.exam.state import Phase
from cat.itembank.pool import Pool
from web import clock
from web.db import db
from web.operations.pools import find_rules, get_pool, get_rules
from web.operations.terhitung import SKD, counts
from web.tables import Formasi, Peserta, Sesi, Sitting


@dataclass(frozen=True)
class SesiSummary:
    """One sesi with how many sittings stand in each phase."""

    sesi: Sesi
    counts: dict[str, int]


@dataclass(frozen=True)
class FormasiSummary:
    """One formasi with how many people sit and have finished for it.

    jenis : the kind of need in the words of the year's rules.
    """

    formasi: Formasi
    jenis: str
    scheduled: int
    finished: int


def sesi_summaries() -> list[SesiSummary]:
    """Every sesi, newest first."""
    rows = db.session.execute(
        select(Sitting.sesi_id, Sitting.phase, func.count()).group_by(
            Sitting.sesi_id, Sitting.phase
        )
    ).all()
    counted: dict[int, Counter[str]] = {}
    for sesi_id, phase, count in rows:
        counted.setdefault(sesi_id, Counter())[phase] = count
    sesi = db.session.scalars(
        select(Sesi).options(joinedload(Sesi.titik_lokasi)).order_by(Sesi.starts_at.desc())
    )
    return [
        SesiSummary(
            each,
            {p.value: counted[each.id][p.value] for p in Phase if counted[each.id][p.value]}
            if each.id in counted
            else {},
        )
        for each in sesi
    ]


def formasi_summaries() -> list[FormasiSummary]:
    """Every formasi in the order of agency and position."""
    scheduled = dict(
        db.session.execute(
            select(Peserta.formasi_id, func.count())
            .join(Sitting)
            .where(counts())
            .group_by(Peserta.formasi_id)
        ).all()
    )
    finished = dict(
        db.session.execute(
            select(Peserta.formasi_id, func.count())
            .join(Sitting)
            .where(Sitting.phase == Phase.FINISHED.value, counts())
            .group_by(Peserta.formasi_id)
        ).all()
    )
    rows = db.session.scalars(
        select(Formasi)
        .options(joinedload(Formasi.instansi), joinedload(Formasi.jabatan))
        .order_by(Formasi.kode)
    )
    return [
        FormasiSummary(f, _jenis(f), scheduled.get(f.id, 0), finished.get(f.id, 0)) for f in rows
    ]


def _jenis(formasi: Formasi) -> str:
    rules = find_rules(db.session(), f"cpns-{formasi.tahun}", clock.today())
    return rules.get_ambang_batas(formasi.jenis_kebutuhan).nama


def sittings_of(sesi_id: int) -> Sequence[Sitting]:
    """Sittings of a sesi seat by seat, with people and results."""
    return db.session.scalars(
        select(Sitting)
        .where(Sitting.sesi_id == sesi_id)
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi),
            selectinload(Sitting.results),
        )
        .order_by(Sitting.seat)
        .execution_options(populate_existing=True)
    ).all()


def part_names(sittings: Sequence[Sitting]) -> list[str]:
    """Heads of the columns of a sesi's results; all its sittings take the same test."""
    if not sittings:
        return []
    parts = [part.part for part in pool_of(sittings[0]).parts]
    if sittings[0].ujian == SKD:
        return [part.upper() for part in parts]
    rules = get_rules(db.session(), sittings[0].rules_digest)
    return [rules.get_bagian(part).nama for part in parts]


def get_finished(sitting_id: str) -> Sitting:
    """A finished sitting; 404 when there is none or it is not finished."""
    sitting = db.get_or_404(Sitting, sitting_id)
    if sitting.phase != Phase.FINISHED.value:
        raise NotFound
    return sitting


def pool_of(sitting: Sitting) -> Pool:
    """The pool that a sitting ran on."""
    return get_pool(db.session(), sitting.pool_digest)
