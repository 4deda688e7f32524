"""How fast and how precise is calibration, beside mirt and girth, on the same simulated answers?

Run it with `python -m bench.calibration --json out/bench/calibration.json`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import click

from bench import machine, report
from bench.calibration_work import SETS
from bench.processes import ROOT

Figures = dict[str, Any]
Verdict = tuple[str, str, str, str]

# What applies to which set. girth takes complete answers only, and its 3PL raises under this numpy.
PLAN = {
    "A": ("ours", "mirt 21", "mirt 61", "girth", "ours, errors", "mirt 21, errors"),
    "B": ("ours", "mirt 21", "mirt 61", "mirt 21, prior", "mirt 61, prior", "ours, errors"),
    "C": ("ours", "mirt 21", "mirt 61", "ours, errors", "mirt 21, errors"),
    "D": ("ours", "mirt 21", "mirt 61", "girth", "ours, errors", "mirt 21, errors"),
    "E": ("ours", "mirt 21"),
}
_ALIKE = 1.005
SLOW = {"C", "E"}  # one round of the peers there
WANTED = {
    "times faster": 3.0,
    "E, GiB": 1.5,
    "C with errors, seconds": 60.0,
}


@click.command()
@click.option("--sets", default="ABCDE", show_default=True)
@click.option("--rounds", default=3, show_default=True, help="of the quick ones; the others once")
@click.option("--seed", default=2_024, show_default=True, help="of items, people and luck")
@click.option(
    "--limit", default=1800, show_default=True, help="seconds of processor time for one program"
)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(sets: str, rounds: int, seed: int, limit: int, path: Path | None) -> None:
    """Run every program on every set, each in a process of its own, and compare."""
    facts = machine.describe(("numpy", "scipy", "mirt", "girth"))
    report.show_facts("Machine", facts)
    found: dict[str, dict[str, Figures]] = {}
    for name in sets:
        found[name] = {}
        runs: dict[str, list[Figures]] = {program: [] for program in PLAN[name]}
        for number in range(rounds):
            for program in PLAN[name]:
                if number and name in SLOW and not program.startswith("ours"):
                    continue
                runs[program].append(_run(name, program, seed, limit))
        found[name] = {program: _median(each) for program, each in runs.items()}
        _show(name, found[name])
    verdicts = _verdicts(found)
    report.show("Wanted and found", ("what", "wanted", "found", "met"), verdicts)
    if path:
        report.save(
            path,
            {
                "machine": facts,
                "seed": seed,
                "sets": found,
                "wanted": [
                    dict(zip(("what", "wanted", "found", "met"), v, strict=True)) for v in verdicts
                ],
            },
        )


def _run(name: str, program: str, seed: int, limit: int) -> Figures:
    click.echo(f"{name}: {program}", err=True)
    command = [sys.executable, "-m", "bench.calibration_programs", name, program]
    settings = ["--seed", str(seed), "--limit", str(limit)]
    done = subprocess.run([*command, *settings], cwd=ROOT, check=False, stdout=subprocess.PIPE)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"failed": f"ended after {limit} s of processor time, or for want of memory"}
    if done.returncode:
        return {"failed": f"exit code {done.returncode}"}
    figures: Figures = json.loads(done.stdout)
    return figures


def _median(runs: list[Figures]) -> Figures:
    """Times of all rounds at their median; everything else is the same in each."""
    if any("failed" in run for run in runs):
        return next(run for run in runs if "failed" in run)
    return runs[0] | {key: median(run[key] for run in runs) for key in ("wall", "cpu", "gib")}


def _show(name: str, programs: dict[str, Figures]) -> None:
    work, own = SETS[name], programs["ours"]
    rows = []
    for program, run in programs.items():
        if "failed" in run:
            rows.append((program, run["failed"], *[""] * 9))
            continue
        base = programs.get("ours, errors", own) if "errors" in program else own
        rows.append(
            (
                program,
                f"{run['cpu']:.2f}",
                f"{run['wall']:.2f}",
                f"{run['cpu'] / base['cpu']:.1f}",
                f"{run['gib']:.2f}",
                "" if run["cycles"] is None else str(run["cycles"]),
                "" if run["log_likelihood"] is None else f"{run['log_likelihood']:.2f}",
                f"{run['bias_a']:+.4f}",
                f"{run['rmse_a']:.4f}",
                f"{run['bias_b']:+.4f}",
                f"{run['rmse_b']:.4f}",
            )
        )
    columns = ("", "CPU s", "clock s", "x ours", "GiB", "cycles", "log-likelihood")
    columns += ("bias a", "RMSE a", "bias b", "RMSE b")
    size = f"{work.items} items, {work.persons:,} persons, {work.each} answers each"
    report.show(f"{name}: {work.model}, {size}", columns, rows)


def _verdicts(found: dict[str, dict[str, Figures]]) -> list[Verdict]:
    rows = [row for name, programs in found.items() for row in _against_mirt(name, programs)]
    if "E" in found:
        gib, limit = found["E"]["ours"]["gib"], WANTED["E, GiB"]
        rows.append(_row("E: GiB, drawing included", f"< {limit}", f"{gib:.2f}", gib < limit))
    if "C" in found:
        took, limit = found["C"]["ours, errors"]["cpu"], WANTED["C with errors, seconds"]
        words = ("C: CPU s with standard errors", f"< {limit:.0f}", f"{took:.1f}")
        rows.append(_row(*words, took < limit))
    return rows


def _against_mirt(name: str, programs: dict[str, Figures]) -> list[Verdict]:
    """Its quickest run is the one with the fewest nodes; its best RMSE may be another's."""
    own = programs["ours"]
    peers = [
        run
        for program, run in programs.items()
        if program.startswith("mirt") and "errors" not in program and "failed" not in run
    ]
    if not peers:
        return []
    times, wanted = min(run["cpu"] for run in peers) / own["cpu"], WANTED["times faster"]
    words = (f"{name}: times faster than mirt", f">= {wanted:.0f}", f"{times:.1f}")
    rows = [_row(*words, times >= wanted)]
    # Where likelihoods are alike, RMSEs differ by where each program stops, in the third digit.
    for parameter in ("rmse_a", "rmse_b"):
        best = min(run[parameter] for run in peers)
        words = (f"{name}: {parameter}", f"<= {best:.4f} (+0,5 %)", f"{own[parameter]:.4f}")
        rows.append(_row(*words, own[parameter] <= best * _ALIKE))
    return rows


def _row(what: str, wanted: str, found: str, met: bool) -> Verdict:
    return what, wanted, found, "yes" if met else "NO"


if __name__ == "__main__":
    main()
