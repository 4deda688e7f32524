"""Streamed exports at the size of the nation: how much memory, and how fast beside the libraries?

Run it with `python -m bench.exports --json out/bench/exports.json`. Invented people are put into a
scratch SQLite database; each export is made from it by a process of its own, fingerprinted, signed
and packed. The libraries get their rows from memory and only write them: xlsxwriter a sample again
and again, polars the very frame that was exported.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import click

from bench import machine, report

XLSX_ROWS, PARQUET_ROWS = 500_000, 4_000_000
PARTS = ("twk", "tiu", "tkp")
WANTED_MB = 500
SEED = bytes(32)


@click.command()
@click.option("--xlsx-rows", default=XLSX_ROWS, show_default=True)
@click.option("--parquet-rows", default=PARQUET_ROWS, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(xlsx_rows: int, parquet_rows: int, path: Path | None) -> None:
    """Fill a scratch database, export from it, and print rates and peak memory."""
    facts = machine.describe(("polars", "xlsxwriter", "sqlalchemy"))
    report.show_facts("Machine", facts)
    with tempfile.TemporaryDirectory() as name:
        database = Path(name) / "bench.sqlite"
        people = max(xlsx_rows, -(-parquet_rows // len(PARTS)))
        started = time.perf_counter()
        fill(database, people, xlsx_rows)
        click.echo(f"{people:,} people in {time.perf_counter() - started:.0f} s", err=True)
        figures = {
            job: _measure(job, database, rows)
            for job, rows in (
                ("xlsx, ours", xlsx_rows),
                ("xlsx, xlsxwriter", xlsx_rows),
                ("parquet, ours", parquet_rows),
                ("parquet, only reading the database", parquet_rows),
                ("parquet, polars", parquet_rows),
            )
        }
    rows = [
        (
            job,
            f"{told['rows']:,}",
            f"{told['seconds']:.1f}",
            f"{told['rows'] / told['seconds']:,.0f}",
            f"{told['peak_mb']:.0f}",
            f"{told['bytes'] / 1e6:.0f}",
        )
        for job, told in figures.items()
    ]
    columns = ("", "rows", "seconds", "rows a second", "peak MB", "file MB")
    report.show("Exports", columns, rows)
    ratios = {
        kind: figures[f"{kind}, {library}"]["seconds"] / figures[f"{kind}, ours"]["seconds"]
        for kind, library in (("xlsx", "xlsxwriter"), ("parquet", "polars"))
    }
    for kind, ratio in ratios.items():
        click.echo(f"{kind}: {ratio:.2f} times the rate of the library, which reads no database")
    worst = max(figures[job]["peak_mb"] for job in ("xlsx, ours", "parquet, ours"))
    click.echo(f"peak memory of ours {worst:.0f} MB, wanted at most {WANTED_MB}")
    if path:
        report.save(path, {"machine": facts, "figures": figures, "ratios": ratios})


def fill(path: Path, people: int, seated_together: int) -> None:
    """Invented people with one finished sitting each, made by the database itself.

    seated_together : how many of them sit in the first sesi, which is what the XLSX holds.
    """
    from sqlalchemy import create_engine

    import web.tables  # noqa: F401  (the metadata must know every table)
    from cat.itembank.base import Base

    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")  # pool and rules are digests only here
        for statement in _FIXED:
            connection.execute(statement)
        given = {"people": people, "together": seated_together}
        for statement in _PEOPLE:
            connection.execute(_NUMBERS + statement, given)
        for place, part in enumerate(PARTS):
            connection.execute(_NUMBERS + _RESULT, {**given, "part": part, "place": place})
    connection.close()


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people) "
_FIXED = (
    "INSERT INTO instansi (id, kode, nama, jenis, bidang)"
    " VALUES (1, '9901', 'Instansi Contoh', 'pusat', 'umum')",
    "INSERT INTO jabatan (id, kode, nama) VALUES (1, 'J1', 'Arsiparis')",
    "INSERT INTO formasi (id, kode, tahun, instansi_id, jabatan_id, kualifikasi, lokasi,"
    " jenis_kebutuhan, kebutuhan)"
    " VALUES (1, 'F99-01', 2024, 1, 1, 'S1', 'Contoh', 'umum', 10)",
    "INSERT INTO titik_lokasi (id, nama, zona) VALUES (1, 'Titik Contoh', 'Asia/Jakarta')",
    "INSERT INTO sesi (id, nama, titik_lokasi_id, ruang, starts_at, is_closed)"
    " VALUES (1, 'Sesi 1', 1, 'A', 1795000000000000, 1),"
    " (2, 'Sesi 2', 1, 'A', 1795000000000000, 1)",
)
_PEOPLE = (
    "INSERT INTO person (id, nik, nama, tanggal_lahir, jenis_kelamin) SELECT i,"
    " printf('99%014d', i), 'Peserta Contoh ' || i, '1999-01-01', 'P' FROM n",
    "INSERT INTO peserta (id, nomor, person_id, formasi_id, netra)"
    " SELECT i, printf('24%012d', i), i, 1, 0 FROM n",
    "INSERT INTO sitting (id, sesi_id, peserta_id, seat, pin_hash, pool_digest, rules_digest,"
    " mode, seed, seconds, phase, event_count, answered, last_at, seal) SELECT"
    " printf('00000000-0000-4000-8000-%012d', i), 1 + (i > :together), i, i, '',"
    " printf('%064d', 1), printf('%064d', 2), 'adaptif', i, 6000, 'finished', 0, 74,"
    " 1795000000000000, '' FROM n",
)
_RESULT = (
    "INSERT INTO part_result (sitting_id, part, position, theta, se, nilai, nilai_se, maximum,"
    " answered, length, reason) SELECT printf('00000000-0000-4000-8000-%012d', i), :part, :place,"
    " (abs(random()) % 6000000) / 1000000.0 - 3, 0.2 + (abs(random()) % 1000) / 7000.0,"
    " 60 + abs(random()) % 90, 2 + (abs(random()) % 1000) / 300.0, 150, 20, 20, 1 FROM n"
)


def _measure(job: str, database: Path, rows: int) -> dict[str, float]:
    """Do one job in a process of its own and take what it says of itself."""
    click.echo(f"{job} ...", err=True)
    root = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", f"from bench.exports import child; child({job!r})"]
    done = subprocess.run(
        [*command, str(database), str(rows)],
        env={**os.environ, "PYTHONPATH": root},
        check=True,
        stdout=subprocess.PIPE,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def child(job: str) -> None:
    """Entry of the process that does one job and prints its figures."""
    database, rows = Path(sys.argv[1]), int(sys.argv[2])
    jobs: dict[str, Callable[[Path, Path, int], tuple[float, int]]] = {
        "xlsx, ours": _ours_xlsx,
        "xlsx, xlsxwriter": _xlsxwriter,
        "parquet, ours": _ours_parquet,
        "parquet, only reading the database": _reading,
        "parquet, polars": _polars,
    }
    with tempfile.TemporaryDirectory(dir=database.parent) as scratch:
        seconds, size = jobs[job](database, Path(scratch), rows)
    print(json.dumps({"rows": rows, "seconds": seconds, "bytes": size, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """The most memory that this process ever held, MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return peak * 1024 / 1e6


