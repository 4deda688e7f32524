"""catcpns item calibrate with our own engine, as an operator and an outside checker meet it."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from cat.calibration import answer_checks, answer_data, answers, em, links, plan, spec
from cat.calibration.estimates import Doubt
from cat.calibration.spec import ItemModel
from web import create_app
from web.operations.kalibrasi import kata

PAGE = Path(__file__).resolve().parents[3] / "docs" / "skrip.md"
# LSAT7 by the R package mirt: ?mirt, example "LSAT7", `coef(mirt(dat, 1))` and its log-likelihood
# (Chalmers, 2012, Journal of Statistical Software 48(6)); standard errors were not published there.
MIRT_LOG_LIKELIHOOD = -2658.805
MIRT_A = (0.988, 1.081, 1.706, 0.765, 0.736)
MIRT_D = (1.856, 0.808, 1.804, 0.486, 1.855)


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    return create_app({"INSTANCE_PATH": tmp_path_factory.mktemp("app")}).test_cli_runner()


@pytest.fixture
def run(runner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: runner.invoke(args=["item", "calibrate", *map(str, words)])


@pytest.fixture(scope="module")
def example():
    """Names and printed words of the example in docs/skrip.md."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## 7. ")[2]
    program = re.search(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)[1]
    names: dict = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "skrip.md", "exec"), names)
    command = re.search(r"^catcpns item calibrate (.*)$", section, re.MULTILINE)[1]
    return names, out.getvalue(), command.split()


