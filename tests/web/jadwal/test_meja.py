"""The registration desk: who it is, present or not, the PIN."""

from __future__ import annotations

import re

import pytest

from cat.errors import NeedsSecondPerson, NotDue
from seeds.demo.load import PASSWORD
from tests.web.conftest import KEYS, START
from tests.web.jadwal.conftest import bring_in, demo_site, picture, room, rows, sesi, zipped
from web.db import db, transaction
from web.operations import proctoring
from web.operations.jadwal import foto, lokasi
from web.operations.jadwal.waktu import MINUTE
from web.operations.login import find_sitting
from web.operations.registrasi import cari, kehadiran, pencocok
from web.operations.registrasi import meja as desk_acts
from web.tables import (
    AuditRow,
    DataAccess,
    Kejadian,
    Pemeriksaan,
    Person,
    Sesi,
    Sitting,
    SittingEvent,
)

FIRST = rows(1)[0][0]


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


def sitting(nomor: str = FIRST) -> Sitting:
    db.session.remove()
    return db.session.scalars(
        db.select(Sitting).join(Sitting.peserta).filter_by(nomor=nomor).order_by(Sitting.sesi_id)
    ).first()


def check(cocok: bool = True, now: int = START, saksi: str = "registrasi2", catatan: str = ""):
    sitting_id = sitting().id
    with transaction() as session:
        return desk_acts.check_by_hand(
            session,
            sitting_id,
            cocok=cocok,
            catatan=catatan,
            oleh="registrasi",
            saksi=saksi,
            now=now,
            keys=KEYS,
        )


def issue(now: int = START) -> str:
    sitting_id = sitting().id
    with transaction() as session:
        return desk_acts.issue_pin(session, sitting_id, by="registrasi", now=now, keys=KEYS)


def opens(pin: str) -> bool:
    db.session.remove()
    return isinstance(find_sitting(db.session(), FIRST, pin, keys=KEYS), Sitting)


def test_a_checked_person_gets_a_pin_that_opens_the_exam(meja):
    assert not opens("")
    check()
    pin = issue()

    assert re.fullmatch(r"\d{6}", pin)
    assert opens(pin)
    stored = sitting()
    assert stored.hadir_at == stored.pin_at == START
    assert pin not in stored.pin_hash
    told = [row for row in db.session.scalars(db.select(AuditRow)) if row.subject == stored.id]
    assert [row.act for row in told] == ["periksa identitas", "beri PIN registrasi"]
    assert pin not in str([row.data for row in told])


def test_a_new_pin_ends_the_one_before(meja):
    check()
    first, second = issue(), issue()

    assert first != second
    assert opens(second)
    assert not opens(first)


def test_the_server_s_clock_opens_and_closes_the_desk(app):
    site = demo_site()
    chosen = sesi(site, [room(site, "Ruang Meja", 2, 4, 501)], "SKD jauh", minutes=300)
    bring_in(chosen, rows(1))

    for minutes_before, said in (
        (91, "baru dibuka pukul"),
        (90, ""),
        (5.01, ""),
        (5, "tanpa pengecualian"),
        (-1, "tanpa pengecualian"),
    ):
        now = chosen.starts_at - int(minutes_before * MINUTE)
        if not said:
            check(now=now)
            assert issue(now=now)
            continue
        with pytest.raises(NotDue, match=said):
            check(now=now)
        with pytest.raises(NotDue, match=said):
            issue(now=now)


def test_no_pin_before_the_check_and_none_after_a_mismatch(meja):
    with pytest.raises(NotDue, match="Identitas belum dipastikan"):
        issue()
    check()
    pin = issue()

    check(cocok=False, catatan="Wajah berbeda dari KTP")

    with pytest.raises(NotDue, match="Identitas belum dipastikan"):
        issue()
    assert not opens(pin)
    assert sitting().hadir_at is None
    assert [row.jenis for row in db.session.scalars(db.select(Kejadian))] == [
        "identitas_tidak_cocok"
    ]


def test_two_different_officers_of_the_site_check(meja):
    with pytest.raises(NeedsSecondPerson):
        check(saksi="registrasi")
    with pytest.raises(NeedsSecondPerson, match="titik lokasi ini"):
        check(saksi="pengawas")

    assert not db.session.scalars(db.select(Pemeriksaan)).all()


def test_attendance_taken_back_stays_on_record(meja):
    check()
    pin = issue()

    with transaction() as session:
        desk_acts.take_back(
            session, sitting().id, alasan="Orangnya tertukar", by="registrasi", now=START, keys=KEYS
        )

    assert not opens(pin)
    assert sitting().hadir_at is None
    checks = db.session.scalars(db.select(Pemeriksaan)).all()
    assert [row.cocok for row in checks] == [True, False]
    with pytest.raises(NotDue):
        issue()


def test_who_came_is_not_changed_any_more_once_the_sesi_is_closed(meja):
    check()
    issue()
    one = sitting().id
    with transaction() as session:
        session.get_one(Sesi, meja.id).is_closed = True

    with pytest.raises(NotDue, match="sudah ditutup"), transaction() as session:
        desk_acts.take_back(
            session, one, alasan="salah orang", by="registrasi", now=START, keys=KEYS
        )

    assert sitting().hadir_at == START


def test_a_seat_whose_pin_dies_counts_as_empty_again(meja):
    check()
    issue()
    one = sitting().id
    with transaction() as session:
        session.get_one(Sitting, one).arrived_at = START

    with transaction() as session:
        desk_acts.take_back(
            session, one, alasan="salah orang", by="registrasi", now=START, keys=KEYS
        )

    assert sitting().arrived_at is None


