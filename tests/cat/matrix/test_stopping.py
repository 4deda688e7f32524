"""Stopping rules x response models: the reason is recorded, and it is true when the part ends.

Where a person stands is computed here from the response models and the answers alone, one answer
after the other; the engine's own tables and running products are not looked at.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from cat.errors import BadRules
from cat.irt import items as irt
from cat.selection.randomness import random_bits
from cat.selection.stopping import KINDS, Reason, Stopping
from cat.simulation import cohort
from cat.simulation.cohort import PartRun, SimulatedAnswers
from tests.cat.matrix import limits
from tests.cat.matrix.banks import ITEMS, QUADRATURE, abilities, items_of, part_of, policy_of
from tests.cat.matrix.cells import MODELS, STOPPING, each, grid

PERSONS, LONGEST, SHORTEST = 40, 14, 3
CUT, DELTA, Z, ERROR, LIMIT_SECONDS = 0.3, 0.6, 1.2, 0.1, 450.0
SECONDS = 30.0 + np.arange(ITEMS) * 7 % 40
# SE and information that half of the people reach after ten items of each bank.
HALFWAY = {
    "1pl": (0.555, 0.25),
    "2pl": (0.39, 0.37),
    "3pl": (0.47, 0.28),
    "4pl": (0.54, 0.23),
    "grm": (0.325, 0.6),
    "gpcm": (0.25, 1.15),
    "pcm": (0.34, 0.78),
    "rsm": (0.34, 0.82),
    "nominal": (0.39, 0.46),
    "campuran": (0.315, 0.74),
}
# The engine reads the likelihood ratio between nodes off a parabola, and information at the nearest
# node: how far that may be from the formula, in log units and as a share.
SLACK = {"sprt": 0.03, "informasi": 0.15}
NODES, PRIOR = QUADRATURE.nodes, QUADRATURE.weights
THETA = abilities(PERSONS)


def rule_of(kind: str, model: str) -> dict[str, float | str]:
    """The rule as a file writes it."""
    fields = {
        "se": {"batas": HALFWAY[model][0]},
        "selang": {"batas": CUT, "z": Z},
        "sprt": {"batas": CUT, "delta": DELTA, "alfa": ERROR, "beta": ERROR},
        "informasi": {"batas": HALFWAY[model][1]},
        "waktu": {"detik": LIMIT_SECONDS},
    }
    return {"jenis": kind, **fields[kind]}


def sat(model: str, *rules: dict[str, float | str], answers: type = SimulatedAnswers) -> PartRun:
    stopping = Stopping.from_mapping({"terpendek": SHORTEST, "aturan": rules})
    policy = policy_of("maximum_information", stopping=stopping)
    part = part_of(model, policy, LONGEST, seconds=SECONDS)
    numbers = np.arange(PERSONS)
    source = answers([part], THETA[:, None], random_bits(21, numbers))
    (run,) = cohort.run([part], source, random_bits(22, numbers))
    return run


def margin(kind: str, model: str, items: list[int], categories: list[int]) -> float:
    """By how much a rule is met (>= 0) or missed after these answers, from the formulas."""
    bank = items_of(model)
    if kind == "waktu":
        return sum(SECONDS[item] for item in items) - LIMIT_SECONDS

    def height(theta: list[float] | np.ndarray) -> np.ndarray:
        p = irt.probability(theta, bank)
        return sum(np.log(p[:, i, k]) for i, k in zip(items, categories, strict=True))

    if kind == "sprt":
        high, low = height([CUT + DELTA, CUT - DELTA])
        return abs(high - low) - math.log((1 - ERROR) / ERROR)
    weight = np.exp(height(NODES)) * PRIOR
    theta = float((weight * NODES).sum() / weight.sum())
    se = math.sqrt((weight * (NODES - theta) ** 2).sum() / weight.sum())
    if kind == "se":
        return HALFWAY[model][0] - se
    if kind == "selang":
        return abs(theta - CUT) - Z * se
    left = [n for n in range(ITEMS) if n not in items]
    return 1 - irt.information([theta], bank)[0, left].max() / HALFWAY[model][1]


@pytest.mark.parametrize(("kind", "model"), each(grid(KINDS, MODELS)))
def test_a_part_ends_when_its_rule_is_first_met_and_says_so(kind, model):
    reason = KINDS[kind][0].reason
    slack = SLACK.get(kind, 1e-5)

    run = sat(model, rule_of(kind, model))

    ended = run.reason == reason
    assert ended.sum() >= PERSONS / 4
    assert (ended | (run.reason == Reason.LENGTH)).all()
    for person in range(0, PERSONS, 3):
        length = run.length[person]
        assert SHORTEST <= length <= LONGEST
        assert length == LONGEST or ended[person]
        so_far = [
            margin(kind, model, run.items[person, :n].tolist(), run.categories[person, :n].tolist())
            for n in range(SHORTEST, length + 1)
        ]
        assert max(so_far[:-1], default=-1.0) < slack
        assert (so_far[-1] > -slack) if ended[person] else (so_far[-1] < slack)


@pytest.mark.parametrize(("kind", "model"), each(grid(["panjang"], MODELS)))
def test_without_a_rule_a_part_ends_at_its_full_length(kind, model):
    run = sat(model)

    assert (run.length == LONGEST).all()
    assert (run.reason == Reason.LENGTH).all()


class Replayed(SimulatedAnswers):
    """Answers of people who once answered only some items: person j those from 0 to 8 + j."""

    def unavailable(self, part: int, persons: np.ndarray) -> np.ndarray:
        return np.arange(ITEMS) > 8 + persons[:, None]


@pytest.mark.parametrize(("kind", "model"), each(grid(["habis"], MODELS)))
def test_a_part_ends_when_replayed_answers_leave_no_item(kind, model):
    run = sat(model, answers=Replayed)

    answered = np.minimum(9 + np.arange(PERSONS), LONGEST)
    assert run.length.tolist() == answered.tolist()
    assert (run.reason == np.where(answered < LONGEST, Reason.NO_ITEM, Reason.LENGTH)).all()
    assert (run.items <= 8 + np.arange(PERSONS)[:, None]).all()


class HardlyReplayed(SimulatedAnswers):
    """Person j once answered the items from 0 to 2 + j, at first too few for any test."""

    def unavailable(self, part: int, persons: np.ndarray) -> np.ndarray:
        return np.arange(ITEMS) > 2 + persons[:, None]


def test_so_does_a_part_whose_limits_need_shadow_tests():
    policy = policy_of("maximum_information")
    part = part_of("2pl", policy, limits.LENGTH, **limits.options("seteru"))
    numbers = np.arange(PERSONS)
    answers = HardlyReplayed([part], THETA[:, None], random_bits(21, numbers))

    (run,) = cohort.run([part], answers, random_bits(22, numbers))

    assert set(run.reason.tolist()) == {Reason.NO_ITEM, Reason.LENGTH}
    assert (run.items <= 2 + numbers[:, None]).all()


def test_every_rule_and_every_reason_has_its_test():
    reasons = {kind.reason for kind, _ in KINDS.values()} | {Reason.LENGTH, Reason.NO_ITEM}

    assert {"panjang", *KINDS, "habis"} == set(STOPPING)
    assert reasons == set(Reason) - {Reason.GOING_ON}


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_with_a_missing_or_meaningless_number_is_refused_by_name(kind):
    rule = rule_of(kind, "2pl")
    field = [name for name in rule if name != "jenis"][-1]

    with pytest.raises(BadRules, match=rf"aturan {kind}: perlu .*{field}"):
        Stopping.from_mapping({"aturan": [{k: v for k, v in rule.items() if k != field}]})
    with pytest.raises(BadRules, match=rf"aturan {kind}\.{field}: perlu lebih dari 0"):
        Stopping.from_mapping({"aturan": [{**rule, field: -1.0}]})
