"""Item models on the web: tried without a trace, stored by version, children kept as drafts."""

from __future__ import annotations

import re

import pytest

from cat.itembank.store import content_of
from seeds.load import MODELS
from web.db import db
from web.tables import Item, ItemModelRow, ItemVersion

TEXT = sorted(MODELS.glob("*der*.toml"))[0].read_text(encoding="utf-8")
CODE = re.search(r'kode = "([^"]+)"', TEXT)[1]


@pytest.fixture
def penulis(petugas):
    return petugas("penulis")


def count(table):
    db.session.remove()
    return db.session.scalar(db.select(db.func.count()).select_from(table))


def test_the_models_of_the_seeds_are_there_with_their_children(petugas):
    page = petugas("analis").get(f"/bank/model/{CODE}").text

    assert CODE in petugas("analis").get("/bank/model").text
    assert "Anak di bank (4)" in page
    assert "Simpan yang dipilih" not in page


def test_children_are_shown_first_and_kept_as_drafts_when_chosen(penulis, database):
    items = count(Item)
    shown = penulis.get(f"/bank/model/{CODE}?banyak=3&benih=5").text
    codes = re.findall(r'name="butir" value="([^"]+)"', shown)
    mark = re.search(r'name="tanda" value="([0-9a-f]{64})"', shown)[1]
    assert len(codes) == 3
    assert count(Item) == items

    form = {"banyak": 3, "benih": 5, "tanda": mark, "butir": codes[:2]}
    penulis.post(f"/bank/model/{CODE}/anak", token_from=f"/bank/model/{CODE}", **form)

    assert count(Item) == items + 2
    chosen = db.select(ItemVersion).join(Item).where(Item.code == codes[0])
    kept = db.session.scalars(chosen).one()
    assert (content_of(kept).parent, kept.item.status, kept.written_by) == (CODE, "draf", "penulis")
    assert codes[1] in content_of(kept).enemies

    # The same form again: the bank has changed, these are no longer the children that one saw.
    again = penulis.post(f"/bank/model/{CODE}/anak", token_from=f"/bank/model/{CODE}", **form)
    assert again.status_code == 303
    assert "berubah sejak pratinjau" in penulis.get("/bank/model").text
    assert count(Item) == items + 2


def test_a_model_is_tried_without_a_trace_and_stored_as_a_new_version(penulis):
    models, path = count(ItemModelRow), f"/bank/model/{CODE}/ubah"

    tried = penulis.post(path, token_from=path, teks=TEXT, banyak=2, benih=3, coba=1)
    assert tried.status_code == 200
    assert tried.text.count("is-key") == 2
    assert count(ItemModelRow) == models

    penulis.post(path, token_from=path, teks=TEXT, simpan=1)
    assert count(ItemModelRow) == models  # the same text is the same version

    changed = re.sub(r'judul = "([^"]+)"', r'judul = "\1, diubah"', TEXT)
    penulis.post(path, token_from=path, teks=changed, simpan=1)
    assert count(ItemModelRow) == models + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kode = ", "bukan TOML yang benar"),
        (re.sub(r'domain = "[^"]+"', 'domain = "tiu.lain"', TEXT), "tidak ada di kisi-kisi"),
        ("lain = 1\n" + TEXT, "isian tidak dikenal"),
    ],
)
def test_a_text_that_is_no_model_is_refused_and_stays_on_the_page(penulis, text, message):
    path, models = "/bank/model/baru", count(ItemModelRow)

    reply = penulis.post(path, token_from=path, teks=text, simpan=1)

    assert reply.status_code == 422
    assert message in reply.text
    assert count(ItemModelRow) == models


def test_only_writers_write_models(petugas):
    analis = petugas("analis")

    assert analis.get("/bank/model/baru").status_code == 403
    assert analis.get("/bank/model/TIDAK-ADA").status_code == 404
