"""When a part ends, and why."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadRules
from cat.irt import items as irt
from cat.irt.items import logistic_items
from cat.itembank.blueprint import Bound
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.ending import reasons_to_stop
from cat.selection.policy import Policy
from cat.selection.progress import begin, estimate, learn
from cat.selection.stopping import KINDS, Reason, Standing, Stopping
from cat.simulation import cohort
from cat.simulation.cohort import SimulatedAnswers

ALL_KINDS = [
    {"jenis": "se", "batas": 0.45},
    {"jenis": "selang", "batas": 0.2, "z": 1.645},
    {"jenis": "sprt", "batas": 0.2, "delta": 0.4, "alfa": 0.1, "beta": 0.1},
    {"jenis": "informasi", "batas": 0.35},
    {"jenis": "waktu", "detik": 400.0},
]


def run(part, persons=300, seed=1):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(persons, 1))
    seeds = np.arange(persons, dtype=np.uint64)
    (found,) = cohort.run([part], SimulatedAnswers([part], theta, seeds), seeds)
    return theta[:, 0], found


def standing(**changes):
    """One person, at theta 0.3 with se 0.2 after ten answers."""
    nodes = np.linspace(-6, 6, 61)
    facts = {
        "answered": np.array([10]),
        "theta": np.array([0.3]),
        "se": np.array([0.2]),
        "likelihood": np.exp(-(((nodes - 0.3) / 0.2) ** 2) / 2)[None, :],
        "nodes": nodes,
        "seconds": np.array([600.0]),
        "best_information": lambda: np.array([0.4]),
    }
    return Standing(**{**facts, **changes})


def reason(rule, at, shortest=1, minimums_met=True):
    stopping = Stopping.from_mapping({"terpendek": shortest, "aturan": [rule]})
    return Reason(int(stopping.reasons(at, 30, np.array([minimums_met]))[0]))


@pytest.mark.parametrize(
    ("rule", "at", "expected"),
    [
        ({"jenis": "se", "batas": 0.2}, standing(), Reason.PRECISION),
        ({"jenis": "se", "batas": 0.19}, standing(), Reason.GOING_ON),
        ({"jenis": "selang", "batas": -0.1, "z": 1.9}, standing(), Reason.CLASSIFIED),
        ({"jenis": "selang", "batas": -0.1, "z": 2.1}, standing(), Reason.GOING_ON),
        ({"jenis": "informasi", "batas": 0.5}, standing(), Reason.LOW_INFORMATION),
        ({"jenis": "informasi", "batas": 0.4}, standing(), Reason.GOING_ON),
        ({"jenis": "waktu", "detik": 600}, standing(), Reason.TIME),
        ({"jenis": "waktu", "detik": 601}, standing(), Reason.GOING_ON),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else None,
)
def test_a_rule_ends_the_part_exactly_where_it_says(rule, at, expected):
    assert reason(rule, at) is expected


def test_the_probability_ratio_test_is_walds():
    """At a normal likelihood N(m, s) the log ratio is 2 delta (m - cut) / s**2."""
    rule = {"jenis": "sprt", "batas": 0.0, "delta": 0.25, "alfa": 0.05, "beta": 0.1}
    boundary = np.log((1 - 0.1) / 0.05)
    nodes = np.linspace(-6, 6, 61)

    for factor, expected in ((1.02, Reason.CLASSIFIED), (0.98, Reason.GOING_ON)):
        m = factor * boundary * 0.3**2 / (2 * 0.25)
        likelihood = np.exp(-(((nodes - m) / 0.3) ** 2) / 2)[None, :]
        assert reason(rule, standing(likelihood=likelihood)) is expected


def test_no_rule_ends_a_part_before_its_shortest_length_or_a_missing_minimum():
    rule = {"jenis": "se", "batas": 5.0}

    assert reason(rule, standing(), shortest=11) is Reason.GOING_ON
    assert reason(rule, standing(), minimums_met=False) is Reason.GOING_ON


def test_the_longest_length_ends_every_part():
    assert reason({"jenis": "se", "batas": 0.01}, standing(answered=np.array([30]))) is (
        Reason.LENGTH
    )


@pytest.mark.parametrize("rule", ALL_KINDS, ids=lambda rule: rule["jenis"])
def test_parts_of_different_length_keep_their_blueprint_and_say_why_they_ended(create_part, rule):
    stopping = Stopping.from_mapping({"terpendek": 5, "aturan": [rule]})
    bounds = (Bound("numerik", 2, 12), Bound("verbal", 2, 20))
    part = create_part(
        Policy(stopping=stopping), length=25, bounds=bounds, seconds=np.full(90, 40.0)
    )

    _, found = run(part)

    assert set(found.reason) <= {Reason.LENGTH, next(iter(stopping.rules)).reason}
    assert (found.reason != Reason.LENGTH).any()
    assert ((found.items >= 0).sum(axis=1) == found.length).all()
    assert found.length.min() >= 5
    numeric = part.leaf[found.items] == part.tree.leaves.index("numerik")
    assert (numeric & (found.items >= 0)).sum(axis=1).min() >= 2


def test_precise_enough_is_precise_enough(create_part):
    stopping = Stopping.from_mapping({"aturan": [{"jenis": "se", "batas": 0.5}]})
    part = create_part(Policy(stopping=stopping), length=30, bounds=())

    _, found = run(part)

    ended = found.reason == Reason.PRECISION
    assert ended.mean() > 0.5
    assert (found.se[ended] <= 0.5).all()
    assert (found.se[~ended] > 0.5).all()


def test_rules_read_back_as_they_were_written():
    data = {"terpendek": 4, "aturan": ALL_KINDS}

    assert {row["jenis"] for row in ALL_KINDS} == set(KINDS)
    assert Stopping.from_mapping(data).to_mapping() == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"aturan": [{"jenis": "nanti"}]}, "jenis 'nanti' tidak ada"),
        ({"aturan": [{"jenis": "se"}]}, r"se: perlu \['batas'\]"),
        ({"aturan": [{"jenis": "se", "batas": -1}]}, "perlu lebih dari 0"),
        ({"aturan": [{"jenis": "se", "batas": "kecil"}]}, "perlu bilangan; tertulis 'kecil'"),
        ({"aturan": [{"jenis": "sprt", "batas": 0, "delta": 1, "alfa": 0.6, "beta": 0.1}]}, "0,5"),
        ({"terpendek": 0}, "bilangan bulat >= 1"),
        ({"terpanjang": 9}, "kunci tak dikenal"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_by_name(data, message):
    with pytest.raises(BadRules, match=message):
        Stopping.from_mapping(data)


def test_the_best_unused_item_decides_about_low_information():
    """Information at the node next to theta, as the response model gives it."""
    items = logistic_items(np.array([2.0, 1.0, 0.5]), np.zeros(3))
    tables = tabulate(items, normal_quadrature())
    from cat.itembank.blueprint import Blueprint
    from cat.selection.adaptive_part import adaptive_part

    rule = {"jenis": "informasi", "batas": 0.2}
    policy = Policy(stopping=Stopping.from_mapping({"aturan": [rule]}))
    part = adaptive_part("tiu", tables, ["a"] * 3, Blueprint("tiu", 3, (), {}), policy)
    progress = begin(part, 1)

    learn(part, progress, np.array([0]), np.array([1]))
    theta, _ = estimate(part, progress)

    assert irt.information(theta, items)[0, 1] > 0.2 > irt.information(theta, items)[0, 2]
    assert reasons_to_stop(part, progress)[0] == Reason.GOING_ON
    learn(part, progress, np.array([1]), np.array([1]))
    assert reasons_to_stop(part, progress)[0] == Reason.LOW_INFORMATION
