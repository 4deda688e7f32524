"""Acts for many seats, duties and hand-over, closing, the berita acara, the score board."""

from __future__ import annotations

import pytest

from tests.web.dokumen.conftest import texts
from web.db import db, transaction
from web.operations.dokumen import berita_acara
from web.operations.pengawasan.aturan import aturan
from web.operations.pengawasan.papan import mask_name, mask_number
from web.tables import Kejadian, Sesi, Sitting, TugasPengawas

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def room_id(candidate) -> int:
    return candidate.stored().ruang_id


def test_a_row_is_let_in_and_the_rest_waits(pengawas, peserta):
    people = [peserta(seat) for seat in (7, 8, 9)]
    for candidate in people:
        candidate.logs_in()

    said = pengawas.does("izinkan", lingkup=f"baris-{room_id(people[0])}-2")

    assert said == "2 peserta diizinkan mulai."
    assert [candidate.stored().phase for candidate in people] == ["admitted", "admitted", "waiting"]
    assert "1 peserta diizinkan" in pengawas.does("izinkan", kursi="9-12")
    assert "dari daftar" in pengawas.does("izinkan", lingkup="baris-999-1")
    assert "tulis seperti" in pengawas.does("izinkan", kursi="semua")


def test_a_stop_of_the_room_is_one_act_and_only_its_people_go_on_together(pengawas, peserta, clock):
    own, first, second = (peserta(seat) for seat in (1, 2, 3))
    for candidate in (own, first, second):
        candidate.starts()
    pengawas.does("jeda", own, sebab="gangguan_komputer", alasan="keyboard rusak")
    fields = {"jeda-sebab": "gangguan_listrik", "jeda-alasan": "PLN padam"}

    assert pengawas.does("jeda", **fields) == (
        "2 peserta dijeda. 3 peserta yang belum mulai menunggu izin lagi."
    )
    assert peserta(4).starts().status_code == 409
    clock.tick(600)
    said = pengawas.does("lanjutkan")

    assert said == "2 peserta dilanjutkan. 1 peserta yang dijeda sendiri-sendiri tetap dijeda."
    assert [each.stored().phase for each in (own, first, second)] == [
        "paused",
        "working",
        "working",
    ]
    row = db.session.scalars(db.select(Kejadian).filter_by(jenis="jeda_bersama")).one()
    assert row.data["kursi"] == [2, 3]
    assert "1 peserta dilanjutkan" in pengawas.does("lanjutkan", **{"lanjut-semua": "y"})
    sheet = berita_acara.preview(db.session(), row.sesi_id)
    stops = [line[1:] for line in sheet.data["henti"]]
    assert stops[0][1:] == ["Gangguan komputer: keyboard rusak", "Pengawas Contoh", "0.10.00"]
    assert stops[1] == [
        "2 peserta: kursi 2–3", "Gangguan listrik: PLN padam", "Pengawas Contoh", "0.10.00"
    ]  # fmt: skip
    (line,) = sheet.data["kejadian"]
    assert line[1:] == [
        "seluruh sesi",
        "Izin mulai dicabut: Gangguan listrik: PLN padam (3 peserta yang belum mulai)",
        "Pengawas Contoh",
    ]


def test_one_who_cannot_does_not_keep_the_others(pengawas, peserta, app):
    pairs = [peserta(1), peserta(2)]
    for candidate in pairs:
        candidate.starts()
    fields = {"jeda-sebab": "lain", "jeda-alasan": "gempa"}
    pengawas.does("jeda", **fields)
    type(pairs[0])(app, 1).logs_in()  # a second computer at seat 1

    said = pengawas.does("lanjutkan")

    assert said == (
        "1 peserta dilanjutkan. 1 tidak dapat: kursi 1 "
        "(Pilih dahulu komputer yang boleh melanjutkan.)."
    )


def test_whoever_acts_is_on_duty_and_a_duty_goes_to_a_colleague_who_accepts(
    pengawas, meja, peserta, clock, notes
):
    peserta(7).logs_in()
    pengawas.does("izinkan")
    clock.tick(60)
    fields = {"serah-ke": "pengawas2", "serah-catatan": "Kursi 7 diawasi."}
    assert "menunggu jawaban" in pengawas.does("serah-terima", **fields)
    assert "masih menunggu" in pengawas.does("serah-terima", **fields)
    assert "Pilih pengawas lain" in pengawas.does("serah-terima", **{"serah-ke": "staf"})
    usul = db.session.scalar(db.text("SELECT max(id) FROM usul_sesi"))
    path = f"/pengawas/serah-terima/{usul}/jawab"
    assert "yang dituju" in pengawas.posts(path, jawaban="ya")

    other = meja("pengawas2")
    assert "Kursi 7 diawasi." in other.browser.get(other.room).text
    assert "terima" in other.posts(path, jawaban="ya")

    duties = db.session.scalars(db.select(TugasPengawas).order_by(TugasPengawas.id)).all()
    assert [(d.pengawas, d.diserahkan_ke, d.selesai_at == clock.at) for d in duties] == [
        ("pengawas", "pengawas2", True),
        ("pengawas2", None, False),
    ]
    assert notes()[-1] == ("serah_terima", 0)
    assert "sudah dijawab" in other.posts(path, jawaban="tidak")


