"""The nation: the 317,979 people recruited from 2014 to 2018 sit the adaptive TKD.

Run it with `python -m bench.nation --json out/bench/nation.json`. What is timed is the command that
everybody has, `python -m cat.simulation`, with its files, measures and report.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from pathlib import Path

import click

from bench import machine, processes, report
from cat.itembank.pool import Pool, PoolItem
from cat.itembank.pool_file import save_pool
from seeds.bank import read_bank
from seeds.ketentuan_files import read_rule_sets
from seeds.load import BLUEPRINT
from web.operations.publishing import build_pool

PEOPLE = 317_979
WANTED_SECONDS, WANTED_GIB = 60.0, 4.0
STUDY = """
judul = "Satu negeri: {people} peserta TKD adaptif"
benih = 20142018
[bank]
pool = "tkd.pool"
[peserta]
jumlah = {people}
"""


@click.command()
@click.option("--people", default=PEOPLE, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(people: int, workers: int, path: Path | None) -> None:
    """Run the study and print its time, its peak memory and what it found."""
    facts = machine.describe()
    report.show_facts("Machine", facts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pool = starter_pool()
        save_pool(pool, folder / "tkd.pool")
        (folder / "studi.toml").write_text(STUDY.format(people=people))
        command = [sys.executable, "-m", "cat.simulation", "studi.toml", "--out", "hasil"]
        spent = processes.run([*command, "--workers", str(workers)], folder)
        results = json.loads((folder / "hasil" / "results.json").read_text())
    sizes = ", ".join(f"{p.part} {p.blueprint.length} of {len(p.items)}" for p in pool.parts)
    title = f"{people:,} people, {sizes}, {workers} processes, files and report written"
    rows = [
        ("seconds", f"{spent.wall:.1f}", f"{WANTED_SECONDS:.0f}"),
        ("peak memory of all processes, GiB", f"{spent.gib:.2f}", f"{WANTED_GIB:.0f}"),
        ("people a second", f"{people / spent.wall:,.0f}", ""),
    ]
    report.show(title, ("", "measured", "wanted: at most"), rows)
    figures = {"seconds": spent.wall, "gib": spent.gib, "people": people}
    click.echo(f"violations: {[part['blueprint']['violations'] for part in results['parts']]}")
    if path:
        report.save(path, {"machine": facts, **figures})


def starter_pool() -> Pool:
    """The pool that a fresh installation publishes, without the texts of its items."""
    plan = tomllib.loads(BLUEPRINT.read_text(encoding="utf-8"))
    bank = read_bank()

    def items_of(part: str) -> list[PoolItem]:
        return [PoolItem.of(item) for item in bank if item.part == part]

    rules = next(each for each in read_rule_sets() if each.kode == plan["ketentuan"])
    return build_pool(plan, rules, items_of)


if __name__ == "__main__":
    main()
