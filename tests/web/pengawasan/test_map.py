"""The map: what each seat says, what it costs to ask, and whose it is."""

from __future__ import annotations

import pytest

from tests.web.pengawasan.conftest import heard
from tests.web.pengawasan.hall import SEATS, fill_hall
from web.db import db, transaction
from web.operations.hari_ujian import panggilan
from web.operations.pengawasan.keadaan import read_state
from web.operations.pengawasan.tanda import marks_of
from web.proctor.peta import Peta, tile_size
from web.tables import Masuk, Person, Sitting, TitikLokasi, User

pytestmark = pytest.mark.both

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_seat_goes_through_its_states_and_falls_silent(pengawas, peserta, clock):
    candidate = peserta(7)
    assert pengawas.seat(candidate)["keadaan"] == "kosong"
    candidate.logs_in()
    assert pengawas.seat(candidate)["keadaan"] == "menunggu"
    pengawas.does("izinkan", candidate)
    assert pengawas.seat(candidate)["keadaan"] == "diizinkan"
    candidate.starts()
    assert pengawas.seat(candidate)["keadaan"] == "mengerjakan"
    heard(candidate, clock.at)
    clock.tick(91)
    assert pengawas.seat(candidate)["keadaan"] == "diam"
    heard(candidate, clock.at)
    assert pengawas.seat(candidate)["keadaan"] == "mengerjakan"
    pengawas.does("jeda", candidate, sebab="gangguan_komputer", alasan="layar mati")
    seat = pengawas.seat(candidate)
    assert (seat["keadaan"], seat["masalah"]) == ("dijeda", ["gangguan"])
    assert (seat["sampai"], seat["sisa"]) == (None, 6000 - 91)