def _ours_xlsx(database: Path, scratch: Path, rows: int) -> tuple[float, int]:
    return _ours(database, scratch, "hasil-sesi", {"sesi": 1}, "xlsx", rows)


def _ours_parquet(database: Path, scratch: Path, rows: int) -> tuple[float, int]:
    figures = _ours(database, scratch, "hasil-bagian", {}, "parquet", rows)
    (scratch / "hasil-bagian.parquet").rename(database.with_suffix(".parquet"))
    return figures


def _ours(
    database: Path, scratch: Path, dataset: str, filters: dict[str, int], code: str, rows: int
) -> tuple[float, int]:
    """The whole way: database, fingerprints, file, manifest, signature, ZIP."""
    from web.operations.ekspor import job, making
    from web.operations.ekspor.packing import Stamp, pack

    plan = making.Plan.from_mapping({"himpunan": dataset, "saringan": filters, "format": code})
    stamp = Stamp(1_795_000_000_000_000, "bench")
    with _session(database) as session:
        started = time.perf_counter()
        made = making.make(session, plan, scratch, lambda done, total, message: None)
        out = scratch / job.package_name(plan, stamp)
        pack(made, plan, plan.dataset.origins(session, plan.filters), stamp, SEED, out)
        seconds = time.perf_counter() - started
    if not 0 <= made.rows - rows < len(PARTS):
        raise SystemExit(f"{made.rows} rows were exported, not {rows}")
    return seconds, out.stat().st_size


def _session(database: Path) -> Any:
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    return Session(create_engine(f"sqlite:///{database}"))


def _sample(database: Path, dataset: str) -> tuple[Any, list[Sequence[Any]]]:
    """The columns of a dataset and its first 20,000 rows."""
    from web.operations.ekspor.datasets import DATASETS
    from web.operations.ekspor.datasets.source import Filters

    chosen = DATASETS[dataset]
    with _session(database) as session:
        return chosen.columns, list(islice(chosen.rows(session, Filters(), None), 20_000))


def _xlsxwriter(database: Path, scratch: Path, rows: int) -> tuple[float, int]:
    """The same cells by xlsxwriter in its constant-memory mode."""
    import xlsxwriter

    columns, sample = _sample(database, "hasil-sesi")
    out, width = scratch / "library.xlsx", len(columns)
    again: Iterator[Sequence[Any]] = islice(chain.from_iterable(repeat(sample)), rows)
    started = time.perf_counter()
    with xlsxwriter.Workbook(str(out), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, [column.name for column in columns])
        for line, row in enumerate(again, start=1):
            for place, cell in enumerate(row[:width]):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
    return time.perf_counter() - started, out.stat().st_size


def _reading(database: Path, scratch: Path, rows: int) -> tuple[float, int]:
    """The rows of the Parquet export drawn from the database and thrown away."""
    from web.operations.ekspor.datasets import DATASETS
    from web.operations.ekspor.datasets.source import Filters

    with _session(database) as session:
        started = time.perf_counter()
        for _ in DATASETS["hasil-bagian"].rows(session, Filters(), None):
            pass
        return time.perf_counter() - started, 0


def _polars(database: Path, scratch: Path, rows: int) -> tuple[float, int]:
    """The frame that was exported, written by polars out of memory."""
    import polars as pl

    from web.operations.ekspor.formats.parquet import GROUP_ROWS

    frame = pl.read_parquet(database.with_suffix(".parquet"))
    out = scratch / "library.parquet"
    started = time.perf_counter()
    frame.write_parquet(out, row_group_size=GROUP_ROWS)
    return time.perf_counter() - started, out.stat().st_size


if __name__ == "__main__":
    main()
