"""Readiness, figures, logs and limits of a web process."""

from __future__ import annotations

import json
import logging
import re

import pytest
from sqlalchemy import text

from tests.web.conftest import Peserta, settings
from web import create_app
from web.db import db
from web.layanan import catatan, metrik, ukuran
from web.layanan.jawaban import families
from web.layanan.mesin import engine_options
from web.operations import pools
from web.operations.jawaban.ukuran import Ukuran
from web.tables import BatasMasuk

one_kind = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def beats(app) -> None:
    app.test_cli_runner().invoke(args=["sitting", "close"])


@one_kind
def test_a_process_is_ready_when_its_pools_are_loaded_and_the_pulse_beats(app, clock, monkeypatch):
    client = app.test_client()
    monkeypatch.setattr(pools, "_pools", {})

    before = client.get("/siap")
    assert before.status_code == 503
    assert {"denyut belum ada"} <= set(before.json["kurang"])
    assert any(each.startswith("pool belum dimuat") for each in before.json["kurang"])

    beats(app)
    from web.layanan import kesiapan

    kesiapan.warm(db.session(), clock.now())
    assert client.get("/siap").json == {"status": "siap"}

    clock.tick(31)
    assert client.get("/siap").json["kurang"] == ["denyut berhenti 31 detik lalu"]


@one_kind
def test_an_older_schema_keeps_a_process_from_serving_and_a_newer_one_does_not(app, clock):
    from web.layanan import kesiapan

    def lacks(revision: str) -> list[str]:
        db.session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
        return [
            each for each in kesiapan.lacking(db.session(), clock.now()) if each.startswith("skema")
        ]

    assert "catcpns db upgrade" in lacks("0021")[0]
    assert lacks("0999") == []  # the database is ahead while processes are renewed one by one


@one_kind
def test_figures_and_readiness_are_for_the_machine_itself_or_a_token(app, database, tmp_path):
    client = app.test_client()
    outside = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}

    for path in ("/metrik", "/siap"):
        assert client.get(path).status_code in (200, 503)
        assert client.get(path, **outside).status_code == 404
        assert client.get(path, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    app.config["METRIK_TOKEN"] = "token-prometheus"
    shown = {"headers": {"Authorization": "Bearer token-prometheus"}}
    assert client.get("/metrik", **shown, **outside).status_code == 200
    wrong = {"headers": {"Authorization": "Bearer x"}}
    assert client.get("/metrik", **wrong, **outside).status_code == 404


def test_the_histogram_of_the_writer_is_counted_up_as_prometheus_wants_it():
    counted = Ukuran(answers=3)
    for seconds in (0.002, 0.002, 9.0):
        counted.wait_seconds.add(seconds)

    found = {
        (sample.name, sample.labels.get("le")): sample.value
        for family in families(counted)
        for sample in family.samples
    }

    assert found["catcpns_jawaban_total", None] == 3
    assert found["catcpns_jawaban_detik_bucket", "0.001"] == 0
    assert found["catcpns_jawaban_detik_bucket", "0.0025"] == 2
    assert found["catcpns_jawaban_detik_bucket", "+Inf"] == 3
    assert found["catcpns_jawaban_detik_sum", None] == pytest.approx(9.004)


@one_kind
def test_processes_of_one_port_show_the_figures_of_all(app, clock, tmp_path):
    (tmp_path / "77.prom").write_text(
        '# TYPE catcpns_masuk_gagal counter\ncatcpns_masuk_gagal_total{siapa="peserta"} 5\n'
    )
    ukuran._failed_logins.labels("peserta").inc(0)

    shown = metrik.exposition(db.session(), clock.now(), str(tmp_path)).decode()

    assert 'catcpns_masuk_gagal_total{proses="77",siapa="peserta"} 5.0' in shown
    assert len(re.findall(r'^catcpns_masuk_gagal_total\{.*siapa="peserta"', shown, re.M)) == 2
    assert len(re.findall(r"^catcpns_denyut_umur_detik", shown, re.M)) == 1


@one_kind
def test_failed_logins_are_counted_together_by_all_processes(app, peserta, database, tmp_path):
    first, second = peserta(1), Peserta(create_app(settings(database, tmp_path)), 1)

    codes = [each.logs_in("000000").status_code for each in (first, second) * 3]

    assert codes == [401] * 5 + [429]
    keys = db.session.scalars(db.select(BatasMasuk.kunci)).all()
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_a_count_begins_anew_when_its_window_is_over(app, clock):
    from web.layanan.batas import DatabaseStorage

    counts = DatabaseStorage()
    assert [counts.incr("kunci", 300) for _ in range(3)] == [1, 2, 3]
    assert (counts.get("kunci"), counts.get("lain")) == (3, 0)
    clock.tick(301)
    assert counts.get("kunci") == 0
    assert counts.incr("kunci", 300) == 1


def line_of(record: logging.LogRecord) -> dict[str, object]:
    return json.loads(catatan.JsonLines().format(record))


def test_a_log_line_of_an_error_names_the_place_and_never_what_the_error_says():
    try:
        raise KeyError("NIK 9901010101900001")
    except KeyError as error:
        record = logging.LogRecord("web", 40, "x.py", 1, "Exception on /ujian/8a7b", (), None)
        record.exc_info = (KeyError, error, error.__traceback__)

    line = line_of(record)

    assert line["galat"] == "builtins.KeyError"
    assert any("test_layanan.py" in place for place in line["jejak"])
    assert "9901" not in json.dumps(line)
    assert "8a7b" not in json.dumps(line)


@one_kind
def test_a_request_keeps_the_number_of_the_proxy_and_is_told_by_route(app, working, caplog):
    with caplog.at_level(logging.INFO, "catcpns.permintaan"):
        kept = working.client.get(working.url, headers={"X-Request-ID": "dari-proksi-1"})
        made = working.client.get(working.url, headers={"X-Request-ID": "a b\x7f"})

    line = line_of(caplog.records[0])
    assert kept.headers["X-Request-ID"] == "dari-proksi-1"
    assert re.fullmatch("[0-9a-f]{16}", made.headers["X-Request-ID"])
    assert (line["metode"], line["rute"], line["status"]) == ("GET", "/ujian/<sitting_id>", 200)
    assert working.sitting_id not in json.dumps(line)


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")],
)
@one_kind
def test_the_address_of_a_client_is_what_as_many_proxies_as_we_have_say(
    app, database, tmp_path, proxies, seen
):
    from flask import request

    made = create_app({**settings(database, tmp_path), "PROXIES": proxies})
    asked = []
    made.before_request_funcs.setdefault(None, []).append(lambda: asked.append(request.remote_addr))

    made.test_client().get("/", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})

    assert asked == [seen]


def test_only_web_processes_are_hurried_and_their_pool_holds_all_threads():
    url = "postgresql+psycopg://catcpns@127.0.0.1/catcpns"
    web = {"CATCPNS_PROCESS": "web", "CATCPNS_THREADS": "16", "CATCPNS_STATEMENT_SECONDS": "30"}

    hurried, patient = engine_options(url, web), engine_options(url, {**web, "CATCPNS_PROCESS": ""})

    assert hurried["pool_size"] >= 16 + 4
    assert "statement_timeout=30000" in hurried["connect_args"]["options"]
    assert "max_parallel_workers_per_gather=0" in hurried["connect_args"]["options"]
    assert patient["connect_args"]["options"] == ""
    assert "connect_args" not in engine_options("sqlite:///x.sqlite", web)
