"""The evaluator computes with given numbers and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.seeds.rules.arithmetic import compute


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "p", "[1][0]", "'a' * 3", "1.5", "True"]
)
def test_the_evaluator_refuses_everything_but_arithmetic_over_given_names(text):
    with pytest.raises(ValueError, match="not arithmetic"):
        compute(text, {"q": Fraction(1)})
