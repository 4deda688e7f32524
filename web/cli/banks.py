"""catcpns item and catcpns pool: the bank and what is published from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from cat.errors import BadInput, CatError
from cat.simulation.report import StudyPlan, run_study
from web import clock
from web.db import db, transaction
from web.operations.pools import get_pool, latest_pool
from web.operations.publishing import publish_pool

item = AppGroup("item", help="Bank soal.")
pool = AppGroup("pool", help="Pool: paket soal yang diterbitkan untuk ujian.")


@item.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False))
def check(files: tuple[str, ...]) -> None:
    """Periksa berkas butir: aturan isi, keseimbangan kunci, strategi buta, butir mirip."""
    from seeds.check import main

    raise SystemExit(main(list(files)))


@item.command("calibrate")
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model",
    type=click.Choice(["2pl", "pcm"]),
    default="2pl",
    show_default=True,
    help="2pl: jawaban 0/1. pcm: kategori 0..K-1, daya beda tiap butir ditaksir (GPCM).",
)
def calibrate(answers: Path, model: str) -> None:
    """Taksir daya beda (a) dan kesukaran (b) butir dari berkas jawaban ANSWERS (CSV).

    Satu baris per peserta, satu kolom per butir, sudah diskor; kolom cov_* diabaikan. Semua sel
    harus terisi: data tes adaptif ditolak. Hasilnya usulan; bank soal tidak berubah.
    """
    # Only this command needs girth, whose import would slow every other one and the web.
    from cat.calibration.answer_file import read_answers
    from cat.calibration.fit import calibrate as fit
    from web.cli import calibration as words

    try:
        with answers.open(encoding="utf-8-sig", newline="") as file:
            given = read_answers(file)
        result = fit(given.items, given.answers, model)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{answers}: bukan teks UTF-8") from error
    except BadInput as error:
        raise click.ClickException(f"{answers}: {words.refusal(error, model)}") from error
    Console(width=120).print(words.table(result))
    doubtful = sum(bool(each.doubts) for each in result.items)
    click.echo(f"{doubtful} dari {len(result.items)} butir bercatatan; bank tak berubah", err=True)


@pool.command("publish")
@click.argument("blueprint", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")
def publish(blueprint: Path, dry_run: bool) -> None:
    """Terbitkan pool dari butir aktif menurut berkas kisi-kisi BLUEPRINT (TOML)."""
    try:
        plan = tomllib.loads(blueprint.read_text(encoding="utf-8"))
        with transaction() as session:
            published = publish_pool(session, plan, by="cli", now=clock.now())
            if dry_run:
                session.rollback()
    except (CatError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{blueprint.name}: {error}") from error
    except (KeyError, TypeError) as error:
        raise click.ClickException(f"{blueprint.name}: isian kurang atau salah: {error}") from error
    counts = ", ".join(f"{part.part} {len(part.items)} butir" for part in published.parts)
    click.echo(f"{published.digest} {published.code}: {counts}")


@pool.command("study")
@click.option(
    "--persons",
    default=2000,
    type=click.IntRange(1, 1_000_000),
    show_default=True,
    help="Banyaknya peserta simulasi.",
)
@click.option("--seed", default=1, type=click.IntRange(0), show_default=True, help="Benih acak.")
def study(persons: int, seed: int) -> None:
    """Simulasikan ujian pada pool terakhir: bias, RMSE, paparan, pelanggaran kisi-kisi."""
    session = db.session()
    chosen = get_pool(session, latest_pool(session).digest)
    report = run_study(chosen, StudyPlan(persons=persons, seed=seed))
    table = Table(title=f"{chosen.code}: {persons} peserta simulasi, benih {seed}")
    rows = [part.row() for part in report.parts]
    for column in rows[0]:
        table.add_column(column, justify="left" if column == "bagian" else "right")
    for row in rows:
        table.add_row(*row.values())
    Console(width=120).print(table)
    click.echo(f"pelanggaran kisi-kisi: {report.violations}; butir terulang: {report.repeats}")
    raise SystemExit(1 if report.violations or report.repeats else 0)
