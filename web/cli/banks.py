"""catcpns item and catcpns pool: the bank and what is published from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
from flask.cli import AppGroup

from cat.errors import CatError
from cat.itembank.pool import Pool
from cat.itembank.pool_file import save_pool
from web import clock
from web.cli.calibration import calibrate
from web.db import db, transaction
from web.operations.pools import get_pool, latest_pool
from web.operations.publishing import publish_pool

item = AppGroup("item", help="Bank soal.")
item.add_command(calibrate)
pool = AppGroup("pool", help="Pool: paket soal yang diterbitkan untuk ujian.")


_of_code = click.option("--code", help="Kode pool; tanpa ini pool SKD yang terbit terakhir.")


@item.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False))
def check(files: tuple[str, ...]) -> None:
    """Periksa berkas butir: aturan isi, keseimbangan kunci, strategi buta, butir mirip."""
    from seeds.check import main

    raise SystemExit(main(list(files)))


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
@_of_code
def save(file: Path, dry_run: bool, code: str | None) -> None:
    """Tulis pool terakhir ke satu berkas FILE, untuk studi simulasi atau mesin lain."""
    try:
        chosen = _newest(code)
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
@_of_code
def study(
    persons: int,
    seed: int,
    out: Path | None,
    workers: int,
    scheduler: str | None,
    code: str | None,
) -> None:
    """Simulasikan ujian pada pool terakhir: bias, RMSE, paparan, pelanggaran kisi-kisi.

    Dengan --out, folder itu memuat laporan, data, pool, dan berkas studinya, sehingga
    python -m cat.simulation dapat menjalankannya lagi di mesin mana pun.
    """
    # Only this command needs the simulator, whose imports would slow every other one and the web.
    from web.cli import studies

    try:
        chosen = _newest(code)
        plan = studies.Plan(persons, seed, workers, scheduler)
        measures = studies.conduct_on(chosen, plan, out)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(studies.show(chosen, plan, measures, out))


def _newest(code: str | None) -> Pool:
    session = db.session()
    return get_pool(session, latest_pool(session, code).digest)
