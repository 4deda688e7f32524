"""Exports and background jobs in the browser and on the command line."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.web.conftest import KEYS
from web.db import db, own_session
from web.operations import signing
from web.operations.ekspor.checking import check
from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.datasets.source import Filters
from web.operations.job_worker import Workshop, work_once
from web.tables import AuditRow, Instansi, Job

PUBLIC = signing.public_key(KEYS.signing)
PAGE = "/staf/ekspor/"


@pytest.fixture
def staf(petugas):
    return petugas("staf")


@pytest.fixture
def at_work(app, clock):
    """Do every job that waits."""
    sessions = partial(own_session, db.engine)

    def work() -> None:
        while work_once(Workshop("uji", Path(app.instance_path), sessions, KEYS, clock.now)):
            pass

    return work


@pytest.fixture
def nothing_is_small(monkeypatch):
    monkeypatch.setattr("web.operations.ekspor.job.is_small", lambda session, plan: False)


def ask(staf, **fields):
    given = {"himpunan": "hasil-sesi", "format": "csv", **fields}
    return staf.post(PAGE, token_from=PAGE, **given)


def acts() -> list[str]:
    db.session.remove()
    return list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


def stored(number: int = 0) -> Job:
    db.session.remove()
    return db.session.scalars(select(Job).order_by(Job.created_at)).all()[number]


def test_a_small_export_comes_at_once_signed_and_noted(staf, tmp_path):
    code = db.session.scalar(select(Instansi.kode).order_by(Instansi.id))
    reply = ask(staf, instansi=code, tahun="2024")
    assert reply.status_code == 303

    download = staf.get(reply.location)

    path = tmp_path / "terima.zip"
    path.write_bytes(download.data)
    report = check(path, PUBLIC)
    assert report.findings == ()
    assert report.manifest["saringan"] == {"instansi": code, "tahun": 2024}
    assert report.manifest["baris"] > 0
    assert report.manifest["dibuat_oleh"] == "staf"
    assert report.manifest["pool"]
    assert "ekspor" in acts()


def test_a_big_export_is_made_in_the_background_and_fetched_from_the_list(
    staf, at_work, nothing_is_small, tmp_path
):
    assert ask(staf, himpunan="profil-domain", format="parquet").location == PAGE
    assert "Menunggu" in staf.get(PAGE).text

    at_work()

    page = staf.get(PAGE).text
    name = stored().result["berkas"][0]
    assert "✓ Selesai" in page
    assert name in page
    path = tmp_path / name
    with staf.get(f"/staf/pekerjaan/{stored().id}/berkas/{name}") as reply:
        path.write_bytes(reply.data)
    report = check(path, PUBLIC)
    assert report.findings == ()
    counted = DATASETS["profil-domain"].count(db.session(), Filters())
    assert report.manifest["baris"] == counted == stored().done
    assert acts()[-1] == "unduh berkas pekerjaan"


def test_asking_twice_for_the_same_makes_one_job(staf, nothing_is_small):
    ask(staf)
    ask(staf)

    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_job_is_cancelled_and_tried_again_from_the_page(staf, at_work, nothing_is_small):
    ask(staf)
    token = {"token_from": PAGE}

    assert staf.post(f"/staf/pekerjaan/{stored().id}/batal", **token).status_code == 303
    at_work()
    assert stored().status == "dibatalkan"
    assert "Dibatalkan" in staf.get("/staf/pekerjaan/").text

    staf.post(f"/staf/pekerjaan/{stored().id}/ulang", **token)
    at_work()
    assert stored().status == "selesai"
    again = staf.post(f"/staf/pekerjaan/{stored().id}/batal", **token)
    assert again.status_code == 303
    assert "sudah berakhir" in staf.get("/staf/pekerjaan/").text


def test_only_the_files_of_the_result_are_served(staf, at_work, nothing_is_small, app):
    ask(staf)
    at_work()
    folder = Path(app.instance_path) / "pekerjaan" / stored().id
    (folder / "rahasia.txt").write_text("rahasia")
    own = stored().result["berkas"][0]

    for name in ("rahasia.txt", "..%2F..%2Fsecret", "../../uji.sqlite", own + "x"):
        assert staf.get(f"/staf/pekerjaan/{stored().id}/berkas/{name}").status_code == 404
    assert staf.get(f"/staf/pekerjaan/bukan-id/berkas/{own}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"himpunan": "jejak-audit", "formasi": "F99-01"}, "tidak mengenal saringan formasi"),
        ({"formasi": "F00-00"}, "F00-00"),
        ({"himpunan": "apa saja"}, "Not a valid choice"),
        ({"tahun": "1900"}, "Tahun 2000 sampai 2100"),
    ],
)
def test_an_export_that_makes_no_sense_is_explained_on_the_page(staf, fields, message):
    reply = ask(staf, **fields)

    assert reply.status_code == 422
    assert message.replace("Not a valid choice", "") in reply.text
    assert 'class="errors"' in reply.text or "notice-problem" in reply.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?himpunan=peserta",
        "?himpunan=x&format=csv",
        "?himpunan=peserta&format=csv&tahun=semua",  # not: then all of them
        "?himpunan=peringkat&format=csv&pada=kemarin",
    ],
)
def test_an_address_that_names_no_export_is_refused(staf, query):
    assert staf.get(f"/staf/ekspor/langsung{query}").status_code == 422


def test_every_dataset_has_a_page_of_its_columns(staf):
    for dataset in DATASETS.values():
        page = staf.get(f"/staf/ekspor/kolom/{dataset.code}").text
        assert all(f"<code>{column.name}</code>" in page for column in dataset.columns)
    assert staf.get("/staf/ekspor/kolom/tidak-ada").status_code == 404


def test_the_ranking_of_all_formasi_is_resumable_and_counted(app):
    chosen = DATASETS["peringkat"]
    rows = list(chosen.rows(db.session(), Filters(), None))

    assert 0 < len(rows) <= chosen.count(db.session(), Filters())
    for place in (0, 70, len(rows) - 1):
        rest = list(chosen.rows(db.session(), Filters(), chosen.key_of(rows[place])))
        assert rest == rows[place + 1 :]


def test_profiles_go_on_in_the_middle_of_a_person(app):
    chosen = DATASETS["profil-domain"]
    some = Filters(formasi="F99-06")
    rows = list(chosen.rows(db.session(), some, None))

    assert len(rows) == chosen.count(db.session(), some)
    rest = list(chosen.rows(db.session(), some, chosen.key_of(rows[4])))
    assert [row[:5] for row in rest] == [row[:5] for row in rows[5:]]


def test_the_public_key_is_open_to_everybody_and_the_same_everywhere(app, staf):
    reply = app.test_client().get("/kunci-publik")

    assert reply.text.strip() == PUBLIC
    assert reply.mimetype == "text/plain"
    shown = app.test_cli_runner().invoke(args=["kunci", "show"])
    assert shown.stdout.strip() == PUBLIC
    assert PUBLIC in staf.get(PAGE).text


def test_the_command_line_checks_an_export_and_names_the_changed_row(app, staf, tmp_path):
    path, changed = tmp_path / "utuh.zip", tmp_path / "diubah.zip"
    path.write_bytes(staf.get(ask(staf, formasi="F99-06").location).data)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(changed, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".csv"):
                head, first, rest = content.split(b"\r\n", 2)
                content = b"\r\n".join([head, first.replace(b",selesai,", b",dijeda,"), rest])
            copy.writestr(name, content)

    def verify(*words: object):
        db.session.remove()
        args = ["ekspor", "verify", *map(str, words)]
        return app.test_cli_runner().invoke(args=args)

    whole = verify(path)
    assert (whole.exit_code, whole.stdout[:5]) == (0, "utuh:")
    (tmp_path / "kunci.txt").write_text(PUBLIC + "\n")
    assert verify(path, "--kunci", tmp_path / "kunci.txt").exit_code == 0
    broken = verify(changed, "--kunci", PUBLIC)
    assert broken.exit_code == 1
    assert "hasil-sesi.csv: baris 1 (" in broken.stdout
    assert ") berubah, kolom keadaan" in broken.stdout
    assert verify(path, "--kunci", "00" * 32).exit_code == 1
    assert "bukan kunci" in verify(path, "--kunci", "apa").output


def test_jobs_are_worked_listed_and_cancelled_from_the_command_line(
    app, staf, nothing_is_small, monkeypatch
):
    from web.cli import jobs as commands

    monkeypatch.setattr(commands.os, "nice", lambda _: 0)
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)

    def run(*words: str):
        db.session.remove()
        return app.test_cli_runner().invoke(args=["job", *words])

    ask(staf, himpunan="peserta")
    ask(staf, himpunan="jejak-audit")
    first = stored(0).id
    assert run("cancel", first, "--dry-run").exit_code == 0
    assert stored(0).status == "menunggu"
    assert run("cancel", first).exit_code == 0
    assert "sudah berakhir" in run("cancel", first).output
    assert "tidak ada pekerjaan" in run("cancel", "x").output

    assert run("work", "--once").exit_code == 0

    told = run("list").stdout
    assert {line.split("\t")[1] for line in told.splitlines()} == {"dibatalkan", "selesai"}


def test_the_workbook_of_a_sesi_keeps_its_old_address(staf):
    reply = staf.get("/staf/sesi/1/hasil.xlsx")

    assert reply.headers["Content-Disposition"] == "attachment; filename=hasil-sesi-1.xlsx"
    with zipfile.ZipFile(io.BytesIO(reply.data)) as book:
        assert "xl/workbook.xml" in book.namelist()
