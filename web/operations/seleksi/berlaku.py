"""Which announcement is in force, and what does it say?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from web.operations.pools import get_rules
from web.operations.seleksi.as_of import NOW, AsOf
from web.tables import Formasi, Hasil, Pengumuman, Peserta

SKD, AKHIR, OPTIMALISASI = "skd", "akhir", "optimalisasi"


def in_force(
    session: Session, tahun: int, tahap: str, instansi_id: int | None, as_of: AsOf = NOW
) -> Pengumuman | None:
    """The announcement of a stage approved last for an agency, or for all agencies.

    instansi_id : None asks for the one for all agencies only.
    """
    scopes: list[ColumnElement[bool]] = [Pengumuman.instansi_id.is_(None)]
    if instansi_id is not None:
        scopes.append(Pengumuman.instansi_id == instansi_id)
    return session.scalar(
        select(Pengumuman)
        .where(
            Pengumuman.tahun == tahun,
            Pengumuman.tahap == tahap,
            Pengumuman.approved_at.is_not(None),
            or_(*scopes),
            *as_of.written(Pengumuman.approved_at),
        )
        .order_by(Pengumuman.approved_at.desc(), Pengumuman.id.desc())
        .limit(1)
    )


def in_force_for(
    session: Session, formasi: Sequence[Formasi], tahap: str, as_of: AsOf = NOW
) -> dict[int, Pengumuman]:
    """The announcement in force for each of some formasi, by formasi id; those without left out."""
    of_agency = {
        (each.tahun, each.instansi_id): in_force(
            session, each.tahun, tahap, each.instansi_id, as_of
        )
        for each in formasi
    }
    found = ((each.id, of_agency[each.tahun, each.instansi_id]) for each in formasi)
    return {formasi_id: head for formasi_id, head in found if head is not None}


def rows_of(
    session: Session, heads: dict[int, Pengumuman], kode: Iterable[str] | None = None
) -> list[Hasil]:
    """What announcements say of some formasi, formasi by formasi in printed order.

    heads : formasi id -> announcement. kode : only rows with one of these codes.
    """
    wanted: dict[int, list[int]] = {}
    for formasi_id, head in heads.items():
        wanted.setdefault(head.id, []).append(formasi_id)
    codes = [] if kode is None else [Hasil.kode.in_(list(kode))]
    found: list[Hasil] = []
    for head_id, ids in wanted.items():
        found += session.scalars(
            select(Hasil)
            .where(Hasil.pengumuman_id == head_id, Hasil.formasi_id.in_(ids), *codes)
            .options(joinedload(Hasil.peserta).joinedload(Peserta.person))
            .order_by(Hasil.formasi_id, Hasil.urut)
            .execution_options(populate_existing=True)
        )
    return found


def going_on(session: Session, formasi: Sequence[Formasi], as_of: AsOf = NOW) -> list[Hasil]:
    """Those who go on to SKB by the SKD announcements in force."""
    heads = in_force_for(session, formasi, SKD, as_of)
    codes = {get_rules(session, head.rules_digest).kode_for("lanjut") for head in heads.values()}
    return rows_of(session, heads, codes)
