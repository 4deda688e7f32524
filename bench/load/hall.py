"""Halls full of people, stored as the platform stores them: sites, rooms, sesi, sittings, logins.

A nation is many halls in the middle of the exam; one more hall may wait for the start.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import psycopg

from bench.load import mid_exam
from bench.load.mid_exam import Exam
from bench.scratch_postgres import SECRET, Database, fill
from cat.exam.record import MICROSECONDS, Terms, first_seal
from cat.exam.state import Phase
from seeds.ketentuan_files import read_rule_sets
from web.config import derive
from web.operations.pins import hash_pin

# Seats of halls that were used: Surabaya 2018 (1,400 machines), Jakarta 2021 (800 in two sesi, and
# 400), Malang 2020 (275), Palopo 2021 (130), Kendari 2021 (30).
HALLS = (1400, 800, 400, 275, 130, 30)
ROOM, ROW = 400, 20
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
# Minutes since the halls began: nobody has finished yet, and half an hour later some have.
EARLIEST, LATEST = 30, 3
RULES = "cpns-2024"
SEQUENCES = ("titik_lokasi", "ruang", "sesi", "person", "peserta")


@dataclass(frozen=True)
class Nation:
    """Who sits where.

    seats : a row a sitting: id, seed, answered, sesi_id, ruang_id, seat, masuk_id, nomor, pin.
    rooms : a row a room: id, sesi_id, titik_lokasi_id, seats.
    """

    seats: pl.DataFrame
    rooms: pl.DataFrame


def exam_of(database: Database) -> Exam:
    """The exam of the pool that a fresh installation publishes, sealed with the server's key."""
    rules = next(each for each in read_rule_sets() if each.kode == RULES)
    key = derive(SECRET.encode(), "records")
    return Exam(database.pool, rules.digest, key, rules.duration_seconds(False))


def sizes(people: int) -> list[int]:
    """Halls as they come, until everybody has a seat."""
    found: list[int] = []
    while sum(found) < people:
        found.append(min(HALLS[len(found) % len(HALLS)], people - sum(found)))
    return found


def store(database: Database, people: int, *, waiting: int = 0, seed: int = 2024) -> Nation:
    """Fill the database with people in mid-exam and, at the end, one hall that waits.

    waiting : seats of a hall whose people have a PIN and have not logged in.
    """
    exam, rng = exam_of(database), np.random.default_rng(seed)
    now = time.time_ns() // 1000
    seats, rooms = [], []
    with database.loading() as connection:
        connection.execute("ALTER TABLE sitting_event DROP CONSTRAINT pk_sitting_event")
        for hall in _halls(people, waiting):
            done = _Filled(hall, exam, now, rng)
            for name, frame in done.tables().items():
                if frame.height:
                    fill(connection, name, frame)
            seats.append(done.seats())
            rooms.append(done.rooms)
        connection.execute(
            "ALTER TABLE sitting_event ADD CONSTRAINT pk_sitting_event"
            " PRIMARY KEY (sitting_id, seq)"
        )
        _move_sequences(connection)
    return Nation(pl.concat(seats, how="vertical_relaxed"), pl.concat(rooms))


@dataclass(frozen=True)
class _Hall:
    """number : of site and sesi. first : number of its first person. room : of its first room."""

    number: int
    first: int
    room: int
    size: int
    waits: bool


