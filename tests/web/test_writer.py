"""The item writer: browse, preview, draft."""

from __future__ import annotations

import pytest

DRAFT = "/bank/butir/TWK-BHS-D001"


@pytest.fixture
def penulis(petugas):
    return petugas("penulis")


def test_an_item_shows_key_rationale_source_and_status_of_parameters(petugas):
    page = petugas("penelaah").get("/bank/butir/TIU-SRL-003").text

    assert "✓ kunci" in page
    assert "belum dikalibrasi: taksiran ahli" in page
    assert "<img src=" in page
    assert 'alt=""' not in page


def test_an_item_shows_its_stimulus_its_enemies_and_how_long_it_takes(penulis):
    assert "CRT-TABEL-1" in penulis.get("/bank/butir/TIU-CRT-015").text
    page = penulis.get("/bank/butir/TWK-BEL-005").text
    assert "TWK-BEL-006" in page
    assert "detik" in page
