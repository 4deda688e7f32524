"""catcpns item and catcpns pool: the bank and what is published from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console

from cat.errors import BadInput, CatError
from cat.itembank.pool import Pool
from cat.itembank.pool_file import save_pool
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


@pool.command("save")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan tulis.")
def save(file: Path, dry_run: bool) -> None:
    """Tulis pool terakhir ke satu berkas FILE, untuk studi simulasi atau mesin lain."""
    try:
        chosen = _newest()
        if file.exists():
            raise click.ClickException(f"{file} sudah ada; hapus dulu atau pilih nama lain")
        if not dry_run:
            save_pool(chosen, file)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{file}: tidak dapat ditulis ({error.strerror})") from error
    click.echo(f"{chosen.digest} {chosen.code}")


@pool.command("study")
@click.option(
    "--persons",
    default=2000,
    type=click.IntRange(1, 1_000_000),
    show_default=True,
    help="Banyaknya peserta simulasi.",
)
@click.option("--seed", default=1, type=click.IntRange(0), show_default=True, help="Benih acak.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder untuk laporan dan data; tanpa ini hanya tabel yang dicetak.",
)
@click.option(
    "--workers",
    default=2,
    type=click.IntRange(1, 256),
    show_default=True,
    help="Banyaknya proses di mesin ini.",
)
@click.option("--scheduler", help="Alamat klaster Dask, tcp://host:porta, pengganti --workers.")
def study(persons: int, seed: int, out: Path | None, workers: int, scheduler: str | None) -> None:
    """Simulasikan ujian pada pool terakhir: bias, RMSE, paparan, pelanggaran kisi-kisi.

    Dengan --out, folder itu memuat laporan, data, pool, dan berkas studinya, sehingga
    python -m cat.simulation dapat menjalankannya lagi di mesin mana pun.
    """
    # Only this command needs the simulator, whose imports would slow every other one and the web.
    from web.cli import studies

    try:
        chosen = _newest()
        plan = studies.Plan(persons, seed, workers, scheduler)
        measures = studies.conduct_on(chosen, plan, out)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(studies.show(chosen, plan, measures, out))


def _newest() -> Pool:
    session = db.session()
    return get_pool(session, latest_pool(session).digest)
