"""How pages of candidates look and in which language: what the server makes of a choice."""

from __future__ import annotations

import pytest

from tests.web.conftest import sqlite_copy
from web.candidate.tampilan import Tampilan
from web.db import transaction
from web.tables import Akomodasi, Sitting


@pytest.fixture
def database(sqlite_template, tmp_path):
    """On one kind of database: nothing here depends on which."""
    with sqlite_copy(sqlite_template, tmp_path) as url:
        yield url


def test_settings_are_in_the_first_paint(peserta):
    candidate = peserta(1)
    look = {"huruf": "3", "tema": "gelap", "coret": "1", "pintasan": "0"}
    candidate.post("/ujian/tampilan", kembali="/ujian/masuk", **look)

    page = candidate.get("/ujian/masuk").text

    assert '<html lang="id" class="tema-gelap huruf-3 pakai-coret">' in page


@pytest.mark.parametrize("path", ["https://jahat.example/", "//jahat.example/ujian/", "/staf/"])
def test_choosing_a_look_leads_nowhere_else(peserta, path):
    reply = peserta(1).post("/ujian/bahasa", kembali=path, bahasa="en")

    assert reply.location == "/ujian/masuk"


@pytest.mark.parametrize("cookie", ["", "9.ungu.xx", "....", "1.gelap.en.1.0.9", "\x1f"])
def test_a_broken_cookie_is_the_ordinary_look(cookie):
    read = Tampilan.read(cookie)

    assert Tampilan.read(read.cookie) == read


def test_accommodations_preset_the_look(peserta):
    candidate = peserta(1)
    with transaction() as session:
        who = session.get_one(Sitting, candidate.sitting_id).peserta_id
        for kode in ("huruf_besar", "kontras", "pembaca_layar"):
            session.add(Akomodasi(peserta_id=who, kode=kode))

    candidate.logs_in()

    assert 'class="tema-kontras huruf-3"' in candidate.sees()
    assert candidate.client.get_cookie("tampilan", path="/ujian").value == "3.kontras.id.0.0"


def test_logging_out_gives_the_next_person_the_ordinary_look(peserta):
    candidate = peserta(1)
    candidate.logs_in()
    candidate.post("/ujian/bahasa", kembali=candidate.url, bahasa="en")

    candidate.post("/ujian/keluar", token_from=candidate.url)

    assert "Masuk peserta" in candidate.get("/ujian/masuk").text


def test_pages_are_in_english_and_items_stay_in_their_language(peserta):
    candidate = peserta(1)
    candidate.post("/ujian/bahasa", kembali="/ujian/masuk", bahasa="en")
    candidate.starts()

    page = candidate.sees()

    assert '<html lang="en"' in page
    assert "Question 1 <span>of 74" in page
    assert '<div class="stem" id="stem" lang="id">' in page
    refused = candidate.answers("F", number=1)
    assert "must be one of A to E" in refused.text


def test_staff_pages_do_not_change_language(petugas):
    browser = petugas("pengawas")
    browser.client.set_cookie("tampilan", "1.terang.en.1.0", path="/")

    assert '<html lang="id"' in browser.get("/pengawas/").text
