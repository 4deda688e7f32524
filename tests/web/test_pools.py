"""Pools by two people: one proposes, a job checks, another one publishes exactly that."""

from __future__ import annotations

import contextvars
import copy
from functools import partial
from types import SimpleNamespace

import polars as pl
import pytest
from sqlalchemy.exc import DatabaseError

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson, NotDue
from cat.itembank.pool_file import read_pool
from cat.itembank.store import set_status
from seeds.demo.load import open_participants
from tests.web.conftest import KEYS, START
from web.db import db, own_session, transaction
from web.operations.job_worker import Workshop, work_once
from web.operations.kisi_kisi import pekerjaan, usulan, versi
from web.operations.kisi_kisi.ambang import ambang_pool
from web.operations.kisi_kisi.temuan import Judge, finding_of_enemies
from web.operations.kisi_kisi.usulan import Keadaan
from web.operations.pools import find_rules, latest_pool
from web.operations.publishing import publish_pool
from web.operations.sittings import schedule
from web.tables import Item, KisiKisi, PoolCandidate, PublishedPool, Sesi

DOMAINS = ("budaya", "cakap", "etika", "keamanan")
PLAN = {
    "kode": "uji-literasi",
    "acak_opsi": True,
    "kebijakan": {"acak_teratas": 3},
    "bentuk": {
        "kode": "uji-literasi",
        "judul": "Uji",
        "dasar_hukum": "tidak ada",
        "menit": 10,
        "keyakinan": "C",
        "bagian": [
            {
                "kode": "literasi_digital",
                "nama": "Literasi digital",
                "butir": 8,
                "nilai_maks": 40,
                "poin": {"jenis": "kunci", "benar": 5, "salah": 0, "kosong": 0},
                "keyakinan": "C",
            }
        ],
    },
    "bagian": {
        "literasi_digital": {
            "panjang": 6,
            "batas": [{"apa": name, "min": 1, "maks": 2} for name in DOMAINS],
            "acuan": dict.fromkeys(DOMAINS, 2),
        }
    },
}


@pytest.fixture
def work(app, tmp_path):
    """Does every waiting job as a worker outside the request would."""
    workshop = Workshop(
        name="uji",
        instance=tmp_path,
        sessions=partial(own_session, db.engine),
        keys=KEYS,
        now=lambda: START,
    )

    def run() -> None:
        db.session.remove()
        while contextvars.Context().run(work_once, workshop):
            pass

    return run


def ask(by="analis", plan=PLAN, now=START):
    with transaction() as session:
        digest = versi.rencana.digest(versi.rencana.read_plan(plan))
        if session.get(KisiKisi, digest) is None:
            versi.store(session, plan, by=by, reason="untuk tes", now=now)
        return usulan.propose(
            session, digest, by=by, reason="untuk tes", now=now, persons=usulan.FEWEST
        ).id


def state(proposal_id):
    db.session.remove()
    return usulan.get(db.session(), proposal_id).keadaan


def decide(act, proposal_id, by, reason="sudah dibaca"):
    with transaction() as session:
        return act(session, proposal_id, by=by, reason=reason, now=START + 5)


def test_what_is_published_are_the_checked_bytes_and_it_takes_two_analysts(
    app, work, petugas, tmp_path
):
    first = petugas("analis")
    with transaction() as session:
        digest = versi.store(session, PLAN, by="analis", reason="baru", now=START).digest
    page = f"/pool/kisi-kisi/{digest}"
    assert "✓ Dapat dipenuhi" in first.get(page).text
    reply = first.post(
        f"{page}/usul", token_from=page, orang=200, benih=7, alasan="bank cukup untuk uji"
    )
    url = reply.headers["Location"]
    proposal_id = url.rsplit("/", 1)[1]
    assert state(proposal_id) is Keadaan.DIPERIKSA
    work()

    report = first.get(url).text
    assert state(proposal_id) is Keadaan.MENUNGGU
    assert "butir tanpa kalibrasi" in report
    assert "Galat baku menurut kemampuan" in report
    assert "Terbitkan pool" not in report
    refused = first.post(f"{url}/terbit", token_from=url, alasan="saya sendiri")
    assert refused.status_code == 403
    assert "orang lain" in refused.text

    second = petugas("analis2")
    reply = second.post(f"{url}/terbit", token_from=url, alasan="laporannya baik")

    assert reply.status_code == 303
    assert state(proposal_id) is Keadaan.TERBIT
    checked = usulan.get(db.session(), proposal_id).check.pool_digest
    with transaction() as session:  # the command line gives the same bytes from the same bank
        assert publish_pool(session, PLAN, by="cli", now=START + 9).digest == checked
    assert db.session.get(PublishedPool, checked).published_by == "analis2"
    assert db.session.get(PoolCandidate, proposal_id) is None
    pool_page = second.get(f"/pool/{checked}").text
    assert "oleh analis, dengan laporan" in pool_page
    path = tmp_path / "unduh.catcpns"
    path.write_bytes(second.get(f"/pool/{checked}/berkas").data)
    assert read_pool(path).digest == checked
    with pytest.raises(AlreadyDecided):
        decide(usulan.publish, proposal_id, "analis2")
    assert petugas("penulis").get("/pool/").status_code == 403