def _halls(people: int, waiting: int) -> Iterator[_Hall]:
    plan = [(size, False) for size in sizes(people)] + ([(waiting, True)] if waiting else [])
    first = room = 1
    for number, (size, waits) in enumerate(plan, 1):
        yield _Hall(number, first, room, size, waits)
        first, room = first + size, room + -(-size // ROOM)


class _Filled:
    """One hall with its people."""

    def __init__(self, hall: _Hall, exam: Exam, now: int, rng: np.random.Generator) -> None:
        self.hall, self.exam, self.now = hall, exam, now
        minutes = 0 if hall.waits else rng.uniform(LATEST, EARLIEST)
        self.begun = now - int(minutes * 60) * MICROSECONDS
        self.sitting = self._waiting(rng) if hall.waits else self._working(rng)
        self.rooms = self._rooms()

    def _working(self, rng: np.random.Generator) -> pl.DataFrame:
        group = mid_exam.record(self.exam, self.hall.size, begun=self.begun, now=self.now, rng=rng)
        self.events = group.events
        return self._sittings(group.ids, group.seeds).hstack(group.heads).with_columns(
            pl.lit(Phase.WORKING.value).alias("phase"), pl.lit("-").alias("pin_hash"),
            pl.lit("").alias("pin"), pl.lit(self.begun).alias("arrived_at"),
            pl.Series("masuk_id", [secrets.token_hex(16) for _ in group.ids]),
        )  # fmt: skip

    def _waiting(self, rng: np.random.Generator) -> pl.DataFrame:
        ids, seeds = mid_exam.names(rng, self.hall.size), rng.integers(0, 2**63, self.hall.size)
        self.events = pl.DataFrame()
        pepper = derive(SECRET.encode(), "pins")
        pins = [f"{number:06}" for number in rng.integers(0, 10**6, self.hall.size)]
        exam = self.exam
        seals = [
            first_seal(
                exam.key, Terms(name, exam.pool.digest, exam.rules, "adaptif", seed, exam.seconds)
            )
            for name, seed in zip(ids, seeds.tolist(), strict=True)
        ]
        hashes = [hash_pin(pepper, name, pin) for name, pin in zip(ids, pins, strict=True)]
        return self._sittings(ids, seeds).with_columns(
            pl.lit(0).alias("event_count"), pl.lit(0).alias("answered"),
            pl.lit(0).alias("last_at"), pl.Series("seal", seals),
            pl.lit(None, pl.Int64).alias("deadline"), pl.lit(Phase.WAITING.value).alias("phase"),
            pl.Series("pin_hash", hashes), pl.Series("pin", pins),
            pl.lit(None, pl.Int64).alias("arrived_at"), pl.lit(None, pl.String).alias("masuk_id"),
        )  # fmt: skip

    def _sittings(self, ids: list[str], seeds: mid_exam.Ints) -> pl.DataFrame:
        """What a sitting is given when it is scheduled."""
        place, hall = pl.int_range(pl.len()), self.hall
        return pl.DataFrame({"id": ids, "seed": seeds}).with_columns(
            pl.lit(hall.number).alias("sesi_id"), (place + hall.first).alias("peserta_id"),
            (place + 1).alias("seat"), (place // ROOM + hall.room).alias("ruang_id"),
            pl.lit(self.exam.pool.digest).alias("pool_digest"),
            pl.lit(self.exam.rules).alias("rules_digest"), pl.lit("adaptif").alias("mode"),
            pl.lit(self.exam.seconds).alias("seconds"), pl.lit(self.begun).alias("hadir_at"),
            pl.lit(self.begun).alias("pin_at"),
        )  # fmt: skip

    def _rooms(self) -> pl.DataFrame:
        starts = range(0, self.hall.size, ROOM)
        return pl.DataFrame(
            {
                "id": [self.hall.room + place for place in range(len(starts))],
                "sesi_id": self.hall.number,
                "titik_lokasi_id": self.hall.number,
                "seats": [min(ROOM, self.hall.size - start) for start in starts],
            }
        )

    def _nomor(self) -> pl.DataFrame:
        number = pl.DataFrame({"id": range(self.hall.first, self.hall.first + self.hall.size)})
        text = pl.col("id").cast(pl.String)
        return number.with_columns((pl.lit("2499992011") + text.str.zfill(7)).alias("nomor"))

    def seats(self) -> pl.DataFrame:
        """The rows of `Nation.seats`."""
        names = ("id", "seed", "answered", "sesi_id", "ruang_id", "seat", "masuk_id", "pin")
        return self.sitting.select(names).with_columns(self._nomor()["nomor"])

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table's rows of this hall."""
        begun, number = self.begun, self.hall.number
        serial = self._nomor()
        text = pl.col("id").cast(pl.String)
        place = pl.DataFrame({"id": [number]})
        return {
            "titik_lokasi": place.with_columns(
                pl.lit(f"Titik lokasi contoh {number}").alias("nama"),
                pl.lit(ZONES[number % len(ZONES)]).alias("zona"),
            ),
            "ruang": self._room_rows(),
            "sesi": place.with_columns(
                pl.lit("Sesi beban").alias("nama"), pl.lit(number).alias("titik_lokasi_id"),
                pl.lit("Ruang 1").alias("ruang"), pl.lit(begun).alias("starts_at"),
                pl.lit(False).alias("is_closed"),
                pl.lit(self.exam.pool.digest).alias("pool_digest"),
                pl.lit(self.exam.rules).alias("rules_digest"),
            ),
            "sesi_ruang": self.rooms.select("sesi_id", pl.col("id").alias("ruang_id")),
            "person": serial.select(
                "id", (pl.lit("99") + text.str.zfill(14)).alias("nik"),
                (pl.lit("Peserta Contoh ") + text).alias("nama"),
                pl.lit("1995-08-05").alias("tanggal_lahir"), pl.lit("P").alias("jenis_kelamin"),
            ),
            "peserta": serial.with_columns(
                pl.col("id").alias("person_id"), pl.lit(False).alias("netra")
            ),
            "sitting": self.sitting.drop("pin"),
            "sitting_event": self.events,
            **self._logins(),
        }  # fmt: skip

    def _room_rows(self) -> pl.DataFrame:
        order = pl.int_range(pl.len())
        return self.rooms.select(
            "id", "titik_lokasi_id", (pl.lit("Ruang ") + (order + 1).cast(pl.String)).alias("nama"),
            (order * ROOM + 1).alias("kursi_awal"), pl.lit(ROW).alias("kolom"),
            ((pl.col("seats") + ROW - 1) // ROW).alias("baris"), pl.lit("[]").alias("lorong"),
        )  # fmt: skip

    def _logins(self) -> dict[str, pl.DataFrame]:
        """The login of everybody who works, and when their page was last heard of."""
        if self.hall.waits:
            return {}
        login = self.sitting.select(
            pl.col("masuk_id").alias("id"), pl.col("id").alias("sitting_id"),
            pl.lit(self.begun).alias("at"), pl.col("masuk_id").alias("komputer"),
            pl.lit("127.0.0.1").alias("alamat"), pl.lit("aktif").alias("keadaan"),
        )  # fmt: skip
        contact = self.sitting.select(
            pl.col("id").alias("sitting_id"), pl.lit(self.now).alias("at")
        )
        return {"masuk": login, "kontak": contact}


def _move_sequences(connection: psycopg.Connection[Any]) -> None:
    """Let the platform number its next rows after ours."""
    for table in SEQUENCES:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
