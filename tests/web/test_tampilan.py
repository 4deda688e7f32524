"""The look of the pages of staff and of the score board: a cookie, and where its choice leads."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser
from web.db import db, transaction
from web.tables import Sesi
from web.tampilan import COOKIE

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LOGIN, CHOOSE, SECRET = "/petugas/masuk", "/petugas/tampilan", "papan-untuk-uji"


@pytest.fixture
def board(app) -> str:
    with transaction() as session:
        session.scalars(db.select(Sesi).limit(1)).one().papan = SECRET
    return f"/papan/{SECRET}"


def root(page) -> str:
    """The opening tag of a page's root element."""
    return page.text[page.text.index("<html") :].split(">")[0]


def test_a_choice_is_in_the_first_paint_of_every_page_of_staff(petugas):
    browser = petugas("pengawas")
    assert 'class="tema-terang huruf-1"' in root(browser.get("/pengawas/"))

    reply = browser.post(CHOOSE, "/pengawas/", tema="kontras", kembali="/pengawas/?x=1")
    browser.post(CHOOSE, "/pengawas/", huruf="2", kembali="/pengawas/")

    assert (reply.status_code, reply.location) == (303, "/pengawas/?x=1")
    assert "Path=/;" in reply.headers["Set-Cookie"]
    assert "HttpOnly" in reply.headers["Set-Cookie"]
    page = browser.get("/pengawas/")
    assert 'class="tema-kontras huruf-2"' in root(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert 'value="kontras" aria-pressed="true"' in page.text
    assert 'class="tema-kontras huruf-2"' in root(browser.get("/tidak-ada"))


def test_the_login_has_the_choice_and_candidates_keep_theirs(petugas, app):
    browser = petugas("registrasi")
    browser.post("/petugas/keluar", "/registrasi/")
    browser.post(CHOOSE, LOGIN, tema="gelap", kembali=LOGIN)

    assert 'class="tema-gelap huruf-1"' in root(browser.get(LOGIN))
    assert 'class="tema-terang huruf-1"' in root(browser.get("/ujian/masuk"))


@pytest.mark.parametrize(
    "path", ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "/\t/jahat", "x", ""]
)
def test_a_choice_leads_to_no_other_site(petugas, path):
    reply = petugas("pengawas").post(CHOOSE, LOGIN, tema="krem", kembali=path)

    assert reply.location == "/petugas/"


def test_the_page_that_answers_a_form_is_come_back_to_by_its_path(app):
    page = Browser(app).post(f"{LOGIN}?next=/staf/", LOGIN, username="x", password="y")

    assert f'name="kembali" value="{LOGIN}"' in page.text


def test_a_broken_cookie_is_the_ordinary_look(app):
    browser = app.test_client()
    for cookie in ("ungu.9", "....", "krem5", "\x7f", "." * 300):
        browser.set_cookie(COOKIE, cookie)
        assert 'class="tema-terang huruf-1"' in root(browser.get(LOGIN))


def test_without_a_token_nothing_is_kept(app):
    assert app.test_client().post(CHOOSE, data={"tema": "gelap"}).status_code in (400, 419)


def test_a_board_is_dark_unless_its_address_or_browser_says_otherwise(app, board):
    screen = app.test_client()

    assert 'class="tema-gelap' in root(screen.get(board))
    screen.set_cookie(COOKIE, "terang.3")
    assert 'class="tema-terang huruf-1"' in root(screen.get(board))
    chosen = screen.get(f"{board}?tema=krem")
    assert 'class="tema-krem' in root(chosen)
    assert chosen.text.count("tema=krem") == 3  # its own link, the other order, the next page
    assert 'class="tema-terang' in root(screen.get(f"{board}?tema=ungu"))
