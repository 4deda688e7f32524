"""Clearing personal data whose time is over: proposed, approved by another, done in batches.

Rows about people are closed, not deleted: a person's name, NIK and birthday go, while numbers,
answers and results stay, so that records still verify and statistics still hold. Birthday and IPK
stay with those who stand in a final list, because they may have decided between equals.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime, time

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import MICROSECONDS
from cat.ketentuan.pelindungan import Register, kept_until
from web.clock import WIB
from web.operations import audit, jobs
from web.operations.jobs import Context
from web.operations.pelindungan import register
from web.tables import (
    Akomodasi,
    DataRequest,
    Formasi,
    Foto,
    Hasil,
    Masuk,
    Pegawai,
    Pengumuman,
    Person,
    Peserta,
    RetentionRun,
    Sanggah,
    Sesi,
    Sitting,
    Usul,
)

JOB = "retensi"
SELECTION, CREDENTIALS, IDENTITY = "seleksi", "kredensial", "identitas"
CLEARED_NAME, NO_PIN = "Data telah dihapus", "-"
_NIK_MARK = "X"  # no NIK begins with a letter
_BATCH = 500


def due(session: Session, as_of: date) -> dict[str, int]:
    """How many persons, PINs and proofs of identity have outlived their time on that day."""
    rules = register.in_force(session)
    return {
        "orang": _count(session, _persons(rules, as_of)),
        "pin": _count(session, _pins(rules, as_of)),
        "identitas": _count(session, _identified(rules, as_of)),
    }


def propose(session: Session, *, as_of: date, reason: str, by: str, now: int) -> RetentionRun:
    """Propose a clearing; raises BadInput without a reason, or where nothing is due."""
    if not 5 <= len(reason.strip()) <= 300:
        raise BadInput("alasan: 5 sampai 300 huruf")
    if as_of > datetime.fromtimestamp(now / MICROSECONDS, WIB).date():
        raise BadInput(f"tanggal: {as_of:%d-%m-%Y} belum lewat")
    counts = due(session, as_of)
    if not any(counts.values()):
        raise BadInput(f"tidak ada data yang masa simpannya habis pada {as_of:%d-%m-%Y}")
    run = RetentionRun(
        as_of=as_of.isoformat(),
        register_digest=register.in_force(session).digest,
        reason=reason.strip(),
        counts=counts,
        proposed_at=now,
        proposed_by=by,
    )
    session.add(run)
    session.flush()
    audit.record(session, at=now, by=by, act="usul retensi", subject=str(run.id), **counts)
    return run


def approve(session: Session, run: RetentionRun, *, by: str, now: int) -> None:
    """Approve a clearing and ask for it to be done, once; again changes nothing.

    Raises BadInput where the proposer approves, or the register has changed since.
    """
    session.refresh(run, with_for_update=True)
    if run.proposed_by == by:
        raise BadInput("pengusul tidak boleh menyetujui usulnya sendiri")
    if run.register_digest != register.in_force(session).digest:
        raise BadInput("daftar kegiatan berubah sejak diusulkan; usulkan kembali")
    if run.approved_at is None:
        run.approved_at, run.approved_by = now, by
        audit.record(session, at=now, by=by, act="setujui retensi", subject=str(run.id))
        jobs.enqueue(session, JOB, {"run": run.id}, by, now)


def carry_out(context: Context) -> dict[str, int]:
    """The job: clear in small transactions; stopped and called again it goes on where it was.

    Raises BadInput where the register is no longer the one that two people agreed on.
    """
    with context.session() as session:
        run = session.get_one(RetentionRun, context.params["run"])
        as_of, rules = date.fromisoformat(run.as_of), register.in_force(session)
        total = sum(run.counts.values())
        if rules.digest != run.register_digest:
            raise BadInput("daftar kegiatan berubah sejak disetujui; usulkan kembali")
    done = {"orang": 0, "pin": 0, "identitas": 0}

    def clear(
        what: str, query: Select[tuple[int]], act: Callable[[Session, list[int]], None]
    ) -> None:
        while True:
            with context.transaction() as session:
                ids = list(session.scalars(query.limit(_BATCH)))
                act(session, ids)
            if not ids:
                return
            done[what] += len(ids)
            context.progress(sum(done.values()), max(total, sum(done.values())))

    clear("pin", _pins(rules, as_of), _clear_pins)
    clear("identitas", _identified(rules, as_of), _clear_identity)
    clear("orang", _persons(rules, as_of), _clear_persons)
    with context.transaction() as session:
        session.get_one(RetentionRun, context.params["run"]).done = dict(done)
        audit.record(
            session,
            at=context.now(),
            by=context.created_by,
            act="retensi dijalankan",
            subject=str(context.params["run"]),
            **done,
        )
    return dict(done)


def _persons(rules: Register, as_of: date) -> Select[tuple[int]]:
    """Persons whose last exam is long enough ago, who are no employees and wait for nothing."""
    last = func.max(Sesi.starts_at)
    ended = (
        select(Peserta.person_id)
        .join(Sitting, Sitting.peserta_id == Peserta.id)
        .join(Sesi, Sesi.id == Sitting.sesi_id)
        .group_by(Peserta.person_id)
        .having(last < _latest(as_of, rules.get(SELECTION).simpan_bulan))
    )
    still_wanted = (
        select(Peserta.person_id)
        .join(Formasi, Formasi.id == Peserta.formasi_id)
        .where(Formasi.tahun >= as_of.year - rules.get(SELECTION).simpan_bulan // 12)
        .where(~select(Sitting.id).where(Sitting.peserta_id == Peserta.id).exists())
    )
    return (
        select(Person.id)
        .where(Person.id.in_(ended), Person.id.not_in(still_wanted))
        .where(*(Person.id.not_in(query) for query in _waiting(rules, as_of)))
        .where(~select(Pegawai.id).where(Pegawai.person_id == Person.id).exists())
        .where(~Person.nik.startswith(_NIK_MARK))
        .order_by(Person.id)
    )


def _waiting(rules: Register, as_of: date) -> list[Select[tuple[int]]]:
    """Persons about whom something is still to be decided, or was announced of late."""
    people = select(Peserta.person_id)
    announced = people.join(Hasil, Hasil.peserta_id == Peserta.id).join(Hasil.pengumuman)
    return [
        people.join(Sanggah, Sanggah.peserta_id == Peserta.id).where(Sanggah.putusan.is_(None)),
        people.join(Usul, Usul.peserta_id == Peserta.id).where(Usul.decided_at.is_(None)),
        select(DataRequest.person_id).where(DataRequest.answered_at.is_(None)),
        announced.where(
            func.coalesce(Pengumuman.approved_at, Pengumuman.drawn_at)
            >= _latest(as_of, rules.get(SELECTION).simpan_bulan)
        ),
    ]


def _pins(rules: Register, as_of: date) -> Select[tuple[str]]:
    """Sittings of closed sesi that still carry the hash of a PIN."""
    return (
        select(Sitting.id)
        .join(Sesi, Sesi.id == Sitting.sesi_id)
        .where(Sesi.is_closed, Sitting.pin_hash != NO_PIN)
        .where(Sesi.starts_at < _latest(as_of, rules.get(CREDENTIALS).simpan_bulan))
        .order_by(Sitting.id)
    )


def _identified(rules: Register, as_of: date) -> Select[tuple[int]]:
    """Persons with a photograph, an accommodation or traces of a login whose last sesi is over."""
    waiting = select(Peserta.person_id).join(Sitting).join(Sesi)
    waiting = waiting.where(
        or_(
            Sesi.is_closed.is_(False),
            Sesi.starts_at >= _latest(as_of, rules.get(IDENTITY).simpan_bulan),
        )
    )
    traces = (
        select(Peserta.person_id)
        .join(Sitting)
        .join(Masuk, Masuk.sitting_id == Sitting.id)
        .where(Masuk.alamat != "")
    )
    held = or_(
        Person.id.in_(select(Foto.person_id)),
        Person.id.in_(select(Peserta.person_id).join(Akomodasi)),
        Person.id.in_(traces),
    )
    sat = select(Peserta.person_id).join(Sitting)  # who has no sesi yet is still to come
    return (
        select(Person.id)
        .where(held, Person.id.in_(sat), Person.id.not_in(waiting))
        .order_by(Person.id)
    )


def _latest(as_of: date, months: int) -> int:
    """The moment before which something must have ended to be kept no longer on `as_of`."""
    day = date(as_of.year - months // 12 - 1, 1, 1)
    while kept_until(day, months) <= as_of:
        day = date.fromordinal(day.toordinal() + 1)
    return int(datetime.combine(day, time(), WIB).timestamp()) * MICROSECONDS


def _count(session: Session, query: Select[tuple[int]] | Select[tuple[str]]) -> int:
    return int(session.scalar(select(func.count()).select_from(query.subquery())) or 0)


def _clear_pins(session: Session, ids: list[str]) -> None:
    session.execute(update(Sitting).where(Sitting.id.in_(ids)).values(pin_hash=NO_PIN))


def _clear_persons(session: Session, ids: list[int]) -> None:
    decided = set(session.scalars(_finally_ranked(ids)))
    for person in session.scalars(select(Person).where(Person.id.in_(ids))):
        person.nik = _NIK_MARK + secrets.token_hex(8)[:15]
        person.nama = CLEARED_NAME
        if person.id not in decided:
            person.tanggal_lahir = date(person.tanggal_lahir.year, 1, 1)
    for peserta in session.scalars(select(Peserta).where(Peserta.person_id.in_(ids))):
        if peserta.person_id not in decided:
            peserta.ipk = None


def _clear_identity(session: Session, ids: list[int]) -> None:
    participants = select(Peserta.id).where(Peserta.person_id.in_(ids))
    sittings = select(Sitting.id).where(Sitting.peserta_id.in_(participants))
    session.execute(delete(Foto).where(Foto.person_id.in_(ids)))
    session.execute(delete(Akomodasi).where(Akomodasi.peserta_id.in_(participants)))
    cleared = update(Masuk).where(Masuk.sitting_id.in_(sittings)).values(alamat="", komputer="")
    session.execute(cleared.execution_options(synchronize_session=False))


def _finally_ranked(ids: list[int]) -> Select[tuple[int]]:
    """Those whose age or IPK a final list may rest on; it must still be possible to check it."""
    return (
        select(Peserta.person_id)
        .join(Hasil, Hasil.peserta_id == Peserta.id)
        .join(Pengumuman, Pengumuman.id == Hasil.pengumuman_id)
        .where(Peserta.person_id.in_(ids), Pengumuman.tahap != "skd")
    )


jobs.register(JOB, carry_out, title="Retensi data pribadi")
