"""The drawing of a request's way is the machine itself."""

from __future__ import annotations

import re
from pathlib import Path

from cat.ketentuan.fleksibel.langkah import EXPIRING, ROLES_OF, TRANSITIONS, Role, Standing

PAGE = Path(__file__).resolve().parents[4] / "docs" / "kerja-fleksibel.md"
TEXT = PAGE.read_text(encoding="utf-8")
ARROW = re.compile(r"^ +(\S+) --> (\S+) : (.+)$", re.MULTILINE)


def test_the_drawing_has_every_arrow_of_the_machine_and_no_other():
    drawn = sorted(ARROW.findall(TEXT))
    moves = [
        ("[*]" if begin is Standing.BARU else begin.value, end.value, move.value)
        for move, targets in TRANSITIONS.items()
        for begin, end in targets.items()
    ]
    expiry = [(each.value, "BERAKHIR", "lewat hari terakhir") for each in EXPIRING]

    assert drawn == sorted(moves + expiry)


def test_the_table_of_roles_is_the_one_that_the_machine_keeps():
    for role in Role:
        row = re.search(rf"^\| {role.value} \| (.+) \|$", TEXT, re.MULTILINE)
        assert row is not None
        assert set(row[1].split(", ")) == {
            m.value for m, roles in ROLES_OF.items() if role in roles
        }
