"""Changes of plan: two people, and nobody who works is moved."""

from __future__ import annotations

import pytest

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from tests.web.conftest import KEYS, START
from tests.web.jadwal.conftest import bring_in, demo_site, room, rows, sesi
from web.db import db, transaction
from web.operations import proctoring, sittings
from web.operations.jadwal.hangus import seen_codes
from web.operations.jadwal.perubahan import approve, pending, propose, reject
from web.operations.jadwal.waktu import MINUTE
from web.operations.records import state_of
from web.operations.registrasi import meja as desk
from web.operations.verification import verify_sitting
from web.tables import Kejadian, Sesi, Sitting, SittingEvent, UsulSesi

DAY = 24 * 60 * MINUTE
WHY = "Kabel putus di titik lokasi"


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


def put(sesi_id: int, jenis: str, by: str = "staf", now: int = START, **data) -> int:
    with transaction() as session:
        return propose(session, sesi_id, jenis, data, reason=WHY, by=by, now=now).id


def agree(usul_id: int, by: str = "staf2", now: int = START) -> str:
    with transaction() as session:
        return approve(session, usul_id, by=by, now=now, keys=KEYS)


def do(sesi_id: int, jenis: str, now: int = START, **data) -> str:
    return agree(put(sesi_id, jenis, now=now, **data), now=now)


def people(sesi_id: int) -> list[Sitting]:
    db.session.expire_all()
    query = db.select(Sitting).filter_by(sesi_id=sesi_id).order_by(Sitting.seat)
    return list(db.session.scalars(query))


def check_in(sitting_id: str, now: int = START) -> str:
    with transaction() as session:
        desk.check_by_hand(
            session,
            sitting_id,
            cocok=True,
            catatan="",
            oleh="registrasi",
            saksi="registrasi2",
            now=now,
            keys=KEYS,
        )
        return desk.issue_pin(session, sitting_id, by="registrasi", now=now, keys=KEYS)


def start(sitting_id: str, answers: int = 0, now: int = START) -> None:
    with transaction() as session:
        proctoring.admit(session, sitting_id, by="pengawas", now=now, keys=KEYS)
        state = sittings.start(session, sitting_id, now=now, keys=KEYS)
        for number in range(1, answers + 1):
            if state.terms.mode == "linear":
                state = sittings.choose(
                    session, sitting_id, number, "A", now=now + number, keys=KEYS
                )
            else:
                state = sittings.answer(
                    session, sitting_id, number, "A", now=now + number, keys=KEYS
                )


def happened(sesi_id: int) -> list[str]:
    query = db.select(Kejadian.jenis).filter_by(sesi_id=sesi_id).order_by(Kejadian.id)
    return list(db.session.scalars(query))


def test_who_proposes_does_not_agree_and_one_proposal_waits_at_a_time(meja):
    usul = put(meja.id, "geser", mulai=meja.starts_at + MINUTE)

    with pytest.raises(NeedsSecondPerson):
        agree(usul, by="staf")
    with pytest.raises(AlreadyDecided, match="Geser sesi untuk sesi ini masih menunggu"):
        put(meja.id, "batal")
    agree(usul)
    with pytest.raises(AlreadyDecided):
        agree(usul)
    assert not pending(db.session())


def test_a_refused_proposal_changes_nothing(meja):
    usul, before = put(meja.id, "batal"), meja.starts_at

    with transaction() as session:
        reject(session, usul, reason="Jaringan sudah pulih", by="staf2", now=START)

    assert not db.session.get_one(Sesi, meja.id).is_void
    assert db.session.get_one(UsulSesi, usul).disetujui is False
    assert db.session.get_one(Sesi, meja.id).starts_at == before


def test_an_hour_later_on_the_same_day_pins_live_on(meja):
    check_in(people(meja.id)[0].id)

    do(meja.id, "geser", mulai=meja.starts_at + 60 * MINUTE)

    assert people(meja.id)[0].pin_hash
    assert happened(meja.id) == ["sesi_digeser"]