@only_sqlite
def test_unchanged_state_costs_a_304_and_answers_do_not_change_it(pengawas, working, clock):
    heard(working, clock.at)
    first = pengawas.state()
    tag = first.headers["ETag"]

    working.answers("A")
    assert pengawas.state(**{"If-None-Match": tag}).status_code == 304

    pengawas.does("jeda", working, sebab="lain", alasan="kursi patah")
    again = pengawas.state(**{"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag


def test_progress_tells_only_what_changed_and_204_when_nothing_did(pengawas, working, clock):
    path = f"{pengawas.room}/kemajuan"
    clock.tick(30)  # each look reaches back some seconds
    first = pengawas.browser.get(path).json
    assert len(first["kursi"]) == 12

    clock.tick(60)
    working.answers("A")
    second = pengawas.browser.get(f"{path}?sejak={first['sejak']}").json
    assert second["kursi"] == [[1, 1, clock.at // 1_000_000]]
    assert pengawas.browser.get(f"{path}?sejak={second['sejak']}").status_code == 204
    assert len(pengawas.browser.get(f"{path}?sejak=bukan-angka").json["kursi"]) == 12


@only_sqlite
def test_calls_and_computers_show_at_the_seat(pengawas, working, clock):
    with transaction() as session:
        sitting = session.get_one(Sitting, working.sitting_id)
        call = panggilan.call(session, sitting, panggilan.BANTUAN, now=clock.at)
        other = Masuk(
            id="lain", sitting_id=sitting.id, at=clock.at, komputer="x", alamat="10.0.0.9",
            keadaan="selesai",
        )  # fmt: skip
        session.add(other)

    seat = pengawas.seat(working)
    assert seat["masalah"] == ["bantuan"]
    assert seat["tanda"] == ["komputer", "alamat"]
    assert "panggilan dijawab" in pengawas.posts(f"/pengawas/panggilan/{call.id}/jawab")
    assert pengawas.seat(working)["masalah"] == []
    assert pengawas.state().json["panggilan"] == []


@pytest.mark.both
def test_marks_follow_from_the_record_alone(app, pengawas, working, clock):
    for _ in range(9):
        clock.tick(2)
        working.answers("A")
    clock.tick(60)
    for letter in "ABCDABCDABC":
        working.marks(letter)
    clock.tick(120)

    found = marks_of(db.session(), working.stored().sesi_id, clock.at)

    assert found == {working.sitting_id: {"menjawab_cepat": 9, "sering_mengubah": 1}}
    assert pengawas.seat(working)["tanda"] == ["menjawab_cepat", "sering_mengubah"]


@only_sqlite
def test_every_seat_of_a_hall_of_400_is_on_the_map_and_the_list(app, petugas, clock):
    with transaction() as session:
        sesi = fill_hall(session, now=clock.at)
    browser = petugas("pengawas")

    page = browser.get(f"/pengawas/sesi/{sesi.id}").text
    rows = browser.get(f"/pengawas/sesi/{sesi.id}/daftar?keadaan=menunggu").text

    assert page.count('class="petak is-') == SEATS
    assert page.count('class="lorong"') == 32 + 2
    assert rows.count("baris-kursi") == 16
    niks = list(db.session().scalars(db.select(Person.nik)))
    assert niks
    assert not [nik for nik in niks if nik in page or nik in rows]
    found = read_state(db.session(), sesi.id, now=clock.at)
    assert {seat.keadaan for seat in found.kursi} == {
        *("kosong", "menunggu", "diizinkan", "mengerjakan", "diam", "dijeda", "selesai")
    }
    assert {each for seat in found.kursi for each in seat.masalah} == {
        *("ganda", "bantuan", "gangguan")
    }


@only_sqlite
def test_tiles_grow_only_where_all_rooms_still_fit_one_screen(app):
    def room(rows: int, columns: int) -> Peta:
        return Peta(1, "Ruang", tuple((row, (None,) * columns) for row in range(rows)))

    assert tile_size([room(9, 14)]) == "luas"
    assert tile_size([room(9, 15)]) == "lega"
    assert tile_size([room(16, 27)]) == ""
    assert tile_size([room(4, 10)] * 2) == "luas"  # and a line for each room's name
    assert tile_size([room(4, 10)] * 3) == ""
    assert tile_size([]) == "luas"


def test_another_site_sees_nothing_and_can_do_nothing(pengawas, working):
    sitting, room = working.stored(), pengawas.room
    with transaction() as session:
        other = TitikLokasi(nama="Titik lokasi lain", zona="Asia/Makassar")
        session.add(other)
        session.flush()
        session.scalar(db.select(User).filter_by(username="pengawas")).titik_lokasi_id = other.id
        login = session.scalar(db.select(Masuk).filter_by(sitting_id=sitting.id))
        call = panggilan.call(
            session, session.get_one(Sitting, sitting.id), panggilan.BANTUAN, now=1
        )
    seat = f"/pengawas/ujian/{sitting.id}"
    pages = (room, f"{room}/daftar", f"{room}/keadaan", f"{room}/kemajuan", seat)
    assert {pengawas.browser.get(path).status_code for path in pages} == {404}
    assert pengawas.browser.get(f"{room}/berita-acara").status_code == 404

    pengawas.room = "/persetujuan/"
    acts = [f"{seat}/{act}" for act in ("izinkan", "tolak", "jeda", "lanjutkan", "pindah")]
    acts += [f"{seat}/{act}" for act in ("akhiri", "buka-kembali", "kejadian", "pesan")]
    acts += [f"{room}/{act}" for act in ("izinkan", "jeda", "lanjutkan", "pesan", "kejadian")]
    acts += [f"{room}/{act}" for act in ("tutup", "papan", "tugas", "serah-terima")]
    acts += [f"/pengawas/masuk/{login.id}/izinkan", f"/pengawas/panggilan/{call.id}/jawab"]
    acts += [f"{room}/berita-acara"]
    app = pengawas.browser.app
    app.config["WTF_CSRF_ENABLED"] = False
    assert {pengawas.browser.client.post(path).status_code for path in acts} == {404}
    assert working.stored().phase == "working"