@pytest.fixture
def lsat7(example, tmp_path):
    """The example's table as the file that its command reads."""
    names = example[0]
    lines = ["i1,i2,i3,i4,i5,jumlah"]
    for pattern, count in zip(names["pola"].tolist(), names["jumlah"], strict=True):
        lines.append(",".join(map(str, [*pattern, count])))
    (tmp_path / "lsat7.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "lsat7.csv"


def test_the_documented_example_prints_the_published_values(example):
    printed = example[1]

    found = [float(value) for value in re.findall(r"\b(?:a|d|kebolehjadian) (-?\d+\.\d+)", printed)]
    assert found[0] == MIRT_LOG_LIKELIHOOD
    assert found[1::2] == pytest.approx(MIRT_A, abs=0.002)
    assert found[2::2] == pytest.approx(MIRT_D, abs=0.002)


def test_the_documented_command_writes_the_published_values(run, lsat7, example):
    result = run(*example[2])

    assert result.exit_code == 0, result.output
    assert "│ i3" in result.stdout
    found = json.loads((lsat7.parent / "hasil.json").read_text())
    assert round(found["log_likelihood"], 3) == MIRT_LOG_LIKELIHOOD
    assert found["quadrature"] == {"nodes": 61, "low": -6.0, "high": 6.0, "follows": False}
    assert [one["slope"] for one in found["items"]] == pytest.approx(MIRT_A, abs=0.002)
    assert [one["intercepts"][0] for one in found["items"]] == pytest.approx(MIRT_D, abs=0.002)
    for one in found["items"]:
        assert one["b"][0] == pytest.approx(-one["intercepts"][0] / one["slope"])
        assert one["slope_se"] > 0
    assert found["groups"][0]["mean"] == 0


def test_a_file_that_exists_is_not_written_over(run, lsat7):
    (lsat7.parent / "ada.json").write_text("milik orang")

    result = run("lsat7.csv", "--weights", "jumlah", "--json", "ada.json")

    assert "ada.json sudah ada" in result.stderr
    assert (lsat7.parent / "ada.json").read_text() == "milik orang"


def test_models_and_anchors_come_from_files(run, lsat7):
    folder = lsat7.parent
    models = "item,model\ni1,2pl\ni2,3pl\ni3,2pl\ni4,1pl\ni5,1pl\n"
    (folder / "model.csv").write_text(models)
    (folder / "jangkar.csv").write_text("item;a;b;c\ni1;0.9;-1.8;\ni3;1.5;-1.1;0.1\n")

    options = ("--weights", "jumlah", "--model", "model.csv", "--fixed", "jangkar.csv")
    result = run("lsat7.csv", *options, "--se", "none", "--json", "hasil.json")

    assert result.exit_code == 0, result.output
    one = {each["item"]: each for each in json.loads((folder / "hasil.json").read_text())["items"]}
    assert [one[name]["model"] for name in ("i1", "i2", "i3", "i4")] == ["2pl", "3pl", "3pl", "1pl"]
    assert (one["i3"]["a"], one["i3"]["b"], one["i3"]["c"]) == (1.5, [-1.1], pytest.approx(0.1))
    assert one["i3"]["is_fixed"]
    assert one["i4"]["a"] == one["i5"]["a"]
    assert one["i2"]["slope_se"] is None


def test_priors_can_be_set_and_taken_away(run, lsat7):
    common = ("lsat7.csv", "--weights", "jumlah", "--model", "3pl", "--se", "none")
    run(*common, "--prior-c", "-1.1,0.3", "--prior-a", "0,0.5", "--json", "satu.json")
    run(*common, "--prior-c", "none", "--max-cycles", "20", "--json", "dua.json")

    one, two = (json.loads((lsat7.parent / f"{name}.json").read_text()) for name in ("satu", "dua"))
    assert one["priors"] == {"logit_c": [-1.1, 0.3], "log_a": [0, 0.5], "b": None, "d": None}
    assert two["priors"]["logit_c"] is None
    assert two["log_likelihood"] == two["log_posterior"]


def test_sparse_long_answers_with_groups(run, tmp_path):
    rng = np.random.default_rng(5)
    lines = ["person,item,category,group"]
    for j in range(600):
        focal = j >= 300
        for i in rng.choice(8, 5, replace=False):
            p = 1 / (1 + np.exp(-(rng.normal(0.8 * focal) - (i - 4) / 3)))
            lines.append(f"p{j},i{i},{int(rng.random() < p)},{'b' if focal else 'a'}")
    (tmp_path / "panjang.csv").write_text("\n".join(lines) + "\n")

    result = run("panjang.csv", "--model", "rasch", "--json", "hasil.json")

    assert result.exit_code == 0, result.output
    groups = json.loads((tmp_path / "hasil.json").read_text())["groups"]
    assert [group["name"] for group in groups] == ["a", "b"]
    assert groups[0]["mean"] == 0
    assert groups[1]["mean"] > 3 * groups[1]["mean_se"]


def test_partial_credit_intercepts_add_up(run, tmp_path):
    rng = np.random.default_rng(6)
    theta = rng.normal(size=400)
    points = np.clip(np.round(1.2 + theta[:, None] + rng.normal(0, 0.8, (400, 4))), 0, 3)
    rows = ["a,b,c,d", *(",".join(f"{p:g}" for p in row) for row in points)]
    (tmp_path / "poin.csv").write_text("\n".join(rows) + "\n")

    run("poin.csv", "--model", "gpcm", "--json", "hasil.json")

    for one in json.loads((tmp_path / "hasil.json").read_text())["items"]:
        assert one["intercepts_cumulative"] == pytest.approx(np.cumsum(one["intercepts"]))
        assert one["intercepts_cumulative_se"][0] == pytest.approx(one["intercepts_se"][0])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--fixed", "buruk.csv"), "buruk.csv, baris 2: kolom b: 'x' bukan bilangan"),
        (("--fixed", "asing.csv"), "butir jangkar i9"),
        (("--model", "buruk.csv"), "buruk.csv: tidak ada kolom 'model'"),
        (("--groups", "wilayah"), "kolom 'wilayah' tidak ada"),
        (
            ("--weights", "i1", "--leave-out", "jumlah"),
            "baris 2: bobot harus bilangan lebih dari 0 (terbaca: '0')",
        ),
        (("--grid-range", "3", "-3"), "kisi kuadratur"),
        (("--tolerance", "2"), "ketelitian harus antara 0 dan 1 (terbaca: 2.0)"),
    ],
)
def test_a_refusal_names_place_value_and_rule(run, lsat7, words, sentence):
    (lsat7.parent / "buruk.csv").write_text("item,a,b\ni1,0.9,x\n")
    (lsat7.parent / "asing.csv").write_text("item,a,b\ni9,0.9,0\n")
    weighted = () if "--weights" in words else ("--weights", "jumlah")

    result = run("lsat7.csv", *weighted, *words)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--model", "5pl"),
        ("--prior-c", "satu"),
        ("--prior-c", "0,-1"),
        ("--engine", "girth", "--se", "none"),
        ("--engine", "girth", "--model", "3pl"),
    ],
)
def test_an_option_that_means_nothing_is_misuse(run, lsat7, words):
    assert run("lsat7.csv", *words).exit_code == 2


def test_every_doubt_model_and_rule_has_its_words():
    rooms = (answer_checks, answer_data, answers, em, links, plan, spec)
    text = "".join(Path(room.__file__).read_text() for room in rooms)
    rules = set(re.findall(r'rule="(\w+)"', text)) | {"group", "weight", "tolerance", "max_cycles"}

    assert set(kata.DOUBTS) == set(Doubt)
    assert set(kata.MODELS) == set(ItemModel)
    assert rules <= set(kata.known_rules())
