"""The very nginx, systemd units and web processes of `deploy/`, with an exam sat through them."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import shutil
import subprocess
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from cat.itembank.exchange.archive import MOST_FILE_BYTES
from seeds.demo.load import demo_pin
from tests.web.conftest import KEYS, postgres_copy, settings
from tests.web.layanan.platform import CATCPNS, Desk, Platform
from web import clock, create_app
from web.db import db
from web.layanan.metrik import exposition
from web.operations.kalibrasi import berkas
from web.operations.verification import verify_sitting
from web.periksa import views as periksa
from web.tables import Sitting

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
SEATS = """
SELECT peserta.nomor, person.nama, person.nik FROM sitting
JOIN peserta ON peserta.id = sitting.peserta_id JOIN person ON person.id = peserta.person_id
JOIN sesi ON sesi.id = sitting.sesi_id
WHERE sesi.nama = 'Sesi 2 SKD' AND sitting.phase <> 'waiting' ORDER BY seat
"""
THEIRS = """
FROM sitting WHERE arrived_at IS NOT NULL AND phase <> 'waiting'
AND sesi_id = (SELECT id FROM sesi WHERE nama = 'Sesi 2 SKD')
"""


@pytest.fixture
def platform(postgres_template: str) -> Iterator[Platform]:
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin") is None:
        pytest.skip("nginx is not installed; `make test` installs it")
    # Not pytest's own folder, which nobody but its owner may enter: nginx runs as somebody else.
    folder = Path(f"/tmp/catcpns-layanan-{uuid.uuid4().hex[:8]}")
    folder.mkdir(mode=0o755)
    with postgres_copy(postgres_template) as database:
        running = Platform(database, folder)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_desk(platform: Platform) -> Iterator[Callable[[], Desk]]:
    opened: list[Desk] = []

    def open_one() -> Desk:
        opened.append(Desk(platform))
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.connection.close()


def query(platform: Platform, statement: str) -> list[tuple]:
    address = platform.database.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address) as connection:
        return connection.execute(statement.encode()).fetchall()


def replay_finds(platform: Platform, ids: Iterable[str]) -> list[str]:
    """What the audit finds wrong with these sittings."""
    app = create_app(settings(platform.database, platform.folder))
    with app.app_context():
        on = db.session.scalars(db.select(Sitting).where(Sitting.id.in_(ids))).all()
        found = [str(each) for one in on for each in verify_sitting(db.session(), one, KEYS.record)]
        db.session.remove()
        db.engine.dispose()
    return found


@dataclass
class Sat:
    """What one candidate was told: answers acknowledged, and whatever went wrong."""

    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)


def answers_on(desk: Desk, url: str, ending: threading.Event, sat: Sat) -> None:
    """Answer item after item until told to end; now and then send the form as a page does."""
    number, turn = 1, 0
    try:
        while number and not ending.is_set():
            turn += 1
            fields = {"nomor": number, "pilihan": "ABCDE"[turn % 5], "urut": 1, "sisa": 5_000_000}
            if turn % 10 == 0:
                reply = desk.post(f"{url}/jawab", **fields)
                page = desk.get(url)
                ok = (reply.status, page.status) == (303, 200)
                found = re.search(r'name="nomor" value="(\d+)"', page.text)
                number = int(found[1]) if found else 0
            else:
                reply = desk.post_json(f"{url}/jawab", **fields)
                ok, told = reply.status == 200, json.loads(reply.body)
                number = 0 if told.get("keadaan") == "finished" else told.get("nomor", number)
            sat.acknowledged += ok
            if not ok:
                sat.problems.append(f"soal {number}: {reply.status} {reply.text[:200]}")
            time.sleep(0.3)
    except (OSError, http.client.HTTPException, ValueError) as error:
        sat.problems.append(f"soal {number}: {error!r}")


# One test, for tests may run apart from each other and the platform is started for it alone.
def test_an_exam_through_nginx_goes_on_while_every_web_process_is_renewed(platform, open_desk):
    an_exam_goes_on_without_one_failed_request(platform, open_desk)
    nginx_gives_the_promised_headers_and_keeps_what_is_for_machines_inside(platform, open_desk)
    metrics_are_read_on_the_machine_itself_and_name_nobody(platform)
    the_logs_of_an_exam_hold_no_name_number_pin_cookie_or_item(platform)
    when_every_web_process_is_gone_people_read_what_to_do(platform, open_desk)


def an_exam_goes_on_without_one_failed_request(platform, open_desk):
    people = query(platform, SEATS)[:4]
    desks = [open_desk() for _ in people]
    urls = [
        desk.starts_exam(nomor, demo_pin(nomor))
        for desk, (nomor, _, _) in zip(desks, people, strict=True)
    ]
    first = dict(platform.running)
    ending, sat = threading.Event(), [Sat() for _ in people]
    busy = [
        threading.Thread(target=answers_on, args=each)
        for each in zip(desks, urls, [ending] * len(sat), sat, strict=True)
    ]
    restart = platform.folder / "mulai_ulang.sh"
    restart.write_text(
        'pid=$(cat "$1/$2.pid"); kill -TERM $pid\n'
        "while kill -0 $pid 2>/dev/null; do sleep 0.05; done\n"
    )
    command = f"sh {restart} {platform.folder} {{porta}}"

    for thread in busy:
        thread.start()
    rolled = subprocess.run(
        [CATCPNS, "layanan", "gulir", *map(str, platform.ports), "--perintah", command],
        capture_output=True,
        text=True,
        env=platform.environment,
        check=False,
    )
    ending.set()
    for thread in busy:
        thread.join(30)

    assert rolled.returncode == 0, rolled.stderr
    assert [problem for each in sat for problem in each.problems] == [], platform.log()[-3000:]
    assert all(platform.running[port].pid != first[port].pid for port in platform.ports)
    assert all(first[port].returncode == 0 for port in platform.ports)  # ended by itself, in peace
    stored = {
        url.rpartition("/")[2]: each.acknowledged for url, each in zip(urls, sat, strict=True)
    }
    assert min(stored.values()) > 10
    assert dict(query(platform, f"SELECT id, answered {THEIRS}")) == stored
    assert replay_finds(platform, stored) == []


def nginx_gives_the_promised_headers_and_keeps_what_is_for_machines_inside(platform, open_desk):
    desk = open_desk()

    page = desk.get("/ujian/masuk", X_Forwarded_For="203.0.113.9", X_Request_ID="dari-luar-123")
    home = desk.get("/")
    sheet = desk.get(re.search(r'href="(/static/css/base.css\?v=\w+)"', home.text)[1])
    packed = desk.get("/static/css/base.css", Accept_Encoding="gzip")
    outside = [desk.get(path).status for path in ("/metrik", "/siap", "/gangguan.html")]

    assert page.headers["strict-transport-security"]
    assert page.headers["cache-control"] == "no-store"
    assert "secure" in page.headers["set-cookie"].lower()
    assert re.fullmatch(r"[0-9a-f]{32}", page.headers["x-request-id"])
    assert page.headers["x-request-id"] in platform.log()
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["server"] == "nginx"
    assert packed.headers["cache-control"] == "no-cache"
    assert gzip.decompress(packed.body) == sheet.body
    assert outside == [404, 404, 404]


def metrics_are_read_on_the_machine_itself_and_name_nobody(platform):
    address = f"http://127.0.0.1:{platform.ports[0]}/metrik"
    with urllib.request.urlopen(address) as reply:
        text = reply.read().decode()

    assert 'catcpns_permintaan_total{bagian="candidate",status="200"}' in text
    assert 'catcpns_ujian{keadaan="working"}' in text
    assert "catcpns_jawaban_detik_bucket" in text
    assert not any(nomor in text or nama in text for nomor, nama, _ in query(platform, SEATS))


def the_logs_of_an_exam_hold_no_name_number_pin_cookie_or_item(platform):
    log = platform.log() + (platform.folder / "jalan" / "access.log").read_text()
    lines = [json.loads(line) for line in platform.log().splitlines()]
    secrets = {word for row in query(platform, SEATS) for word in row}
    secrets |= {demo_pin(nomor) for nomor, _, _ in query(platform, SEATS)}
    items = query(platform, "SELECT DISTINCT item FROM sitting_event WHERE item IS NOT NULL")
    secrets |= {item for (item,) in items}
    ids = {row[0] for row in query(platform, f"SELECT id {THEIRS}")}

    assert [word for word in secrets | ids if word in log] == []
    assert "catcpns=" not in log
    assert "csrf" not in log
    answered = [line for line in lines if line.get("rute") == "/ujian/<sitting_id>/jawab"]
    assert {"waktu", "tingkat", "permintaan", "metode", "status", "ms"} <= answered[0].keys()


def when_every_web_process_is_gone_people_read_what_to_do(platform, open_desk):
    platform.end_web()
    desk = open_desk()

    page = desk.get("/ujian/masuk")
    exam = "/ujian/00000000-0000-0000-0000-000000000000"
    form = desk.ask("POST", f"{exam}/jawab", "nomor=1")
    script = desk.ask("POST", f"{exam}/jawab", "nomor=1", Accept="application/json")

    assert (page.status, form.status, script.status) == (503, 503, 503)
    assert page.headers["retry-after"] == "5"
    assert page.headers["refresh"] == "5; url=/ujian/masuk"
    assert form.headers["refresh"] == f"5; url={exam}"  # the page, for a form is not sent again
    assert "tetap aman" in page.text
    assert json.loads(script.body)["kode"] == "G503"


def test_nginx_lets_through_what_the_application_takes(app):
    text = (DEPLOY / "nginx.conf").read_text()
    before, _, offices = text.partition("location / {")

    assert _limits(before) == [app.config["MAX_CONTENT_LENGTH"]]
    assert _limits(offices) > [max(berkas.MOST_BYTES, periksa.MOST_BYTES, MOST_FILE_BYTES)]


def _limits(text: str) -> list[int]:
    sizes = re.findall(r"client_max_body_size (\d+)m;", text)
    return [int(size) * 1024 * 1024 for size in sizes]


def test_the_systemd_units_are_sound(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    home = tmp_path / "rumah"
    (home / ".venv/bin").mkdir(parents=True)
    (home / ".venv/bin/catcpns").symlink_to(CATCPNS)
    units = tmp_path / "satuan"
    units.mkdir()
    command = [CATCPNS, "layanan", "systemd", str(units), "--rumah", str(home), "--akun", "root"]
    subprocess.run(command, check=True, capture_output=True)
    (units / "catcpns-web@8101.service").symlink_to(units / "catcpns-web@.service")

    paths = [units / "catcpns-web@8101.service", units / "catcpns-jobs.service"]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, paths), str(units / "catcpns.target")],
        capture_output=True,
        text=True,
        check=False,
    )

    complaints = [line for line in checked.stderr.splitlines() if str(units) in line]
    assert (checked.returncode, complaints) == (0, [])


def test_the_alerts_only_name_figures_that_exist(app):
    rules = (DEPLOY / "prometheus" / "catcpns.rules.yml").read_text()
    text = exposition(db.session(), clock.now(), "").decode()
    shown = set(re.findall(r"^# TYPE (\S+)", text, re.M))

    named = set(re.findall(r"\b(?:catcpns|process)_[a-z_0-9]+", rules))
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in named}
    assert {name for name in bases if name not in shown} == set()
