"""The English of the candidate pages: nothing missing, and the compiled is the written one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from web.errors import _HTTP, REFUSALS

WEB = Path(__file__).resolve().parents[2] / "web"
CATALOG = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CALLS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
# Refusals of records and pools that a candidate may meet, beside those of the exam itself.
MET = {"S00", "S01", "S02", "S03"}


def said() -> set[str]:
    """Every text of the candidate's pages."""
    pages = WEB / "templates"
    pages = [
        *(pages / "candidate").glob("*.html"),
        pages / "base.html",
        pages / "_parts/tampilan.html",
    ]
    found = set()
    for paths, how in (
        (pages, "jinja2.ext:babel_extract"),
        ((WEB / "candidate").glob("*.py"), "python"),
    ):
        for path in paths:
            with path.open("rb") as file:
                found |= {text for _, text, _, _ in extract(how, file, CALLS)}
    refusals = {row.sentence for row in REFUSALS.values() if row.code[0] == "U" or row.code in MET}
    return found | refusals | {sentence for _, sentence in _HTTP.values()}


@pytest.fixture(scope="module")
def catalog():
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_has_its_english(catalog):
    missing = sorted(text for text in said() if text not in catalog or not catalog[text].string)

    assert missing == []


def test_no_english_is_left_of_texts_that_are_gone(catalog):
    kept = {*said(), "Terjadi kesalahan pada server.", "Permintaan ditolak."}

    assert sorted(entry.id for entry in catalog if entry.id and entry.id not in kept) == []


def test_translations_keep_the_places_to_fill(catalog):
    import re

    places = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")
    for entry in catalog:
        if entry.id:
            assert sorted(places.findall(entry.id)) == sorted(places.findall(entry.string)), (
                entry.id
            )


def test_the_compiled_catalog_is_the_written_one(catalog):
    compiled = io.BytesIO()
    write_mo(compiled, catalog)

    assert CATALOG.with_suffix(".mo").read_bytes() == compiled.getvalue()
