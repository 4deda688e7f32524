"""Faults that end or freeze processes: of the web server, of PostgreSQL, of the whole machine."""

from __future__ import annotations

import asyncio
import signal

from bench.faults.conduct import Fault, Run


async def kill_one_web_process(run: Run) -> None:
    """kill -9 of one of several web processes; the server starts another one."""
    for _ in range(run.times(4, 1)):
        await run.wait(0.5, 1.5)
        run.web.kill_one(run.rng)
        await run.wait(2.0, 4.0)


async def kill_all_web_processes(run: Run) -> None:
    """kill -9 of the whole web server, which somebody starts again a little later."""
    for _ in range(run.times(3, 1)):
        await run.wait(0.5, 2.0)
        run.web.kill_all()
        await run.wait(0.5, 4.0)
        run.web.start()
        await run.until_served()
        await run.wait(1.0, 2.0)


async def kill_postgres(run: Run) -> None:
    """kill -9 of the postmaster; it is started again and recovers."""
    cluster = run.place.cluster
    assert cluster is not None
    for _ in range(run.times(3, 1)):
        await run.wait(0.5, 2.0)
        await asyncio.to_thread(cluster.kill)
        await run.wait(0.5, 3.0)
        await asyncio.to_thread(cluster.start)
        await run.until_served()
        await run.wait(1.0, 2.0)


async def kill_postgres_backend(run: Run) -> None:
    """kill -9 of one process of PostgreSQL, which then restarts all of its own."""
    cluster = run.place.cluster
    assert cluster is not None
    for _ in range(run.times(3, 1)):
        await run.wait(0.5, 2.0)
        await asyncio.to_thread(cluster.kill_backend)
        await run.until_served()
        await run.wait(1.0, 2.0)


async def restart_postgres(run: Run) -> None:
    """An orderly restart of PostgreSQL under load."""
    cluster = run.place.cluster
    assert cluster is not None
    for _ in range(run.times(2, 1)):
        await run.wait(0.5, 2.0)
        await asyncio.to_thread(cluster.stop, "fast")
        await run.wait(1.0, 3.0)
        await asyncio.to_thread(cluster.start)
        await run.until_served()
        await run.wait(1.0, 2.0)


async def freeze_machine(run: Run) -> None:
    """SIGSTOP of the whole web server, as a suspended machine would be; SIGCONT later."""
    run.web.signal_all(signal.SIGSTOP)
    await asyncio.sleep(run.times(20, 6))
    run.web.signal_all(signal.SIGCONT)


async def freeze_postgres(run: Run) -> None:
    """SIGSTOP of every process of PostgreSQL: connections stay, nothing answers."""
    cluster = run.place.cluster
    assert cluster is not None
    cluster.signal_all(signal.SIGSTOP)
    await asyncio.sleep(run.times(8, 5))
    cluster.signal_all(signal.SIGCONT)


async def lock_the_database(run: Run) -> None:
    """Somebody holds the table of sittings, or SQLite's write lock: nothing dies, all wait."""
    holding = run.place.locked()
    await asyncio.to_thread(holding.__enter__)
    await asyncio.sleep(run.times(8, 5))
    await asyncio.to_thread(holding.__exit__, None, None, None)


async def renew_web_processes(run: Run) -> None:
    """A deploy in mid-exam: every web process is replaced by a new one, one after the other."""
    before = set(run.web.pids())
    run.web.renew()
    for _ in range(240):
        await asyncio.sleep(0.5)
        pids = set(run.web.pids())
        if pids and not pids & before and len(pids) == run.web.workers:
            break
    run.expect(not set(run.web.pids()) & before, "an old web process still serves")


POSTGRES = ("PostgreSQL",)
FAULTS = (
    Fault("web-one", "kill -9 of one web process", kill_one_web_process),
    Fault("web-all", "kill -9 of all web processes", kill_all_web_processes),
    Fault("pg-kill", "kill -9 of PostgreSQL", kill_postgres, POSTGRES),
    Fault("pg-backend", "kill -9 of one backend", kill_postgres_backend, POSTGRES),
    Fault("pg-restart", "database restarted in order", restart_postgres, POSTGRES),
    Fault("pg-frozen", "database stands still", freeze_postgres, POSTGRES),
    Fault("machine-frozen", "web processes suspended", freeze_machine),
    Fault("locked", "database locked from outside", lock_the_database),
    Fault("deploy", "deploy in mid-exam", renew_web_processes),
)
