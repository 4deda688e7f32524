"""The last picture of every employee, so that pages about populations read one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from cat.kompetensi.jpm import Kategori
from web.clock import WIB, as_datetime
from web.operations import audit, jobs
from web.operations.talenta.acuan import Acuan, get_acuan
from web.operations.talenta.penilaian import Penilaian, assess
from web.tables import Pegawai, PotretGap, PotretTalenta

KIND = "potret_talenta"
CHUNK = 100


def refresh(session: Session, people: Sequence[Pegawai], *, today: date, now: int) -> None:
    """Work out these employees anew, in the transaction of what has changed. Flushes."""
    acuan = get_acuan(session)
    keep(session, assess(session, people, today, acuan), acuan, today=today, now=now)


def refresh_all(session: Session, *, today: date, by: str, now: int) -> int:
    """Work out every employee anew; returns how many. Flushes. For small installations."""
    count = 0
    for ids in _chunks(session):
        refresh(session, _people(session, ids), today=today, now=now)
        count += len(ids)
    audit.record(session, at=now, by=by, act="hitung potret talenta", subject=f"{count} pegawai")
    return count


def work(context: jobs.Context) -> dict[str, Any]:
    """The same as a background job: reads and computes without holding the lock for writing."""
    with context.session() as session:
        total = session.scalar(select(func.count()).select_from(Pegawai)) or 0
        chunks = list(_chunks(session))
    done = 0
    for ids in chunks:
        now = context.now()
        today = as_datetime(now).astimezone(WIB).date()
        with context.session() as session:
            acuan = get_acuan(session)
            found = assess(session, _people(session, ids), today, acuan)
        with context.transaction() as session:
            keep(session, found, acuan, today=today, now=now)
        done += len(ids)
        context.progress(done, total, f"{done} dari {total} pegawai")
    return {"pegawai": done}


def keep(
    session: Session, found: Sequence[Penilaian], acuan: Acuan, *, today: date, now: int
) -> None:
    """Store assessments in place of the last ones. Flushes."""
    ids = [each.pegawai.id for each in found]
    session.execute(delete(PotretGap).where(PotretGap.pegawai_id.in_(ids)))
    for each in found:
        session.merge(_picture(each, acuan, today=today, now=now))
        session.add_all(
            PotretGap(pegawai_id=each.pegawai.id, kompetensi=row.kompetensi, gap=row.gap)
            for row in each.gaps
            if row.gap is not None
        )
    session.flush()


def _picture(found: Penilaian, acuan: Acuan, *, today: date, now: int) -> PotretTalenta:
    jpm = found.jpm.nilai if found.jpm else None
    index = found.potensial.indeks
    categories = {each.skala.kode: each.kategori for each in found.skala}
    return PotretTalenta(
        pegawai_id=found.pegawai.id,
        per_tanggal=today,
        dihitung_at=now,
        jpm=None if jpm is None else acuan.jpm.shown(jpm),
        seleksi=_code(categories.get("seleksi")),
        pemetaan=_code(categories.get("pemetaan")),
        baris=found.baris,
        potensial=None if index is None else acuan.jpm.shown(index),
        kolom=found.kolom,
        kotak=found.kotak.nomor if found.kotak else 0,
        ip_asn=found.ip_asn.nilai,
        pita_ip_asn=found.ip_asn.pita,
        ti_kuat=found.ti_kuat,
        belum_ada=list(found.belum_ada),
    )


def _code(kategori: Kategori | None) -> str | None:
    return kategori.kode if kategori else None


def _chunks(session: Session) -> Iterator[Sequence[int]]:
    ids = session.scalars(select(Pegawai.id).order_by(Pegawai.id)).all()
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _people(session: Session, ids: Sequence[int]) -> Sequence[Pegawai]:
    return session.scalars(
        select(Pegawai)
        .where(Pegawai.id.in_(ids))
        .options(joinedload(Pegawai.jabatan))
        .order_by(Pegawai.id)
    ).all()


jobs.register(KIND, work, title="Potret talenta semua pegawai")
