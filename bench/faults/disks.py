"""The disk is full: nothing acknowledged is lost, and the service comes back with the space."""

from __future__ import annotations

import asyncio

import psycopg

from bench.faults.conduct import Fault, Run
from bench.faults.place import Place, SmallDisk

MEGABYTES = 128


async def fill_the_disk(run: Run) -> None:
    """The file system on which records are kept takes no more bytes for some seconds.

    What still fits into pages that the database has may be acknowledged; then people are asked to
    come again.
    """
    disk = run.place.disk
    assert disk is not None
    for _ in range(run.times(2, 1)):
        await run.wait(0.5, 1.0)
        before = _turned_away(run)
        await asyncio.to_thread(disk.fill)
        for _ in range(200):
            await asyncio.sleep(0.1)
            if _turned_away(run) > before:
                break
        else:
            run.notes.append("the disk was never full for anybody")
        await asyncio.sleep(run.times(6, 3))
        disk.free()
        await run.until_served()
        await run.wait(1.0, 2.0)


def _turned_away(run: Run) -> int:
    return sum(each.turned_away for each in run.candidates)


def prepare(place: Place) -> Place:
    """A place whose records lie on a small file system of their own (tmpfs; mounting needs root).

    SQLite: a copy of the whole database. PostgreSQL: the table of events, in a tablespace there.
    """
    disk = SmallDisk(place.folder / "small", MEGABYTES)
    if place.cluster is None:
        moved = Place(disk.folder, None)
        with place.app.app_context():
            place.let_go()
        moved.path.write_bytes(place.path.read_bytes())
        moved.disk, moved.serial = disk, 500
        return moved
    disk.give_to_postgres()
    place.disk = disk
    with psycopg.connect(place.cluster.address, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.folder}/space'".encode())
        connection.execute("ALTER TABLE sitting_event SET TABLESPACE small")
    return place


def put_back(place: Place) -> None:
    """Records on the ordinary disk again; the small one is gone."""
    if place.disk is None:
        return
    place.disk.free()
    if place.cluster is not None:
        with psycopg.connect(place.cluster.address, autocommit=True) as connection:
            connection.execute("ALTER TABLE sitting_event SET TABLESPACE pg_default")
            connection.execute("DROP TABLESPACE small")
    place.disk.remove()
    place.disk = None


FAULTS = (Fault("disk", "disk full", fill_the_disk),)
