"""catcpns sesi and catcpns peserta."""

from __future__ import annotations

import pytest
from sqlalchemy import func

from tests.web.jadwal.conftest import DEMO_SITE, demo_site, room, rows, sesi, workbook
from tests.web.jadwal.test_denah import RULES
from web.db import db
from web.operations.jadwal import berkas
from web.tables import AturanPelaksanaan, Sesi, Sitting


@pytest.fixture
def run(sqlite_app):
    def invoke(*words):
        db.session.remove()
        return sqlite_app.test_cli_runner().invoke(args=[str(word) for word in words])

    return invoke


def count(table) -> int:
    return db.session.scalar(db.select(func.count()).select_from(table))


def test_a_pattern_is_tried_first_then_made(run):
    before = count(Sesi)
    words = (
        *("sesi", "pola", DEMO_SITE, "--pola", "skd", "--ujian", "cpns-2024", "--ruang", "Ruang C"),
        *("--dari", "2026-11-27", "--sampai", "2026-11-27", "--oleh", "staf"),
    )

    tried = run(*words, "--dry-run")
    assert (tried.exit_code, count(Sesi)) == (0, before)
    made, again = run(*words), run(*words)

    assert made.stdout.splitlines() == ["SKD 27-11-2026 sesi 1", "SKD 27-11-2026 sesi 2"]
    assert count(Sesi) == before + 2
    assert again.exit_code == 1
    assert "Ruang C dipakai SKD 27-11-2026 sesi 1" in again.stdout
    listed = run("sesi", "list", "--dari", "2026-11-27").stdout
    assert "27-11-2026 15.00 WIB" in listed


def test_people_are_tried_first_then_brought_in(run, tmp_path):
    chosen = sesi(demo_site(), [room(demo_site(), "Kecil", 1, 3, 900)], "SKD kecil")
    good, bad = tmp_path / "baik.xlsx", tmp_path / "penuh.xlsx"
    good.write_bytes(workbook(rows(3)))
    bad.write_bytes(workbook(rows(4)))
    words, before = ("--sesi", chosen.id, "--oleh", "staf"), count(Sitting)

    full = run("peserta", "import", bad, *words)
    tried = run("peserta", "import", good, *words, "--dry-run")
    assert count(Sitting) == before
    done = run("peserta", "import", good, *words)

    assert full.exit_code == 1
    assert "4 peserta untuk 3 kursi" in full.stdout
    assert "3 akan mendapat kursi" in tried.stderr
    assert (done.exit_code, count(Sitting)) == (0, before + 3)


def test_the_rules_of_exam_days_come_from_a_file(run, tmp_path):
    own = tmp_path / "sendiri.toml"
    text = (RULES / "2024.toml").read_text(encoding="utf-8")
    own.write_text(text.replace("nilai = 90", "nilai = 120", 1), encoding="utf-8")
    before = count(AturanPelaksanaan)

    assert run("sesi", "aturan", own, "--dry-run").exit_code == 0
    assert count(AturanPelaksanaan) == before
    assert "dimuat" in run("sesi", "aturan", own).stderr
    assert "sudah ada" in run("sesi", "aturan", own).stderr
    assert count(AturanPelaksanaan) == before + 1


def test_the_template_is_written_to_stdout(run):
    text = run("peserta", "templat", "--csv").stdout_bytes.decode("utf-8-sig")

    assert text.splitlines()[0] == ",".join(berkas.COLUMNS)
