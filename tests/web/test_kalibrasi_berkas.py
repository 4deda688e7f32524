"""What a calibration takes and keeps: files, plans, rows that nobody changes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from cat.errors import BadInput
from tests.web.conftest import START
from web.db import db, own_session
from web.operations.kalibrasi import berkas, jalankan
from web.operations.kalibrasi.rancangan import Plan
from web.operations.kalibrasi.usulan import status_text
from web.tables import (
    CalibrationDecision,
    CalibrationProposal,
    CalibrationResult,
    CalibrationRun,
)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "i1,i2\n1,0\n1,benar\n", "butir i2, baris 3: nilai 'benar' bukan bilangan"),
        ("a.csv", "i1,i2\n1,-3\n", "butir i2, baris 2: nilai '-3'"),
        ("a.csv", "i1,i1\n1,0\n0,1\n", "kolom 'i1' tertulis dua kali"),
        ("a.csv", "", "tidak dapat dibaca"),
        ("a.xlsx", "i1\n1\n", "berakhiran .csv"),
        ("a.parquet", "bukan parquet", "tidak dapat dibaca"),
        ("a.csv", "person,item,category\np,i1,1\np,i1,0\n", "peserta p: dua jawaban"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_not_kept(tmp_path, name, content, sentence):
    with pytest.raises(BadInput, match=re.escape(sentence)):
        berkas.keep(tmp_path, name, content.encode())

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_name_that_is_no_hash_opens_no_file(tmp_path):
    with pytest.raises(BadInput, match="bukan nama berkas jawaban"):
        berkas.path_of(tmp_path, "../../etc/passwd.csv")


def test_a_plan_is_stored_and_read_back_whole():
    plan = Plan("x", part="tiu", sesi=(1, 2), released=("a",), items=("b",), prior_c=False)

    assert Plan.from_mapping(plan.to_mapping()) == plan
    assert plan.priors.logit_c is None
    with pytest.raises(BadInput, match="sumber: satu saja"):
        Plan("x")


def test_the_database_refuses_to_change_what_a_calibration_left(app):
    with own_session(db.engine, writes=True) as session:
        run = jalankan.ask(session, Plan("x", part="tiu"), by="analis", now=START)
        session.add(CalibrationResult(run_id=run.id, at=START, data_sha256="", summary={}))
        proposal = CalibrationProposal(
            run_id=run.id, item="x", role="ditaksir", estimate={}, report={}, verdict=""
        )
        session.add(proposal)
        session.flush()
        session.add(
            CalibrationDecision(
                proposal_id=proposal.id, at=START, by="analis", accepted=False, reason="uji coba"
            )
        )

    for table in (CalibrationRun, CalibrationResult, CalibrationProposal, CalibrationDecision):
        last = list(table.__table__.c)[-1].name
        for change in (delete(table), update(table).values({last: None})):
            with pytest.raises(DBAPIError, match="append-only"), own_session(db.engine) as session:
                session.execute(change)


def test_the_words_beside_calibrated_parameters():
    assert status_text("2pl", 1234, date(2026, 11, 22)) == "dikalibrasi 2026-11-22, 2PL, n = 1.234"
