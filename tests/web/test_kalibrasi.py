"""A calibration from the platform's records: asked, run, judged, decided, with its origin kept."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask_security import hash_password
from sqlalchemy import select

from cat.itembank.store import content_of, latest_version
from cat.itembank.tables import Calibration
from tests.web import kalibrasi_records as records
from tests.web.conftest import START, Clock, _sql, settings
from tests.web.kalibrasi_platform import ANALYST, PASSWORD, Platform
from web import clock as real_clock
from web import create_app
from web.db import db, own_session
from web.operations import jobs
from web.operations.accounts import create_user
from web.operations.job_worker import work_once
from web.operations.jobs import Status
from web.operations.kalibrasi import berkas, jalankan, platform, uji_coba
from web.operations.kalibrasi.usulan import (
    ProposalRefused,
    decide_many,
    obstacles,
)
from web.tables import (
    AuditRow,
    CalibrationDecision,
    CalibrationResult,
    CalibrationRun,
    ItemTransition,
    Job,
)

# For what does not depend on the database.
ONE_DATABASE = pytest.mark.parametrize("calibrated", ["sqlite"], indirect=True, scope="module")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def calibrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A platform on which one calibration of the trial items has run; made once a database."""
    folder = tmp_path_factory.mktemp("kalibrasi")
    clock, now = Clock(), real_clock.now
    real_clock.now = clock.now
    try:
        with _platform(request, folder, clock) as made:
            made.run = made.asks()
            assert work_once(made.shop())
            yield made
    finally:
        real_clock.now = now


@contextlib.contextmanager
def _platform(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Platform]:
    url = f"sqlite:///{folder / 'kalibrasi.sqlite'}"
    if request.param == "postgresql":
        server, name = request.getfixturevalue("postgres"), f"kal_{uuid.uuid4().hex[:12]}"
        _sql(server, f"CREATE DATABASE {name}")
        url = f"{server}/{name}"
    app = create_app(settings(url, folder))
    with app.app_context():
        db.create_all()
        with own_session(db.engine, writes=True) as session:
            world = records.build(session)
            create_user(
                session,
                username="analis",
                nama="Analis",
                email="analis@catcpns.example",
                password_hash=hash_password(PASSWORD),
                roles=["analis"],
            )
        yield Platform(app, world, clock)
        db.session.remove()
        db.engine.dispose()


def test_counts_tell_versions_apart_and_leave_void_sittings_out(calibrated):
    with own_session(db.engine) as session:
        counts = platform.counts(session, "tiu")
        one = platform.counts(session, "tiu", calibrated.world.sesi[:1])
        trials = uji_coba.trials(session)["tiu"]

    assert (counts.sittings, counts.void) == (records.PERSONS - 1, 1)
    assert one.sittings == records.PERSONS // 2
    of = {count.known.key: count for count in counts.items}
    early, now = of[f"{records.TWICE}@1"], of[f"{records.TWICE}@2"]
    assert 0 < early.answers <= 40
    assert early.known.role == "lain"
    assert now.known.role == "dipakai"
    assert [(t.key, t.answers, t.missing) for t in trials] == [
        (key, records.PERSONS - 1, 0) for key in calibrated.world.trials
    ]


def test_trial_items_land_on_the_scale_of_the_anchors(calibrated):
    found, world = calibrated.proposals(calibrated.run), calibrated.world

    assert calibrated.job(calibrated.run).status == Status.DONE
    assert {one.role for key, one in found.items() if key not in world.trials} == {"jangkar"}
    assert f"{records.TWICE}@1" not in found
    for key in world.trials[:-1]:
        truth, one = world.keys.index(key), found[key].estimate
        assert abs(one["a"] - world.a[truth]) < 3 * one["a_se"]
        assert abs(one["b"][0] - world.b[truth]) < 3 * one["b_se"][0]
        assert one["answers"] == records.PERSONS - 1
    group = calibrated.result(calibrated.run).summary["groups"][0]
    assert abs(group["mean"] - records.MEAN) < 4 * group["mean_se"] + 0.05  # one anchor drifted
    assert group["moved"] == [group["mean"], group["sd"]]


def test_a_wrong_key_is_named_and_cannot_be_accepted(calibrated):
    wrong = calibrated.proposals(calibrated.run)[calibrated.world.trials[-1]]

    said = " ".join(row["sentence"] for row in wrong.report["temuan"])
    assert "Kunci diduga salah: opsi 3" in said
    assert wrong.report["tingkat"] == "tolak"
    assert "daya beda harus lebih dari 0" in obstacles(wrong)
    with pytest.raises(ProposalRefused, match="daya beda harus lebih dari 0"):
        calibrated.decides(wrong.item, accept=True, reason="tetap mau")


