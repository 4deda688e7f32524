"""A room from check-in to the berita acara: one who moves after a crash, one who is blind and uses
the keyboard and what a screen reader is told, one with a linear test and a cut network.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from seeds.demo.load import PASSWORD
from tests.web.browser import room
from tests.web.browser.room import BLIND, LINEAR, MOVES, Seat

SHOTS = os.environ.get("CATCPNS_SHOTS")  # a folder: pictures of the way for people to look at


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def sesi(sqlite_template, server) -> int:
    return room.prepare(server.database)


@pytest.fixture
def opens(server, chromium):
    """A browser at a fresh computer."""
    contexts = []

    def open_one(path: str, **options: object) -> Page:
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{server.url}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()


def staff(opens, name: str) -> Page:
    page = opens("/petugas/masuk", viewport={"width": 1366, "height": 768})
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    expect(page.locator(".menu-user")).to_be_visible()
    return page


def checks_in(desk: Page, seat: Seat) -> str:
    """What the desk does for one person; the PIN on the slip."""
    desk.locator("#nomor").fill(seat.nomor)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name=seat.nama)).to_be_visible()
    desk.locator("[name=putusan][value=cocok]").check()
    desk.locator("#saksi").fill("registrasi2")
    desk.locator("#sandi").fill(PASSWORD)
    shot(desk, f"1-identitas-{seat.number}")
    desk.get_by_role("button", name="Simpan pemeriksaan").click()
    desk.get_by_role("button", name="Beri PIN registrasi").click()
    shot(desk, f"2-pin-{seat.number}")
    found = re.search(r"\d{6}", desk.locator(".slip-pin strong").inner_text().replace(" ", ""))
    assert found
    desk.get_by_role("link", name="Peserta berikutnya").click()
    return found.group()


def logs_in(opens, seat: Seat, pin: str, **options: object) -> Page:
    page = opens("/ujian/masuk", **options)
    page.get_by_label("Nomor peserta").fill(seat.nomor)
    page.get_by_label("PIN registrasi").fill(pin)
    page.keyboard.press("Enter")
    return page


def answers(page: Page, letters: str) -> None:
    """Answer items by keyboard, each when its number is on the screen."""
    for letter in letters:
        number = page.locator("[name=nomor]").input_value()
        page.keyboard.press(letter)
        page.keyboard.press("Enter")
        expect(page.locator("[name=nomor]")).not_to_have_value(number)


def sits_by_ear(page: Page) -> None:
    """The whole test with nothing but keys, by what a screen reader is told."""
    expect(page.get_by_text("130 menit")).to_be_visible()
    page.get_by_role("button", name="Mulai ujian").focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"Soal 1 dari"))
    shot(page, "4-netra")
    heading.focus()  # as a screen reader jumps to headings; later items put the focus there
    total = int(re.findall(r"\d+", heading.inner_text())[1])
    for number in range(1, total + 1):
        expect(heading).to_have_text(f"Soal {number} dari {total}")
        expect(page.get_by_role("radio")).to_have_count(5)
        # Letters are a screen reader's own keys, so they choose nothing here.
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(number % 3):
            page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", checked=True)).to_have_count(1)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    shot(page, "6-netra-selesai")


def sits_linear(page: Page) -> None:
    """Free movement, a doubt, answers while the network is away, and the confirm page."""
    page.get_by_role("button", name="Mulai ujian").click()
    expect(page.locator(".grid .cell")).not_to_have_count(0)
    page.keyboard.press("A")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.locator("[name=nomor]")).to_have_value("2")
    page.keyboard.press("B")
    page.locator("#ragu").click()
    page.locator('.cell[value="7"]').click()
    expect(page.locator("[name=nomor]")).to_have_value("7")
    page.context.set_offline(True)
    page.keyboard.press("C")
    expect(page.locator("#simpanan")).to_contain_text("1 jawaban belum tersimpan")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.locator("[name=nomor]")).to_have_value("8")
    page.keyboard.press("D")
    expect(page.locator("#simpanan")).to_contain_text("2 jawaban belum tersimpan")
    shot(page, "5-linear-luring")
    page.context.set_offline(False)
    expect(page.locator("#simpanan")).not_to_contain_text("belum tersimpan", timeout=40_000)
    page.locator("#selesai").click()
    expect(page.get_by_role("heading", name="Selesai ujian?")).to_be_visible()
    expect(page.locator("tfoot .number").first).to_have_text("4")
    shot(page, "5-linear-konfirmasi")
    page.get_by_role("button", name="Ya, selesai ujian").click()
    expect(page.get_by_role("heading", name="Ujian selesai")).to_be_visible()


def moves(proctor: Page, seat: Seat) -> None:
    proctor.locator(f'a.petak[data-kursi="{seat.number}"]').click()
    panel = proctor.locator("#rincian")
    expect(panel.get_by_role("heading", name=seat.nama)).to_be_visible()
    panel.get_by_text("Pindah kursi").first.click()
    panel.locator("#k-kursi").select_option("5")
    panel.locator("#k-pindah-alasan").fill("Komputer kursi 1 mati.")
    panel.get_by_role("button", name="Pindahkan").click()
    expect(proctor.locator("#hasil")).to_contain_text("pindah ke kursi 5")
    expect(proctor.locator('a.petak[data-kursi="5"]')).to_have_class(re.compile("is-dijeda"))
    shot(proctor, "7-denah-pindah")


def goes_on(proctor: Page) -> None:
    proctor.locator('a.petak[data-kursi="5"]').click()
    panel = proctor.locator("#rincian")
    expect(panel.get_by_role("heading", name="Kursi 5")).to_be_visible()
    panel.get_by_role("button", name="Lanjutkan").click()
    expect(proctor.locator("#hasil")).to_contain_text("dilanjutkan")


def ends(proctor: Page) -> None:
    panel = proctor.locator("#rincian")
    proctor.locator('a.petak[data-kursi="5"]').click()
    panel.get_by_text("Akhiri ujian").first.click()
    panel.locator("#k-akhiri-alasan").fill("Sakit, dibawa ke klinik.")
    panel.locator("#k-akhiri input[type=checkbox]").check()
    panel.get_by_role("button", name="Akhiri ujian").click()
    expect(proctor.locator("#hasil")).to_contain_text("diakhiri")


def closes_and_signs(proctor: Page) -> str:
    """The text of the issued berita acara."""
    proctor.get_by_text("Tugas, papan, tutup sesi").click()
    proctor.get_by_role("button", name="Tutup sesi").click()
    expect(proctor.locator("#hasil")).to_contain_text("ditutup")
    proctor.wait_for_load_state()
    proctor.get_by_role("link", name="Berita acara").click()
    expect(proctor.get_by_role("heading", level=1)).to_contain_text("Berita acara")
    shot(proctor, "8-berita-acara")
    proctor.get_by_role("button", name="Terbitkan berita acara").click()
    link = proctor.get_by_role("link", name=re.compile("Unduh BA"))
    for _ in range(30):
        if link.count():
            break
        proctor.wait_for_timeout(500)
        proctor.reload()
    with proctor.expect_download() as download:
        link.click()
    body = Path(download.value.path()).read_bytes()
    if SHOTS:
        (Path(SHOTS) / "berita-acara.pdf").write_bytes(body)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def test_a_room_from_check_in_to_the_signed_record(server, opens, sesi):
    desk = staff(opens, "registrasi")
    desk.get_by_role("link", name=re.compile(room.SESI)).click()
    pins = {seat: checks_in(desk, seat) for seat in room.PEOPLE}

    first = logs_in(opens, MOVES, pins[MOVES])
    blind = logs_in(opens, BLIND, pins[BLIND], reduced_motion="reduce")
    linear = logs_in(opens, LINEAR, pins[LINEAR], viewport={"width": 1024, "height": 768})
    proctor = staff(opens, "pengawas")
    proctor.get_by_role("link", name=room.SESI).click()
    proctor.get_by_role("button", name="Izinkan semua yang menunggu (3)").click()
    expect(proctor.locator("a.petak.is-diizinkan")).to_have_count(3)
    shot(proctor, "3-denah")

    first.get_by_role("button", name="Mulai ujian").click()
    answers(first, "ABC")
    first.context.close()  # the computer has crashed
    sits_linear(linear)
    sits_by_ear(blind)
    moves(proctor, MOVES)
    again = logs_in(opens, MOVES, pins[MOVES])
    expect(again.get_by_role("heading", level=1)).to_contain_text("dijeda")
    goes_on(proctor)
    expect(again.locator("[name=nomor]")).to_have_value("4")
    answers(again, "DE")
    ends(proctor)
    again.reload()
    expect(again.get_by_role("heading", name="Ujian selesai")).to_be_visible()
    text = closes_and_signs(proctor)

    for seat in room.PEOPLE:
        assert server.verify(seat.nomor).returncode == 0, seat
    for words in ("Pindah kursi", "Komputer kursi 1 mati", "Sakit, dibawa ke klinik", MOVES.nomor):
        assert words in text.replace("\n", " "), words
    assert "3 rekaman ujian diputar ulang" in text.replace("\n", " ")
