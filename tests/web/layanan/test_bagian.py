"""A process that serves candidates only: all that they need, and nothing of the offices."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.web.conftest import Peserta, settings, sqlite_copy
from web import create_app
from web.db import db

OFFICES = ["/petugas/", "/staf/", "/pengawas/", "/petugas/jadwal/", "/bank/", "/api/v1/peserta"]


@pytest.fixture
def exam_app(sqlite_template, tmp_path, clock):
    with sqlite_copy(sqlite_template, tmp_path) as url:
        made = create_app({**settings(url, tmp_path), "BAGIAN": "ujian"})
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()


def test_candidates_sit_and_offices_are_not_there(exam_app):
    seat = Peserta(exam_app, 1)

    seat.starts()
    seat.answers("A")

    assert seat.number() == 2
    assert seat.get(f"{seat.url}x").status_code == 404
    assert "Ke halaman depan" in Peserta(exam_app, 2).get("/tidak-ada").text
    assert seat.get("/").location == "/ujian/masuk"
    assert {path: seat.get(path).status_code for path in OFFICES} == dict.fromkeys(OFFICES, 404)
    assert seat.findings() == []


def test_it_loads_none_of_the_offices_libraries():
    program = """
import sys
from web import create_app
create_app({"BAGIAN": "ujian", "SQLALCHEMY_DATABASE_URI": "sqlite:////tmp/tidak-dibuka.sqlite"})
heavy = {"typst", "pypdf", "scipy.stats", "scipy.optimize", "matplotlib"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
