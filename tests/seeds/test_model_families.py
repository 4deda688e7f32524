"""Families of the starter bank that item models made, and the command that writes them."""

from __future__ import annotations

import tomllib
from collections import defaultdict

import pytest

from cat.itembank.content import ItemContent
from cat.itembank.models import generate, parse_model, sibling_enemies
from cat.itembank.models.model import ItemModel
from seeds import generate as command
from seeds.bank import read_bank, read_file
from seeds.generate import MODELS, elsewhere, main, rows

MOST = 6  # children of one model: a test takes one of them


@pytest.fixture(scope="module")
def bank() -> list[ItemContent]:
    return read_bank()


@pytest.fixture(scope="module")
def children(bank) -> list[ItemContent]:
    return [item for item in bank if item.parent]


@pytest.fixture(scope="module")
def models() -> dict[str, ItemModel]:
    found = [parse_model(path.read_text(encoding="utf-8")) for path in MODELS.glob("*.toml")]
    assert len({model.code for model in found}) == len(found)
    return {model.code: model for model in found}


def test_every_child_stands_where_its_model_says(children, models):
    for child in children:
        model = models[child.parent]
        assert child.domain == model.domain
        assert child.code.startswith(f"{model.prefix}-")


def test_the_bank_takes_few_children_of_each_of_many_models(children, models):
    families = defaultdict(list)
    for child in children:
        families[child.parent].append(child.code)

    assert set(families) == set(models)
    assert len(families) >= 24
    assert max(map(len, families.values())) <= MOST
    assert len(children) >= 116


def test_siblings_and_the_enemies_of_their_model_are_enemies_in_the_bank(bank, children, models):
    declared = {frozenset((item.code, enemy)) for item in bank for enemy in item.enemies}

    wanted = {
        frozenset((code, enemy))
        for code, enemies in sibling_enemies(children).items()
        for enemy in enemies
    }
    outside = {
        frozenset((child.code, enemy))
        for child in children
        for enemy in models[child.parent].enemies
    }
    assert wanted | outside <= declared


def test_children_say_why_each_option_is_chosen_in_one_short_line(children):
    for child in children:
        assert len(child.option_rationales) == len(child.options)
        assert max(len(reason.split()) for reason in child.option_rationales) <= 18, child.code
        assert child.indicator
        assert child.language_level


def test_difficulties_run_from_easy_to_hard(children):
    difficulties = [child.parameters.b[0] for child in children]

    assert min(difficulties) <= -1.8
    assert max(difficulties) >= 1.8
    assert sum(b <= -0.5 for b in difficulties) >= 30
    assert sum(b >= 1 for b in difficulties) >= 30


@pytest.mark.parametrize("name", ["hit_05_selisih_pangkat", "prb_04_linear_berbatas", "srl_02_dua"])
def test_printed_rows_are_read_as_the_items_they_were(tmp_path, name):
    (path,) = MODELS.glob(f"{name}*.toml")
    model = parse_model(path.read_text(encoding="utf-8"))
    made = generate(model, 3, seed=1)
    file = tmp_path / "butir.toml"
    head = f'domain = "{model.domain}"\nstatus_parameter = "belum dikalibrasi: taksiran ahli"\n'

    file.write_text(head + rows(made), encoding="utf-8")

    read = read_file(file)
    assert [item.enemies for item in read] == [
        tuple(code for code in item.enemies if code > item.code) for item in made
    ]
    same = ("code", "stem", "options", "points", "rule", "figures", "parameters", "parent")
    for one, other in zip(read, made, strict=True):
        assert {name: getattr(one, name) for name in same} == {
            name: getattr(other, name) for name in same
        }
        assert one.option_rationales == other.option_rationales


def test_the_command_prints_rows_and_tells_where_else_enemies_belong(capsys, monkeypatch):
    path = next(MODELS.glob("der_06*.toml"))
    model = parse_model(path.read_text(encoding="utf-8"))
    old = generate(model, 1, seed=1)
    monkeypatch.setattr(command, "read_bank", lambda: old)

    assert main([str(path), "--count", "2", "--seed", "3"]) == 0

    printed = capsys.readouterr()
    made = tomllib.loads(printed.out)["butir"]
    assert [row["kode"] for row in made] == ["TIU-DER-003", "TIU-DER-004"]
    assert f'tambahkan pada {old[0].code}: seteru = ["TIU-DER-003", "TIU-DER-004"]' in printed.err


def test_a_model_that_cannot_be_read_ends_the_command_with_1(tmp_path, capsys):
    file = tmp_path / "rusak.toml"
    file.write_text('kode = "MDL-X"\n', encoding="utf-8")

    assert main([str(file), "--seed", "1"]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "MDL-X" in printed.err


def test_enemies_with_lower_codes_are_told_by_those_codes(models):
    made = generate(models["MDL-HIT-06"], 2, seed=1)

    assert elsewhere(made) == {"TIU-HIT-012": [made[0].code, made[1].code]}
