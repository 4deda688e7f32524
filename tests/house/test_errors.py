"""Every refusal of the engine has its sentence, and the drawn tree of errors is the real one."""

from __future__ import annotations

import re

import pytest

from cat import errors
from web.errors import REFUSALS, refusal_of

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.CatError)
]
ABSTRACT = {errors.CatError, errors.BankError, errors.EstimationError, errors.ExamError}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree(kind):
    assert re.search(rf"[├└]── {kind.__name__}\b|^ +CatError$", errors.__doc__, re.MULTILINE)


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ABSTRACT], ids=lambda k: k.__name__)
def test_every_error_has_its_row(kind):
    assert kind in REFUSALS
    assert refusal_of(kind("x")) is REFUSALS[kind]


def test_codes_are_unique_and_sentences_end_properly():
    codes = [row.code for row in REFUSALS.values()]

    assert len(set(codes)) == len(codes)
    assert all(row.sentence.endswith(".") for row in REFUSALS.values())
