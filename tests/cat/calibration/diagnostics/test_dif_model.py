"""DIF by curves finds a made-up difference, says how large it is, and works with gaps."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif_model import likelihood_ratio_dif
from cat.errors import BadInput


@pytest.fixture(scope="module")
def answers(draw):
    """x2 is 0.8 harder for the second group, which is also half a logit abler; half is missing."""
    made = draw(31, persons=4000)
    group = np.repeat(["acuan", "fokal"], 2000)
    theta = made.theta + np.where(group == "fokal", 0.5, 0.0)
    b = np.repeat(made.b[None], 4000, axis=0)
    b[2000:, 2] += 0.8
    rng = np.random.default_rng(32)
    table = (rng.random(b.shape) < 1 / (1 + np.exp(-made.a * (theta[:, None] - b)))).astype(float)
    table[rng.random(table.shape) < 0.4] = np.nan
    return made, Answers.of_matrix(made.items, table, group=group.tolist())


def test_the_item_that_differs_is_found_with_the_area_between_its_true_curves(answers):
    made, given = answers

    found = {one.item: one for one in likelihood_ratio_dif(given, "2pl", items=["x2", "x5", "x9"])}

    assert found["x2"].df == 2
    assert found["x2"].p < 1e-6
    assert min(found["x5"].p, found["x9"].p) > 0.001
    theta = np.linspace(-5, 6, 400)
    weight = np.exp(-((theta - 0.5) ** 2) / 2)
    curves = [1 / (1 + np.exp(-made.a[2] * (theta - made.b[2] - d))) for d in (0.8, 0.0)]
    area = (curves[0] - curves[1]) @ weight / weight.sum()
    assert found["x2"].signed == pytest.approx(area, abs=0.05)
    assert found["x2"].unsigned == pytest.approx(-area, abs=0.05)


def test_a_group_with_few_answers_is_refused_with_the_number(answers):
    made, _ = answers
    few = Answers.of_matrix(made.items, made.answers[:500], group=["a"] * 440 + ["b"] * 60)

    found = likelihood_ratio_dif(few, "2pl", items=["x0"])

    assert found[0].refused == "hanya 60 jawaban dari satu kelompok; perlu 100"


def test_one_group_cannot_differ(answers):
    with pytest.raises(BadInput, match="compares two groups"):
        likelihood_ratio_dif(Answers.of_matrix(["x", "y"], [[0, 1], [1, 0]]), "2pl")