@pytest.mark.parametrize(("minutes", "has_pin"), [(60, True), (24 * 60, False)])
def test_who_was_let_in_waits_again_once_the_plan_changes(meja, minutes, has_pin):
    one = people(meja.id)[0].id
    check_in(one)
    with transaction() as session:
        proctoring.admit(session, one, by="pengawas", now=START, keys=KEYS)

    do(meja.id, "geser", mulai=meja.starts_at + minutes * MINUTE)

    (sitting,) = (each for each in people(meja.id) if each.id == one)
    last = db.session.get_one(SittingEvent, (one, sitting.event_count))
    assert last.data["alasan"].startswith(f"sesi digeser: {WHY}")
    assert (sitting.phase, bool(sitting.pin_hash)) == ("waiting", has_pin)
    assert verify_sitting(db.session(), sitting, KEYS.record) == []


def test_on_another_day_pins_die_and_identity_is_checked_again(meja):
    first = people(meja.id)[0].id
    check_in(first)

    do(meja.id, "geser", mulai=meja.starts_at + DAY)

    moved = people(meja.id)[0]
    assert (moved.pin_hash, moved.pin_at, moved.hadir_at) == ("", None, None)
    with pytest.raises(Exception, match="Identitas belum dipastikan"), transaction() as session:
        desk.issue_pin(session, first, by="registrasi", now=START + DAY, keys=KEYS)


def test_nobody_who_has_started_is_moved(meja):
    start(people(meja.id)[1].id)

    for jenis, data in (
        ("geser", {"mulai": meja.starts_at + DAY}),
        ("pecah", {"kursi": [502], "nama": "Baru", "mulai": meja.starts_at + DAY, "ruang": []}),
    ):
        with pytest.raises(BadInput, match=r"1 peserta sudah mulai.*Peserta Uji 1 \(kursi 502\)"):
            put(meja.id, jenis, **data)


def test_a_proposal_that_became_impossible_is_not_carried_out(meja):
    usul = put(meja.id, "geser", mulai=meja.starts_at + DAY)
    start(people(meja.id)[0].id)

    with pytest.raises(BadInput, match="sudah mulai"):
        agree(usul)

    assert db.session.get_one(Sesi, meja.id).starts_at == meja.starts_at


def test_some_seats_go_to_a_new_sesi_and_get_new_pins(meja):
    pin_holder = people(meja.id)[4].id
    check_in(pin_holder)
    hall = room(demo_site(), "Cadangan", 1, 3, 700)

    do(
        meja.id,
        "pecah",
        kursi=[505, 506],
        nama="SKD meja bagian 2",
        mulai=meja.starts_at + 3 * 60 * MINUTE,
        ruang=[hall.id],
    )

    new = db.session.scalars(db.select(Sesi).filter_by(nama="SKD meja bagian 2")).one()
    assert [each.seat for each in people(meja.id)] == [501, 502, 503, 504]
    moved = people(new.id)
    assert [each.seat for each in moved] == [700, 701]
    assert {each.pin_hash for each in moved} == {""}
    assert {each.ruang_id for each in moved} == {hall.id}
    assert happened(meja.id) == happened(new.id) == ["sesi_dipecah"]
    assert not [
        finding for each in moved for finding in verify_sitting(db.session(), each, KEYS.record)
    ]


def test_a_sesi_that_is_too_small_takes_nobody(meja):
    hall = room(demo_site(), "Cadangan", 1, 1, 700)

    with pytest.raises(BadInput, match="2 peserta untuk 1 kursi"):
        put(
            meja.id,
            "pecah",
            kursi=[501, 502],
            nama="Kecil",
            mulai=meja.starts_at + DAY,
            ruang=[hall.id],
        )


def test_calling_off_ends_what_runs_and_voids_every_result(meja):
    one, two, *_ = (each.id for each in people(meja.id))
    pin = check_in(two)
    start(one, answers=3)

    do(meja.id, "batal")

    chosen = db.session.get_one(Sesi, meja.id)
    assert chosen.is_void
    assert chosen.is_closed
    sittings_now = people(meja.id)
    assert all(each.is_void for each in sittings_now)
    assert sittings_now[0].phase == "finished"
    assert not sittings_now[1].pin_hash
    assert pin
    assert happened(meja.id) == ["sesi_dibatalkan"]
    assert not list(verify_sitting(db.session(), sittings_now[0], KEYS.record))


