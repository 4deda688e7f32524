"""Sites, rooms, sesi: alone and from the pattern of a day."""

from __future__ import annotations

from datetime import date

import pytest

from cat.errors import BadInput
from tests.web.conftest import START
from tests.web.jadwal.conftest import bring_in, demo_site, room, rows, sesi
from web.db import db, transaction
from web.operations.jadwal import lokasi, syarat
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.denah import Denah
from web.operations.jadwal.waktu import jendela_of, moment_text
from web.tables import AuditRow, Sesi

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


def plan(site, rooms, first=THURSDAY, last=FRIDAY, label="SKD"):
    with transaction() as session:
        terms = syarat.agree(session, "cpns-2024", first)
        return calendar.plan_days(
            session,
            site,
            rooms,
            terms,
            pola="skd",
            first=first,
            last=last,
            label=label,
            now=START,
        )


def test_a_pattern_gives_four_sesi_and_two_on_friday_in_local_time(app):
    with transaction() as session:
        east = lokasi.create_site(
            session, nama="Tilok Jayapura", zona="Asia/Jayapura", by="staf", now=START
        )
    hall = room(east, "Aula", 3, 4)

    plans = plan(east, [hall])

    assert [moment_text(each.starts_at, east.zona)[11:] for each in plans] == [
        *("08.00 WIT", "10.30 WIT", "13.00 WIT", "15.30 WIT"),
        *("08.00 WIT", "15.00 WIT"),
    ]
    assert not any(each.bentrok for each in plans)


def test_a_room_in_use_is_named_with_the_hours(app):
    site = demo_site()
    hall, other = room(site, "Aula", 3, 4, 900), room(site, "Kelas", 3, 4, 950)
    with transaction() as session:
        terms = syarat.agree(session, "cpns-2024", THURSDAY)
        first = plan(site, [hall])[0]
        calendar.create(
            session,
            site,
            [hall],
            terms,
            nama="Uji coba",
            starts_at=first.starts_at,
            by="staf",
            now=START,
        )

    clashing = [each for each in plan(site, [hall, other]) if each.bentrok]

    assert [each.nama for each in clashing] == ["SKD 26-11-2026 sesi 1"]
    assert clashing[0].bentrok == ("Aula dipakai Uji coba pukul 08.00 sampai 10.10",)
    assert not any(each.bentrok for each in plan(site, [other]))


def test_two_rooms_of_one_sesi_may_not_share_seat_numbers(app):
    site = demo_site()
    rooms = [room(site, "Aula", 3, 4, 900), room(site, "Kelas", 3, 4, 911)]

    with pytest.raises(BadInput, match=r"Aula \(kursi 900-911\) dan Kelas \(mulai 911\)"):
        sesi(site, rooms, "SKD bersama")


def test_a_room_does_not_lose_a_seat_that_somebody_has(app):
    site = demo_site()
    hall = room(site, "Aula", 3, 4, 900)
    chosen = sesi(site, [hall], "SKD penuh")
    bring_in(chosen, rows(12))

    with (
        transaction() as session,
        pytest.raises(BadInput, match="1 kursi sudah ditempati pada sesi yang akan datang: 911"),
    ):
        lokasi.save_room(
            session,
            site,
            Denah(3, 4, 900, frozenset({(1, 1)})),
            nama="Aula",
            ruang=hall,
            by="staf",
            now=START,
        )


def test_only_modes_and_pools_that_go_with_the_rules_can_be_chosen(app):
    session = db.session()
    found = {each.kunci: each for each in syarat.ujian_yang_ada(session, THURSDAY)}

    assert found["cpns-2024"].kode == "skd"
    assert all(pool.kode.startswith("tkd-") for pool in found["cpns-2024"].pools)
    with pytest.raises(BadInput, match="moda 'lisan'"):
        syarat.agree(session, "cpns-2024", THURSDAY, mode="lisan")
    with pytest.raises(BadInput, match="ujian 'cpns-1999' tidak ada"):
        syarat.agree(session, "cpns-1999", THURSDAY)


def test_the_hours_of_the_desk_follow_from_the_start(app):
    chosen = sesi(demo_site(), [room(demo_site(), "Aula", 2, 2, 900)], "SKD jam")

    hours = jendela_of(db.session(), chosen)

    minutes = [(chosen.starts_at - at) // 60_000_000 for at in vars(hours).values()]
    assert minutes == [90, 60, 5, 0]


def test_staff_make_a_site_a_room_and_the_sesi_of_two_days_on_the_pages(app, petugas):
    staf = petugas("staf")
    base = "/petugas/jadwal"
    made = staf.post(
        f"{base}/lokasi/", token_from=f"{base}/lokasi/", nama="Tilok Baru", zona="Asia/Makassar"
    )
    site = made.location
    staf.post(
        f"{site}/ruang-baru",
        token_from=f"{site}/ruang-baru",
        nama="Lab",
        baris=4,
        kolom=5,
        kursi_awal=1,
        lorong="kolom 3",
    )
    assert "16 kursi, nomor 1 sampai 16" in staf.get(site).text
    session = db.session()
    ujian = syarat.get_ujian(session, "cpns-2024", THURSDAY)
    hall = lokasi.rooms_of(session, int(site.rsplit("/", 1)[1]))[0]
    fields = {
        "label": "SKD",
        "pola": "skd",
        "dari": "2026-11-26",
        "sampai": "2026-11-27",
        "paket": f"cpns-2024|{ujian.pools[0].digest}",
        "ruang": hall.id,
    }

    planned = staf.post(f"{site}/pola", token_from=f"{site}/pola", **fields)
    assert planned.status_code == 200
    assert "Buat 6 sesi ini" in planned.text
    staf.post(f"{site}/pola", token_from=f"{site}/pola", **fields, buat="1")
    again = staf.post(f"{site}/pola", token_from=f"{site}/pola", **fields, buat="1")

    assert again.status_code == 422
    assert "6 sesi bentrok" in again.text
    page = staf.get(f"{base}/?dari=2026-11-26&sampai=2026-11-27").text
    assert "Jumat, 27-11-2026" in page
    assert page.count("Tilok Baru") == 7  # six rows and the filter
    acts = [row.act for row in db.session.scalars(db.select(AuditRow))]
    assert acts.count("buat sesi") == 6


def test_a_bad_form_says_what_is_wrong(app, petugas):
    staf, base = petugas("staf"), f"/petugas/jadwal/lokasi/{demo_site().id}"

    page = staf.post(f"{base}/sesi-baru", token_from=f"{base}/sesi-baru", nama="x", jam="25.00")

    assert page.status_code == 422
    for said in ("Harus jam", "Pilih sedikitnya satu ruang", "Pilih salah satu dari daftar"):
        assert said in page.text


def test_the_demonstration_shows_on_the_calendar(app, petugas):
    page = petugas("staf").get("/petugas/jadwal/?dari=2026-11-01&sampai=2026-12-31").text

    for chosen in db.session.scalars(db.select(Sesi)):
        assert chosen.nama in page
