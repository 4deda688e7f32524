"""The commands of operators."""

from __future__ import annotations

import socket
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from cat.itembank.pool_file import read_pool
from cat.simulation.study.study import read_study
from tests.web.test_operations import first_finished, tamper
from web.db import db

ROOT = Path(__file__).resolve().parents[2]
BLUEPRINT = "seeds/kisi_kisi/tkd_adaptif_2024.toml"


@pytest.fixture
def run(app):
    def invoke(*words):
        db.session.remove()
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return invoke


def test_verify_passes_an_untouched_sitting_by_id_or_number(run):
    sitting = first_finished()
    nomor = sitting.peserta.nomor

    for which in (sitting.id, nomor):
        result = run("sitting", "verify", which)
        assert result.exit_code == 0
        assert "1 cocok, 0 tidak cocok" in result.stdout


def test_verify_names_the_event_of_a_tampered_sitting_and_fails(run):
    sitting_id = first_finished().id
    tamper(
        "UPDATE sitting_event SET option = CASE option WHEN 'A' THEN 'B' ELSE 'A' END"
        " WHERE sitting_id = :id AND seq > 3",
        id=sitting_id,
    )

    result = run("sitting", "verify", sitting_id)

    assert result.exit_code == 1
    assert "peristiwa 4: segel tidak cocok" in result.stdout


@pytest.mark.parametrize("words", [[], ["tidak-ada"], ["x", "--all"]])
def test_verify_without_one_clear_target_is_misuse(run, words):
    assert run("sitting", "verify", *words).exit_code == 2


def test_close_gives_the_time_of_an_outage_back_first(run, working, clock):
    run("sitting", "close")  # writes the pulse, as a running server does
    clock.tick(7_000)

    result = run("sitting", "close")

    assert result.exit_code == 0
    assert working.stored().phase == "working"
    assert "1.40.00" in working.sees()


def test_a_server_does_not_share_a_port_in_silence(run, monkeypatch):
    from web.cli import serving

    monkeypatch.setattr(serving, "PATIENCE_SECONDS", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        result = run("serve", "--port", taken.getsockname()[1])

    assert result.exit_code == 1
    assert "tidak dapat dipakai" in result.output


def test_close_ends_what_has_run_out_of_time(run, working, clock):
    clock.tick(7_000)

    dry = run("sitting", "close", "--dry-run")
    assert working.sitting_id in dry.stdout
    assert working.stored().phase == "working"

    run("sitting", "close")
    assert working.stored().phase == "finished"


def test_publishing_the_same_bank_again_gives_the_same_pool(run, monkeypatch):
    monkeypatch.chdir(ROOT)
    pools = text("SELECT COUNT(*) FROM pool")
    before = db.session.scalar(pools)

    for _ in range(2):
        result = run("pool", "publish", "seeds/kisi_kisi/literasi_digital.toml")

        assert result.exit_code == 0, result.output
        assert "literasi_digital 96 butir" in result.stdout
        db.session.remove()
        assert db.session.scalar(pools) == before + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'apa = "nasionalisme", min = 3, maks = 5',
            'apa = "nasionalisme", min = 99, maks = 99',
            "kurang",
        ),
        ('apa = "nasionalisme"', 'apa = "salah_ketik"', "tak dikenal"),
        ("nasionalisme = 6", "nasionalisme = 7", "menetapkan 30"),
        ("min = 3, maks = 5", "min = 5, maks = 3", "min <= maks"),
    ],
)
def test_a_blueprint_that_cannot_be_filled_is_refused_and_nothing_is_stored(
    run, tmp_path, old, new, message
):
    broken = tmp_path / "rusak.toml"
    broken.write_text((ROOT / BLUEPRINT).read_text().replace(old, new, 1))
    before = db.session.scalar(text("SELECT COUNT(*) FROM pool"))

    result = run("pool", "publish", broken)

    assert result.exit_code == 1
    assert message in result.output
    db.session.remove()
    assert db.session.scalar(text("SELECT COUNT(*) FROM pool")) == before


def test_a_study_prints_bias_and_rmse_and_finds_no_violation(run):
    result = run("pool", "study", "--persons", 100, "--workers", 1)

    assert result.exit_code == 0, result.output
    assert "RMSE" in result.stdout
    assert "pelanggaran kisi-kisi: 0; butir terulang: 0" in result.stdout


def test_a_study_leaves_a_folder_that_can_be_run_again_anywhere(run, tmp_path):
    out = tmp_path / "hasil"
    words = ("pool", "study", "--persons", 60, "--workers", 1, "--out", out)

    assert run(*words).exit_code == 0
    results = (out / "results.json").read_bytes()
    again = read_study(out / "studi.toml")
    other_seed = run(*words, "--seed", 2)

    assert {"report.html", "persons.parquet", "items.parquet"} <= {p.name for p in out.iterdir()}
    assert again.digest in results.decode()
    assert other_seed.exit_code == 1
    assert "berisi studi lain" in other_seed.output
    assert (out / "results.json").read_bytes() == results


def test_a_pool_is_saved_to_a_file_once_and_never_over_another(run, tmp_path):
    file = tmp_path / "tkd.pool"

    assert run("pool", "save", file, "--dry-run").exit_code == 0
    assert not file.exists()
    saved = run("pool", "save", file)
    again = run("pool", "save", file)

    assert saved.exit_code == 0, saved.output
    assert saved.stdout.split()[0] == read_pool(file).digest
    assert again.exit_code == 1
    assert "sudah ada" in again.output


def test_a_staff_account_can_be_made_and_used(run, app):
    from tests.web.conftest import Browser

    words = (
        *("user", "create", "budi", "--nama", "Budi Contoh", "--email", "budi@contoh.example"),
        *("--role", "penulis", "--password", "kata sandi yang panjang"),
    )
    assert run(*words, "--dry-run").exit_code == 0
    made = run(*words)
    assert made.exit_code == 0, made.output
    again = run(*words)
    assert again.exit_code == 1
    assert "sudah dipakai" in again.output

    reply = Browser(app).post(
        "/petugas/masuk",
        token_from="/petugas/masuk",
        username="budi",
        password="kata sandi yang panjang",
    )
    assert reply.status_code == 302


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ini bukan TOML [", "bukan berkas butir"),
        ('domain = "twk.x"', "bukan berkas butir"),
        ('domain = "twk.x"\nstatus_parameter = "s"\n[[butir]]\nkode = "K"', "K: isian kurang"),
    ],
)
def test_a_broken_item_file_is_refused_by_name(run, tmp_path, text, message):
    broken = tmp_path / "rusak.toml"
    broken.write_text(text)

    result = run("item", "check", broken)

    assert result.exit_code == 1
    assert message in result.output
    assert "rusak.toml" in result.output


def test_every_command_of_ours_has_help_and_a_line_in_the_documentation(app):
    described = (ROOT / "docs" / "commands.md").read_text()

    def walk(command, path):
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                yield from walk(child, [*path, name])
        else:
            yield " ".join(path), command

    banks = ("item", "pool", "seeds", "sitting", "user", "ekspor", "kunci")
    for group in (*banks, "serve", "job", "layanan", "cadangan"):
        for name, command in walk(app.cli.commands[group], [group]):
            assert command.help, name
            assert f"`catcpns {name}" in described, name
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    assert parameter.help, (name, parameter.name)
