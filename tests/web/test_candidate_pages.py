"""Linear pages, practice, help and messages: what the server gives."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import KEYS, Peserta, sqlite_copy
from tests.web.linear_sitting import seat_linear
from web.candidate import bundle
from web.db import db, transaction
from web.operations.hari_ujian import kejadian, panggilan
from web.tables import Panggilan, Sitting, SittingEvent

JSON = {"Accept": "application/json"}


@pytest.fixture
def database(sqlite_template, tmp_path):
    """On one kind of database: nothing here depends on which."""
    with sqlite_copy(sqlite_template, tmp_path) as url:
        yield url


@pytest.fixture
def linear(app, clock) -> Peserta:
    """Somebody who may start a linear sitting of twelve items."""
    candidate = Peserta(app, 1)
    with transaction() as session:
        made = seat_linear(session, 60, keys=KEYS, now=clock.now())
    candidate.nomor, candidate.pin, candidate.sitting_id = made
    candidate.url = f"/ujian/{candidate.sitting_id}"
    return candidate


def tells(candidate: Peserta, act: str, **fields: object):
    """What the page's script sends."""
    return candidate.post_json(f"{candidate.url}/{act}", candidate.url, **fields)


def test_a_linear_sitting_moves_freely_and_keeps_the_last_answer(linear):
    linear.starts()

    linear.post(f"{linear.url}/jawab", linear.url, nomor=1, pilihan="A", ke="7")
    linear.post(f"{linear.url}/jawab", linear.url, nomor=7, pilihan="B", ke="sebelumnya")
    moved = linear.post(f"{linear.url}/jawab", linear.url, nomor=1, pilihan="D", ke="berikutnya")

    assert moved.location == f"{linear.url}?soal=2"
    assert 'value="D" checked' in linear.get(f"{linear.url}?soal=1").text
    assert linear.stored().answered == 2
    assert linear.findings() == []


def test_moving_on_without_an_answer_skips_the_item(linear):
    linear.starts()

    reply = linear.post(f"{linear.url}/jawab", linear.url, nomor=3, ke="berikutnya")

    assert (reply.status_code, reply.location) == (303, f"{linear.url}?soal=4")
    assert linear.stored().answered == 0


def test_the_grid_says_in_words_what_each_item_is(linear):
    linear.starts()
    linear.post(f"{linear.url}/ragu", linear.url, nomor=2, ragu="1", pilihan="C")

    page = linear.sees()

    assert 'aria-label="Soal 2, dijawab, ragu-ragu"' in page
    assert 'aria-label="Soal 3, kosong"' in page
    assert "1 dijawab, 11 kosong, 1 ragu-ragu" in page


def test_finishing_is_asked_once_more_with_the_counts(linear):
    linear.starts()
    linear.post(f"{linear.url}/jawab", linear.url, nomor=1, pilihan="A", ke="selesai")

    asked = linear.get(f"{linear.url}/selesai").text
    assert "Masih ada 11 soal kosong" in asked
    linear.post(f"{linear.url}/selesai", f"{linear.url}/selesai")

    page = linear.sees()
    assert "Ujian diakhiri. 1 dari 12 soal terjawab" in page
    assert "jumlah poin" in page
    assert "lulus" not in page.lower()


def test_the_script_gets_all_items_of_a_linear_sitting_at_once(linear):
    linear.starts()
    tells(linear, "pilih", nomor=4, pilihan="E", urut=5, sisa=1000)
    tells(linear, "ragu", nomor=4, ragu="1", urut=6)

    items = linear.get(f"{linear.url}/soal", headers=JSON).json["soal"]

    assert [item["nomor"] for item in items] == list(range(1, 13))
    assert (items[3]["pilihan"], items[3]["ragu"]) == ("E", True)
    assert (items[0]["pilihan"], items[0]["ragu"]) == (None, False)
    assert items[4]["bagian"] == {"nama": "Tes Intelegensia Umum", "nomor": 2, "dari": 3}


def test_a_late_act_of_the_page_changes_nothing(linear):
    linear.starts()
    tells(linear, "pilih", nomor=1, pilihan="B", urut=9)

    assert tells(linear, "pilih", nomor=1, pilihan="A", urut=8).status_code == 200

    assert linear.get(f"{linear.url}/soal", headers=JSON).json["soal"][0]["pilihan"] == "B"


