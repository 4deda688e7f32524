"""The program that breaks things: its checks find what is broken, and kill -9 breaks nothing."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bench.faults.checking import Stored, check, doubled, idle_seconds, lost, time_error
from bench.faults.conduct import Fault, conduct
from bench.faults.ledger import Ledger, Service
from bench.faults.place import Place
from bench.faults.web_server import WebServer

SECOND = 1_000_000
PLAIN = (0, False)  # a pool that does not shuffle: the letter on the screen is the item's own


@pytest.fixture
def told():
    """A ledger of a choice and two answers, all acknowledged, and the record that holds them."""
    ledger = Ledger("s", "adaptif", 6_000, started=100.0)
    for shown, number, is_final in (("C", 1, False), ("B", 1, True), ("D", 2, True)):
        save = ledger.new(number, shown, is_final=is_final)
        save.told, save.tries = True, 1
    record = [
        Stored("started", 0, None, None, 0),
        Stored("chosen", SECOND, "X@1", "C", 1),
        Stored("answered", 2 * SECOND, "X@1", "B", 0),
        Stored("answered", 3 * SECOND, "Y@1", "D", 0),
    ]
    return ledger, record


def test_a_whole_record_has_lost_and_doubled_nothing(told):
    ledger, record = told

    assert (lost(ledger, record, PLAIN), doubled(ledger, record)) == (0, 0)


@pytest.mark.parametrize("place", [2, 3])
def test_an_acknowledged_answer_that_is_not_in_the_record_is_lost(told, place):
    ledger, record = told
    del record[place]

    assert lost(ledger, record, PLAIN) >= 1


def test_an_answer_stored_as_another_letter_is_lost(told):
    ledger, record = told
    record[3] = replace(record[3], option="A")

    assert lost(ledger, record, PLAIN) == 1


def test_a_choice_that_is_not_in_the_record_is_lost_unless_a_later_act_overtook_it(told):
    ledger, record = told
    del record[1]
    assert lost(ledger, record, PLAIN) == 0

    ledger.saves[1].told = False

    assert lost(ledger, record, PLAIN) == 1


def test_an_answer_stored_twice_is_doubled(told):
    ledger, record = told

    assert doubled(ledger, [*record, record[3]]) >= 1


def test_time_that_was_not_given_back_is_an_error(told):
    ledger, record = told
    service = Service([(110.0, 130.0)])
    assert time_error(ledger, record, service, until=200.0) == 20

    record += [
        Stored("paused", 10 * SECOND, None, None, 0),
        Stored("resumed", 29 * SECOND, None, None, 0),
    ]

    assert idle_seconds(record) == 19
    assert time_error(ledger, record, service, until=200.0) == 1


def test_an_outage_after_the_end_of_a_test_takes_nothing(told):
    ledger, record = told
    assert time_error(ledger, record, Service([(170.0, 190.0)]), until=200.0) == 20

    record.append(Stored("finished", 60 * SECOND, None, None, 0))

    assert time_error(ledger, record, Service([(170.0, 190.0)]), until=200.0) == 0


def test_time_left_that_was_told_wrong_is_an_error(told):
    ledger, record = told
    ledger.left.append((150.0, 5_950.0))
    assert time_error(ledger, record, Service(), until=200.0) == 0

    ledger.left.append((160.0, 5_900.0))

    assert time_error(ledger, record, Service(), until=200.0) == 40


@pytest.fixture
def place(sqlite_template, tmp_path):
    folder = tmp_path / "ujian"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "exam.sqlite")
    return Place(folder, None)


@pytest.fixture
def web(place, tmp_path):
    server = WebServer(place.environment, tmp_path, workers=1)
    try:
        server.start()
        server.wait()
        yield server
    finally:
        server.end()


def test_two_hundred_saves_through_a_kill_of_the_whole_server_lose_nothing(place, web):
    async def kill_in_the_midst(run):
        def saved():
            return sum(len(each.ledger.acknowledged) for each in run.candidates)

        async def until(count):
            for _ in range(400):
                if saved() >= count:
                    return
                await asyncio.sleep(0.05)

        await until(100)
        run.web.kill_all()
        run.web.start()
        await until(200)

    fault = Fault("uji", "uji", kill_in_the_midst, adaptive=6, linear=0, pause=0.02)

    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        work = conduct(fault, place, web, quick=False, seed=1)
        verdict = thread.submit(asyncio.run, work).result()

    assert verdict.acknowledged >= 200
    assert (verdict.lost, verdict.doubled) == (0, 0)
    assert verdict.verified == verdict.replayed == 7


def test_the_checks_read_the_database_itself(place):
    seat = place.seat(1, 0)[0]
    ledger = Ledger(seat.sitting_id, "adaptif", seat.seconds)
    save = ledger.new(1, "A", is_final=True)
    save.told, save.tries = True, 1

    verdict = check(place, [ledger], None, until=0.0)

    assert (verdict.lost, verdict.verified, verdict.is_kept) == (1, 1, False)