def test_who_turns_out_to_be_another_person_is_not_let_in_any_more(meja):
    check()
    issue()
    one = sitting().id
    with transaction() as session:
        proctoring.admit(session, one, by="pengawas", now=START, keys=KEYS)

    check(cocok=False, catatan="wajah berbeda")

    assert sitting().phase == "waiting"
    last = db.session.get_one(SittingEvent, (one, sitting().event_count))
    assert (last.kind, last.data["alasan"]) == ("revoked", "identitas tidak cocok")


def test_attendance_counts_and_names_the_absent(meja):
    check()
    issue()
    chosen = db.session.get_one(Sesi, meja.id)

    found = kehadiran.counts_of(db.session(), meja.id)

    assert (found.terdaftar, found.hadir, found.pin, found.belum) == (6, 1, 1, 5)
    assert FIRST not in {each.peserta.nomor for each in kehadiran.absent(db.session(), chosen)}


class Matcher:
    kode, nama = "uji", "Pencocok uji"

    def cocokkan(self, foto: bytes, wajah: bytes) -> pencocok.HasilCocok:
        return pencocok.HasilCocok(wajah == b"sama", "skor 0,93")


def test_an_installed_matcher_is_asked_and_officers_remain_the_way_out(meja):
    pencocok.pasang(Matcher())
    try:
        with transaction() as session:
            foto.store(session, zipped(**{f"{FIRST}__png": picture()}), by="staf", now=START)
        found = match(b"lain")
        assert (found.cara, found.cocok, found.saksi) == ("uji", False, "")
        check(catatan="Janggut dicukur")
        assert issue()
    finally:
        pencocok.lepas("uji")
    assert [row.jenis for row in db.session.scalars(db.select(Kejadian))] == [
        "identitas_tidak_cocok",
        "identitas_manual",
    ]


def match(face: bytes) -> Pemeriksaan:
    sitting_id = sitting().id
    with transaction() as session:
        return desk_acts.check_by_matcher(
            session, sitting_id, "uji", face, oleh="registrasi", now=START, keys=KEYS
        )


def test_a_whole_check_in_on_the_pages(meja, petugas):
    desk, page = petugas("registrasi"), f"/registrasi/sesi/{meja.id}"
    assert "Registrasi terbuka" in desk.get(page).text

    found = desk.post(f"{page}/cari", token_from=page, nomor=f" {FIRST} ")
    person = found.location
    shown = desk.get(person).text
    assert "Peserta Uji 0" in shown
    assert "Foto tidak ada" in shown
    fields = {"putusan": "cocok", "saksi": "registrasi2", "sandi": PASSWORD}
    wrong = desk.post(f"{person}/periksa", token_from=person, **{**fields, "sandi": "bukan ini"})
    same = desk.post(f"{person}/periksa", token_from=person, **{**fields, "saksi": "registrasi"})
    assert (wrong.status_code, same.status_code) == (401, 409)
    assert desk.post(f"{person}/pin", token_from=person).status_code == 409
    desk.post(f"{person}/periksa", token_from=person, **fields)
    slip = desk.post(f"{person}/pin", token_from=person).text

    pin = re.search(r"PIN registrasi</span> <strong>(\d{6})", slip).group(1)
    assert opens(pin)
    assert pin not in desk.get(person).text
    assert "Belum datang: 5" in desk.get(f"{page}/kehadiran").text
    looks = db.session.scalars(db.select(DataAccess).filter_by(by="registrasi")).all()
    assert {look.activity for look in looks} == {"identitas"}


def test_the_desk_says_where_somebody_belongs(meja, petugas):
    desk, page = petugas("registrasi"), f"/registrasi/sesi/{meja.id}"
    other = db.session.scalars(db.select(Sitting).join(Sesi).filter_by(nama="Sesi 2 SKD")).first()

    elsewhere = desk.post(f"{page}/cari", token_from=page, nomor=other.peserta.nomor)
    unknown = desk.post(f"{page}/cari", token_from=page, nomor="0000")

    assert (elsewhere.status_code, unknown.status_code) == (404, 404)
    assert "bukan peserta sesi ini" in elsewhere.text
    assert "Sesi 2 SKD" in elsewhere.text
    assert "tidak dikenal" in unknown.text


def test_photographs_are_for_the_desk_of_the_site_and_looking_is_noted(app, petugas):

    with transaction() as session:
        site = lokasi.create_site(
            session, nama="Tilok Lain", zona="Asia/Jakarta", by="staf", now=START
        )
    chosen = sesi(site, [room(site, "Aula", 2, 4)], "SKD lain")
    bring_in(chosen, rows(1))

    page = f"/registrasi/sesi/{chosen.id}"
    desk = petugas("registrasi")

    for path in (page, f"{page}/peserta/{sitting().id}", f"{page}/peserta/{sitting().id}/foto"):
        assert desk.get(path).status_code == 404


def test_a_photograph_is_shown_and_the_look_is_on_record(meja, petugas):
    with transaction() as session:
        foto.store(session, zipped(**{f"{FIRST}__png": picture()}), by="staf", now=START)
    desk = petugas("registrasi")

    reply = desk.get(f"/registrasi/sesi/{meja.id}/peserta/{sitting().id}/foto")

    assert reply.mimetype == "image/jpeg"
    assert reply.headers["Cache-Control"] == "no-store"
    assert "lihat foto di registrasi" in [
        row.act for row in db.session.scalars(db.select(DataAccess))
    ]


def test_a_number_is_found_with_its_warnings(meja):
    person_id = sitting().peserta.person_id
    with transaction() as session:
        session.get_one(Person, person_id).jenis_kelamin = "P"
    found = cari.find(db.session(), db.session.get_one(Sesi, meja.id), FIRST)

    card = cari.card(db.session(), found.sitting)

    assert any("Jenis kelamin pada NIK" in each for each in card.peringatan)
