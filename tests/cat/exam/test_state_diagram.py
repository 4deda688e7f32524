"""`docs/ujian.md` draws the state machine that the engine has, and tells every event."""

from __future__ import annotations

import re
from pathlib import Path

from cat.exam import moves
from cat.exam.moves import GRACE_SECONDS, MOST_CHANGES
from cat.exam.record import Kind
from cat.exam.state import TRANSITIONS, Phase

TEXT = (Path(__file__).parents[3] / "docs" / "ujian.md").read_text(encoding="utf-8")


def test_the_diagram_shows_just_the_transitions_of_the_engine():
    drawn = set(re.findall(r"^    (\w+) --> (\w+): (\w+)$", TEXT, re.MULTILINE))

    made = {
        (before.value, after.value, kind.value)
        for kind, (allowed, after) in TRANSITIONS.items()
        for before in allowed
    }

    assert drawn == made
    assert f"[*] --> {Phase.WAITING}" in TEXT


def test_every_phase_and_every_event_has_its_row():
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)

    assert rows == [*Phase, *Kind]


def test_the_reasons_of_ending_and_the_numbers_are_those_of_the_engine():
    for reason in (moves.ALL_ANSWERED, moves.TIME, moves.BY_CANDIDATE, moves.BY_PROCTOR):
        assert f"*{reason}*" in TEXT
    assert f"{GRACE_SECONDS} detik" in TEXT
    assert f"{MOST_CHANGES} perubahan" in TEXT