def test_an_anchor_that_became_harder_is_found(calibrated):
    drift = calibrated.result(calibrated.run).summary["drift"]

    worst = max(drift, key=lambda one: abs(one["displacement"]))
    assert worst["item"] == calibrated.world.keys[0]
    assert worst["has_drifted"]
    assert worst["displacement"] == pytest.approx(records.DRIFT, abs=0.4)


def test_an_acceptance_gives_the_version_its_parameters_with_their_origin(calibrated):
    key = calibrated.world.trials[0]
    code = key.partition("@")[0]
    proposal = calibrated.proposals(calibrated.run)[key]

    done = calibrated.decides(key, accept=True, reason="sesuai harapan", activate=True)

    assert done.activated, done
    with own_session(db.engine) as session:
        version = latest_version(session, code)
        row = version.calibrations[-1]
        content = content_of(version)
        assert version.item.status == "aktif"
        assert version.item.active_version == 1
        assert session.scalars(select(ItemTransition.target)).all() == ["aktif"]
        decision = session.get(CalibrationDecision, proposal.id)
        acts = session.scalars(select(AuditRow.act)).all()
    assert (row.a, row.b) == (proposal.estimate["a"], proposal.estimate["b"])
    assert content.parameters.a == row.a
    assert re.fullmatch(r"dikalibrasi \d{4}-\d\d-\d\d, 3PL, n = 899", row.status)
    assert (row.model, row.se["a"]) == ("3pl", proposal.estimate["a_se"])
    origin = row.provenance
    assert origin["run"] == calibrated.run
    assert origin["data_sha256"] == calibrated.result(calibrated.run).data_sha256
    assert {"numpy", "scipy", "python"} <= set(origin["software"])
    assert origin["quadrature"]["nodes"] == 61
    assert (origin["accepted_by"], origin["reason"]) == ("analis", "sesuai harapan")
    assert decision.calibration_id == row.id
    assert "terima usulan parameter" in acts
    with pytest.raises(ProposalRefused, match="sudah diputuskan"):
        calibrated.decides(key, accept=False, reason="berubah pikiran")


def test_a_rejection_needs_a_reason_and_leaves_the_bank_alone(calibrated):
    key = calibrated.world.trials[1]
    with pytest.raises(ProposalRefused, match="penolakan perlu alasan"):
        calibrated.decides(key, accept=False)

    calibrated.decides(key, accept=False, reason="pengecohnya diganti")

    version_id = calibrated.proposals(calibrated.run)[key].version_id
    with own_session(db.engine) as session:
        kept = session.scalars(select(Calibration).where(Calibration.version_id == version_id))
        assert len(kept.all()) == 1


def test_several_are_decided_at_once_and_the_refused_are_named(calibrated):
    found = calibrated.proposals(calibrated.run)
    ids = [found[key].id for key in (calibrated.world.keys[1], calibrated.world.trials[1])]

    with own_session(db.engine, writes=True) as session:
        done = decide_many(
            session, ids, accept=True, reason="", actor=ANALYST, activate=False, now=START
        )

    assert [one.refused for one in done] == [("parameternya jangkar",), ("sudah diputuskan",)]


def test_parameters_that_came_after_the_run_are_not_overwritten(calibrated):
    proposal = calibrated.proposals(calibrated.run)[calibrated.world.trials[2]]
    former = {**proposal.former, "calibration_id": -1}
    proposal.former = former

    assert "parameter di bank sudah berubah sejak kalibrasi ini" in obstacles(proposal)


def test_the_pages_lead_from_trial_items_to_a_decision(calibrated):
    browser, run = calibrated.logs_in(), calibrated.run
    key = calibrated.world.trials[2]

    assert key in browser.get("/kalibrasi/uji-coba").text
    counts = browser.get("/kalibrasi/baru?bagian=tiu").text
    assert "1, tidak ikut" in counts
    page = browser.get(f"/kalibrasi/{run}?saring=semua&urut=b").text
    assert "Jangkar yang bergeser" in page
    proposal = calibrated.proposals(run)[key]
    report = browser.get(f"/kalibrasi/butir/{proposal.id}").text
    assert report.count("<svg") == 3
    preview = browser.post(
        f"/kalibrasi/{run}/putuskan", f"/kalibrasi/{run}", putusan="terima", usulan=proposal.id
    )
    assert "1 butir akan diterima" in preview.text
    done = browser.post(
        f"/kalibrasi/{run}/putusan",
        f"/kalibrasi/{run}",
        putusan="terima",
        usulan=proposal.id,
        alasan="galat bakunya kecil",
        aktifkan="y",
    )
    assert f"{key}</strong>:\n" in done.text
    assert "diterima, diaktifkan" in " ".join(done.text.split())


