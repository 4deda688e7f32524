"""A desk in Chromium: staff bring people in, an officer checks one in without a mouse."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from seeds.demo.load import PASSWORD, WIB
from tests.web.jadwal.conftest import rows, workbook

NOMOR = rows(1)[0][0]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PRINTED = "getComputedStyle(document.querySelector('.site-header')).display"


def enters(server, chromium, name: str, width: int = 1024) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 768}).new_page()
    page.goto(f"{server.url}/petugas/masuk")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    expect(page.get_by_text("Keluar")).to_be_visible()
    return page


def is_sound(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    assert page.evaluate(WIDE) == 0
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def make_sesi(page: Page, server) -> str:
    starts = datetime.fromtimestamp(time.time(), WIB) + timedelta(minutes=45)
    page.goto(f"{server.url}/petugas/jadwal/sesi/baru")
    page.get_by_role("link", name="Satu sesi di UPT Seleksi Contoh Jakarta").click()
    page.get_by_label("Nama sesi").fill("SKD meja")
    page.get_by_label("Tanggal").fill(f"{starts:%Y-%m-%d}")
    page.get_by_label("Jam mulai, waktu setempat").fill(f"{starts:%H:%M}")
    page.get_by_label("Ruang C").check()
    is_sound(page)
    page.get_by_role("button", name="Buat sesi").click()
    expect(page.get_by_text("Sesi SKD meja dibuat.")).to_be_visible()
    return page.url


def bring_people(page: Page, folder: Path) -> None:
    file = folder / "peserta.xlsx"
    file.write_bytes(workbook(rows(3)))
    page.get_by_role("link", name="Impor peserta").first.click()
    page.get_by_label("Berkas XLSX atau CSV").set_input_files(file)
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_text("3 baris tanpa masalah")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Terapkan 3 baris").click()
    expect(page.get_by_text("3 mendapat kursi")).to_be_visible()
    is_sound(page)


def test_a_participant_is_checked_in_by_keyboard_alone(server, chromium, tmp_path):
    staff = enters(server, chromium, "staf")
    sesi = make_sesi(staff, server).rsplit("/", 1)[1]
    bring_people(staff, tmp_path)

    desk = enters(server, chromium, "registrasi", width=320)
    desk.get_by_role("link", name=re.compile("SKD meja")).click()
    expect(desk.locator("#nomor")).to_be_focused()
    is_sound(desk)
    desk.keyboard.type("000")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Nomor 000 tidak dikenal")
    desk.keyboard.type(NOMOR)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Peserta Uji 0")).to_be_visible()
    is_sound(desk)
    desk.keyboard.press("Space")
    for text in ("", "registrasi2", PASSWORD):
        desk.keyboard.press("Tab")
        desk.keyboard.type(text)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Identitas cocok.")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Cetak slip")).to_be_focused()
    is_sound(desk)
    desk.emulate_media(media="print")
    assert desk.evaluate(PRINTED) == "none"
    desk.emulate_media(media="screen")
    pin = desk.locator(".slip-pin strong").inner_text()

    candidate = chromium.new_context().new_page()
    candidate.goto(f"{server.url}/ujian/masuk")
    candidate.get_by_label("Nomor peserta").fill(NOMOR)
    candidate.get_by_label("PIN registrasi").fill(pin)
    candidate.get_by_role("button", name="Masuk").click()
    expect(candidate.get_by_text("Peserta Uji 0").first).to_be_visible()
    staff.goto(f"{server.url}/petugas/jadwal/sesi/{sesi}")
    expect(staff.locator(".kursi-hadir")).to_have_count(1)
