"""What the PDFs say, read back by a program that did not write them."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from cat.errors import BadInput
from tests.web.dokumen.conftest import LONG, NOW, SEED, list_sheet, stamp, texts, three_pages
from web.dokumen.attachment import attach
from web.dokumen.typeset import print_sheet, produce


def test_every_page_bears_the_number_the_fingerprint_and_how_many_pages_there_are():
    pdf, signed = three_pages()

    pages = texts(pdf)
    digest = signed.record.digest
    short = " ".join(digest[i : i + 4] for i in range(0, 16, 4))
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"PRK-2026-000017 · sidik isi {short}" in text
        assert f"Halaman {number} dari 3" in text


def test_the_head_of_a_table_and_its_formasi_are_repeated_on_every_page():
    first, second, third = texts(three_pages()[0])

    assert all("Nomor peserta" in page for page in (first, second, third))
    assert "(lanjutan)" not in first
    assert "Pranata Komputer Ahli Pertama (lanjutan)" in second
    assert "Pranata Komputer Ahli Pertama (lanjutan)" in third


def test_no_row_is_lost_between_pages():
    everything = " ".join(texts(three_pages()[0]))

    assert [f"2499012011{n:07}" in everything for n in range(1, 111)] == [True] * 110


def test_a_list_without_rows_says_so():
    (page,) = texts(produce(list_sheet(0), stamp(), SEED)[0])

    assert "Tidak ada peserta." in page


@pytest.mark.parametrize("nama", [LONG, "Kusuma" * 12], ids=["many words", "one word"])
def test_a_long_name_is_printed_whole(nama):
    (page,) = texts(produce(list_sheet(1, nama), stamp(), SEED)[0])

    assert bare(nama) in bare(page)


def bare(text: str) -> str:
    """Without white space and places where a line may break."""
    return re.sub(r"[\s\u200b-]", "", text)


def test_the_pdf_is_archivable_tagged_indonesian_and_named():
    pdf, _ = three_pages()

    reader = PdfReader(BytesIO(pdf))
    catalog = reader.trailer["/Root"]
    xmp = catalog["/Metadata"].get_data().decode()
    assert reader.metadata.title == "Daftar Peringkat Seleksi Kompetensi Dasar PRK-2026-000017"
    assert reader.metadata.creation_date.year == 2026
    assert catalog["/Lang"] == "id-ID"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_only_fonts_that_come_with_the_typesetter_are_used_and_all_are_embedded():
    fonts = PdfReader(BytesIO(three_pages()[0])).pages[0]["/Resources"]["/Font"]

    described = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts.values()]
    assert described
    for font in described:
        assert "LibertinusSerif" in font["/BaseFont"]
        assert "/FontFile3" in font["/FontDescriptor"].get_object()


def test_the_same_content_makes_the_same_bytes_and_another_date_does_not():
    sheet = list_sheet(3)

    assert produce(sheet, stamp(), SEED)[0] == produce(list_sheet(3), stamp(), SEED)[0]
    assert produce(sheet, replace(stamp(), issued_at=NOW + 10**9), SEED)[0] != produce(
        sheet, stamp(), SEED
    )


def test_the_code_and_the_address_are_printed_beside_the_qr_code():
    (page,) = texts(produce(list_sheet(1), stamp(), SEED)[0])

    flat = " ".join(page.split())
    assert "periksa.example/periksa lalu isi nomor PRK-2026-000017 dan kode K7QM-3XPA" in flat


def test_a_replacement_says_what_it_replaces():
    marked = replace(stamp(), replaces="PRK-2026-000003")

    (page,) = texts(produce(list_sheet(1), marked, SEED)[0])

    assert "menggantikan dokumen nomor PRK-2026-000003" in " ".join(page.split())


def test_a_pdf_of_another_kind_cannot_be_given_a_record():
    printed = print_sheet(list_sheet(1), stamp())

    with pytest.raises(BadInput, match="no plain trailer"):
        attach(printed.pdf + b"%lagi", b"{}", "D:20261118110640Z")
    with pytest.raises(BadInput, match="no plain trailer"):
        attach(attach(printed.pdf, b"{}", "D:2026"), b"{}", "D:2026")
    with pytest.raises(BadInput, match="attachments already"):
        attach(printed.pdf.replace(b"/Type/Catalog", b"/Type/Catalog/AF[9 0 R]"), b"{}", "D:2026")
