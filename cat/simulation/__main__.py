"""python -m cat.simulation study.toml: conduct the study that a file describes."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from cat.errors import CatError
from cat.simulation.reporting.outputs import REPORT
from cat.simulation.reporting.summary import broken_promises, summary
from cat.simulation.running.conduct import conduct
from cat.simulation.study.study import read_study

INTERRUPTED = 130


@click.command()
@click.argument("study", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder hasil; biasanya di samping berkas studi, bernama sama tanpa .toml.",
)
@click.option(
    "--workers",
    default=2,
    type=click.IntRange(1, 256),
    show_default=True,
    help="Banyaknya proses di mesin ini.",
)
@click.option("--scheduler", help="Alamat klaster Dask, tcp://host:porta, pengganti --workers.")
@click.option("--dry-run", is_flag=True, help="Periksa berkas studi saja.")
def main(study: Path, out: Path | None, workers: int, scheduler: str | None, dry_run: bool) -> None:
    """Jalankan studi simulasi menurut berkas STUDY (TOML); lihat docs/studi-simulasi.md.

    Dapat diputus kapan saja: perintah yang sama melanjutkan dari bagian yang sudah selesai. Keluar
    dengan kode 1 bila ada kisi-kisi yang dilanggar atau butir yang terulang.
    """
    talk = Console(stderr=True)
    folder = study.with_suffix("") if out is None else out
    try:
        plan = read_study(study)
        if dry_run:
            click.echo(f"{study}: {plan.persons} peserta, {plan.people}", err=True)
            return
        measures = conduct(plan, folder, workers=workers, scheduler=scheduler, console=talk)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("\nDiputus; perintah yang sama akan melanjutkan.", err=True)
        sys.exit(INTERRUPTED)
    Console(width=120).print(summary(plan.title, measures))
    click.echo(f"laporan: {folder / REPORT}", err=True)
    sys.exit(1 if broken_promises(measures) else 0)


if __name__ == "__main__":
    main(prog_name="python -m cat.simulation")