def test_a_sesi_closes_only_when_nobody_is_in_the_middle(pengawas, working, clock):
    said = pengawas.does("tutup")
    assert "kursi 1 masih mengerjakan" in said

    pengawas.does("akhiri", working, alasan="sakit, ke klinik", yakin="y")
    assert "ditutup" in pengawas.does("tutup")

    assert "sudah berakhir" in pengawas.does("izinkan")
    assert "sudah ditutup" in pengawas.does("kejadian", working, jenis="lain", uraian="terlambat")
    assert pengawas.state().json["tutup"] is True


def test_the_berita_acara_is_looked_over_then_issued_by_the_proctor(
    pengawas, peserta, working, clock
):
    page = f"{pengawas.room}/berita-acara"
    peserta(7).logs_in()
    pengawas.does("tolak", peserta(7), alasan="wajah tidak cocok")
    pengawas.does("kejadian", lingkup="sesi", **{"catat-jenis": "lain", "catat-uraian": "Hujan."})
    clock.tick(120)
    pengawas.does("akhiri", working, alasan="sakit, ke klinik", yakin="y")
    assert "Ujian diakhiri pengawas: sakit" in pengawas.browser.get(page).text
    pengawas.browser.post(page, token_from=pengawas.room)
    assert "belum ditutup" in pengawas.browser.get(page).text
    pengawas.does("tutup")

    pengawas.browser.post(page, token_from=pengawas.room)

    shown = pengawas.browser.get(page).text
    address = shown.split('href="')[1:]
    (link,) = [each.split('"')[0] for each in address if "/berita-acara/" in each.split('"')[0]]
    text = " ".join(" ".join(texts(pengawas.browser.get(link).data)).split())
    for words in ("Izin masuk ditolak: wajah tidak cocok", "Kejadian lain: Hujan.", "seluruh sesi"):
        assert words in text
    assert "Pengawas Contoh" in text
    assert "12 cocok, 0 tidak cocok" in text
    assert pengawas.browser.get(link.replace("sesi/2", "sesi/1")).status_code == 404


def test_the_board_opens_under_a_secret_shows_masked_numbers_and_closes(pengawas, working, app):
    assert app.test_client().get("/papan/tebakan").status_code == 404
    pengawas.does("papan")
    secret = db.session.scalar(db.select(Sesi.papan).where(Sesi.papan.is_not(None)))
    empty = app.test_client().get(f"/papan/{secret}")
    assert "Belum ada peserta yang selesai" in empty.text
    pengawas.does("akhiri", working, alasan="sakit, ke klinik", yakin="y")

    stranger = app.test_client()
    found = stranger.get(f"/papan/{secret}/data?urut=nomor")

    (row,) = found.json["baris"]
    person = working.stored().peserta
    assert found.json["jumlah"] == {"terdaftar": 12, "mengerjakan": 0, "selesai": 1}
    assert row[0] == "•••" + person.nomor[-4:]
    assert row[3] == sum(row[2])
    page = stranger.get(f"/papan/{secret}").text
    for hidden in (person.nomor, person.person.nik, person.person.nama):
        assert hidden not in page + found.text
    tag = {"If-None-Match": found.headers["ETag"]}
    assert stranger.get(f"/papan/{secret}/data?urut=nomor", headers=tag).status_code == 304
    pengawas.does("papan?tutup=1")
    assert stranger.get(f"/papan/{secret}").status_code == 404


def test_masks_hide_all_but_what_the_rules_let_be_seen(app):
    rules = aturan().papan

    assert mask_name("Siti", rules) == "S•••"
    assert mask_name("Siti Aminah Putri", rules) == "Siti A••• P•••"
    assert mask_number("24301020110000123", rules) == "•••0123"
    assert mask_number("123", rules) == "•••3"


def test_a_sitting_of_no_room_is_still_on_the_map(pengawas, peserta):
    with transaction() as session:
        row = session.get_one(Sitting, peserta(12).sitting_id)
        row.seat, row.ruang_id = 900, None

    assert "Di luar denah ruang" in pengawas.browser.get(pengawas.room).text
