"""What is measured of a study, and that broken promises are really found."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cat.selection.stopping import Reason
from cat.simulation.cohort import PartRun
from cat.simulation.measuring.facts import part_facts, part_results
from cat.simulation.measuring.measures import measure
from cat.simulation.reporting.outputs import PERSONS
from cat.simulation.running.chunks import ChunkResult
from cat.simulation.running.conduct import conduct
from cat.simulation.study.study import read_study

ITEMS = """kode,domain,a,b1,stimulus,kata
A1,x,1.0,-0.5,S,10
A2,x,1.2,0.0,S,20
A3,x,0.8,0.7,S,30
A4,x,1.1,0.1,,40
A5,x,1.1,0.2,,10
B1,y,1.0,-0.4,,20
B2,y,1.3,0.6,,30
B3,y,0.9,1.0,,40
"""
LIMITS = """ID,TYPE,WHAT,CONDITION,LB,UB
isi,number,item,domain under y,1,2
kata,sum,kata,,,100
seteru,enemy,item,"kode in (A4, A5)",,
bacaan,number,per stimulus,,2,3
"""
STUDY = """
judul = "Janji"
benih = 1
[peserta]
jumlah = 40
[[bagian]]
kode = "uji"
panjang = 4
butir = "butir.csv"
kendala = "kendala.csv"
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "butir.csv").write_text(ITEMS)
    (tmp_path / "kendala.csv").write_text(LIMITS)
    (tmp_path / "studi.toml").write_text(STUDY)
    return read_study(tmp_path / "studi.toml")


def measured(study, tests):
    """Measures of people who were given these tests, each a text of item codes."""
    codes = study.parts[0].codes
    items = np.array([[codes.index(code) for code in test.split()] for test in tests], np.int32)
    run = PartRun(
        items=items,
        categories=np.zeros_like(items, dtype=np.int8),
        length=np.full(len(items), items.shape[1]),
        reason=np.full(len(items), Reason.LENGTH, np.int8),
        theta=np.zeros(len(items)),
        se=np.ones(len(items)),
    )
    facts = part_facts(study, study.parts[0])
    results = part_results(study, 0, [ChunkResult((run,), 0.1, "uji:1")])
    return measure(facts, results)


@pytest.mark.parametrize(
    ("test", "broken"),
    [
        ("A1 A2 B1 B2", 0),
        ("A1 A2 A4 A5", 2),  # enemies meet, and y has no item
        ("A4 B1 B2 B3", 2),  # three items of y, 130 words
        ("A1 A4 B1 B2", 1),  # the stimulus is there with one item only
        ("A4 A5 B1 B2", 1),  # enemies meet
        ("A3 A4 B2 B3", 2),  # 140 words, and one item of the stimulus
    ],
)
def test_every_broken_limit_of_a_test_is_counted(study, test, broken):
    found = measured(study, [test, "A1 A2 B1 B2"])

    assert found.blueprint.violations == broken
    assert found.blueprint.repeats == 0


def test_an_item_given_twice_is_counted_as_a_repeat(study):
    assert measured(study, ["A1 A2 B1 B1"]).blueprint.repeats == 1


def test_a_simulated_study_breaks_none_of_these_limits(study, tmp_path):
    (found,) = conduct(study, tmp_path / "hasil", workers=1)

    table = pl.read_parquet(tmp_path / "hasil" / PERSONS)
    codes = study.parts[0].codes
    words = dict(zip(codes, [10, 20, 30, 40, 10, 20, 30, 40], strict=True))
    for items in table["items"]:
        test = [codes[item] for item in items]
        assert 1 <= sum(code.startswith("B") for code in test) <= 2
        assert sum(words[code] for code in test) <= 100
        assert not {"A4", "A5"} <= set(test)
        assert sum(code in ("A1", "A2", "A3") for code in test) != 1
    assert (found.blueprint.violations, found.blueprint.repeats) == (0, 0)
    assert {limit.name for limit in found.blueprint.limits} >= {"panjang tes", "y"}


def test_a_part_with_enemies_can_still_end_early(study, tmp_path):
    (tmp_path / "kendala.csv").write_text(
        'TYPE,WHAT,CONDITION,LB,UB\nenemy,item,"kode in (A4, A5)",,\n'
    )
    text = STUDY + "[kebijakan.berhenti]\nterpendek = 2\n"
    text += '[[kebijakan.berhenti.aturan]]\njenis = "se"\nbatas = 0.85\n'
    (tmp_path / "studi.toml").write_text(text)

    (found,) = conduct(read_study(tmp_path / "studi.toml"), tmp_path / "hasil", workers=1)

    assert found.length.fewest < 4
    assert found.blueprint.violations == 0