def test_a_proposal_is_stale_once_the_bank_changed_and_can_only_be_refused(app, work):
    proposal_id = ask()
    with pytest.raises(AlreadyDecided):
        ask(by="analis2")  # the same version waits already
    work()
    with transaction() as session:
        item = session.scalar(db.select(Item).where(Item.domain == "literasi_digital.etika"))
        set_status(item, "pensiun")

    assert state(proposal_id) is Keadaan.USANG
    with pytest.raises(NotDue, match="berubah sejak pemeriksaan"):
        decide(usulan.publish, proposal_id, "analis2")
    with pytest.raises(BadInput, match="Alasan wajib"):
        decide(usulan.refuse, proposal_id, "analis2", reason=" ")
    decide(usulan.refuse, proposal_id, "analis2")

    assert state(proposal_id) is Keadaan.DITOLAK
    assert db.session.scalar(db.select(db.func.count()).select_from(PoolCandidate)) == 0


def test_who_proposed_may_not_publish_and_a_failed_hard_check_keeps_everybody_from_it(
    app, work, monkeypatch
):
    short = copy.deepcopy(PLAN)
    short["bentuk"]["bagian"][0] |= {"butir": 9, "nilai_maks": 45}
    other = ask(plan={**short, "kode": "uji-kurang"})
    work()
    report = usulan.get(db.session(), other).check.report
    assert state(other) is Keadaan.TIDAK_LULUS
    assert "paket acuan berisi 8 butir" in report["kesalahan"]

    strict = dict(ambang_pool().ambang)
    strict["rmse"] = type(strict["rmse"])("rmse", "RMSE", 0.01, 0.02, True, "tes", "C")
    monkeypatch.setattr(pekerjaan, "ambang_pool", lambda: type("A", (), {"ambang": strict})())
    proposal_id = ask()
    work()
    found = usulan.get(db.session(), proposal_id)
    assert found.keadaan is Keadaan.TIDAK_LULUS
    assert found.check.pool_digest
    with pytest.raises(NotDue, match="tidak lulus"):
        decide(usulan.publish, proposal_id, "analis2")
    with pytest.raises(NeedsSecondPerson):
        decide(usulan.publish, proposal_id, "analis")


def test_a_pool_of_another_test_is_never_the_default_and_a_withdrawn_one_takes_no_new_sitting(app):
    skd = latest_pool(db.session()).digest
    with transaction() as session:
        pool = publish_pool(session, PLAN, by="cli", now=START + 10)
    assert latest_pool(db.session()).digest == skd
    assert latest_pool(db.session(), "uji-literasi").digest == pool.digest

    with transaction() as session:
        usulan.withdraw(session, pool.digest, by="analis", reason="salah", now=START + 11)
    with pytest.raises(AlreadyDecided):
        usulan.withdraw(db.session(), pool.digest, by="analis", reason="lagi", now=START + 12)
    with pytest.raises(BadInput, match="kode uji-literasi"):
        latest_pool(db.session(), "uji-literasi")
    with pytest.raises(BadInput, match="sudah ditarik"):
        schedule(
            db.session(),
            db.session.scalar(db.select(Sesi)),
            open_participants(db.session())[0],
            seat=99,
            pin="1",
            pool=pool,
            rules=find_rules(db.session(), "cpns-2024"),
            keys=KEYS,
        )
    db.session.rollback()
    for statement in ("UPDATE pool SET code = 'x'", "DELETE FROM pool"):
        with pytest.raises(DatabaseError, match=r"append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_enemies_are_recounted_from_the_tests_across_parts(tmp_path):
    def part(code, *items):
        return SimpleNamespace(part=code, items=[SimpleNamespace(code=item) for item in items])

    pool = SimpleNamespace(parts=[part("twk", "A", "B", "C"), part("tiu", "D", "E")])
    rows = [(0, "twk", [0, 2]), (0, "tiu", [1]), (1, "twk", [1]), (1, "tiu", [0, 1])]
    frame = pl.DataFrame(rows, schema=["person", "part", "items"], orient="row")
    frame.write_parquet(tmp_path / "persons.parquet")

    pairs = [("A", "B"), ("A", "E"), ("B", "D"), ("C", "D")]
    met = pekerjaan.times_met(pool, pairs, tmp_path)

    assert met == {("A", "B"): 0, ("A", "E"): 1, ("B", "D"): 1, ("C", "D"): 0}
    finding = finding_of_enemies(Judge("", ambang_pool().ambang), met)
    assert finding.blocks
    assert finding.kalimat == "Dari 4 pasangan, yang bertemu: A dan E, B dan D."
