"""catcpns item calibrate --engine girth, as an operator meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cat.calibration import answer_file, girth_bridge, responses
from cat.calibration.fit import Doubt
from web import create_app
from web.cli.calibration_girth import DOUBTS, REFUSALS


@pytest.fixture
def run(tmp_path):
    app = create_app({"INSTANCE_PATH": tmp_path})

    def invoke(*words):
        return app.test_cli_runner().invoke(
            args=["item", "calibrate", "--engine", "girth", *map(str, words)]
        )

    return invoke


@pytest.fixture
def table(simulate):
    """Lines of a sound file: a header and 250 persons on 8 items."""
    made = simulate(persons=250, items=8, seed=12)
    return [",".join(made.items), *(",".join(map(str, row)) for row in made.answers)]


@pytest.fixture
def write(tmp_path):
    def to_file(lines):
        path = tmp_path / "jawaban.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return to_file


@pytest.mark.parametrize("model", ["2pl", "pcm"])
def test_it_prints_one_row_for_each_item_on_stdout(run, write, table, model):
    result = run(write(table), "--model", model)

    assert result.exit_code == 0, result.output
    assert all(f"x{i}" in result.stdout for i in range(8))
    assert "250" in result.stdout
    assert "bank tak berubah" in result.stderr


def test_a_reversed_key_is_named_in_indonesian(run, write, table):
    header, *rows = table
    flipped = [row[:-1] + ("1" if row[-1] == "0" else "0") for row in rows]

    result = run(write([header, *flipped]))

    (line,) = [line for line in result.stdout.splitlines() if "x7" in line]
    assert "mungkin kunci terbalik" in line


def test_item_names_are_shown_as_they_are_and_not_read_as_markup(run, write, table):
    result = run(write([table[0].replace("x0", "[bold]x0"), *table[1:]]))

    assert "[bold]x0" in result.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: [*t[:3], "," + t[3].split(",", 1)[1], *t[4:]], "kolom x0, baris 4: jawaban ko"),
        (lambda t: [*t[:3], "7" + t[3][1:], *t[4:]], "kolom x0, baris 4: nilai '7' bukan 0 atau 1"),
        (lambda t: [*t[:3], "A" + t[3][1:], *t[4:]], "kolom x0, baris 4: nilai 'A' bukan"),
        (lambda t: [t[0], *("1" + row[1:] for row in t[1:])], "kolom x0: semua peserta bernilai 1"),
        (lambda t: t[:150], "hanya ada 149 baris peserta"),
        (lambda t: t[:1], "hanya ada 0 baris peserta"),
        (lambda t: [",".join(line.split(",")[:2]) for line in t], "hanya ada 2 kolom butir"),
        (lambda t: [*t[:3], "1,0", *t[4:]], "baris 4 berisi 2 sel, seharusnya 8"),
        (lambda t: [t[0].replace("x1", "x0"), *t[1:]], "nama kolom 'x0'"),
        (lambda t: ["cov_" + t[0].replace(",", ",cov_"), *t[1:]], "hanya ada 0 kolom butir"),
        (lambda t: [*t, '"'], "bukan tabel CSV"),
    ],
)
def test_a_refusal_names_the_column_the_line_and_the_value(run, write, table, change, sentence):
    result = run(write(change(table)))

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not result.stdout


def test_a_gap_between_categories_is_refused_in_words(run, write, table):
    header, *rows = table

    refused = run(write([header, *(row.replace("1", "2") for row in rows)]), "--model", "pcm")

    assert refused.exit_code == 1
    assert "kolom x0: ada nilai 2 tetapi tidak ada yang bernilai 1" in refused.stderr


def test_every_refusal_that_a_file_can_meet_has_its_sentence():
    sources = (Path(room.__file__).read_text() for room in (answer_file, responses, girth_bridge))
    rules = set(re.findall(r'rule="(\w+)"', "".join(sources))) | {"missing", "category"}

    # The command's choice of models and its reader leave no way to these two.
    assert rules - {"model", "shape"} == set(REFUSALS)
    assert set(DOUBTS) == {doubt.name for doubt in Doubt}


def test_an_empty_file_and_one_that_is_no_text_are_refused(run, tmp_path):
    empty, binary = tmp_path / "kosong.csv", tmp_path / "gambar.csv"
    empty.write_bytes(b"")
    binary.write_bytes(b"\xff\xfe\x00\x81")

    assert "berkas kosong" in run(empty).stderr
    assert "bukan teks UTF-8" in run(binary).stderr


def test_a_file_that_is_not_there_or_a_model_not_offered_is_misuse(run, write, table, tmp_path):
    assert run(tmp_path / "tidak-ada.csv").exit_code == 2
    assert run(write(table), "--model", "3pl").exit_code == 2
