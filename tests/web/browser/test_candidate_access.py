"""WCAG on every page of the candidate: axe, reading order, sizes, 320 pixels and 200 per cent."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.candidate_site import Site, open_site
from tests.web.conftest import KEYS
from web import clock
from web.db import db, transaction
from web.operations import proctoring
from web.operations.hari_ujian import kejadian, panggilan
from web.tables import Sitting

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES = ("terang", "gelap", "kontras", "krem")
RUN = """
async ([tags, themes]) => {
  const found = [];
  const note = (theme, result) => result.violations.forEach((v) => v.nodes.forEach((n) =>
    found.push(`${theme} ${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary || ''}`)));
  const root = document.documentElement;
  const before = root.className;
  for (const theme of themes) {
    root.className = before.replace(/tema-\\w+/, `tema-${theme}`);
    const rules = theme === themes[0] ? { type: 'tag', values: tags }
      : { type: 'rule', values: ['color-contrast'] };
    note(theme, await axe.run(document, { runOnly: rules, resultTypes: ['violations'] }));
  }
  root.className = before;
  return found;
}
"""


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory, chromium):
    with open_site(sqlite_template, tmp_path_factory.mktemp("akses"), chromium) as made:
        yield made


def violations(page: Page, themes: tuple[str, ...]) -> list[str]:
    """What axe finds on the page as it stands; later themes can only differ in contrast."""
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    page.evaluate(f"{AXE};0")  # the policy of the page forbids a script element of ours
    return [f"{page.title()}: {each}" for each in page.evaluate(RUN, [TAGS, list(themes)])]


def overflow(page: Page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def too_small(page: Page) -> list[str]:
    """Targets below 24 by 24 pixels (WCAG 2.2, 2.5.8), but for links within sentences."""
    script = """() => [...document.querySelectorAll('button, summary, input, a.button, label')]
      .filter((each) => each.type !== 'hidden' && each.offsetParent !== null)
      .filter((each) => !(each.matches('input[type=radio]') && each.closest('label')))
      .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
    return page.evaluate(script)


def every_page(site: Site, look: str):
    """Each page of a candidate once, as this look and language show it."""
    page = site.page(look)
    page.goto("/ujian/masuk")
    yield page
    page.locator("[name=nomor]").fill("1")
    page.locator("#masuk button").click()
    page.locator(".errors").wait_for()
    yield page
    who = site.adaptive(admitted=False)
    page = site.log_in(who, look=look)
    yield page
    _act(site, who, "ditolak")
    page.reload()
    yield page
    _act(site, who, "izin")
    page.reload()
    yield page
    page.goto(f"/ujian/{who.sitting_id}/latihan")
    yield page
    page.goto(f"/ujian/{who.sitting_id}/latihan?soal=9")
    yield page
    page.goto(f"/ujian/{who.sitting_id}")
    page.locator("form[action$=mulai] button").click()
    page.locator("#soal").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+A")
    page.keyboard.press("B")
    _act(site, who, "pesan")
    yield page
    page.keyboard.press("?")
    yield page
    _act(site, who, "jeda")
    page.reload()
    yield page
    site.log_in(who)
    page.reload()
    yield page
    yield from _linear_pages(site, look)


def _linear_pages(site: Site, look: str):
    who = site.linear(seconds=None)
    page = site.log_in(who, look=look)
    page.goto(f"/ujian/{who.sitting_id}/latihan")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("R")
    yield page
    page.goto(f"/ujian/{who.sitting_id}")
    yield page
    page.locator("form[action$=mulai] button").click()
    page.locator("#soal").wait_for()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("A")
    page.keyboard.press("R")
    page.get_by_role("button", name="5,").click()  # with pictures
    page.keyboard.press("Shift+A")
    yield page
    page.goto(f"/ujian/{who.sitting_id}/selesai")
    yield page
    page.locator("form[action$=selesai] button").click()
    page.locator("table.score").wait_for()
    yield page
    page.goto(f"/ujian/{who.sitting_id}/tidak-ada")
    yield page


def _act(site: Site, who, act: str) -> None:
    """What the proctor does meanwhile."""
    now = clock.now()
    with site.app.app_context():
        with transaction() as session:
            sitting = session.get_one(Sitting, who.sitting_id)
            if act == "ditolak":
                note = "Foto harus diperiksa dua petugas."
                kejadian.note(
                    session,
                    sitting.sesi_id,
                    "masuk_ditolak",
                    note,
                    by="p",
                    now=now,
                    sitting=sitting,
                )
            elif act == "izin":
                proctoring.admit(session, sitting.id, by="p", now=now, keys=KEYS)
            elif act == "pesan":
                panggilan.send(session, sitting.sesi, "Tenang.", by="p", now=now, sitting=sitting)
            else:
                proctoring.pause(session, sitting.id, by="p", reason="uji", now=now, keys=KEYS)
        db.session.remove()


@pytest.mark.parametrize(("language", "themes"), [("id", THEMES), ("en", ("gelap",))])
def test_no_page_breaks_wcag_in_any_theme(site, language, themes):
    found, pages = [], 0
    for page in every_page(site, f"1.{themes[0]}.{language}.1.1"):
        assert page.locator("html").get_attribute("lang") == language
        found += violations(page, themes)
        found += [f"{page.title()} target: {each}" for each in too_small(page)]
        pages += 1
    site.close_pages()

    assert found == []
    assert pages == 17


def test_no_page_overflows_at_320_pixels_with_very_large_letters(site):
    for page in every_page(site, "3.terang.id.1.1"):
        for width, height in ((320, 640), (512, 384)):
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == 0, (page.title(), page.url, width)
        page.set_viewport_size({"width": 1024, "height": 768})
    site.close_pages()


def test_a_screen_reader_meets_part_number_time_stem_options_and_save_in_this_order(site):
    page = site.start(site.linear())
    tree = page.locator("body").aria_snapshot()
    stem = page.inner_text("#stem").split("\n")[0][:25]

    marks = ["Tes Wawasan Kebangsaan", "Soal 1 dari 12", "Sisa waktu", stem, "radio", "Simpan dan"]
    places = [tree.index(mark) for mark in marks]

    assert places == sorted(places), tree
    assert page.locator("#opsi").get_attribute("lang") == "id"


def test_the_time_is_said_at_ten_five_and_one_minute(site):
    page = site.start(site.linear(seconds=601))
    said = page.locator("#peringatan")

    expect(said).to_have_text("Sisa waktu 10 menit.")
    assert said.get_attribute("aria-live") == "assertive"
