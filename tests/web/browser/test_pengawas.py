"""The proctor's desk in Chromium: a hall of 400 on one screen, live, by keyboard, and axe."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine

from cat.exam.record import MICROSECONDS
from seeds.demo.load import PASSWORD
from tests.web.pengawasan.hall import NAMA, fill_hall
from web import clock
from web.db import own_session
from web.tema import THEMES

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SECRET = "papan-untuk-uji"


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def violations_of_other_themes(page: Page) -> list[str]:
    """Contrast in the other themes, which differ in nothing else; axe is in the page already."""
    before, found = page.evaluate("document.documentElement.className"), []
    for theme in THEMES:
        page.evaluate(
            "theme => { const root = document.documentElement;"
            " root.className = root.className.replace(/tema-\\w+/, `tema-${theme}`); }",
            theme,
        )
        # The first rows hold every state that there is; the rest of the hall only takes time.
        run = (
            "axe.run({exclude: ['.denah tr:nth-child(n + 6)']},"
            " {runOnly: ['color-contrast'], resultTypes: ['violations']})"
        )
        nodes = [node for each in page.evaluate(run)["violations"] for node in each["nodes"]]
        found += [f"{theme}: {node['html']}" for node in nodes]
    page.evaluate("name => { document.documentElement.className = name; }", before)
    return found


@pytest.fixture
def hall(server) -> int:
    """A sesi of 400 seats, whose last event is some seconds old."""
    engine = create_engine(f"sqlite:///{server.database}")
    with own_session(engine, writes=True) as session:
        sesi = fill_hall(session, now=clock.now() + 60 * MICROSECONDS)
        sesi.papan = SECRET
        number = sesi.id
    engine.dispose()
    return number


def test_a_hall_of_400_is_watched_on_one_screen(server, chromium, hall):
    problems: list[str] = []
    page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{server.url}/petugas/masuk")
    page.fill("[name=username]", "pengawas")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    page.get_by_role("link", name=NAMA).click()
    expect(page.locator("a.petak")).to_have_count(400)
    page.wait_for_load_state()  # the script folds what only pages without it need
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    assert violations(page) == []
    assert violations_of_other_themes(page) == []

    page.locator("a.petak").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#rincian h2")).to_contain_text("Kursi 27")
    page.locator("#rincian").get_by_text("Catat kejadian").click()
    page.locator("#k-catat-uraian").fill("Meja goyang.")
    with page.expect_response("**bagian=1"):
        page.locator('a.petak[data-kursi="27"]').click()  # again: what is being written stays
    expect(page.locator("#k-catat-uraian")).to_have_value("Meja goyang.")
    page.locator("#k-catat").get_by_role("button", name="Catat").click()
    expect(page.locator("#hasil")).to_contain_text("kejadian dicatat")
    expect(page.locator('a.petak[data-kursi="27"] [data-isi=tanda]')).to_have_text("N")
    assert violations(page) == []

    page.get_by_role("button", name="Jawab").first.click()
    expect(page.locator("a.petak.is-masalah")).to_have_count(3)
    page.keyboard.press("Escape")
    page.fill("#cari", "27")
    expect(page.locator("a.petak:visible")).not_to_have_count(400)

    board = page.context.new_page()
    board.set_viewport_size({"width": 1280, "height": 720})
    board.goto(f"{server.url}/papan/{SECRET}")
    expect(board.get_by_text("Halaman 1 dari 5")).to_be_visible()
    assert violations(board) == []
    assert violations_of_other_themes(board) == []
    assert problems == []
