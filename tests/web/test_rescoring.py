"""Rescoring by replay finds what was changed, and nothing where nothing was."""

from __future__ import annotations

import pytest

from tests.web.conftest import KEYS
from tests.web.test_operations import first_finished, tamper
from web.db import db
from web.operations import rescoring
from web.tables import Sesi, SittingEvent

pytestmark = pytest.mark.both


@pytest.fixture
def run(app):
    def invoke(*words):
        db.session.remove()
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return invoke


def found(key=None, **chosen):
    """Reports of all chunks together."""
    db.session.remove()
    total = rescoring.Report(0, 0, 0, ())
    for chunk in rescoring.plan(db.session(), **chosen):
        total = total.plus(rescoring.rescore(db.session(), chunk, key))
    return total


def test_the_demonstration_comes_to_what_was_published_seals_included(app):
    report = found(KEYS.record)

    assert report.differences == ()
    assert report.sittings > 206  # those not finished have no result, and none is missed
    assert report.parts == 3 * 206


def test_a_changed_nilai_is_found_with_both_figures(app):
    sitting = first_finished().id
    tamper("UPDATE part_result SET nilai = nilai + 5 WHERE part = 'tiu' AND sitting_id = :id",
           id=sitting)  # fmt: skip

    ((where, finding),) = found().differences

    assert where == sitting
    assert "tiu.nilai tersimpan" in str(finding)


def test_a_changed_answer_changes_what_the_record_comes_to(app):
    sitting = first_finished().id
    item, option = db.session.execute(
        db.select(SittingEvent.item, SittingEvent.option)
        .filter_by(sitting_id=sitting, kind="answered")
        .order_by(SittingEvent.seq)
    ).first()
    tamper("UPDATE sitting_event SET option = :other WHERE sitting_id = :id AND item = :item",
           id=sitting, item=item, other="B" if option == "A" else "A")  # fmt: skip

    plain, sealed = found(), found(KEYS.record)

    assert all(where == sitting for where, _ in (*plain.differences, *sealed.differences))
    assert any("segel tidak cocok" in str(finding) for _, finding in sealed.differences)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM sitting_event WHERE sitting_id = :id AND seq = 4", "tidak dapat diputar"),
        ("UPDATE sitting_event SET item = 'X@1' WHERE sitting_id = :id AND seq = 4", "is not in"),
        ("DELETE FROM part_result WHERE sitting_id = :id", "hasil tidak tersimpan"),
        ("DELETE FROM part_result WHERE sitting_id = :id AND part = 'twk'", "2 dari 3 bagian"),
        (
            "DELETE FROM sitting_event WHERE sitting_id = :id AND kind = 'finished'",
            "tidak sampai selesai",
        ),
    ],
)
def test_a_damaged_record_or_result_is_named(app, statement, message):
    sitting = first_finished().id
    tamper(statement, id=sitting)

    ((where, finding),) = found().differences

    assert where == sitting
    assert message in str(finding)


def test_the_command_works_with_several_processes_and_fails_on_a_difference(run, monkeypatch):
    monkeypatch.setattr(rescoring, "CHUNK", 90)
    sitting = first_finished()
    nomor = sitting.peserta.nomor
    tamper("UPDATE part_result SET theta = theta + 1e-15 WHERE sitting_id = :id", id=sitting.id)

    everything = run("sitting", "rescore", "--all", "--workers", 2)
    one = run("sitting", "rescore", nomor)
    sesi = db.session.scalars(db.select(Sesi.id).order_by(Sesi.id)).all()[-1]
    other = run("sitting", "rescore", "--sesi", sesi)

    assert everything.exit_code == 1
    assert f"{sitting.id} {nomor} hasil: twk.theta tersimpan" in everything.stdout
    assert "1 ujian berbeda" in everything.stdout
    assert one.exit_code == 1
    assert other.exit_code == 0
    assert "0 ujian berbeda" in other.stdout


@pytest.mark.parametrize("words", [[], ["tidak-ada"], ["x", "--all"], ["--sesi", "9999"]])
def test_rescore_without_one_clear_target_is_misuse(run, words):
    assert run("sitting", "rescore", *words).exit_code == 2
