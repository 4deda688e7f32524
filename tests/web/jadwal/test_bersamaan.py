"""Officers who act at the same moment: nobody waits for ever, and nothing is given twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cat.errors import BadInput
from tests.web.conftest import KEYS, START
from tests.web.jadwal.conftest import bring_in, demo_site, room, rows, sesi
from web.db import db, own_session, transaction
from web.operations.hari_ujian import kejadian
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.perubahan import approve, propose
from web.operations.jadwal.perubahan.orang import sittings_in
from web.operations.jadwal.syarat import terms_of_sesi
from web.operations.jadwal.waktu import MINUTE
from web.operations.pengawasan.pelaku import lock_sitting
from web.tables import Sesi, Sitting, TitikLokasi

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
WHY = "Kabel putus di titik lokasi"


@contextmanager
def meanwhile(act: Callable[[Session], object]) -> Iterator[Future[object]]:
    """Somebody else's act, in a transaction of its own; it has come to a lock or to its end."""

    def work() -> object:
        with own_session(engine, writes=True) as session:
            return act(session)

    engine = db.engine
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work)
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        end = time.monotonic() + 5
        while not running.done() and time.monotonic() < end:
            with engine.connect() as connection:
                if connection.scalar(waiting):
                    break
            time.sleep(0.02)
        yield running


def test_calling_off_and_a_stop_of_many_do_not_wait_for_each_other(meja):
    chosen = select(Sitting.id, Sitting.seat).where(Sitting.sesi_id == meja.id)
    in_order = db.session.execute(chosen.order_by(Sitting.id)).all()
    first, last = next(
        (a.id, b.id) for a in in_order for b in in_order if a.id < b.id and a.seat > b.seat
    )

    with transaction() as session:
        lock_sitting(session, first)
        with meanwhile(lambda other: len(sittings_in(other, meja.id))) as all_of_them:
            lock_sitting(session, last)
            session.commit()

    assert all_of_them.result() == 6


def test_calling_off_and_a_note_about_a_seat_do_not_wait_for_each_other(meja):
    one = db.session.scalars(select(Sitting.id).where(Sitting.sesi_id == meja.id)).first()

    def change(other: Session) -> int:
        return len(sittings_in(other, calendar.get_sesi(other, meja.id).id))

    with transaction() as session:
        sitting = lock_sitting(session, one)
        with meanwhile(change) as changed:
            kejadian.note(
                session, meja.id, "lain", "Kursi basah", by="pengawas", now=START, sitting=sitting
            )
            session.commit()

    assert changed.result() == 6


def test_a_room_is_not_given_to_two_sesi_planned_at_once(meja):
    def plan(session: Session, nama: str, minutes: int) -> Sesi:
        own = session.get_one(Sesi, meja.id)
        return calendar.create(
            session,
            session.get_one(TitikLokasi, own.titik_lokasi_id),
            calendar.rooms_in(session, own.id),
            terms_of_sesi(session, own),
            nama=nama,
            starts_at=START + minutes * MINUTE,
            by="staf",
            now=START,
        )

    with transaction() as session:
        plan(session, "SKD satu", 600)
        with meanwhile(lambda other: plan(other, "SKD dua", 610)) as second:
            session.commit()

    with pytest.raises(BadInput, match="dipakai SKD satu"):
        second.result()


def test_the_sesi_that_people_go_to_is_held_while_they_are_seated(meja):
    site = demo_site()
    target = sesi(site, [room(site, "Ruang Lain", 1, 3, 901)], "SKD tujuan", minutes=600)
    bring_in(target, rows(1, start=50))
    data = {"kursi": [501, 502], "sesi_id": target.id}
    with transaction() as session:
        usul = propose(session, meja.id, "pecah", data, reason=WHY, by="staf", now=START).id

    with transaction() as session:
        approve(session, usul, by="staf2", now=START, keys=KEYS)
        with db.engine.connect() as other, pytest.raises(OperationalError, match="lock"):
            other.execute(
                select(Sesi.id)
                .where(Sesi.id == target.id)
                .with_for_update(nowait=True, key_share=True)
            )
