"""Candidates sit the whole exam in Chromium: one by keyboard alone, one without JavaScript."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

ITEMS = 74


@pytest.fixture
def problems():
    """What the browser complained about: script errors, refused content, failed requests."""
    return []


def watch(page: Page, problems: list[str]) -> None:
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("requestfailed", lambda r: problems.append(f"{r.url} {r.failure}"))


def overflow(page: Page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def tab_to(page: Page, text: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == text:
            return
    raise AssertionError(f"no way to {text!r} by keyboard")


def test_a_whole_adaptive_tkd_by_keyboard(server, chromium, seats, problems):
    nomor, pin = seats[1]
    context = chromium.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    watch(page, problems)
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
        expect(page).to_have_title(re.compile(f"Soal {number} dari {ITEMS}"))
        page.wait_for_load_state()
        page.keyboard.press("ABCDE"[number % 5])
        expect(page.locator("#simpanan")).to_have_text("Pilihan tersimpan, belum final.")
        assert overflow(page) == 0
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    expect(page.locator("table.score tbody tr")).to_have_count(3)
    assert "lulus" not in page.inner_text("body").lower()
    assert problems == []
    verified = server.verify(nomor)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "1 cocok, 0 tidak cocok" in verified.stdout
    context.close()


def test_a_whole_adaptive_tkd_without_javascript(server, chromium, seats):
    nomor, pin = seats[3]
    context = chromium.new_context(
        viewport={"width": 1024, "height": 768}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{server.url}/ujian/masuk")
    page.get_by_label("Nomor peserta").fill(nomor)
    page.get_by_label("PIN registrasi").fill(pin)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("button", name="Mulai ujian").click()

    for number in range(1, ITEMS + 1):
        expect(page).to_have_title(re.compile(f"Soal {number} dari {ITEMS}"))
        page.locator("label.option").nth(number % 5).click()
        page.get_by_role("button", name="Simpan dan lanjutkan").click()

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    assert server.verify(nomor).returncode == 0
    context.close()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (512, 384), (1024, 768)])
def test_no_candidate_page_overflows_at_phone_width_or_200_percent(
    server, chromium, seats, width, height
):
    nomor, pin = seats[4]
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(server.url)
    assert overflow(page) == 0
    page.goto(f"{server.url}/ujian/masuk")
    assert overflow(page) == 0
    page.get_by_label("Nomor peserta").fill(nomor)
    page.get_by_label("PIN registrasi").fill(pin)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Persiapan ujian")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("button", name="Mulai ujian").click()
    for number in range(1, 25):  # reaches the pictures of TIU
        expect(page).to_have_title(re.compile(f"Soal {number} dari"))
        assert overflow(page) == 0
        page.wait_for_load_state()
        page.keyboard.press("A")
        page.keyboard.press("Enter")
    context.close()


def test_two_tabs_count_an_item_once(server, chromium, seats):
    nomor, pin = seats[5]
    context = chromium.new_context()
    first = context.new_page()
    first.goto(f"{server.url}/ujian/masuk")
    first.get_by_label("Nomor peserta").fill(nomor)
    first.get_by_label("PIN registrasi").fill(pin)
    first.get_by_role("button", name="Masuk").click()
    first.get_by_role("button", name="Mulai ujian").click()
    second = context.new_page()
    second.goto(first.url)
    expect(second).to_have_title(re.compile("Soal 1 dari"))

    first.wait_for_load_state()
    first.keyboard.press("A")
    first.keyboard.press("Enter")
    expect(first).to_have_title(re.compile("Soal 2 dari"))
    second.bring_to_front()
    second.locator("label.option").nth(3).click()

    # The other tab learns from its first click that the exam has moved on.
    expect(second).to_have_title(re.compile("Soal 2 dari"))
    answered = "SELECT COUNT(*) FROM sitting_event WHERE kind = 'answered' AND sitting_id = ?"
    assert server.ask(answered, first.url.rsplit("/", 1)[1]) == [(1,)]
    context.close()


def test_the_option_on_the_screen_is_handed_in_when_time_runs_out(server, chromium, seats):
    nomor, pin = seats[6]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/ujian/masuk")
    page.get_by_label("Nomor peserta").fill(nomor)
    page.get_by_label("PIN registrasi").fill(pin)
    page.get_by_role("button", name="Masuk").click()
    with sqlite3.connect(server.database) as connection:  # a test of four seconds
        connection.execute("UPDATE sitting SET seconds = 4 WHERE seat = 6 AND phase = 'admitted'")
    connection.close()
    page.get_by_role("button", name="Mulai ujian").click()
    page.wait_for_load_state()
    page.keyboard.press("D")

    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible(timeout=15_000)

    expect(page.locator("p.lead")).to_contain_text("1 dari 74 soal terjawab")
    context.close()
