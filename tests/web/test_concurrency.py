"""Requests of the same moment: each sitting has one writer, whatever the database."""

from __future__ import annotations

import contextvars
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.web.conftest import TOKEN
from web.db import db
from web.tables import SittingEvent

pytestmark = pytest.mark.both

THREADS = 8


def post_together(candidate, letters):
    """Post answers to item 1 from as many browser tabs at once; returns the status codes."""
    token = TOKEN.search(candidate.sees()).group(1)
    cookie = candidate.client.get_cookie("catcpns").value
    clients = [candidate.app.test_client() for _ in letters]
    for client in clients:
        client.set_cookie("catcpns", cookie)

    def post(client, letter):
        fields = {"csrf_token": token, "nomor": 1, "pilihan": letter}
        reply = contextvars.Context().run(client.post, f"{candidate.url}/jawab", data=fields)
        return reply.status_code

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(post, clients, letters))


def answers_to(candidate):
    db.session.remove()
    found = select(SittingEvent).filter_by(sitting_id=candidate.sitting_id, kind="answered")
    return db.session.scalars(found).all()


def test_the_same_answer_from_eight_tabs_is_stored_once(working):
    codes = post_together(working, ["B"] * THREADS)

    assert codes == [303] * THREADS
    assert len(answers_to(working)) == 1
    assert working.findings() == []


def test_of_different_answers_at_once_exactly_one_is_stored_and_the_rest_are_told(working):
    codes = Counter(post_together(working, list("ABCDEABC")))

    stored = answers_to(working)
    assert len(stored) == 1
    assert set(codes) == {303, 409}
    assert 1 <= codes[303] <= 2  # the winner, and a tab that sent the same letter
    assert working.findings() == []
