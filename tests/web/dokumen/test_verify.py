"""A document proves itself without a database, and a changed page is named."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from cat.errors import BadInput
from tests.web.dokumen.conftest import (
    SEED,
    list_sheet,
    replace_on_page,
    resign,
    rewrite,
    stamp,
    three_pages,
)
from web.dokumen.attachment import attach
from web.dokumen.inspection import inspect
from web.dokumen.record import Record, SignedRecord
from web.dokumen.typeset import pdf_date, produce
from web.dokumen.verify import Report, Verdict, verify
from web.operations.signing import public_key

KEYS = [public_key(SEED)]


def ask(pdf: bytes, keys: list[str] = KEYS) -> Report:
    return verify(pdf, inspect(pdf), keys)


def test_an_untouched_document_is_genuine_and_says_which_one_it_is():
    pdf, _ = three_pages()

    report = ask(pdf)

    assert report.verdict is Verdict.GENUINE
    assert report.record.nomor == "PRK-2026-000017"
    assert report.record.public == (("Pengumuman", "SKD-2024-001"),)


def test_a_document_that_was_saved_again_is_no_exact_copy_but_its_pages_are_all_the_same():
    pdf, _ = three_pages()

    report = ask(rewrite(pdf, lambda writer: None))

    assert report.verdict is Verdict.SAVED_AGAIN
    assert report.reasons == ()


def test_a_changed_page_is_named():
    pdf, _ = three_pages()

    report = ask(rewrite(pdf, spoil_words_of_page_2))

    assert report.verdict is Verdict.CHANGED
    assert report.reasons == ("Halaman 2: tulisannya berbeda dari aslinya.",)


def spoil_words_of_page_2(writer: PdfWriter) -> None:
    """Page 2 shows the drawing of page 1: other people, as a forger would want."""
    from pypdf.generic import NameObject

    writer.pages[1][NameObject("/Contents")] = writer.pages[0].raw_get("/Contents")


def test_a_page_that_was_painted_over_is_named_although_its_words_are_the_same():
    pdf, _ = three_pages()
    white = b"q 1 1 1 rg 100 600 200 20 re f Q\n"

    report = ask(rewrite(pdf, replace_on_page(3, b"", white)))

    assert report.verdict is Verdict.REDRAWN
    assert report.reasons == ("Halaman 3: tulisannya sama, tampilannya berbeda.",)


def test_a_note_stuck_on_a_page_is_seen():
    from pypdf.annotations import FreeText

    pdf, _ = three_pages()

    def stick(writer: PdfWriter) -> None:
        note = FreeText(text="LULUS", rect=(100, 600, 200, 620))
        writer.add_annotation(page_number=0, annotation=note)

    report = ask(rewrite(pdf, stick))

    assert report.verdict is Verdict.REDRAWN
    assert report.reasons == ("Halaman 1: tulisannya sama, tampilannya berbeda.",)


def test_another_font_under_the_same_words_is_seen():
    pdf, _ = three_pages()

    def swap(writer: PdfWriter) -> None:
        fonts = writer.pages[0]["/Resources"]["/Font"]
        first, second = list(fonts)[:2]
        fonts[first], fonts[second] = fonts.raw_get(second), fonts.raw_get(first)

    assert ask(rewrite(pdf, swap)).verdict in (Verdict.REDRAWN, Verdict.CHANGED)


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        ([0, 2], "Halaman 2 dari dokumen asli tidak ada di berkas ini."),
        ([0, 1], "Halaman 3 dari dokumen asli tidak ada di berkas ini."),
        ([0, 1, 1, 2], "Halaman 3 berkas ini tidak ada di dokumen asli."),
    ],
)
def test_a_missing_or_added_page_is_named_and_the_others_are_not_blamed(kept, reason):
    pdf, _ = three_pages()
    reader = PdfReader(BytesIO(pdf))
    writer = PdfWriter()
    for number in kept:
        writer.add_page(reader.pages[number])
    for name, files in reader.attachments.items():
        writer.add_attachment(name, files[0])
    out = BytesIO()
    writer.write(out)

    report = ask(out.getvalue())

    assert report.verdict is Verdict.CHANGED
    assert report.reasons == (reason,)


def test_bytes_behind_the_record_are_seen_even_when_no_page_changes():
    pdf, _ = three_pages()

    assert ask(pdf + b"% catatan lain\n").verdict is Verdict.SAVED_AGAIN


@pytest.mark.parametrize(
    "change",
    [
        {"public": (("Pengumuman", "SKD-2024-002"),)},
        {"nomor": "PRK-2026-000018"},
        {"issued_at": 1},
        {"replaces": "PRK-2026-000001"},
        {"digest": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_field_of_the_record_can_be_changed_under_its_signature(change):
    _, signed = three_pages()
    base = three_pages()[0][: signed.record.base_bytes]
    forged = attach(base, resign(signed, **change).to_bytes(), pdf_date(signed.record.issued_at))

    assert ask(forged).verdict is Verdict.FORGED


def test_a_document_that_somebody_else_signed_is_not_ours():
    pdf, _ = produce(list_sheet(3), stamp(), bytes(32))

    assert ask(pdf).verdict is Verdict.FORGED
    assert ask(pdf, [*KEYS, public_key(bytes(32))]).verdict is Verdict.GENUINE


def test_a_pdf_without_a_record_is_unknown():
    out = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)

    assert ask(out.getvalue()).verdict is Verdict.NOT_OURS


def test_a_record_comes_back_from_its_text_as_it_was():
    _, signed = three_pages()

    assert SignedRecord.from_text(signed.to_bytes().decode()) == signed


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole.pop("kunci"),
        lambda whole: whole["catatan"].pop("nomor"),
        lambda whole: whole["catatan"].update(lain=1),
        lambda whole: whole["catatan"].update(terbit="besok"),
        lambda whole: whole["catatan"].update(terbit=True),
        lambda whole: whole["catatan"].update(halaman=[["a", "b"]]),
        lambda whole: whole["catatan"].update(isi=[["satu"]]),
        lambda whole: whole["catatan"].update(pdf=[]),
        lambda whole: whole.update(catatan=[]),
        lambda whole: whole.update(tanda_tangan=5),
    ],
)
def test_what_is_no_record_is_refused(spoil):
    whole = json.loads(three_pages()[1].to_bytes())
    spoil(whole)

    with pytest.raises(BadInput, match="catatan dokumen"):
        SignedRecord.from_text(json.dumps(whole))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{" * 5000, '{"catatan": 1'])
def test_what_is_no_json_of_ours_is_refused(text):
    with pytest.raises(BadInput, match="catatan dokumen"):
        SignedRecord.from_text(text)


def test_a_record_with_a_field_too_many_is_no_record():
    mapping = three_pages()[1].record.to_mapping()

    with pytest.raises(BadInput, match="tidak dikenal"):
        Record.from_mapping({**mapping, "catatan": "lulus"})
