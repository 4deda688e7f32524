"""The nation applies: 4,000,000 people for 150,000 formasi, decided from Parquet to Parquet.

Run it with `python -m bench.national --json out/bench/national.json`. What is timed is the command
that everybody has, `python -m cat.seleksi`: it starts, reads, checks every cell, scores theta,
ranks, integrates, fills empty posts and writes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from bench import machine, processes, report
from bench.invented import invent
from bench.nation import starter_pool
from cat.itembank.pool_file import save_pool
from seeds.ketentuan_files import RULE_SETS, read_rule_sets

PEOPLE, FORMASI = 4_000_000, 150_000
RULES = "cpns_2024.toml"
WANTED_SECONDS, WANTED_GIB = 30.0, 6.0


@click.command()
@click.option("--people", default=PEOPLE, show_default=True)
@click.option("--formasi", default=FORMASI, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(people: int, formasi: int, path: Path | None) -> None:
    """Decide an invented selection and print its time and its peak memory."""
    facts = machine.describe(("numpy", "polars"))
    report.show_facts("Machine", facts)
    rules = next(each for each in read_rule_sets() if each.kode == "cpns-2024")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nation = invent(people, formasi, rules)
        nation.people.write_parquet(folder / "peserta.parquet")
        nation.needs.write_parquet(folder / "formasi.parquet")
        del nation
        save_pool(starter_pool(), folder / "tkd.pool")
        command = [sys.executable, "-m", "cat.seleksi", "peserta.parquet", "formasi.parquet"]
        command += ["--rules", str(RULE_SETS / RULES), "--pool", "tkd.pool"]
        spent = processes.run(command, folder)
        sizes = {f.stem: f.stat().st_size / 2**20 for f in folder.glob("*.parquet")}
    rows = [
        ("seconds", f"{spent.wall:.1f}", f"{WANTED_SECONDS:.0f}"),
        ("processor seconds", f"{spent.cpu:.1f}", ""),
        ("peak memory, GiB", f"{spent.gib:.2f}", f"{WANTED_GIB:.0f}"),
        ("people a second", f"{people / spent.wall:,.0f}", ""),
        *((f"{name}.parquet, MiB", f"{size:.0f}", "") for name, size in sizes.items()),
    ]
    title = f"{people:,} people, {formasi:,} formasi, theta to final code, files read and written"
    report.show(title, ("", "measured", "wanted: at most"), rows)
    if path:
        figures = {"seconds": spent.wall, "cpu": spent.cpu, "gib": spent.gib, "people": people}
        report.save(path, {"machine": facts, **figures})


if __name__ == "__main__":
    main()
