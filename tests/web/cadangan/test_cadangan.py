"""A backup taken while people sit an exam, and the exam going on in another place."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade

from cat.errors import BadInput
from tests.web.conftest import KEYS, Peserta, settings
from web import create_app
from web.config import derive
from web.db import db
from web.operations.cadangan import arsip, pulih
from web.operations.sittings import Keys


@pytest.fixture
def run(app: Flask):
    def invoke(*words: object, of: Flask = app):
        db.session.remove()
        return of.test_cli_runner().invoke(args=["cadangan", *map(str, words)])

    return invoke


@pytest.fixture
def elsewhere(postgres: str, tmp_path: Path) -> Iterator[Callable[[], Flask]]:
    """Another server, with an empty database on PostgreSQL."""
    opened, name = [], f"lain_{uuid.uuid4().hex[:12]}"
    address = postgres.replace("postgresql+psycopg", "postgresql") + "/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())

    def open_it() -> Flask:
        opened.append(create_app(settings(f"{postgres}/{name}", tmp_path)))
        return opened[-1]

    yield open_it
    for made in opened:
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def left_on(page: str) -> str:
    return re.search(r'data-left="([\d.]+)"|(\d+\.\d\d\.\d\d)', page).group(0)


# The way from PostgreSQL into a file is taken too: what was restored is compared with the backup.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_of_a_running_exam_goes_on_elsewhere_with_the_same_item_and_time(
    app, run, working, elsewhere, clock, tmp_path
):
    for letter in "BCD":
        clock.tick(30)
        working.answers(letter)
    run_close(app)  # writes the pulse, as a running server does
    stem, left = the_item(working.sees()), left_on(working.sees())
    made = run("buat", tmp_path / "c.zip")
    assert made.exit_code == 0, made.output
    clock.tick(3_000)  # it takes 50 minutes until the other place is ready

    there = elsewhere()
    with there.app_context():
        restored = run("pulihkan", tmp_path / "c.zip", of=there)
        assert restored.exit_code == 0, restored.output
        assert "semua rekaman cocok" in restored.stdout
        run_close(there)  # a server that starts there gives the time back first
        candidate = Peserta(there, 1)
        candidate.logs_in()

        assert (the_item(candidate.sees()), left_on(candidate.sees())) == (stem, left)
        candidate.answers("A")
        assert candidate.number() == 5
        assert candidate.findings() == []


def the_item(page: str) -> str:
    return re.search(r'name="nomor" value="(\d+)".*', page, re.S).group(1)


def run_close(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["sitting", "close"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_restored_over_a_database_that_holds_something_or_by_another_version(app):
    manifest = arsip.Manifes(arsip.FORM, 0, "0001", "", {})

    with pytest.raises(BadInput, match="tidak kosong"):
        pulih.refuse_filled(db.engine)
    with pytest.raises(BadInput, match="versi yang sama"):
        pulih.refuse_other_schema(manifest, "0027")


def test_tables_that_a_restore_left_empty_are_no_reason_to_refuse(tmp_path):
    app = create_app(settings(f"sqlite:///{tmp_path / 'baru.sqlite'}", tmp_path))
    with app.app_context():
        upgrade()

        pulih.refuse_filled(db.engine)

        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_that_was_changed_or_belongs_to_another_secret_is_refused(run, tmp_path):
    whole, changed = tmp_path / "c.zip", tmp_path / "d.zip"
    run("buat", whole)
    swap(whole, changed, "tabel/part_result.jsonl", lambda text: text.replace(b"5", b"6", 1))
    other = derive(b"rahasia lain", "records")

    assert whole.stat().st_mode & 0o077 == 0
    assert run("periksa", whole).exit_code == 0
    found = run("periksa", changed)
    assert found.exit_code == 1
    assert "tabel part_result berubah" in found.stdout
    with pytest.raises(BadInput, match="rahasia lain"):
        arsip.read(whole, keys=Keys(record=other, pin=other, signing=other))
    swap(whole, changed := tmp_path / "e.zip", "manifes.json", lambda t: t.replace(b"0", b"1", 1))
    with pytest.raises(BadInput):
        arsip.read(changed, keys=KEYS)
    with pytest.raises(BadInput, match="bukan berkas cadangan"):
        arsip.read(Path(__file__), keys=KEYS)


def swap(source: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """A copy of a zip in which one entry was changed."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for each in given.namelist():
            content = given.read(each)
            made.writestr(each, change(content) if each == name else content)
