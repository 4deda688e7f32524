"""python -m cat.assembly: from a plan to a file of forms, and what it says to a slip of the pen."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from click.testing import CliRunner

from cat.assembly.__main__ import main
from cat.assembly.plan import read_plan

PLAN = """
butir = "butir.csv"
kendala = "kendala.csv"
panjang = 8
paket = 3
theta = [-1, 0, 1]
target = [1.0, 1.4, 1.0]
tumpang_tindih = 2
pemakaian = 2
celah = 0.2
keluaran = "paket.csv"
"""
CONSTRAINTS = """TYPE,WHAT,CONDITION,LB,UB
number,item,domain = verbal,3,6
number,stimulus,,1,1
number,per stimulus,,3,3
"""


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(2)
    lines = ["kode,domain,a,b1,c,kunci,stimulus,kata,detik"]
    for i in range(60):
        domain, stimulus = ("verbal", "numerik")[i % 2], f"S{i // 10}" if i < 40 else ""
        a, b = rng.uniform(0.8, 1.4), rng.normal()
        lines.append(f"B{i:02},{domain},{a:.3f},{b:.3f},0.2,{'ABCDE'[i % 5]},{stimulus},30,60")
    (tmp_path / "butir.csv").write_text("\n".join(lines))
    (tmp_path / "kendala.csv").write_text(CONSTRAINTS)
    (tmp_path / "rencana.toml").write_text(PLAN)
    return tmp_path


def run(folder, *options):
    return CliRunner().invoke(main, [str(folder / "rencana.toml"), *options])


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_forms_are_written_with_the_items_of_a_stimulus_together(folder):
    outcome = run(folder)

    rows = list(csv.DictReader((folder / "paket.csv").read_text("utf-8").splitlines()))
    assert outcome.exit_code == 0
    assert [(row["paket"], row["nomor"]) for row in rows] == [
        (str(form), str(place)) for form in (1, 2, 3) for place in range(1, 9)
    ]
    for form in "123":
        own = [row for row in rows if row["paket"] == form]
        places = [int(row["nomor"]) for row in own if row["stimulus"]]
        assert places == list(range(places[0], places[0] + 3))
        assert 3 <= sum(row["domain"] == "verbal" for row in own) <= 6
    assert {row["kunci"] for row in rows} <= set("ABCDE")


def test_the_tables_tell_information_sharing_and_how_good_the_forms_are(folder):
    outcome = run(folder)

    for words in ("Informasi tiap paket", "θ = -1", "terendah", "sasaran", "1.400"):
        assert words in outcome.stdout
    assert "Butir yang sama di dua paket" in outcome.stdout
    assert "terbukti tidak mungkin di bawah" in outcome.stdout
    assert "ditulis: " in outcome.stderr


def test_without_a_target_the_forms_are_as_informative_as_they_can_be(folder):
    change(folder, "rencana.toml", "target = [1.0, 1.4, 1.0]", "batas_detik = 5")

    outcome = run(folder)

    assert outcome.exit_code == 0
    assert "terbukti tidak mungkin melebihi" in outcome.stdout


def test_a_dry_run_writes_nothing(folder):
    outcome = run(folder, "--dry-run")

    assert outcome.exit_code == 0
    assert "Informasi tiap paket" in outcome.stdout
    assert not (folder / "paket.csv").exists()


def test_one_form_has_nothing_to_share(folder):
    change(folder, "rencana.toml", "paket = 3", "paket = 1")

    assert "Satu paket saja" in run(folder).stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("rencana.toml", "paket = 3", "paket = 0", "rencana.toml, paket: perlu bilangan bulat"),
        ("rencana.toml", "paket = 3", "", "rencana.toml, paket"),
        ("rencana.toml", "paket = 3", "paket = true", "terbaca True"),
        ("rencana.toml", "paket = 3", "pakett = 3", "pakett: kunci tak dikenal"),
        ("rencana.toml", "panjang = 8", "panjang = 8.5", "panjang: perlu bilangan bulat"),
        ("rencana.toml", "[-1, 0, 1]", "[]", "theta: perlu daftar bilangan"),
        ("rencana.toml", "[-1, 0, 1]", "[-1, nan, 1]", "theta: perlu daftar bilangan"),
        ("rencana.toml", "1.4, 1.0]", "1.4]", "target: perlu 3 bilangan"),
        ("rencana.toml", "1.4, 1.0]", "1.4, 0]", "target: perlu 3 bilangan"),
        ("rencana.toml", "celah = 0.2", "celah = 0", "celah: perlu bilangan di atas 0"),
        ("rencana.toml", '"butir.csv"', '"tidak-ada.csv"', "tidak-ada.csv: tidak dapat dibaca"),
        ("rencana.toml", '"kendala.csv"', '"x.csv"', "x.csv: tidak dapat dibaca"),
        ("rencana.toml", '"kendala.csv"', "7", "kendala: perlu nama berkas"),
        ("rencana.toml", '"paket.csv"', '"tidak/ada.csv"', "ada.csv: tidak dapat ditulis"),
        ("rencana.toml", "paket = 3", "paket = ", "bukan TOML"),
        ("butir.csv", "0.2,A", "1.2,A", "baris 2 (butir B00): parameter tidak sah"),
        ("kendala.csv", "verbal,3,6", "verbal,9,9", "kisi-kisi tidak dapat dipenuhi"),
        ("kendala.csv", "number,item", "nomor,item", "'nomor' tak dikenal"),
        ("rencana.toml", "pemakaian = 2", "pemakaian = 0", "pemakaian: perlu bilangan bulat"),
        ("rencana.toml", "panjang = 8", "panjang = 14", "bank ini tidak dapat mengisi 3 paket"),
    ],
)
def test_a_slip_is_answered_in_indonesian_and_ends_with_code_2(folder, name, old, new, words):
    change(folder, name, old, new)

    outcome = run(folder)

    assert outcome.exit_code == 2
    assert words in outcome.stderr.replace("\n", " ")
    assert not (folder / "paket.csv").exists()


def test_a_plan_that_is_not_there_ends_with_code_2(tmp_path):
    assert CliRunner().invoke(main, [str(tmp_path / "x.toml")]).exit_code == 2


def test_help_names_every_key_of_a_plan(folder):
    text = CliRunner().invoke(main, ["--help"]).stdout

    for line in PLAN.split():
        if line.isidentifier():
            assert line in text


def test_what_a_plan_leaves_out_is_not_limited(folder):
    for line in ("tumpang_tindih = 2", "pemakaian = 2", "panjang = 8", "celah = 0.2"):
        change(folder, "rencana.toml", line, "")

    plan = read_plan(folder / "rencana.toml")

    assert (plan.overlap, plan.uses, plan.length, plan.gap, plan.seconds) == (
        *(None, None, None),
        *(0.01, 60.0),
    )
