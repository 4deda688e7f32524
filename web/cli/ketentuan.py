"""catcpns ketentuan: check, propose and compare rule sets."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, BadRules
from cat.ketentuan.beda import differences
from cat.ketentuan.perbandingan import Perubahan
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.toml_text import read_toml
from web import clock
from web.db import db, transaction
from web.operations import banding
from web.operations.ketentuan import find_version, propose
from web.operations.pools import get_rules
from web.tables import RuleSetRow, User

ketentuan = AppGroup("ketentuan", help="Ketentuan seleksi: periksa, usulkan, bandingkan.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = (
    "kelompok",
    "hadir",
    "lulus_lama",
    "lulus_baru",
    "jadi_lulus",
    "batal_lulus",
    "lanjut_lama",
    "lanjut_baru",
    "jadi_lanjut",
    "batal_lanjut",
)


@ketentuan.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Periksa berkas ketentuan TOML; cetak bedanya dari versi yang berlaku."""
    rules = _read(file)
    sure = ", ".join(f"{k} {count}" for k, count in rules.count_keyakinan().items())
    click.echo(f"{rules.kode} {rules.digest[:12]} benar; keyakinan {sure}", err=True)
    row = find_version(db.session(), rules.kode, clock.today())
    if row is not None:
        _print_differences(get_rules(db.session(), row.digest), rules)


@ketentuan.command("propose")
@click.argument("file", type=FILE)
@click.option("--oleh", required=True, help="Akun yang mengusulkan; orang lain menyetujui.")
@click.option("--alasan", required=True, help="Mengapa; sebut peraturannya.")
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")
def propose_file(file: Path, oleh: str, alasan: str, dry_run: bool) -> None:
    """Usulkan isi berkas sebagai versi baru; berlaku setelah orang lain menyetujui di web."""
    rules = _read(file)
    if db.session.scalar(select(User.id).where(User.username == oleh)) is None:
        raise click.BadParameter(f"tidak ada akun {oleh!r}", param_hint="--oleh")
    try:
        with transaction() as session:
            row = propose(session, rules, by=oleh, reason=alasan, now=clock.now())
            if dry_run:
                session.rollback()
    except BadInput as problem:
        raise click.ClickException(str(problem)) from problem
    done = "dapat diusulkan" if dry_run else "diusulkan"
    click.echo(f"{rules.kode} {row.digest[:12]} {done}", err=True)


@ketentuan.command("banding")
@click.argument("lama")
@click.argument("baru")
@click.option("--tahun", type=int, help="Hasil tahun berapa; bawaan: yang terbaru.")
def compare(lama: str, baru: str, tahun: int | None) -> None:
    """Apa yang berubah pada hasil tersimpan. LAMA dan BARU: berkas TOML, kode, atau awal sidik."""
    session = db.session()
    years = banding.years_with_results(session)
    if not years:
        raise click.ClickException("belum ada hasil ujian yang tersimpan")
    tahun = tahun or years[0]
    if tahun not in years:
        known = ", ".join(map(str, years))
        raise click.BadParameter(f"hanya ada hasil {known}", param_hint="--tahun")
    stored = banding.load_results(session, tahun)
    found = banding.compare_stored(_named(session, lama), _named(session, baru), stored)
    left_out = dict(found.di_luar)
    for jenis, count in left_out.items():
        click.echo(f"tidak dibandingkan: {jenis}, {count} orang", err=True)
    click.echo("\t".join(_COLUMNS))
    kinds = [row for row in found.per_jenis() if row.kelompok not in left_out]
    for row in (*kinds, found.seluruhnya()):
        click.echo(_line(row, row.kelompok))
    for row in found.per_formasi():
        click.echo(_line(row, stored.formasi[int(row.kelompok)].kode))


def _line(row: Perubahan, name: str) -> str:
    passing = (*row.lulus, row.jadi_lulus, row.batal_lulus)
    going_on = (*row.lanjut, row.jadi_lanjut, row.batal_lanjut)
    return "\t".join((name, *map(str, (row.hadir, *passing, *going_on))))


def _read(file: Path) -> RuleSet:
    try:
        return read_toml(file.read_text(encoding="utf-8"))
    except BadRules as problem:
        line = problem.evidence.get("line")
        where = f"{file}:{line}" if line else str(file)
        raise click.ClickException(f"{where}: {problem}") from problem
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file}: bukan teks UTF-8") from problem


def _named(session: Session, name: str) -> RuleSet:
    """The rule set in a file, the one in force under a kode, or the one a digest begins with."""
    if Path(name).is_file():
        return _read(Path(name))
    row = find_version(session, name, clock.today())
    if row is not None:
        return get_rules(session, row.digest)
    query = select(RuleSetRow.digest).where(RuleSetRow.digest.startswith(name, autoescape=True))
    digests = session.scalars(query).all()
    if len(digests) != 1:
        raise click.BadParameter(f"{name!r} bukan berkas, kode, atau awal satu sidik")
    return get_rules(session, digests[0])


def _print_differences(old: RuleSet, new: RuleSet) -> None:
    for each in differences(old, new):
        click.echo(f"{each.tempat}\t{each.lama or '–'}\t{each.baru or '–'}")
