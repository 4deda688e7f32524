"""Policies as data."""

from __future__ import annotations

import pytest

from cat.errors import BadInput, BadRules
from cat.selection.criteria import CRITERIA
from cat.selection.policy import Policy
from cat.selection.ranking import BELIEF_CRITERIA, THETA_CRITERIA


def test_a_policy_reads_back_as_it_was_written():
    data = {
        "kriteria": {"nama": "information_at_cut", "cut": 0.4},
        "acak_teratas": 3,
        "tabulasi": True,
        "paparan": {"cara": "kelayakan", "r_maks": 0.3, "tepi": [-1.0, 1.0], "pudar": 0.99},
        "berhenti": {"terpendek": 8, "aturan": [{"jenis": "se", "batas": 0.3}]},
        "segarkan": 4,
    }

    assert Policy.from_mapping(data).to_mapping() == data


def test_an_empty_policy_is_the_exams_default():
    assert Policy.from_mapping({}) == Policy()


def test_every_criterion_is_tabled_or_says_why_not():
    for name in CRITERIA:
        parameters = {"cut": 0.0} if name == "information_at_cut" else {}
        if name in THETA_CRITERIA | BELIEF_CRITERIA:
            assert Policy(name, parameters).tabulated
        else:
            with pytest.raises(BadRules, match="tabulasi = false"):
                Policy(name, parameters)
            assert not Policy.from_mapping({"kriteria": {"nama": name, **parameters}}).tabulated


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ({"kriteria": {"nama": "terbaik"}}, BadInput, "kriteria 'terbaik' tidak dikenal"),
        ({"kriteria": {"nama": "information_at_cut"}}, BadInput, "memerlukan parameter cut"),
        ({"acak_teratas": 0}, BadRules, "acak_teratas: perlu bilangan bulat >= 1"),
        ({"segarkan": 0}, BadRules, "segarkan"),
        ({"paparan": {"cara": "doa", "r_maks": 0.2}}, BadRules, "'doa' tidak ada"),
        ({"paparan": {"cara": "kelayakan", "r_maks": 1.2}}, BadRules, r"\(0, 1\]"),
        ({"paparan": {"cara": "kelayakan", "r_maks": 0.2, "tepi": [1, 0]}}, BadRules, "naik"),
        ({"undian": 3}, BadRules, "kunci tak dikenal"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused_by_name(data, error, message):
    with pytest.raises(error, match=message):
        Policy.from_mapping(data)
