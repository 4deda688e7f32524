"""Files that mean harm are refused, and the documentation says with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cat.itembank.exchange.importing import read_file
from tests.cat.itembank.exchange.hostile import DOMAIN, answer, cases, table, workbook
from tests.cat.itembank.exchange.qti_files import png, with_picture, zipped

PAGE = Path(__file__).resolve().parents[4] / "docs" / "pertukaran-butir.md"
CASES = cases()


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    return {what: answer(name, data) for what, name, data in CASES}


@pytest.mark.parametrize("what", [what for what, _, _ in CASES])
def test_a_hostile_file_is_refused_with_a_reason(answers, what):
    assert answers[what]


def test_the_documentation_holds_the_answer_to_each(answers):
    """Made by `python -m tests.cat.itembank.exchange.hostile`."""
    assert table(answers) in PAGE.read_text()


def test_the_same_files_without_their_malice_are_accepted():
    assert answer("butir.xlsx", workbook()) == ""
    assert answer("paket.zip", with_picture(png())) == ""


def test_a_picture_that_is_also_another_file_keeps_nothing_but_its_pixels():
    behind = zipped({"x.html": b"<script>alert(1)</script>"})

    batch = read_file("p.zip", with_picture(png() + behind), domain=DOMAIN)

    ((_, body),) = batch.pictures.values()
    assert b"PK" not in body
    assert any("gambar" in loss.effect for loss in batch.items[0].losses)
