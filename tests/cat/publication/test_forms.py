"""Forms of a linear test are alike in content, information and expected points."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cat.errors import BadRules, BlueprintInfeasible
from cat.irt import items as irt
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraints import ConstraintTable
from cat.itembank.pool import parameters_of
from cat.publication.forms import FormPlan, assemble, only_forms
from cat.publication.publish import PartPlan, choose_reference_form, publish
from tests.conftest import LIMITS_HEADER, toy_items

THETA = (-1.0, 0.0, 1.0)
FORMS = FormPlan(3, THETA, gap=0.02, seconds=20)
# All items of the table of the toy bank, or none.
STIMULUS = "number,per stimulus,,3,3\n"


@pytest.fixture(scope="module")
def plan():
    """60 items of three domains, some of them enemies, three of one stimulus."""
    items = toy_items("tiu", 20, np.random.default_rng(4))
    items[0] = replace(items[0], enemies=(items[1].code, items[2].code))
    bounds = (Bound("verbal.analogi", 3, 3), Bound("verbal.silogisme", 3, 3))
    reference = {"verbal.analogi": 3, "verbal.silogisme": 3, "numerik.deret_angka": 6}
    blueprint = Blueprint("tiu", 12, bounds, reference)
    table = ConstraintTable.read_csv(LIMITS_HEADER + STIMULUS)
    return PartPlan(blueprint, items, 5, 0, constraints=table)


@pytest.fixture(scope="module")
def forms(plan):
    return assemble(plan, FORMS)


def test_forms_share_no_item_and_each_keeps_the_blueprint(plan, forms):
    assert len({item for form in forms for item in form}) == 36
    for form in forms:
        domains = [plan.items[i].domain for i in form]
        counts = {domain: domains.count(domain) for domain in set(domains)}
        assert counts == dict(plan.blueprint.reference)


def test_no_form_holds_enemies(plan, forms):
    for form in forms:
        codes = {plan.items[i].code for i in form}
        assert all(codes.isdisjoint(plan.items[i].enemies) for i in form)


def test_items_of_one_stimulus_come_together_and_side_by_side(plan, forms):
    for form in forms:
        places = [place for place, i in enumerate(form) if plan.items[i].stimulus]
        assert len(places) in (0, 3)
        assert all(after == before + 1 for before, after in pairwise(places))


def test_whoever_gets_another_form_is_measured_as_well_and_expects_as_many_points(plan, forms):
    parameters = parameters_of("tiu", tuple(plan.items))
    information = irt.information(THETA, parameters)
    points = 5 * irt.expected_category(THETA, parameters)
    reference = choose_reference_form(plan)

    for curve in (information, points):
        aim = curve[:, reference].sum(axis=1)
        for form in forms:
            np.testing.assert_allclose(curve[:, form].sum(axis=1), aim, rtol=0.08)


def test_a_linear_pool_holds_the_items_of_its_forms_alone(plan):
    plans, assembled = only_forms([plan], FORMS)
    pool = publish("linear", plans, shuffle_options=False, forms=assembled)

    assert pool.is_linear
    assert list(pool.forms) == ["A", "B", "C"]
    assert len(pool.parts[0].items) == 36
    assert len(pool.places("B")) == 12
    keys = [pool.parts[0].items[i].key for _, i in pool.places("B")]
    assert keys == assembled["B"]["tiu"]
    assert pool.form_without("B", ["TIU-TIDAK-ADA"])
    assert not pool.form_without("B", [keys[0].partition("@")[0]])


def test_more_forms_than_the_bank_can_fill_are_refused(plan):
    with pytest.raises(BlueprintInfeasible):
        assemble(plan, replace(FORMS, count=6))


def test_items_on_trial_have_no_place_in_a_form(plan):
    with pytest.raises(BadRules, match="uji coba"):
        only_forms([replace(plan, pretest_slots=1)], FORMS)


def test_a_plan_of_forms_reads_back_what_it_wrote():
    assert FormPlan.from_mapping(FORMS.to_mapping()) == FORMS


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"paket": 0, "theta": [0.0]},
        {"paket": 27, "theta": [0.0]},
        {"paket": True, "theta": [0.0]},
        {"paket": 2, "theta": []},
        {"paket": 2, "theta": ["nol"]},
        {"paket": 2, "theta": [5.0]},
        {"paket": 2, "theta": [0.0], "celah": 0},
        {"paket": 2, "theta": [0.0], "celah": "kecil"},
        {"paket": 2, "theta": [0.0], "tumpang_tindih": -1},
        {"paket": 2, "theta": [0.0], "batas_detik": 0},
        {"paket": 2, "theta": 3},
        {"paket": 2, "theta": [0.0], "target": [1.0]},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_its_key(data):
    with pytest.raises(BadRules, match="linear"):
        FormPlan.from_mapping(data)
