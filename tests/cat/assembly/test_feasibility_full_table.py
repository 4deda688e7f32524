"""The example table of docs/kendala.md, every TYPE in it, on a bank of the size of a real one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cat.assembly.feasibility import check
from cat.assembly.rows import compile_rows, violations
from cat.errors import BlueprintInfeasible
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import TYPES, ConstraintTable

DOCUMENT = Path(__file__).parents[3] / "docs" / "kendala.md"
LENGTH = 24
LEAVES = {
    "VER": ("verbal.analogi", "verbal.silogisme", "verbal.analitis"),
    "NUM": ("numerik.berhitung", "numerik.deret_angka", "numerik.soal_cerita"),
    "FIG": ("figural.analogi_figural", "figural.ketidaksamaan", "figural.serial"),
}


@pytest.fixture
def table():
    text = DOCUMENT.read_text(encoding="utf-8")
    return ConstraintTable.read_csv(re.search(r"```csv\n(.*?)```", text, re.DOTALL)[1])


@pytest.fixture
def bank():
    """120 items a domain; the last 20 numeric ones belong to four stimuli of five."""
    rng = np.random.default_rng(321)
    codes, domains = [], []
    for letters, leaves in LEAVES.items():
        codes += [f"TIU-{letters}-{i:03}" for i in range(120)]
        domains += [leaves[i % 3] for i in range(120)]
    stimulus = np.full(360, "", dtype="U8")
    stimulus[220:240] = np.repeat(["BUS", "KOPERASI", "PASAR", "SAWAH"], 5)
    return Attributes(
        {
            "kode": codes,
            "domain": domains,
            "kunci": rng.choice(list("ABCDE"), 360),
            "kata": rng.integers(8, 90, 360),
            "detik": rng.integers(60, 300, 360) / 2,
            "stimulus": stimulus,
        }
    )


def test_the_example_shows_every_type_and_subject(table):
    assert {row.kind for row in table.rows} == set(TYPES)
    assert {row.what for row in table.rows} == {
        *("item", "stimulus", "per stimulus"),
        *("kata", "detik"),
    }


def test_a_test_for_the_example_keeps_every_line_of_it_as_counted_by_hand(table, bank):
    rows = compile_rows(table, bank, LENGTH)

    chosen = check(rows, table)

    held = {name: [column[i] for i in chosen] for name, column in bank.columns.items()}
    used = Counter(code for code in held["stimulus"] if code)
    assert len(chosen) == 24
    assert 8 <= sum(domain.startswith("verbal.") for domain in held["domain"]) <= 9
    assert 2 <= held["domain"].count("verbal.analogi") <= 4
    assert sorted(Counter(held["kunci"])) == list("ABCDE")
    assert all(2 <= count <= 8 for count in Counter(held["kunci"]).values())
    assert 500 <= sum(held["kata"]) <= 1200
    seconds = zip(held["domain"], held["detik"], strict=True)
    assert sum(s for domain, s in seconds if domain.startswith("figural")) <= 540
    words = zip(held["stimulus"], held["kata"], strict=True)
    assert sum(bool(code) and count > 60 for code, count in words) <= 3
    assert 1 <= len(used) <= 2
    assert all(2 <= count <= 3 for count in used.values())
    assert not {"PASAR", "KOPERASI"} <= set(used)
    assert len({"TIU-VER-001", "TIU-VER-004", "TIU-NUM-001"} & set(held["kode"])) <= 1
    assert "TIU-NUM-002" in held["kode"]
    assert not {"TIU-FIG-003", "TIU-FIG-006"} & set(held["kode"])
    assert len({"TIU-VER-007", "TIU-VER-010"} & set(held["kode"])) in (0, 2)
    assert violations(rows, chosen) == []


def test_a_row_switched_on_that_leaves_no_room_is_refused_with_those_it_conflicts_with(table, bank):
    *others, trial = table.rows
    greedy = replace(trial, condition="domain under numerik", lower=17, upper=None, active=True)
    together = ConstraintTable((*others, greedy))

    with pytest.raises(BlueprintInfeasible) as refusal:
        check(compile_rows(together, bank, LENGTH), together)

    violated = refusal.value.evidence["violated"]
    assert [sentence.partition(" (")[0] for sentence in violated] == [
        "kendala panjang",
        "kendala verbal",
        "kendala percobaan",
    ]
    assert list(refusal.value.evidence["missing"].values()) == [-1.0]