def test_a_page_counts_its_acts_above_those_of_the_page_before(linear, clock):
    linear.starts()
    turn = int(re.search(r'data-turn="(\d+)"', linear.sees()).group(1))
    tells(linear, "pilih", nomor=1, pilihan="B", urut=turn + 50)
    clock.tick(-3600)  # the server's clock is set back

    again = int(re.search(r'data-turn="(\d+)"', linear.sees()).group(1))

    assert again > turn + 50


def test_an_adaptive_answer_brings_the_next_item(working):
    reply = tells(working, "jawab", nomor=1, pilihan="A", urut=1, sisa=5000).json

    assert (reply["keadaan"], reply["nomor"], reply["pesan"]) == ("working", 2, 0)
    assert reply["soal"]["nomor"] == 2
    assert [letter for letter, _ in reply["soal"]["opsi"]] == list("ABCDE")
    assert set(reply["soal"]) == {
        *("nomor", "jumlah", "bagian", "di_bagian", "stem", "opsi", "pilihan"),
    }


@pytest.mark.parametrize(("sisa", "taken"), [(1, 1), (0, 0)])
def test_what_was_sent_before_zero_is_taken_within_the_grace(working, clock, sisa, taken):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', working.sees()).group(1)
    clock.tick(100 * 60 + 5)
    assert "Waktu habis" in working.sees()
    data = {"nomor": 1, "pilihan": "A", "urut": 1, "sisa": sisa, "csrf_token": token}

    reply = working._fresh(
        lambda: working.client.post(f"{working.url}/jawab", data=data, headers=JSON)
    )

    assert reply.status_code == (200 if taken else 409)
    assert working.stored().answered == taken
    assert (working.stored().phase == "finished") == bool(taken)


def test_practice_stores_nothing(peserta):
    candidate = peserta(1)
    candidate.logs_in()
    practice = f"{candidate.url}/latihan"
    assert "Soal 1 <span>dari 2" in candidate.get(practice).text

    reply = candidate.post(f"{practice}/jawab", practice, nomor=1, pilihan="C")
    assert "Soal 2 <span>dari 2" in candidate.get(reply.location).text
    reply = candidate.post(f"{practice}/jawab", practice, nomor=2, pilihan="C")

    assert "Latihan selesai" in candidate.get(reply.location).text
    db.session.remove()
    events = db.select(SittingEvent).where(SittingEvent.sitting_id == candidate.sitting_id)
    assert [each.kind for each in db.session.scalars(events)] == ["admitted"]


def test_practice_of_a_linear_test_has_the_grid_and_carries_the_marks(linear):
    linear.logs_in()
    practice = f"{linear.url}/latihan"

    reply = linear.post(
        f"{practice}/jawab?isi=---&ragu=000", practice, nomor=1, pilihan="B", ke="berikutnya"
    )
    page = linear.get(reply.location).text

    assert "1 dijawab, 2 kosong, 0 ragu-ragu" in page
    assert linear.post_json(f"{practice}/pilih", practice, nomor=2, pilihan="A").json["nomor"] == 2


def test_there_is_no_practice_once_the_clock_runs(working):
    assert working.get(f"{working.url}/latihan").location == working.url


def test_the_briefing_says_which_way_the_test_goes(peserta, linear):
    adaptive = peserta(1)
    adaptive.logs_in()
    linear.logs_in()

    assert "tidak dapat dibuka lagi" in adaptive.sees()
    assert "dalam urutan apa pun" in linear.sees()
    assert "tidak dapat dibuka lagi" not in linear.sees()


def test_the_briefing_fits_a_test_outside_the_skd(app):
    from flask import render_template

    from cat.ketentuan.bentuk_tes import Bagian, BentukTes, PoinKunci

    form = BentukTes(
        kode="skb-contoh",
        judul="SKB Contoh",
        dasar_hukum="contoh",
        menit=90,
        bagian=(Bagian("contoh", "Kompetensi Bidang", 10, 50, PoinKunci(5, 0, 0), "C"),),
        keyakinan="C",
    )
    sitting, state = type("S", (), {"mode": "adaptif", "seconds": 5400}), type("T", (), {})
    state.length = 10

    with app.test_request_context("/ujian/x"):
        text = render_template(
            "candidate/_about.html",
            rules=form,
            sitting=sitting,
            state=state,
            lengths=[("contoh", 10)],
        )

    assert "Kompetensi Bidang" in text
    assert "90 menit" in text
    assert not re.search(r"TWK|TIU|TKP", text)