def test_a_form_that_breaks_a_rule_is_refused_with_place_and_value(calibrated):
    browser = calibrated.logs_in()
    page = "/kalibrasi/baru?bagian=tiu"

    wrong = {"nama": "x", "skala": "bebas", "model_kunci": "3pl", "model_poin": "gpcm"}
    reply = browser.post(page, page, **wrong, paling_sedikit="banyak", titik="7")

    assert reply.status_code == 422
    assert "Harus bilangan bulat." in reply.text
    assert "31 sampai 401." in reply.text


def test_a_run_is_started_on_the_web_and_cancelled_before_it_begins(calibrated):
    browser = calibrated.logs_in()
    page = "/kalibrasi/baru?bagian=tiu"
    plan = {"nama": "Batal", "skala": "jangkar", "model_kunci": "2pl", "model_poin": "gpcm"}

    reply = browser.post(page, page, **plan, paling_sedikit="200", kelompok="", dif="")
    run = reply.location.rpartition("/")[2]
    browser.post(f"/kalibrasi/{run}/batal", page)

    assert calibrated.job(run).status == Status.CANCELLED
    assert not work_once(calibrated.shop())


@ONE_DATABASE
def test_a_run_that_is_cancelled_on_the_way_stops_and_stores_nothing(calibrated, monkeypatch):
    run = calibrated.asks(keyed_model="2pl")
    cycles = []

    def cancel_at_the_third(watch, number: int, *rest: float) -> None:
        cycles.append(number)
        if number == 3:
            with own_session(db.engine, writes=True) as session:
                jobs.cancel(session, run, "analis", START)
        original(watch, number, *rest)

    original = jalankan._Watch.cycle
    monkeypatch.setattr(jalankan._Watch, "cycle", cancel_at_the_third)

    work_once(calibrated.shop())

    assert cycles == [1, 2, 3]
    assert calibrated.job(run).status == Status.CANCELLED
    with own_session(db.engine) as session:
        assert session.get(CalibrationResult, run) is None


@ONE_DATABASE
def test_a_run_whose_worker_was_stopped_starts_over_and_finds_the_same(calibrated, monkeypatch):
    run = calibrated.asks(keyed_model="2pl", dif="", items=(calibrated.world.trials[1],))
    store = jalankan._store

    def stopped(*_: object) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(jalankan, "_store", stopped)
    with pytest.raises(SystemExit):
        work_once(calibrated.shop())
    assert calibrated.job(run).status == Status.WAITING

    monkeypatch.setattr(jalankan, "_store", store)
    work_once(calibrated.shop("dua"))

    assert calibrated.job(run).status == Status.DONE
    found = calibrated.proposals(run)
    assert [one.item for one in found.values() if one.role == "ditaksir"] == [
        calibrated.world.trials[1]
    ]


@ONE_DATABASE
def test_an_uploaded_file_is_calibrated_and_matched_with_the_bank(calibrated):
    rng = np.random.default_rng(3)
    theta, b = rng.normal(size=600), np.linspace(-1, 1, 6)
    answers = (rng.random((600, 6)) < 1 / (1 + np.exp(-(theta[:, None] - b)))).astype(int)
    names = ["TIU-001", "TIU-002", "x1", "x2", "x3", "x4"]
    rows = [",".join(names), *(",".join(map(str, row)) for row in answers)]
    folder = Path(calibrated.app.instance_path)

    stored = berkas.keep(folder, "uji.csv", "\n".join(rows).encode())
    run = calibrated.asks(
        part="", file=stored, file_name="uji.csv", scale="bebas", keyed_model="2pl"
    )
    work_once(calibrated.shop())

    found = calibrated.proposals(run)
    assert [one.role for one in found.values()] == ["ditaksir"] * 6
    assert [bool(one.version_id) for one in found.values()] == [True, True, *[False] * 4]
    assert obstacles(found["x1"]) == ["tidak ada di bank soal dengan nama ini"]
    assert np.corrcoef([found[name].estimate["b"][0] for name in names], b)[0, 1] > 0.98
    with own_session(db.engine, writes=True) as session:
        (done,) = decide_many(
            session,
            [found["TIU-001"].id],
            accept=True,
            reason="",
            actor=ANALYST,
            activate=False,
            now=START,
        )
    assert "perlu alasan" in done.refused[0]  # another scale than the bank's


@ONE_DATABASE
def test_the_run_of_a_dead_worker_that_had_stored_it_is_not_stored_twice(calibrated):
    with own_session(db.engine, writes=True) as session:
        job = session.get_one(Job, calibrated.run)
        job.status, job.worker = Status.WAITING, None
    before = len(calibrated.proposals(calibrated.run))

    work_once(calibrated.shop())

    assert calibrated.job(calibrated.run).status == Status.DONE
    assert len(calibrated.proposals(calibrated.run)) == before
    with own_session(db.engine) as session:
        assert session.get_one(CalibrationRun, calibrated.run).settings["part"] == "tiu"