def rescheduled(meja: Sesi, **data) -> list[Sitting]:
    hall = room(demo_site(), "Pengganti", 2, 4, 800)
    do(
        meja.id,
        "jadwal_ulang",
        now=START + 10 * MINUTE,
        kursi=data.get("kursi", []),
        nama="SKD pengganti",
        mulai=meja.starts_at + DAY,
        ruang=[hall.id],
    )
    new = db.session.scalars(db.select(Sesi).filter_by(nama="SKD pengganti")).one()
    assert new.pengganti_dari == meja.id
    return people(new.id)


def test_who_sat_in_vain_gets_other_items(meja):
    first = people(meja.id)[0]
    start(first.id, answers=5)
    on_screen = state_of(db.session(), first).current_item.code
    do(meja.id, "batal", now=START + MINUTE)

    again = rescheduled(meja)

    assert len(again) == 6
    by_person = {each.peserta_id: each for each in again}
    mine = by_person[first.peserta_id]
    seen = seen_codes(db.session(), db.session.get_one(Sitting, first.id))
    assert set(mine.hangus) == seen
    assert len(seen) == 6
    assert on_screen in seen
    assert (mine.pin_hash, mine.phase) == ("", "waiting")
    assert mine.seed != first.seed
    assert all(each.hangus == [] for each in again if each is not mine)
    start(mine.id, answers=5, now=meja.starts_at + DAY)
    assert not seen & (seen_codes(db.session(), mine) - set(mine.hangus))


def test_only_a_sesi_that_was_called_off_is_rescheduled_and_each_person_once(meja):
    with pytest.raises(BadInput, match="tidak dibatalkan"):
        rescheduled(meja)
    do(meja.id, "batal")
    assert len(rescheduled_again(meja, [501, 502])) == 2

    with pytest.raises(BadInput, match=r"2 peserta sudah punya jadwal pengganti: Peserta Uji 0"):
        put(meja.id, "jadwal_ulang", kursi=[], nama="X baru", mulai=START + 2 * DAY, ruang=[])


def rescheduled_again(meja: Sesi, seats: list[int]) -> list[Sitting]:
    db.session.rollback()
    hall = room(demo_site(), "Lain", 2, 4, 850)
    do(
        meja.id,
        "jadwal_ulang",
        kursi=seats,
        nama="SKD sebagian",
        mulai=meja.starts_at + DAY,
        ruang=[hall.id],
    )
    return people(db.session.scalars(db.select(Sesi.id).filter_by(nama="SKD sebagian")).one())


def test_a_linear_sitting_burns_its_whole_form(app):
    site = demo_site()
    chosen = sesi(site, [room(site, "Linear", 1, 3, 501)], "SKD linear", mode="linear")
    bring_in(chosen, rows(2))
    first = people(chosen.id)[0]
    start(first.id, answers=1)

    seen = seen_codes(db.session(), db.session.get_one(Sitting, first.id))

    assert len(seen) == 110
    assert not seen_codes(db.session(), people(chosen.id)[1])


def test_staff_propose_and_agree_on_the_pages(meja, petugas):
    staf, page = petugas("staf"), f"/petugas/jadwal/sesi/{meja.id}/geser"
    list_page = "/petugas/jadwal/usul"

    bad = staf.post(page, token_from=page, alasan=WHY, tanggal="2020-01-01", jam="08:00")
    staf.post(page, token_from=page, alasan=WHY, tanggal="2026-12-01", jam="08:00")
    own = staf.get(list_page).text
    usul = db.session.scalars(db.select(UsulSesi)).one()
    second = petugas("staf2")
    assert "Setujui dan laksanakan" in second.get(list_page).text
    second.post(f"{list_page}/{usul.id}/setujui", token_from=list_page)

    assert bad.status_code == 422
    assert "sudah lewat" in bad.text
    assert "Setujui dan laksanakan" not in own
    assert "disetujui oleh petugas lain" in own
    assert "01-12-2026 08.00 WIB" in staf.get(f"/petugas/jadwal/sesi/{meja.id}").text
    assert "✓ dilaksanakan" in staf.get(list_page).text
    for jenis in ("pecah", "batal", "jadwal_ulang"):
        assert staf.get(f"/petugas/jadwal/sesi/{meja.id}/{jenis}").status_code == 200
    assert staf.get(f"/petugas/jadwal/sesi/{meja.id}/lain").status_code == 404
