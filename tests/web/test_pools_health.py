"""The page of the bank's health, on a bank of which every figure can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cat.itembank.lifecycle import Status
from cat.itembank.store import add_version, content_of, latest_version, set_status
from tests.web.conftest import START
from tests.web.test_pools import PLAN
from web.db import db, transaction
from web.operations.kisi_kisi import kesehatan, versi
from web.operations.kisi_kisi.kesehatan import health_of
from web.operations.kisi_kisi.telaah import YEAR
from web.operations.penulisan import komentar
from web.tables import Calibration, Item, KisiKisi, Sitting, SittingEvent

PART = "literasi_digital"


@pytest.fixture
def plan(app):
    with transaction() as session:
        row = versi.store(session, PLAN, by="analis", reason="baru", now=START)
    return row.digest


def look(digest, now=START):
    db.session.remove()
    (part,) = health_of(db.session(), db.session.get_one(KisiKisi, digest), now)
    return part


def codes(domain):
    rows = db.select(Item.code).where(Item.domain == f"{PART}.{domain}").order_by(Item.code)
    return list(db.session.scalars(rows))


def test_what_counts_are_active_items_with_the_calibrations_comments_and_drafts_they_have(
    app, plan, petugas
):
    before = look(plan)
    first, second, third = codes("etika")[:3]
    with transaction() as session:
        model = content_of(latest_version(session, first))
        draft = replace(model, code="LIT-BARU-1")  # it adds to the drafts, never to the stock
        add_version(session, draft, status=Status.DRAF, by="penulis", now=START)
        set_status(latest_version(session, second).item, Status.PENSIUN)
        version = latest_version(session, third)
        version.calibrations.append(
            Calibration(a=1.5, b=[2.0], c=0.1, status="2PL, 1000 jawaban", made_at=START)
        )
        session.add(version)
        doubted = latest_version(session, first).item
        komentar.begin(session, doubted, "ragu akan kuncinya", by="penelaah", now=START)

    after = look(plan)
    assert len(after.stock.codes) == len(before.stock.codes) - 1
    assert after.uncalibrated == before.uncalibrated - 2
    assert after.statuses[Status.PENSIUN] == 1
    assert after.statuses[Status.DRAF] == before.statuses.get(Status.DRAF, 0) + 1
    assert sum(c.stock for c in after.health.cells) == len(after.stock.codes)
    assert (
        sum(c.drafts for c in after.health.cells) == sum(c.drafts for c in before.health.cells) + 1
    )
    assert sum(c.uncalibrated for c in after.health.cells) == after.uncalibrated
    hardest = next(c for c in after.health.cells if (c.domain, c.band) == ("etika", 4))
    assert hardest.stock - hardest.uncalibrated == 1  # b = 2 is in the highest band
    # A test takes 6 items, a quarter of them from each domain; without a limit of exposure half a
    # median band of 38.3 % of people needs ceil(0.383 * 1.5) = 1 item.
    assert {c.need for c in after.health.cells} == {1}
    top = after.review[0]
    assert (top.code, top.reasons[0]) == (first, "1 komentar telaah belum selesai")
    assert third not in {row.code for row in after.review}

    page = petugas("analis").get(f"/pool/kesehatan?kisi_kisi={plan}").text
    assert "Bulan ini penulis sebaiknya menulis" in page
    assert f"{after.uncalibrated} belum dikalibrasi" in page


def test_exposure_and_age_are_those_of_real_sittings_and_the_answer_is_kept_until_something_changes(
    app, plan, monkeypatch
):
    skd = db.session.scalar(db.select(KisiKisi).where(KisiKisi.kode == "tkd-adaptif-2024")).digest
    counted = db.session.execute(
        db.select(SittingEvent.item, db.func.count())
        .where(SittingEvent.kind == "answered")
        .group_by(SittingEvent.item)
    ).all()
    sat = db.session.scalar(
        db.select(db.func.count()).select_from(Sitting).where(Sitting.answered > 0)
    )
    seen = {item.partition("@")[0]: times for item, times in counted}
    assert seen

    parts = health_of(db.session(), db.session.get_one(KisiKisi, skd), START)

    for part in parts:
        for code, use in zip(part.stock.codes, part.uses, strict=True):
            assert (use.sittings, use.offered) == (seen.get(code, 0), sat)
            assert (use.first_at is None) == (code not in seen)
    with monkeypatch.context() as patch:
        patch.setattr(kesehatan, "_uses", lambda session: pytest.fail("nothing changed"))
        assert health_of(db.session(), db.session.get_one(KisiKisi, skd), START + 1) is parts

    old = look(plan, START + int(3.5 * YEAR))
    assert all("sudah 3,5 tahun; diganti sesudah 3" in row.reasons for row in old.review)
