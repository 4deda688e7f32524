"""What `catcpns pool study` does: a study file beside the pool, conducted like any other."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from cat.errors import BadInput
from cat.itembank.pool import Pool
from cat.itembank.pool_file import save_pool
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting.outputs import REPORT
from cat.simulation.reporting.summary import broken_promises, summary
from cat.simulation.running.conduct import conduct
from cat.simulation.study.study import read_study

POOL_FILE, STUDY_FILE = "pool.catcpns", "studi.toml"
STUDY = """# Dibuat oleh catcpns pool study; python -m cat.simulation menjalankannya lagi.
judul = {title}
benih = {seed}

[bank]
pool = "{file}" # {digest}

[peserta]
jumlah = {persons}
sebaran = {{ jenis = "normal", rata = 0, sb = 1 }}
"""


@dataclass(frozen=True)
class Plan:
    """persons : simulees. seed : of all randomness. workers, scheduler : as for `conduct`."""

    persons: int
    seed: int
    workers: int
    scheduler: str | None

    def title_on(self, pool: Pool) -> str:
        """What the study is called."""
        return f"{pool.code}: {self.persons} peserta simulasi, benih {self.seed}"


def conduct_on(pool: Pool, plan: Plan, out: Path | None) -> tuple[PartMeasures, ...]:
    """Simulate a pool; the files stay in `out`, or nowhere when that is None."""
    with tempfile.TemporaryDirectory(prefix="catcpns-") as scratch:
        folder = Path(scratch) if out is None else out
        _write_study(pool, plan, folder)
        return conduct(
            read_study(folder / STUDY_FILE),
            folder,
            workers=plan.workers,
            scheduler=plan.scheduler,
            console=Console(stderr=True),
        )


def _write_study(pool: Pool, plan: Plan, folder: Path) -> None:
    content = STUDY.format(
        title=json.dumps(plan.title_on(pool), ensure_ascii=False),
        seed=plan.seed,
        file=POOL_FILE,
        digest=pool.digest,
        persons=plan.persons,
    )
    path = folder / STUDY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_text(encoding="utf-8") != content:
            raise BadInput(f"{folder}: berisi studi lain; pakai folder lain atau hapus folder ini")
        save_pool(pool, folder / POOL_FILE)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: tidak dapat ditulisi ({error.strerror})") from error


def show(pool: Pool, plan: Plan, measures: Sequence[PartMeasures], out: Path | None) -> int:
    """Print the main figures; returns the exit code: 1 when a promise was broken."""
    Console(width=120).print(summary(plan.title_on(pool), measures))
    violations = sum(part.blueprint.violations for part in measures)
    repeats = sum(part.blueprint.repeats for part in measures)
    click.echo(f"pelanggaran kisi-kisi: {violations}; butir terulang: {repeats}")
    if out is not None:
        click.echo(f"laporan: {out / REPORT}", err=True)
    return 1 if broken_promises(measures) else 0
