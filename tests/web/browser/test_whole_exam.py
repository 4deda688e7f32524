"""Candidates sit the whole exam in Chromium: one by keyboard alone, one without JavaScript."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from seeds.demo.load import PASSWORD
from tests.web.browser.conftest import WAITING

ITEMS = 74
DESK = {"width": 1024, "height": 768}


def overflow(page: Page) -> int:
    script = "(root => root.scrollWidth - root.clientWidth)(document.documentElement)"
    return page.evaluate(script)


def tab_to(page: Page, text: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == text:
            return
    raise AssertionError(f"no way to {text!r} by keyboard")


def answer_by_keyboard(page: Page, number: int) -> None:
    expect(page).to_have_title(re.compile(f"Soal {number} dari {ITEMS}"))
    page.wait_for_load_state()
    page.keyboard.press("ABCDE"[number % 5])
    page.keyboard.press("Enter")


def test_a_whole_adaptive_tkd_by_keyboard(server, chromium, seats):
    nomor, pin = seats[1]
    context = chromium.new_context(viewport=DESK)
    page, problems = context.new_page(), []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.goto(f"{server.url}/ujian/masuk")
    expect(page.get_by_label("Nomor peserta")).to_be_focused()
    page.keyboard.type(nomor)
    page.keyboard.press("Tab")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Persiapan ujian")).to_be_visible()
    tab_to(page, "Mulai ujian")
    page.keyboard.press("Enter")

    for number in range(1, ITEMS + 1):
        answer_by_keyboard(page, number)

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    expect(page.locator("table.score tbody tr")).to_have_count(3)
    assert "lulus" not in page.inner_text("body").lower()
    assert problems == []
    verified = server.verify(nomor)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "1 cocok, 0 tidak cocok" in verified.stdout
    context.close()


def test_a_whole_adaptive_tkd_without_javascript(server, starts_exam, seats):
    page = starts_exam(3, viewport=DESK, java_script_enabled=False)

    for number in range(1, ITEMS + 1):
        expect(page).to_have_title(re.compile(f"Soal {number} dari {ITEMS}"))
        page.locator("label.option").nth(number % 5).click()
        page.get_by_role("button", name="Simpan dan lanjutkan").click()

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    assert server.verify(seats[3][0]).returncode == 0


@pytest.mark.parametrize(
    ("seat", "width", "height"), [(4, 320, 640), (8, 512, 384), (9, 1024, 768)]
)
def test_no_candidate_page_overflows_at_phone_width_or_200_percent(
    server, opens_exam, seat, width, height
):
    page = opens_exam(seat, viewport={"width": width, "height": height})
    briefing = page.url
    for path in (server.url, f"{server.url}/ujian/masuk", f"{server.url}/petugas/masuk", briefing):
        page.goto(path)
        assert overflow(page) == 0, path
    page.get_by_role("button", name="Mulai ujian").click()

    for number in range(1, 25):  # reaches the pictures of TIU
        expect(page).to_have_title(re.compile(f"Soal {number} dari"))
        assert overflow(page) == 0, number
        answer_by_keyboard(page, number)


PAGES_OF = {
    "staf": ["/staf/", "/staf/sesi/1", "/staf/formasi/1", "/staf/pegawai"],
    "pengawas": ["/pengawas/", "/pengawas/sesi/2"],
    "penulis": ["/bank/", "/bank/butir/TIU-SRL-003", "/bank/butir/TKP-PEL-D001/ubah"],
    "analis": [
        *("/bank/?cari=pancasila&kesukaran=sedang", "/bank/butir/TKP-PEL-D001"),
        *("/bank/butir/TKP-PEL-D001/riwayat", "/bank/butir/TKP-PEL-D001/pembuka"),
        *("/kalibrasi/", "/kalibrasi/uji-coba", "/kalibrasi/baru?bagian=tiu"),
    ],
}


@pytest.mark.parametrize("role", PAGES_OF)
def test_no_page_of_staff_overflows_at_200_percent(server, chromium, role):
    context = chromium.new_context(viewport={"width": 640, "height": 480})
    page = context.new_page()
    page.goto(f"{server.url}/petugas/masuk")
    page.get_by_label("Nama pengguna").fill(role)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()

    for path in PAGES_OF[role]:
        page.goto(server.url + path)
        assert overflow(page) == 0, path
    context.close()


def test_two_tabs_count_an_item_once(server, starts_exam):
    first = starts_exam(5)
    expect(first).to_have_title(re.compile("Soal 1 dari"))
    second = first.context.new_page()
    second.goto(first.url)
    expect(second).to_have_title(re.compile("Soal 1 dari"))

    first.bring_to_front()
    answer_by_keyboard(first, 1)
    expect(first).to_have_title(re.compile("Soal 2 dari"))
    second.bring_to_front()
    second.locator("label.option").nth(3).click()

    # The other tab learns from its first click that the exam has moved on.
    expect(second).to_have_title(re.compile("Soal 2 dari"))
    answered = "SELECT COUNT(*) FROM sitting_event WHERE kind = 'answered' AND sitting_id = ?"
    assert server.ask(answered, first.url.rsplit("/", 1)[1]) == [(1,)]


def test_the_option_on_the_screen_is_handed_in_when_time_runs_out(server, opens_exam):
    page = opens_exam(6)
    with sqlite3.connect(server.database) as connection:  # a test of four seconds
        connection.execute("UPDATE sitting SET seconds = 4 WHERE seat = 6 AND phase = 'admitted'")
    connection.close()
    page.get_by_role("button", name="Mulai ujian").click()
    page.wait_for_load_state()
    page.keyboard.press("D")

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible(timeout=15_000)

    expect(page.locator("p.lead")).to_contain_text("1 dari 74 soal terjawab")


def test_answers_wait_for_a_network_that_is_away(server, starts_exam):
    page = starts_exam(10)
    expect(page).to_have_title(re.compile("Soal 1 dari"))
    page.wait_for_load_state()
    page.context.set_offline(True)

    page.keyboard.press("B")
    expect(page.locator("#simpanan")).to_contain_text("Belum tersimpan, mencoba lagi")
    page.keyboard.press("Enter")
    expect(page.locator("#simpanan")).to_contain_text("Jawaban belum tersimpan")
    page.context.set_offline(False)

    expect(page).to_have_title(re.compile("Soal 2 dari"), timeout=15_000)


def test_time_goes_on_and_ends_properly_while_the_network_is_away(server, opens_exam):
    page = opens_exam(11)
    with sqlite3.connect(server.database) as connection:  # a test of eight seconds
        connection.execute("UPDATE sitting SET seconds = 8 WHERE seat = 11 AND phase = 'admitted'")
    connection.close()
    page.get_by_role("button", name="Mulai ujian").click()
    page.wait_for_load_state()
    page.keyboard.press("B")
    expect(page.locator("#simpanan")).to_have_text("Pilihan tersimpan, belum final.")
    page.context.set_offline(True)
    page.keyboard.press("Enter")

    expect(page.locator("#simpanan")).to_contain_text("Menunggu server", timeout=20_000)
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible(timeout=20_000)
    expect(page.locator("p.lead")).to_contain_text("1 dari 74 soal terjawab")


def test_going_back_in_the_browser_marks_nothing(server, starts_exam):
    page = starts_exam(12)
    answer_by_keyboard(page, 1)
    expect(page).to_have_title(re.compile("Soal 2 dari"))
    page.go_back()
    page.go_forward()

    expect(page).to_have_title(re.compile("Soal 2 dari"))
    expect(page.locator("input[name=pilihan]:checked")).to_have_count(0)


def test_the_waiting_page_moves_on_when_the_proctor_lets_the_candidate_in(
    server, chromium, opens_exam
):
    page = opens_exam(WAITING)
    expect(page.get_by_text("Menunggu izin pengawas")).to_be_visible()
    context = chromium.new_context()
    proctor = context.new_page()
    proctor.goto(f"{server.url}/petugas/masuk")
    proctor.get_by_label("Nama pengguna").fill("pengawas")
    proctor.get_by_label("Kata sandi").fill(PASSWORD)
    proctor.get_by_role("button", name="Masuk").click()
    proctor.get_by_role("link", name="Sesi 2 SKD").click()

    proctor.get_by_role("button", name="Izinkan semua yang menunggu (1)").click()

    expect(page.get_by_role("button", name="Mulai ujian")).to_be_visible(timeout=15_000)
    context.close()
