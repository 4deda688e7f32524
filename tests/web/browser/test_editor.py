"""Two writers at one draft in Chromium: writing is kept, previewed, and joined."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from seeds.demo.load import PASSWORD

EDITOR = "/bank/butir/TWK-BHS-D001/ubah"


def opens(server, chromium, name: str, problems: list[str], width: int = 1024) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 768}).new_page()
    # A reply of 409 is the merge page itself.
    page.on(
        "console",
        lambda m: problems.append(m.text) if m.type == "error" and "409" not in m.text else None,
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{server.url}/petugas/masuk")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    expect(page.get_by_role("heading", name="Bank soal")).to_be_visible()
    page.goto(f"{server.url}{EDITOR}")
    return page


def test_writing_is_kept_shown_and_joined_with_what_somebody_else_saved(server, chromium):
    problems: list[str] = []
    mine = opens(server, chromium, "penulis", problems)
    mine.fill("#soal", "Manakah yang bukan kata baku? $\\frac{1}{2}$")
    expect(mine.locator("#simpanan")).to_contain_text("Tersimpan")
    frame = mine.frame_locator("#tampak")
    expect(frame.locator("#stem")).to_contain_text("Manakah yang bukan")
    expect(frame.locator("#stem mfrac")).to_be_visible()
    expect(mine.locator("[data-marks=soal]")).to_contain_text("Pertanyaan negatif")
    for size, width in (("Ponsel 360", 360), ("1024 × 768", 1024), ("Perbesaran 200%", 512)):
        mine.get_by_text(size, exact=True).click()
        assert frame.locator("html").evaluate("root => root.clientWidth") in (width, width - 15)
    ((kept,),) = server.ask("SELECT fields FROM naskah WHERE owner = 'penulis'")
    assert json.loads(kept)["soal"].startswith("Manakah yang bukan")

    theirs = opens(server, chromium, "penulis2", problems, width=320)
    expect(theirs.locator("#lain")).to_contain_text("sedang membuka draf ini")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert theirs.evaluate(wide) == 0
    theirs.fill("#soal", "Manakah ejaan yang tepat?")
    theirs.get_by_role("button", name="Simpan").click()
    expect(theirs.get_by_text("disimpan sebagai versi 2")).to_be_visible()

    mine.reload()
    expect(mine.get_by_text("dipulihkan")).to_be_visible()
    assert mine.input_value("#soal").startswith("Manakah yang bukan")
    mine.get_by_role("button", name="Simpan").click()
    expect(mine.get_by_role("heading", name="Gabungkan TWK-BHS-D001")).to_be_visible()
    assert mine.evaluate(wide) == 0
    mine.get_by_label("Versi 2").check()
    mine.get_by_role("button", name="Simpan gabungan").click()
    expect(mine.get_by_text("disimpan sebagai versi 3")).to_be_visible()
    expect(mine.get_by_text("Manakah ejaan yang tepat?").first).to_be_visible()
    assert problems == []