def test_a_call_for_help_is_seen_to_be_out_until_the_proctor_comes(working, clock):
    working.post(f"{working.url}/panggil", working.url)
    working.post(f"{working.url}/panggil", working.url)

    assert "Pengawas dipanggil. Tetaplah di kursi 1." in working.sees().split("<template")[0]
    db.session.remove()
    calls = db.session.scalars(db.select(Panggilan)).all()
    assert len(calls) == 1
    with transaction() as session:
        panggilan.attend(session, calls[0].id, by="pengawas", now=clock.now())
    assert "Pengawas dipanggil" not in working.sees().split("<template")[0]


def test_a_message_stays_until_it_is_read(working, clock):
    with transaction() as session:
        sesi = session.get_one(Sitting, working.sitting_id).sesi
        sent = panggilan.send(session, sesi, "Mohon tenang.", by="pengawas", now=clock.now()).id

    assert working.get(f"{working.url}/keadaan", headers=JSON).json["pesan"] == sent
    assert "Mohon tenang." in working.sees()
    assert working.get(f"{working.url}/pesan", headers=JSON).json["pesan"][0]["isi"]
    working.post(f"{working.url}/pesan/dibaca", working.url, sampai=sent)

    assert "Mohon tenang." not in working.sees()


def test_somebody_who_was_not_let_in_reads_why(peserta, clock):
    candidate = peserta(7)
    candidate.logs_in()
    with transaction() as session:
        sitting = session.get_one(Sitting, candidate.sitting_id)
        text = "Wajah tidak cocok dengan foto; tunggu pemeriksaan kedua."
        kejadian.note(
            session,
            sitting.sesi_id,
            "masuk_ditolak",
            text,
            by="p",
            now=clock.now(),
            sitting=sitting,
        )

    page = candidate.sees()

    assert "Pengawas belum mengizinkan Anda masuk" in page
    assert text in page


def test_somebody_sent_away_reads_why_once_and_may_come_back(peserta, clock):
    from web.operations.hari_ujian import masuk

    candidate = peserta(7)
    candidate.logs_in()
    clock.tick(5)
    with transaction() as session:
        sitting = session.get_one(Sitting, candidate.sitting_id)
        masuk.release(session, sitting, "p", clock.now())
        kejadian.note(
            session,
            sitting.sesi_id,
            "masuk_ditolak",
            "Foto.",
            by="p",
            now=clock.now(),
            sitting=sitting,
        )

    assert "Pengawas belum mengizinkan Anda masuk" in candidate.sees()
    clock.tick(60)
    candidate.logs_in()
    page = candidate.sees()
    assert "Menunggu izin pengawas" in page
    assert "belum mengizinkan" not in page


def test_a_page_view_asks_the_database_little(working, app):
    from sqlalchemy import event

    statements = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]), named=False
    )
    working.sees()
    statements.clear()
    working.sees()

    asked = [text for text in statements if text.lstrip().upper().startswith("SELECT")]
    assert len(asked) <= 5, asked


def test_old_browsers_know_everything_that_the_pages_need(app):
    sheet, script = bundle._sheet(bundle._folder()), bundle._script(bundle._folder())

    for word in ("@layer", ":has(", "color-mix", "@container", "dvh", "inset:"):
        assert word not in sheet, word
    for word in (
        ".at(",
        "structuredClone",
        "Object.hasOwn",
        "randomUUID",
        "showModal",
        "AbortSignal.",
    ):
        assert word not in script, word
    assert len(script.encode()) < 25_000


def test_sheet_and_script_may_be_kept_under_addresses_that_change(peserta):
    candidate = peserta(1)
    page = candidate.get("/ujian/masuk").text
    sheet = re.search(r'href="(/ujian/gaya\.css\?v=\w{12})"', page).group(1)

    reply = candidate.get(sheet)

    assert reply.mimetype == "text/css"
    assert "max-age=31536000" in reply.headers["Cache-Control"]


def test_a_sheet_unwrapped_keeps_its_rules():
    assert bundle.unwrap("@layer a, b;\n@layer a {\n  /* x */\n  p { margin: 0; }\n}\n") == (
        "p { margin: 0; }"
    )
