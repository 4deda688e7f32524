"""A web process serves exams only while its own pulse is fresh."""

from __future__ import annotations

import sqlite3

import pytest

from web import clock as platform
from web.gate import Gate
from web.pulse import Heart

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Pulse:
    """A pulse that is fresh as often as it was told."""

    def __init__(self, *fresh: bool) -> None:
        self.fresh = list(fresh)

    def asked(self) -> None:
        pass

    def is_fresh(self) -> bool:
        return self.fresh.pop(0)

    def wait_fresh(self, seconds: float) -> bool:
        return self.is_fresh()


@pytest.fixture
def behind(app):
    """What a gate with such a pulse answers to a request, and how often the platform was asked."""

    def ask(path, *fresh, accept="text/html"):
        asked = []
        inner = app.wsgi_app

        def counting(environ, start_response):
            asked.append(environ["PATH_INFO"])
            return inner(environ, start_response)

        gate = Gate(app, counting, Pulse(*fresh))
        app.wsgi_app = gate
        try:
            reply = app.test_client().get(path, headers={"Accept": accept})
        finally:
            app.wsgi_app = inner
        return reply, len(asked)

    return ask


def test_a_page_asked_for_during_an_outage_says_so_and_comes_again_by_itself(behind):
    reply, asked = behind("/ujian/masuk", False)

    assert (reply.status_code, asked) == (503, 0)
    assert reply.headers["Retry-After"] == reply.headers["Refresh"] == "2"
    assert "waktu ujian tidak berkurang" in reply.text


def test_a_script_is_told_in_its_own_way(behind):
    reply, _ = behind("/ujian/x/keadaan", False, accept="application/json")

    assert reply.status_code == 503
    assert reply.json["kode"] == "H503"
    assert "Refresh" not in reply.headers


def test_a_reply_that_an_outage_overtook_is_not_sent(behind):
    reply, asked = behind("/ujian/masuk", True, False)

    assert (reply.status_code, asked) == (503, 1)


def test_everything_else_is_served_all_the_same(behind):
    assert behind("/")[0].status_code == 200
    assert behind("/ujian/masuk", True, True)[0].status_code == 200


def test_a_pulse_is_fresh_after_a_beat_and_stale_when_nothing_can_be_stored(
    app, database, monkeypatch
):
    now = platform.since_boot()
    monkeypatch.setattr(platform, "since_boot", lambda: now)
    heart = Heart(app)
    assert not heart.is_fresh()
    assert heart._attempt()
    assert heart.is_fresh()

    with sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(platform, "since_boot", lambda: now + 2_000_000)
        assert not heart._attempt()
        assert not heart.is_fresh()
        other.execute("ROLLBACK")
    other.close()
    assert heart._attempt()
    assert heart.is_fresh()
    heart._hang_up()
