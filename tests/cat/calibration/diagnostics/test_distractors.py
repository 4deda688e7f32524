"""Each option's part: a key that works, one that does not, idle and tempting distractors."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.diagnostics.distractors import OptionRole, distractors


@pytest.fixture(scope="module")
def raw(made):
    """Key 1 everywhere; wrong persons choose 2 or 3, hardly anybody 4."""
    rng = np.random.default_rng(13)
    wrong = rng.choice([2, 3, 4], p=[0.5, 0.48, 0.02], size=made.answers.shape)
    return np.where(made.answers == 1, 1, wrong)


def roles(found):
    return {option.trace.option: option.role for option in found.options}


def test_good_items_have_a_rising_key_and_working_distractors(made, raw):
    found = distractors(made.items, raw, dict.fromkeys(made.items, 1))

    assert all(one.proposed is None for one in found)
    for one in found:
        assert roles(one)[1] is OptionRole.KEY
        assert roles(one)[4] is OptionRole.IDLE
        assert one.idle == (4,)
    assert roles(found[0])[2] is OptionRole.WORKS


def test_a_wrong_key_is_named_with_the_option_that_should_be_keyed(made, raw):
    found = distractors(made.items, raw, {**dict.fromkeys(made.items, 1), "x6": 3})

    assert [(one.item, one.proposed) for one in found if one.proposed] == [("x6", 1)]
    assert roles(found[6])[1] is OptionRole.RISES
    assert roles(found[6])[3] is OptionRole.KEY_FAILS
