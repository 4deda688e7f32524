"""100,000 stored adaptive sittings are scored again from their records, in PostgreSQL.

Run it with `python -m bench.rescoring --json out/bench/rescoring.json`. The sittings are simulated
on the pool of a fresh installation, three parts each; every answer is a mark and an answer, some
sittings are broken off. Their events lie in the order in which they happened, sesi by sesi. Timed
is the command that operators have, `catcpns sitting rescore --all`; it must find no difference.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench import machine, processes, report
from bench.scratch_postgres import Database, fill, scratch
from cat.exam.outcome import PartOutcome, outcome
from cat.exam.record import Event, Kind, Terms
from cat.exam.rescoring import KINDS, UNKNOWN, Records, item_keys, part_outcomes, score_many
from cat.exam.state import replay
from cat.itembank.content import LETTERS
from cat.itembank.pool import PartPool, Pool
from cat.selection.published import adaptive_parts
from cat.simulation import cohort
from cat.simulation.cohort import SimulatedAnswers
from seeds.ketentuan_files import read_rule_sets

SITTINGS, ROOM = 110_000, 1_000
BROKEN_OFF = 0.03
SAMPLE = 10  # sittings of each sesi that are also replayed one by one
PER_ITEM = 40_000_000  # microseconds
KEY = "pk_sitting_event PRIMARY KEY"
WANTED_SECONDS = 120.0
Ints = NDArray[np.int64]


@click.command()
@click.option("--people", default=SITTINGS, show_default=True, help="sittings")
@click.option("--workers", default=2, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(people: int, workers: int, path: Path | None) -> None:
    """Store simulated sittings, score them again, and print the time."""
    facts = machine.describe(("numpy", "polars", "psycopg"))
    with scratch() as database, tempfile.TemporaryDirectory() as folder:
        facts["postgresql"] = database.version
        report.show_facts("Machine", facts)
        events = _store(database, people)
        command = [sys.executable, "-m", "web.cli", "sitting", "rescore", "--all"]
        spent = processes.run(
            [*command, "--workers", str(workers)],
            Path(folder),
            environment=database.environment,
            beside=[database.pid],
        )
    parts = people * len(database.pool.parts)
    rows = [
        ("seconds", f"{spent.wall:.1f}", f"{WANTED_SECONDS:.0f}"),
        ("processor seconds, PostgreSQL's included", f"{spent.cpu:.1f}", ""),
        ("peak memory of all processes, GiB", f"{spent.gib:.2f}", ""),
        ("part tests a second", f"{parts / spent.wall:,.0f}", ""),
        ("events a second", f"{events / spent.wall:,.0f}", ""),
    ]
    title = f"{people:,} sittings, {parts:,} part tests, {events:,} events, {workers} processes"
    report.show(title, ("", "measured", "wanted: at most"), rows)
    if path:
        figures = {"seconds": spent.wall, "cpu": spent.cpu, "gib": spent.gib, "people": people}
        report.save(path, {"machine": facts, **figures})


def _store(database: Database, people: int) -> int:
    """Simulate all sittings, sesi by sesi, and store them with their results. Returns events."""
    rules = next(each for each in read_rule_sets() if each.kode == "cpns-2024").digest
    events = 0
    with database.loading() as connection:
        # Built once at the end, as it would be after a restore from a backup.
        connection.execute(f"ALTER TABLE sitting_event DROP CONSTRAINT {KEY.split()[0]}")
        for name, frame in _surroundings(people).items():
            fill(connection, name, frame)
        with click.progressbar(
            range(0, people, ROOM), label="storing sittings", file=sys.stderr
        ) as starts:
            for start in starts:
                room = _Room(database.pool, rules, start, min(ROOM, people - start))
                for name, frame in room.tables().items():
                    fill(connection, name, frame)
                events += room.happened.height
        connection.execute(f"ALTER TABLE sitting_event ADD CONSTRAINT {KEY} (sitting_id, seq)")
    return events


def _surroundings(people: int) -> dict[str, pl.DataFrame]:
    """The site, the sesi, and the people."""
    serial = pl.DataFrame({"id": range(1, people + 1)})
    text = pl.col("id").cast(pl.String)
    sesi = pl.DataFrame({"id": range(1, -(-people // ROOM) + 1)})
    return {
        "titik_lokasi": pl.DataFrame({"id": [1], "nama": ["Bangku"], "zona": ["Asia/Jakarta"]}),
        "sesi": sesi.with_columns(
            (pl.lit("Sesi ") + text).alias("nama"), pl.lit(1).alias("titik_lokasi_id"),
            pl.lit("A").alias("ruang"), pl.lit(0).alias("starts_at"),
            pl.lit(True).alias("is_closed"),
        ),
        "person": serial.with_columns(
            (pl.lit("99") + text.str.zfill(14)).alias("nik"),
            (pl.lit("Peserta Contoh ") + text).alias("nama"),
            pl.lit("1995-08-05").alias("tanggal_lahir"), pl.lit("P").alias("jenis_kelamin"),
        ),
        "peserta": serial.with_columns(
            (pl.lit("24") + text.str.zfill(12)).alias("nomor"), pl.col("id").alias("person_id"),
            pl.lit(False).alias("netra"),
        ),
    }  # fmt: skip


class _Room:
    """One sesi: `size` simulated sittings from number `start` on."""

    def __init__(self, pool: Pool, rules: str, start: int, size: int) -> None:
        self.pool, self.rules, self.start, self.size = pool, rules, start, size
        self.rng = np.random.default_rng([2024, start])
        self.seeds = np.arange(start, start + size, dtype=np.uint64)
        self.records = self._records()
        self.happened = self._frame(self.records)
        self._check_sample()

    def _records(self) -> Records:
        """Marks and answers of everybody, admission and start before, the end after."""
        parts = adaptive_parts(self.pool)
        ability = self.rng.normal(0.3, 0.8, (self.size, 1))
        theta = ability + self.rng.normal(0, 0.5, (self.size, len(parts)))
        runs = cohort.run(parts, SimulatedAnswers(parts, theta, self.seeds), self.seeds)
        first = np.cumsum([0, *(len(part.items) for part in self.pool.parts)])
        items = np.hstack([run.items + at for run, at in zip(runs, first, strict=False)])
        options = np.hstack(
            [_letters(part, run, self.rng) for part, run in zip(self.pool.parts, runs, strict=True)]
        )
        answered = np.full(self.size, items.shape[1])
        away = self.rng.random(self.size) < BROKEN_OFF
        answered[away] = self.rng.integers(0, items.shape[1], away.sum())
        counts = 2 * answered + 3
        sitting = np.repeat(np.arange(self.size), counts)
        seq = np.arange(len(sitting)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        number = np.clip((seq - 3) // 2, 0, items.shape[1] - 1)
        is_last = seq == counts[sitting]
        kinds = [KINDS.index(kind) for kind in (Kind.CHOSEN, Kind.ANSWERED)]
        kind = np.where(seq % 2 == 1, *kinds)
        kind[seq == 1], kind[seq == 2] = KINDS.index(Kind.ADMITTED), KINDS.index(Kind.STARTED)
        kind[is_last] = KINDS.index(Kind.FINISHED)
        about_item = (seq > 2) & ~is_last
        return Records(
            sitting=sitting,
            seq=seq,
            at=(seq * PER_ITEM // 2 + self.rng.integers(0, 60_000_000, self.size)[sitting]),
            kind=kind,
            item=np.where(about_item, items[sitting, number], UNKNOWN),
            option=np.where(about_item, options[sitting, number], UNKNOWN),
        )

    def _frame(self, records: Records) -> pl.DataFrame:
        """The events as the table holds them, in the order in which they happened."""
        names = pl.Series([f"bangku-{self.start + n:029}" for n in range(self.size)])
        texts = {
            "kind": ([kind.value for kind in KINDS], records.kind),
            "item": (list(item_keys(self.pool)), records.item),
            "option": (list(LETTERS), records.option),
        }
        columns = {
            name: pl.Series([*known, None]).gather(
                np.where(place == UNKNOWN, len(known), place).astype(np.uint32)
            )
            for name, (known, place) in texts.items()
        }
        frame = pl.DataFrame(
            {"sitting_id": names.gather(records.sitting.astype(np.uint32)), "seq": records.seq,
             "at": records.at, **columns}
        ).with_columns(pl.lit("{}").alias("data"), pl.lit("0" * 64).alias("seal"))  # fmt: skip
        return frame.sort("at", "sitting_id", "seq")

    def tables(self) -> dict[str, pl.DataFrame]:
        """Sittings, events and published results."""
        found = score_many(self.pool, self.records, self.size)
        number = pl.Series("n", range(self.start, self.start + self.size))
        sittings = pl.DataFrame({"n": number}).select(
            pl.lit("bangku-").add(pl.col("n").cast(pl.String).str.zfill(29)).alias("id"),
            pl.lit(self.start // ROOM + 1).alias("sesi_id"), (pl.col("n") + 1).alias("peserta_id"),
            (pl.col("n") - self.start + 1).alias("seat"), pl.lit("-").alias("pin_hash"),
            pl.lit(self.pool.digest).alias("pool_digest"),
            pl.lit(self.rules).alias("rules_digest"), pl.lit("adaptif").alias("mode"),
            pl.col("n").alias("seed"), pl.lit(6000).alias("seconds"),
            pl.lit("finished").alias("phase"), pl.lit(0).alias("event_count"),
            pl.lit(0).alias("answered"), pl.lit(0).alias("last_at"), pl.lit("-").alias("seal"),
        )  # fmt: skip
        results = [
            (name, position, *vars(part).values())
            for name, parts in zip(sittings["id"], part_outcomes(self.pool, found), strict=True)
            for position, part in enumerate(parts)
        ]
        columns = ["sitting_id", "position", *PartOutcome.__dataclass_fields__]
        return {
            "sitting": sittings,
            "sitting_event": self.happened,
            "part_result": pl.DataFrame(results, schema=columns, orient="row"),
        }

    def _check_sample(self) -> None:
        """Stop unless some sittings, replayed one by one, come to what they are published with."""
        found = part_outcomes(self.pool, score_many(self.pool, self.records, self.size))
        for place in self.rng.choice(self.size, min(SAMPLE, self.size), replace=False).tolist():
            name = f"bangku-{self.start + place:029}"
            rows = self.happened.filter(pl.col("sitting_id") == name).sort("seq")
            events = [
                Event(row["seq"], Kind(row["kind"]), row["at"], row["item"], row["option"])
                for row in rows.iter_rows(named=True)
            ]
            terms = Terms(name, self.pool.digest, self.rules, "adaptif", self.start + place, 6000)
            if outcome(replay(terms, self.pool, events)) != found[place]:
                raise SystemExit(f"{name}: in bulk and by replay differ")


def _letters(part: PartPool, run: cohort.PartRun, rng: np.random.Generator) -> Ints:
    """A letter of each item's own that falls into the category answered, drawn where several do."""
    category = np.array(part.category)
    fits = category[run.items] == run.categories[:, :, None]
    return np.where(fits, rng.random(fits.shape), -1.0).argmax(axis=2)


if __name__ == "__main__":
    main()
