"""Conducting a study: what it leaves behind, and that nothing but the study decides it."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from cat.errors import BadInput
from cat.itembank.pool_file import save_pool
from cat.scoring import scale
from cat.simulation.reporting import outputs
from cat.simulation.reporting.outputs import ITEMS, PERSONS, REPORT, RESULTS, TIMES
from cat.simulation.running import chunks, conduct, runner
from cat.simulation.running.conduct import CHUNKS
from cat.simulation.study.study import read_study

ROOT = Path(__file__).resolve().parents[3]
SAME = (PERSONS, ITEMS, RESULTS, REPORT)

ON_POOL = """
judul = "Mainan"
benih = 11
korelasi_antarbagian = 0.4
[peserta]
jumlah = 120
korelasi = 0.4
[bank]
pool = "mainan.pool"
[[ambang_batas]]
bagian = "tiu"
nama = "Umum"
nilai = 20
"""
STOPPING = """
judul = "Berhenti dini"
benih = 2
[peserta]
jumlah = 200
[[bagian]]
kode = "uji"
panjang = 12
bangkitkan = { jumlah = 60, model = "2pl", a = 2.0 }
[kebijakan]
berhenti = { terpendek = 3, aturan = [{ jenis = "se", batas = 0.45 }] }
"""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "LEAST_PERSONS", 16)


@pytest.fixture
def plain_report(monkeypatch):
    """Spares the drawing of plots where they do not matter."""
    monkeypatch.setattr(outputs, "write_report", lambda path, *rest: path.write_text("laporan"))


@pytest.fixture
def study(tmp_path, pool):
    """Reads a study from text; a pool lies beside it."""
    save_pool(pool, tmp_path / "mainan.pool")

    def read(text=ON_POOL):
        (tmp_path / "studi.toml").write_text(text)
        return read_study(tmp_path / "studi.toml")

    return read


@pytest.fixture(scope="module")
def finished(tmp_path_factory, pool):
    """The folder of a finished study of ON_POOL, in eight chunks, for looking only."""
    folder = tmp_path_factory.mktemp("selesai")
    save_pool(pool, folder / "mainan.pool")
    (folder / "studi.toml").write_text(ON_POOL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "LEAST_PERSONS", 16)
        run(read_study(folder / "studi.toml"), folder)
    return folder


def run(study, folder, **how):
    return conduct.conduct(study, folder, **{"workers": 1, **how})


def contents(folder):
    return {name: (folder / name).read_bytes() for name in SAME}


def test_persons_hold_one_row_for_each_person_and_part(finished, pool):
    read = read_study(finished / "studi.toml")

    table = pl.read_parquet(finished / PERSONS)

    assert table.select("part", "person").rows() == [
        (part.part, person) for part in pool.parts for person in range(120)
    ]
    for position, part in enumerate(pool.parts):
        own = table.filter(pl.col("part") == part.part)
        assert (own["true_theta"].to_numpy() == read.theta[:, position]).all()
        assert own["full_bank_theta"].null_count() == len(own)
        assert set(own["length"]) == {part.blueprint.length}
        assert all(len(set(row)) == part.blueprint.length for row in own["items"])
        assert own["items"].explode().is_between(0, len(part.items) - 1).all()
        expected = [
            scale.nilai(theta, part.reference_form, 1, 1) for theta in own["theta"].to_list()
        ]
        assert own["nilai"].to_list() == expected


def test_items_say_how_many_people_saw_each(finished, pool):
    items = pl.read_parquet(finished / ITEMS)
    seen = (
        pl.read_parquet(finished / PERSONS)
        .explode("items", "categories")
        .group_by("part", pl.col("items").cast(pl.Int32).alias("item"))
        .len()
    )

    assert items["code"].to_list() == [item.code for part in pool.parts for item in part.items]
    together = items.join(seen, on=["part", "item"], how="left").fill_null(0)
    assert (together["persons"] == together["len"]).all()
    rates = [persons / 120 for persons in together["persons"]]
    assert together["exposure_rate"].to_list() == rates


def test_answers_follow_the_response_model_at_the_true_ability(study, tmp_path, plain_report):
    text = STOPPING.replace("jumlah = 200", "jumlah = 4000").partition("[kebijakan]")[0]
    run(study(text), tmp_path / "hasil")
    items = pl.read_parquet(tmp_path / "hasil" / ITEMS)

    given = pl.read_parquet(tmp_path / "hasil" / PERSONS).explode("items", "categories")
    a, b = items["a"].to_numpy(), items["b"].list.first().to_numpy()
    at = given["items"].to_numpy()
    p = expit(a[at] * (given["true_theta"].to_numpy() - b[at]))
    surplus = given["categories"].to_numpy() - p

    # 48,000 answers: z of the sum of residuals, for everybody and for the likeliest answers.
    for rows in (p >= 0, p > 0.8, p < 0.2):
        z = surplus[rows].sum() / math.sqrt((p * (1 - p))[rows].sum())
        assert abs(z) < 3.5


def test_stopping_early_shortens_the_lists_and_is_explained(study, tmp_path, plain_report):
    (measures,) = run(study(STOPPING), tmp_path / "hasil")

    table = pl.read_parquet(tmp_path / "hasil" / PERSONS)

    assert table["length"].n_unique() > 1
    assert (table["items"].list.len() == table["length"]).all()
    assert (table["categories"].list.len() == table["length"]).all()
    early = table.filter(pl.col("length") < 12)
    assert set(early["reason"]) == {"ketelitian tercapai"}
    assert early["se"].max() <= 0.45
    assert measures.blueprint.violations == 0


def test_results_are_json_with_the_study_that_made_them(finished):
    results = json.loads((finished / RESULTS).read_text())

    assert results["digest"] == read_study(finished / "studi.toml").digest
    assert results["study"]["peserta"]["jumlah"] == 120
    assert [part["part"] for part in results["parts"]] == ["twk", "tiu", "tkp"]
    assert results["parts"][1]["classifications"][0]["name"] == "Umum"


def test_the_report_speaks_of_the_study(finished):
    report = (finished / REPORT).read_text()

    assert "<title>Mainan" in report
    assert "<svg" in report


def test_the_cutting_into_chunks_changes_no_byte(study, tmp_path, finished, monkeypatch):
    monkeypatch.setattr(chunks, "LEAST_PERSONS", 100)
    run(study(), tmp_path / "lain")

    assert len(list((finished / CHUNKS).iterdir())) == 8
    assert len(list((tmp_path / "lain" / CHUNKS).iterdir())) == 2
    assert contents(tmp_path / "lain") == contents(finished)


def test_two_processes_give_the_bytes_of_one(study, tmp_path, finished):
    run(study(), tmp_path / "dua", workers=2)

    assert contents(tmp_path / "dua") == contents(finished)


def test_another_seed_gives_other_results(study, tmp_path, finished, plain_report):
    run(study(ON_POOL.replace("benih = 11", "benih = 12")), tmp_path / "lain")

    assert contents(tmp_path / "lain")[PERSONS] != contents(finished)[PERSONS]


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(study, tmp_path, finished, monkeypatch):
    real, done = runner.simulate_chunk, []

    def breaks_off(work, task):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(task.chunk)
        return real(work, task)

    monkeypatch.setattr(runner, "simulate_chunk", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        run(study(), tmp_path / "putus")
    assert not (tmp_path / "putus" / RESULTS).exists()

    again = []
    monkeypatch.setattr(
        runner, "simulate_chunk", lambda work, task: again.append(task.chunk) or real(work, task)
    )
    run(study(), tmp_path / "putus")

    assert set(again).isdisjoint(done)
    assert len(again) + len(done) == 8
    assert contents(tmp_path / "putus") == contents(finished)


def test_a_finished_study_is_not_computed_again(finished, monkeypatch):
    before = contents(finished)
    (finished / REPORT).unlink()
    monkeypatch.setattr(runner, "simulate_chunk", None)

    run(read_study(finished / "studi.toml"), finished)

    assert contents(finished) == before


def test_a_folder_with_another_study_is_refused_and_left_alone(study, finished):
    before = contents(finished)

    with pytest.raises(BadInput, match=r"studi lain \(Mainan\)"):
        run(study(ON_POOL.replace("benih = 11", "benih = 12")), finished)

    assert contents(finished) == before


def test_results_of_another_engine_are_refused_as_such(finished, monkeypatch):
    monkeypatch.setattr("cat.simulation.study.study.engine_version", lambda: "mesin lain")

    with pytest.raises(BadInput, match="versi mesin lain"):
        run(read_study(finished / "studi.toml"), finished)


def test_a_folder_with_results_of_unknown_origin_is_refused(study, tmp_path):
    (tmp_path / "hasil").mkdir()
    (tmp_path / "hasil" / RESULTS).write_text("{}")

    with pytest.raises(BadInput, match="entah dari mana"):
        run(study(), tmp_path / "hasil")


def test_a_hard_cap_is_never_exceeded(study, tmp_path, plain_report):
    text = STOPPING.partition("[kebijakan]")[0]
    cap = '[kebijakan]\npaparan = { cara = "batas_keras", r_maks = 0.3 }\n'

    (measures,) = run(study(text + cap), tmp_path / "hasil")

    assert measures.exposure.highest <= 0.3
    assert measures.blueprint.violations == 0


def test_times_are_kept_apart_from_results(finished):
    times = json.loads((finished / TIMES).read_text())

    assert times["steps"] == 120 * 14
    assert times["computing_seconds"] > 0
    assert "seconds" not in (finished / RESULTS).read_text()


def command(*words):
    return subprocess.run(
        [sys.executable, "-m", "cat.simulation", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_prints_its_table_on_stdout_and_talks_on_stderr(study, tmp_path):
    study()

    done = command(tmp_path / "studi.toml", "--workers", 1)

    assert done.returncode == 0, done.stderr
    assert "Mainan" in done.stdout
    assert "laporan:" in done.stderr
    assert (tmp_path / "studi" / REPORT).exists()


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_command_stopped_from_outside_can_be_given_again(tmp_path, stop, code):
    text = STOPPING.replace("jumlah = 200", "jumlah = 16000").replace("jumlah = 60", "jumlah = 500")
    (tmp_path / "studi.toml").write_text(text.replace("batas = 0.45", "batas = 0.2"))
    done = tmp_path / "studi" / CHUNKS
    running = subprocess.Popen(
        [sys.executable, "-m", "cat.simulation", str(tmp_path / "studi.toml")],
        cwd=ROOT,
        start_new_session=True,
        # A shell lets what it starts in the background ignore SIGINT, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(done.glob("*.npz")):
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.01)
    os.killpg(running.pid, stop)
    said = running.communicate(timeout=60)[1]
    kept = {path.name: path.stat().st_mtime_ns for path in done.glob("*.npz")}

    again = command(tmp_path / "studi.toml")

    assert running.returncode == code
    assert "Traceback" not in said
    assert again.returncode == 0, again.stderr
    assert 0 < len(kept) < len(list(done.glob("*.npz")))
    assert all((done / name).stat().st_mtime_ns == at for name, at in kept.items())
    assert (tmp_path / "studi" / REPORT).exists()


def test_a_mistake_in_the_study_ends_the_command_with_one_line(study, tmp_path):
    study()
    (tmp_path / "studi.toml").write_text(ON_POOL.replace("jumlah = 120", "jumlah = 0"))

    done = command(tmp_path / "studi.toml", "--dry-run")

    assert done.returncode == 1
    assert "peserta jumlah: nilainya harus" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "studi").exists()


def test_answers_of_real_people_are_replayed_and_compared_with_all_of_their_answers(
    study, tmp_path, plain_report
):
    rng = np.random.default_rng(4)
    a, b = np.full(30, 1.5), np.linspace(-2, 2, 30)
    theta = rng.normal(size=150)
    answers = (rng.random((150, 30)) < expit(a * (theta[:, None] - b))).astype(int)
    lines = [",".join(row) for row in answers.astype(str)]
    lines[7] = ",".join(["1", "0", *[""] * 28])  # answered two items only
    (tmp_path / "jawaban.csv").write_text(
        "\n".join([",".join(f"B{i}" for i in range(30)), *lines]) + "\n"
    )
    rows = [f"B{i},semua,logistic,1.5,{value}" for i, value in enumerate(b)]
    (tmp_path / "butir.csv").write_text("\n".join(["kode,domain,model,a,b1", *rows]) + "\n")
    text = """
    judul = "Ulang"
    benih = 1
    [jawaban]
    berkas = "jawaban.csv"
    [[bagian]]
    kode = "uji"
    panjang = 10
    butir = "butir.csv"
    """

    (measures,) = run(study(text), tmp_path / "hasil")
    table = pl.read_parquet(tmp_path / "hasil" / PERSONS)

    assert measures.truth == "full_bank"
    for person, items, given in table.select("person", "items", "categories").rows():
        recorded = lines[person].split(",")
        assert [recorded[item] for item in items] == [str(category) for category in given]
    short = table.row(7, named=True)
    assert (short["length"], short["reason"]) == (2, "tidak ada lagi butir yang tersedia")
    assert short["theta"] == pytest.approx(short["full_bank_theta"])
    assert set(table["length"]) == {2, 10}
    # Ten of thirty answers, chosen adaptively, must say nearly what all of them say.
    assert np.corrcoef(table["theta"], table["full_bank_theta"])[0, 1] > 0.9
    assert measures.blueprint.violations == 0
