"""What anybody can find out about a document, and what nobody can."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.exc import DBAPIError

from tests.web.dokumen.conftest import rewrite
from tests.web.dokumen.people import check_page, public, uploads
from web.db import db, transaction
from web.tables import Dokumen


def test_the_public_page_shows_the_least_and_says_that_the_document_holds(app, issued, sitting):
    _, dokumen, _ = issued

    page = public(app).get(check_page(dokumen)).text

    assert "Berlaku" in page
    assert sitting.peserta.nomor in page
    assert sitting.peserta.person.nama not in page
    assert "•••" in page
    assert sitting.peserta.person.nik not in page
    assert f"{sitting.results[0].nilai} dari 150" in page


def test_a_wrong_code_and_an_unknown_number_look_the_same(app, issued):
    _, dokumen, _ = issued
    browser = public(app)

    replies = [
        browser.get(path)
        for path in (
            f"/periksa/{dokumen.nomor}",
            f"/periksa/{dokumen.nomor}?k=AAAAAAAA",
            f"/periksa/HSL-2026-999999?k={dokumen.kode}",
        )
    ]

    assert [reply.status_code for reply in replies] == [404] * 3
    assert len({reply.text.replace("HSL-2026-999999", dokumen.nomor) for reply in replies}) == 1


def test_a_code_may_be_typed_with_dashes_and_small_letters(app, issued):
    _, dokumen, _ = issued
    typed = f"{dokumen.kode[:4].lower()}-{dokumen.kode[4:].lower()}"

    reply = public(app).get(f"/periksa/?nomor={dokumen.nomor.lower()}&kode={typed}")

    assert reply.status_code == 303
    assert "Berlaku" in public(app).get(reply.location).text


def test_guessing_codes_is_stopped(app, issued):
    _, dokumen, _ = issued
    browser = public(app)

    codes = [browser.get(f"/periksa/{dokumen.nomor}?k=A{n}").status_code for n in range(25)]

    assert codes[:20] == [404] * 20
    assert codes[20:] == [429] * 5


def test_an_uploaded_file_is_genuine_or_the_changed_page_is_named(app, issued):
    _, dokumen, pdf = issued
    browser = public(app)

    def forge(writer):
        from tests.web.dokumen.conftest import replace_on_page

        data = writer.pages[0].get_contents().get_data()
        first = re.search(rb"\([^)]{3,}\) ?Tj|\[\([^\]]{6,}\] ?TJ", data)[0]
        replace_on_page(1, first, b"")(writer)

    genuine = uploads(browser, pdf).text
    saved = uploads(browser, rewrite(pdf, lambda writer: None)).text
    forged = uploads(browser, rewrite(pdf, forge)).text

    assert "Asli. Berkas ini sama persis dengan yang diterbitkan." in genuine
    assert "disimpan ulang oleh program lain" in saved
    assert "Berubah. Isi berkas ini berbeda" in forged
    assert "Halaman 1: tulisannya berbeda dari aslinya." in forged
    assert dokumen.nomor in forged


def test_a_file_without_its_record_is_held_against_the_number_that_the_person_gives(app, issued):
    from pypdf import PdfWriter

    _, dokumen, pdf = issued
    browser = public(app)
    writer = PdfWriter()
    writer.add_page(PdfReader(BytesIO(pdf)).pages[0])
    out = BytesIO()
    writer.write(out)

    alone = uploads(browser, out.getvalue()).text
    named = uploads(browser, out.getvalue(), nomor=dokumen.nomor, kode=dokumen.kode).text
    wrong = uploads(browser, out.getvalue(), nomor=dokumen.nomor, kode="AAAA")

    assert "tidak memuat catatan dokumen" in alone
    assert dokumen.nomor not in alone
    assert "bukan salinan persis" in named
    assert wrong.status_code == 404


def test_what_is_no_pdf_is_answered_calmly(app):
    browser = public(app)

    for pdf in (b"", b"bukan", b"%PDF-1.7 rusak"):
        reply = uploads(browser, pdf)
        assert reply.status_code == 200
        assert "rusak, terlalu besar, atau bukan PDF" in reply.text


def test_an_upload_without_a_file_or_beyond_the_limit_is_refused(app, monkeypatch):
    from web.periksa import views

    browser = public(app)
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', browser.get("/periksa/").text)[1]
    empty = browser._fresh(
        lambda: browser.client.post("/periksa/berkas", data={"csrf_token": token})
    )
    monkeypatch.setattr(views, "MOST_BYTES", 100_000)

    assert empty.status_code == 422
    assert "Pilih berkas PDF" in empty.text
    assert uploads(browser, b"%PDF" + bytes(200_000)).status_code == 413


def test_a_row_that_somebody_changed_in_the_database_is_not_vouched_for(app, issued):
    _, dokumen, pdf = issued
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(db.text("UPDATE dokumen SET jenis = 'rekap'"))
    with transaction() as session:
        drop_guard(session)
        catatan = dict(dokumen.catatan, isi=[["Total", "550 dari 550"]])
        session.execute(db.update(Dokumen).where(Dokumen.id == dokumen.id).values(catatan=catatan))

    page = public(app).get(check_page(dokumen)).text

    assert "550 dari 550" not in page
    assert "Tanda tangan catatan dokumen ini tidak cocok" in page
    assert "Tanda tangan tidak sah" in uploads(public(app), pdf).text


def drop_guard(session) -> None:
    """What an intruder with the rights of the owner would do first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(db.text("DROP TRIGGER dokumen_append_only ON dokumen"))
    else:
        session.execute(db.text("DROP TRIGGER dokumen_append_only_update"))
