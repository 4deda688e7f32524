"""Faults of the machine's clock: it is set forward and back while people work."""

from __future__ import annotations

from bench.faults.conduct import Fault, Run

JUMPS = (600, -600, 3600, -3600, 3 * 3600)
QUICK_JUMPS = (600, -3600, 3 * 3600)


async def set_the_clock(run: Run) -> None:
    """Minutes and hours forward and back, each for some seconds; then a web process is killed, and
    all of them, while the clock is wrong.
    """
    for seconds in QUICK_JUMPS if run.quick else JUMPS:
        run.web.set_clock(seconds)
        await run.wait(2.0, 3.0)
    run.web.kill_one(run.rng)
    await run.wait(3.0, 4.0)
    run.web.kill_all()
    run.web.set_clock(-600)
    await run.wait(1.0, 2.0)
    run.web.start()
    await run.until_served()
    run.web.set_clock(0)
    await run.wait(2.0, 3.0)
    run.expect(
        all(each.phase == "working" for each in run.candidates if not each.ledger.finished),
        "a sitting stopped",
    )


FAULTS = (Fault("clock", "clock set by up to 3 hours", set_the_clock, pause=0.4),)
