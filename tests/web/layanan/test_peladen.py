"""A server whose workers die."""

from __future__ import annotations

import time

import pytest
from granian import Granian

from web.layanan import peladen


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that only notes that a worker was started again, as Granian does."""
    monkeypatch.setattr(peladen, "BREATH_SECONDS", 0.05)
    monkeypatch.setattr(
        Granian,
        "_respawn_workers",
        lambda self, workers, *_: self.respawned_wrks.update(
            dict.fromkeys(workers, time.monotonic())
        ),
    )
    return peladen.Server("web.asgi:app", folder=tmp_path, workers=2)


def test_a_server_that_has_served_starts_its_workers_again_and_again(server, tmp_path):
    (tmp_path / "4711").touch()  # a worker was ready

    began = time.monotonic()
    for _ in range(3):
        server._respawn_workers([0])
        assert server.respawned_wrks == {}  # so Granian sees no crash loop

    assert time.monotonic() - began >= 2 * peladen.BREATH_SECONDS


def test_a_server_that_never_served_gives_up(server, tmp_path):
    (tmp_path / "ukuran-4711.db").touch()

    server._respawn_workers([1])

    assert list(server.respawned_wrks) == [1]
