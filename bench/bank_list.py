"""How long do the pages of the bank take with 50,000 items, on SQLite and on PostgreSQL?

Run it with `python -m bench.bank_list --json out/bench/bank_list.json`. An invented bank is put
into scratch databases; then whole requests are timed, from the address to the last byte of the
page, in turns, as an analyst who has logged in. Item pages also note who opened them.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from flask import Flask
from flask_migrate import upgrade
from flask_security import hash_password
from sqlalchemy import insert

from bench import machine, report
from bench.scratch_postgres import scratch
from cat.itembank.lifecycle import Status
from web import create_app
from web.db import db, transaction
from web.operations.accounts import create_user, get_role
from web.operations.penulisan.daftar import refresh
from web.tables import Calibration, Item, ItemComment, ItemVersion

ITEMS, ROUNDS, SEED, WANTED_MS = 50_000, 40, 2026, 100
SECRET = "rahasia untuk pengukuran saja"
PASSWORD = "hanya-untuk-pengukuran"
DOMAINS = tuple(
    f"{part}.{branch}.{leaf}"
    for part, branches in (
        ("twk", ("nasionalisme", "integritas", "bela_negara", "pilar_negara")),
        ("tiu", ("verbal", "numerik", "figural")),
        ("tkp", ("pelayanan_publik", "jejaring_kerja", "sosial_budaya")),
    )
    for branch in branches
    for leaf in ("satu", "dua", "tiga", "empat")
)
SHARES = {
    **{Status.AKTIF: 0.6, Status.PENSIUN: 0.1, Status.DRAF: 0.1, Status.TELAAH: 0.06},
    **{Status.UJI_COBA: 0.05, Status.DISETUJUI: 0.05, Status.PERLU_REVISI: 0.03},
    Status.BOCOR: 0.01,
}
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@click.command()
@click.option("--items", default=ITEMS, show_default=True)
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--only", type=click.Choice(["sqlite", "postgresql"]))
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(items: int, rounds: int, only: str | None, path: Path | None) -> None:
    """Fill the banks and print median and 95th percentile of each page, and its own median cpu."""
    facts = machine.describe(("sqlalchemy", "flask", "psycopg"))
    report.show_facts("Machine", facts)
    figures: dict[str, Any] = {}
    for kind, place in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if only in (None, kind):
            with place() as url, tempfile.TemporaryDirectory() as folder:
                figures[kind] = _measure(url, folder, items, rounds)
    shown = {"p50": "p50", "p95": "p95", "cpu": "cpu"}
    rows = [
        (page, *(f"{figures[kind][page][name]:.1f}" for kind in figures for name in shown))
        for page in next(iter(figures.values()))
    ]
    columns = ("page, ms", *(f"{kind} {name}" for kind in figures for name in shown.values()))
    report.show(f"Bank of {items:,} items, {rounds} requests each", columns, rows)
    worst = max(told["p95"] for pages in figures.values() for told in pages.values())
    click.echo(f"slowest p95 {worst:.0f} ms, wanted at most {WANTED_MS}")
    if path:
        report.save(path, {"machine": facts, "items": items, "figures": figures})


@contextlib.contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bank.sqlite"


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    with scratch() as server:
        yield server.url


def _measure(url: str, folder: str, items: int, rounds: int) -> dict[str, dict[str, float]]:
    settings = {
        "SQLALCHEMY_DATABASE_URI": url,
        "INSTANCE_PATH": folder,
        "TESTING": True,
        "SECRET_KEY": SECRET,
        "SESSION_COOKIE_SECURE": False,
    }
    app = create_app(settings)
    with app.app_context():
        upgrade()
        started = time.perf_counter()
        codes, words = _fill(items)
        click.echo(f"{items:,} items in {time.perf_counter() - started:.0f} s", err=True)
        db.session.remove()
    ask = _log_in(app)
    pages = _pages(codes, words, items)
    for page in pages.values():
        ask(page(0))  # warms caches of plans and templates
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    for number in range(1, rounds + 1):
        for name, page in pages.items():
            address = page(number)
            wall, cpu = time.perf_counter(), time.process_time()
            ask(address)
            spent[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    with app.app_context():
        db.engine.dispose()
    return {name: _told(1000 * np.array(each)) for name, each in spent.items()}


def _told(milliseconds: np.ndarray) -> dict[str, float]:
    """Figures of rows (on the clock, of this process's own time); a server's time is not in cpu."""
    wall, cpu = milliseconds.T
    p95 = float(np.percentile(wall, 95))
    return {"p50": float(np.median(wall)), "p95": p95, "cpu": float(np.median(cpu))}


def _pages(
    codes: Sequence[str], words: Sequence[str], items: int
) -> dict[str, Callable[[int], str]]:
    """Name of a page -> its address in one round; words and items change from round to round."""
    last = -(-items // 25)
    rare, usual = words[len(words) // 2 :], words[3:200]
    return {
        "list, first page": lambda n: "/bank/",
        "list, page in the middle": lambda n: f"/bank/?halaman={last // 2 + n}",
        "list, last page": lambda n: f"/bank/?halaman={last}",
        "list, newest first": lambda n: "/bank/?urut=terbaru",
        "list, hardest first": lambda n: "/bank/?urut=tersukar",
        "search, word of almost all items": lambda n: f"/bank/?cari={words[0]}",
        "search, usual word": lambda n: f"/bank/?cari={usual[n]}",
        "search, rare word": lambda n: f"/bank/?cari={rare[n]}",
        "search, two words": lambda n: f"/bank/?cari={usual[n]}+{usual[n + 1]}",
        "search, word begun": lambda n: f"/bank/?cari={usual[n][:3]}",
        "search, code": lambda n: f"/bank/?cari={codes[17 * n]}",
        "filter, part": lambda n: "/bank/?bagian=tiu",
        "filter, domain and below": lambda n: "/bank/?domain=tiu.verbal",
        "filter, status": lambda n: "/bank/?status=telaah",
        "filter, author": lambda n: f"/bank/?penulis=penulis{n % 30:02}",
        "filter, parameters": lambda n: "/bank/?parameter=dikalibrasi",
        "filter, parent": lambda n: f"/bank/?induk=MODEL-{n:03}",
        "filter, difficulty": lambda n: "/bank/?kesukaran=sukar",
        "filter, language": lambda n: "/bank/?bahasa=lanjut",
        "filter, open comments": lambda n: "/bank/?komentar=1",
        "combined": lambda n: (
            f"/bank/?cari={words[0]}&domain=twk.integritas&status=aktif&kesukaran=sedang"
            "&parameter=dikalibrasi&urut=terbaru"
        ),
        "item page": lambda n: f"/bank/butir/{codes[31 * n]}",
    }


def _log_in(app: Flask) -> Callable[[str], None]:
    client = app.test_client()
    found = _TOKEN.search(client.get("/petugas/masuk").text)
    token = found.group(1) if found else ""
    fields = {"username": "analis", "password": PASSWORD, "csrf_token": token}
    client.post("/petugas/masuk", data=fields)

    def ask(address: str) -> None:
        reply = client.get(address)
        if reply.status_code != 200:
            raise click.ClickException(f"{address}: {reply.status}")

    return ask


def _fill(items: int) -> tuple[list[str], list[str]]:
    """Invent a bank; returns the codes, and the words with the commonest first."""
    rng = np.random.default_rng(SEED)
    words = _words(rng)
    with transaction() as session:
        get_role(session, "analis")
        create_user(
            session,
            username="analis",
            nama="Analis",
            email="analis@catcpns.example",
            password_hash=hash_password(PASSWORD),
            roles=["analis"],
        )
    rows = [_item(number, words, rng) for number in range(1, items + 1)]
    with transaction() as session:
        start = max(session.scalars(db.select(Item.id)).all(), default=0)
        for number, row in enumerate(rows, start=1):
            row["item"]["id"] = row["version"]["id"] = start + number + 100_000
            row["version"]["item_id"] = row["item"]["id"]
            row["calibration"]["version_id"] = row["version"]["id"]
            if "comment" in row:
                row["comment"]["item_id"] = row["item"]["id"]
        for table, name in (
            *((Item, "item"), (ItemVersion, "version"), (Calibration, "calibration")),
            (ItemComment, "comment"),
        ):
            session.execute(insert(table), [row[name] for row in rows if name in row])
        refresh(session.connection(), [row["item"]["id"] for row in rows])
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return [row["item"]["code"] for row in rows], words


def _words(rng: np.random.Generator) -> list[str]:
    syllables = [first + vowel for first in "bcdghjklmnprstwy" for vowel in "aeiou"]
    made = {"".join(rng.choice(syllables, rng.integers(2, 5))) for _ in range(6000)}
    return sorted(made, key=lambda word: (len(word), word))


def _item(number: int, words: Sequence[str], rng: np.random.Generator) -> dict[str, Any]:
    domain = DOMAINS[int(rng.integers(len(DOMAINS)))]
    part = domain[:3]
    status = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    code = f"{part.upper()}-BKU-{number:05}"
    # Zipf's law: the word of rank r comes about once in r.
    ranks = np.minimum((len(words) + 1) ** rng.random(60), len(words)).astype(int) - 1
    said = [words[rank] for rank in ranks]
    at = 1_700_000_000_000_000 + int(rng.integers(10**14))
    content = {
        "domain": domain,
        "soal": " ".join(said[:40]),
        "opsi": [" ".join(said[40 + 4 * n : 44 + 4 * n]) for n in range(5)],
        "poin": [1, 2, 3, 4, 5] if part == "tkp" else [0, 0, 1, 0, 0],
        "rasional": "Angka karangan.",
        "sumber": "karangan",
        "gambar": {},
        "aturan": {},
        "tingkat_bahasa": str(rng.choice(["", "dasar", "menengah", "lanjut"])),
        "induk": f"MODEL-{int(rng.integers(500)):03}" if rng.random() < 0.3 else "",
    }
    b = sorted(rng.normal(0, 1.2, 4).tolist()) if part == "tkp" else [float(rng.normal(0, 1.2))]
    said_of = "2PL 2026" if rng.random() < 0.5 else "belum dikalibrasi: taksiran ahli"
    row: dict[str, Any] = {
        "item": {
            "code": code,
            "domain": domain,
            "status": status,
            "latest": 1,
            "active_version": 1 if status == Status.AKTIF else None,
        },
        "version": {
            "version": 1,
            "content": content,
            "written_by": f"penulis{int(rng.integers(30)):02}",
            "written_at": at,
        },
        "calibration": {"a": 1.0, "b": b, "c": 0.0, "status": said_of, "made_at": at},
    }
    if rng.random() < 0.02:
        kind = {"version": 1, "kind": "komentar", "at": at, "by": "penelaah", "text": "Perbaiki."}
        row["comment"] = kind
    return row


if __name__ == "__main__":
    main()
