"""A day on both databases: people in, checked in, moved, called off, and again."""

from __future__ import annotations

import pytest

from tests.web.conftest import KEYS, START
from tests.web.jadwal.conftest import demo_site, room
from tests.web.jadwal.test_perubahan import DAY, check_in, do, people, start
from web.db import db
from web.operations.registrasi import kehadiran
from web.operations.verification import verify_sitting
from web.tables import Sesi

pytestmark = pytest.mark.both


def test_a_day_that_goes_wrong_leaves_every_record_whole(meja):
    hall = room(demo_site(), "Cadangan", 2, 4, 700)
    pins = {each.id: check_in(each.id) for each in people(meja.id)[:3]}
    do(meja.id, "geser", mulai=meja.starts_at + 10 * 60_000_000)
    do(
        meja.id,
        "pecah",
        kursi=[505, 506],
        nama="SKD meja 2",
        mulai=meja.starts_at + DAY,
        ruang=[hall.id],
    )
    first = people(meja.id)[0]
    start(first.id, answers=3)
    do(meja.id, "batal")
    do(
        meja.id,
        "jadwal_ulang",
        kursi=[],
        nama="SKD meja ulang",
        mulai=meja.starts_at + 2 * DAY,
        ruang=[hall.id],
    )

    new = db.session.scalars(db.select(Sesi).filter_by(nama="SKD meja ulang")).one()
    again = people(new.id)
    assert len(set(pins.values())) == len(pins)
    assert [len(each.hangus) for each in again] == [4, 0, 0, 0]
    assert not kehadiran.counts_of(db.session(), new.id).hadir
    assert len(kehadiran.absent(db.session(), new)) == 4
    for each in [*people(meja.id), *again]:
        assert not list(verify_sitting(db.session(), each, KEYS.record))
    assert new.starts_at > START
