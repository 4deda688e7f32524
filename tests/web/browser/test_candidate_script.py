"""What the candidate's script promises: no reload, nothing lost, and every state said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.candidate_site import open_site

SAVED = "#simpanan"


@pytest.fixture(scope="module")
def shared_site(sqlite_template, tmp_path_factory, chromium):
    with open_site(sqlite_template, tmp_path_factory.mktemp("peserta"), chromium) as site:
        yield site


@pytest.fixture
def site(shared_site):
    yield shared_site
    shared_site.close_pages()


def test_the_next_item_comes_without_a_reload_and_has_the_focus(site):
    page = site.start(site.adaptive())
    page.evaluate("window.sama = true")
    before = page.inner_text("#stem")

    page.keyboard.press("B")
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("Soal 2 dari 74"))
    assert page.evaluate("window.sama") is True
    expect(page.locator("#nomor")).to_be_focused()
    expect(page.locator(SAVED)).to_have_text("Jawaban soal 1 tersimpan.")
    expect(page.locator("#kabar")).to_have_text("Tersimpan.")
    assert page.inner_text("#stem") != before
    expect(page.locator("input[name=pilihan]:checked")).to_have_count(0)


def test_an_adaptive_answer_waits_locked_while_the_network_is_away(site):
    who = site.adaptive()
    page = site.start(who)
    page.evaluate("window.sama = true")
    page.context.set_offline(True)
    page.keyboard.press("C")
    page.keyboard.press("Enter")

    expect(page.locator(SAVED)).to_contain_text("Pilihan ditahan")
    expect(page.locator("input[value=A]")).to_be_disabled()
    left = page.inner_text("#sisa")
    expect(page.locator("#sisa")).not_to_have_text(left)  # the clock goes on
    page.context.set_offline(False)

    expect(page).to_have_title(re.compile("Soal 2 dari"))
    assert page.evaluate("window.sama") is True
    assert site.stored(who).answered == 1


def test_a_waiting_adaptive_answer_survives_a_reload(site):
    page = site.start(site.adaptive())
    page.route("**/jawab", lambda route: route.abort())
    page.keyboard.press("D")
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_contain_text("belum tersimpan")

    page.reload()
    expect(page.locator("input[value=D]")).to_be_checked()
    expect(page.locator("input[value=A]")).to_be_disabled()
    page.unroute("**/jawab")

    expect(page).to_have_title(re.compile("Soal 2 dari"))


def test_linear_answers_queue_up_without_network_and_are_drained_in_order(site):
    who = site.linear()
    page = site.start(who)
    expect(page.locator("#hitung")).to_contain_text("12 kosong")
    page.wait_for_function("document.querySelectorAll('.grid .cell[aria-current]').length === 1")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    for letter in "ABC":
        page.keyboard.press(letter)
        page.keyboard.press("L")
    page.keyboard.press("R")

    expect(page.locator(SAVED)).to_contain_text("4 jawaban belum tersimpan")
    expect(page).to_have_title(re.compile("Soal 4 dari 12"))
    expect(page.locator("#hitung")).to_have_text("3 dijawab, 9 kosong, 1 ragu-ragu")
    page.locator("#selesai").click()
    expect(page.locator(SAVED)).to_contain_text("Tunggu: 4 jawaban belum tersimpan")
    page.context.set_offline(False)

    page.wait_for_url("**/selesai")
    assert site.stored(who).answered == 3
    expect(page.locator("tfoot")).to_contain_text("3")


def test_the_linear_queue_survives_a_reload(site):
    who = site.linear()
    page = site.log_in(who)
    page.route("**/pilih", lambda route: route.abort())
    page.locator("form[action$=mulai] button").click()
    page.locator("#soal").wait_for()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("E")
    expect(page.locator(SAVED)).to_contain_text("1 jawaban belum tersimpan")

    page.reload()
    expect(page.locator("input[value=E]")).to_be_checked()
    expect(page.locator("#hitung")).to_contain_text("1 dijawab")
    page.unroute("**/pilih")

    expect(page.locator(SAVED)).to_have_text("Tersimpan.")
    assert site.stored(who).answered == 1


def test_a_linear_answer_can_be_changed_and_found_again(site):
    who = site.linear()
    page = site.start(who)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("A")
    page.get_by_role("button", name="Soal 9, kosong").click()
    expect(page).to_have_title(re.compile("Soal 9 dari 12"))
    page.keyboard.press("B")
    page.get_by_role("button", name="Soal 1, dijawab").click()
    expect(page.locator("input[value=A]")).to_be_checked()
    page.keyboard.press("D")
    expect(page.locator(SAVED)).to_have_text("Tersimpan.")

    page.reload()

    expect(page.locator("input[value=D]")).to_be_checked()
    assert site.stored(who).answered == 2


def test_the_server_may_ask_to_come_again_later(site):
    page = site.start(site.adaptive())
    asked = []

    def busy(route):
        asked.append(page.evaluate("performance.now()"))
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "3"}, json={"kode": "H503"})
        else:
            route.continue_()

    page.route("**/jawab", busy)
    page.keyboard.press("A")
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("Soal 2 dari"))
    assert asked[1] - asked[0] >= 2900


def test_a_page_whose_login_is_over_says_so(site):
    who = site.adaptive()
    page = site.start(who)
    other = site.log_in(who)
    expect(other.get_by_role("heading", name="Panggil pengawas")).to_be_visible()

    page.keyboard.press("A")
    page.keyboard.press("Enter")

    expect(page.locator(SAVED)).to_contain_text("masuk di dua komputer")
    expect(page.get_by_role("heading", name="Panggil pengawas")).to_be_visible()


def test_at_the_deadline_the_screen_is_handed_in_and_the_queue_drained(site):
    page = site.start(site.linear(seconds=6))
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.keyboard.press("A")
    page.keyboard.press("L")
    page.keyboard.press("B")
    expect(page.locator(SAVED)).to_contain_text("2 jawaban belum tersimpan")
    expect(page.locator("#sisa")).to_have_text("0.00.00")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    expect(page.locator("p.lead")).to_have_text("Waktu habis. 2 dari 12 soal terjawab.")
    assert page.evaluate("sessionStorage.length") == 0


def test_options_are_crossed_out_by_key_and_by_button_and_never_sent(site):
    page = site.start(site.adaptive())
    sent = []
    page.on("request", lambda request: sent.append(request.url))

    page.keyboard.press("Shift+B")
    row = page.locator(".option-row").nth(1)
    expect(row).to_have_class(re.compile("is-crossed"))
    expect(row.get_by_role("button", name="Coret pilihan B")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.reload()
    expect(row).to_have_class(re.compile("is-crossed"))
    page.keyboard.press("B")  # whoever chooses it does not mean the line any more

    expect(row).not_to_have_class(re.compile("is-crossed"))
    assert not any(re.search("coret", url) for url in sent)


def test_the_keyboard_map_opens_closes_and_gives_the_focus_back(site):
    page = site.start(site.adaptive())
    page.locator("#lanjut").focus()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tombol papan tik")).to_be_visible()
    page.keyboard.press("A")
    page.keyboard.press("Escape")

    expect(page.locator("#peta")).to_be_hidden()
    expect(page.locator("#lanjut")).to_be_focused()
    expect(page.locator("input[name=pilihan]:checked")).to_have_count(0)


def test_single_keys_can_be_switched_off_and_the_look_changes_at_once(site):
    page = site.log_in(site.adaptive())
    page.get_by_role("link", name="Coba soal latihan").click()
    page.locator("#opsi").wait_for()
    page.wait_for_load_state()
    page.locator("#tampilan summary").click()
    page.get_by_label("Tidak aktif").check()
    page.get_by_label("Gelap").check()
    page.get_by_label("Sangat besar").check()
    page.keyboard.press("A")

    expect(page.locator("input[name=pilihan]:checked")).to_have_count(0)
    page.reload()
    classes = set(page.locator("html").get_attribute("class").split())
    assert classes == {"has-script", "tema-gelap", "huruf-3"}


def test_a_help_call_and_a_message_need_no_reload(site):
    from web import clock
    from web.db import db, transaction
    from web.operations.hari_ujian import panggilan
    from web.tables import Sitting

    who = site.adaptive()
    page = site.start(who)
    page.locator("#panggil summary").click()
    page.get_by_role("button", name="Ya, panggil pengawas").click()
    expect(page.locator("#dipanggil")).to_contain_text("Pengawas dipanggil")
    with site.app.app_context():
        with transaction() as session:
            sitting = session.get_one(Sitting, who.sitting_id)
            panggilan.send(
                session, sitting.sesi, "Mohon tenang.", by="p", now=clock.now(), sitting=sitting
            )
        db.session.remove()

    page.keyboard.press("A")
    page.keyboard.press("Enter")

    expect(page.locator("#pesan")).to_contain_text("Mohon tenang.")
    page.get_by_role("button", name="Sudah dibaca").click()
    expect(page.locator("#pesan")).to_be_hidden()
    page.reload()
    expect(page.locator("#pesan")).to_be_hidden()


def test_a_scanned_number_moves_on_to_the_pin(site):
    page = site.page()
    page.goto("/ujian/masuk")

    page.keyboard.type("24990120120000901")
    page.keyboard.press("Enter")

    expect(page.locator("[name=pin]")).to_be_focused()
