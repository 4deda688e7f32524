"""kill -9 of the server in the middle of a test: nothing acknowledged is lost, no second either."""

from __future__ import annotations

import os
import re
import signal
import time

from playwright.sync_api import expect

OUTAGE_SECONDS = 6
TOLERANCE_SECONDS = 2
MARKED = "input[name=pilihan]:checked"


def seconds_on(page) -> int:
    hours, minutes, seconds = map(int, page.inner_text("#sisa").split("."))
    return hours * 3600 + minutes * 60 + seconds


def test_a_killed_server_goes_on_with_the_same_item_answers_and_time(server, starts_exam, seats):
    page = starts_exam(1)
    acknowledged = []
    for number in range(1, 31):
        expect(page).to_have_title(re.compile(f"Soal {number} dari"))
        page.wait_for_load_state()
        page.keyboard.press("ABCDE"[number % 5])
        if number < 30:
            acknowledged.append(number)
            page.keyboard.press("Enter")
    expect(page.locator("#simpanan")).to_have_text("Pilihan tersimpan, belum final.")
    stem, marked = page.inner_text("#stem"), page.locator(MARKED).get_attribute("value")
    sitting = page.url.rsplit("/", 1)[1]

    left_before = seconds_on(page)
    server.kill()
    time.sleep(OUTAGE_SECONDS)
    server.start()
    page.reload()
    left_after = seconds_on(page)

    print(f"left before kill -9: {left_before} s; after {OUTAGE_SECONDS} s away: {left_after} s")
    assert abs(left_before - left_after) <= TOLERANCE_SECONDS
    assert page.inner_text("#stem") == stem
    assert page.locator(MARKED).get_attribute("value") == marked
    answered = "SELECT COUNT(*) FROM sitting_event WHERE kind = 'answered' AND sitting_id = ?"
    assert server.ask(answered, sitting) == [(len(acknowledged),)]
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("Soal 31 dari"))
    assert server.verify(seats[1][0]).returncode == 0


def test_no_worker_serves_on_when_only_its_server_is_killed(server, wait_until):
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    wait_until(lambda: not server.is_up(), 10)
    server.start()
