"""python -m cat.seleksi peserta.parquet formasi.parquet --rules ketentuan.toml: decide it all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from cat.errors import BadInput, CatError
from cat.itembank.pool_file import read_pool
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import nasional
from cat.seleksi.audit import audit_tables, write_audit
from cat.seleksi.berkas import read_parquet
from cat.seleksi.report import show

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("people", type=_FILE)
@click.argument("formasi", type=_FILE)
@click.option("--rules", required=True, type=_FILE, help="Berkas ketentuan (TOML).")
@click.option("--pool", type=_FILE, help="Berkas pool; perlu bila peserta berisi theta.")
@click.option(
    "--out",
    default="hasil.parquet",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Berkas hasil.",
)
@click.option(
    "--audit",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder untuk CSV pemeriksaan ulang dengan SQL; lihat docs/audit.",
)
@click.option("--dry-run", is_flag=True, help="Periksa kedua berkas saja.")
def main(
    people: Path,
    formasi: Path,
    rules: Path,
    pool: Path | None,
    out: Path,
    audit: Path | None,
    dry_run: bool,
) -> None:
    """Hitung seleksi dari berkas PEOPLE dan FORMASI (Parquet); lihat docs/seleksi-nasional.md."""
    try:
        rule_set = _read_rules(rules)
        applicants, needs = read_parquet(people), read_parquet(formasi)
        if dry_run:
            nasional.check(applicants, needs, rule_set)
            counts = f"{applicants.frame.height} peserta, {needs.frame.height} formasi"
            click.echo(f"{counts}: tidak ada yang melanggar aturan kolom", err=True)
            return
        forms = {part.part: part.reference_form for part in read_pool(pool).parts} if pool else {}
        result = nasional.decide(applicants, needs, rule_set, forms)
        nasional.write_whole(result, out)
        if audit:
            write_audit(audit_tables(applicants, needs, rule_set, result), audit)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    show(nasional.summary(result), rule_set)
    click.echo(f"hasil: {out}", err=True)


def _read_rules(path: Path) -> RuleSet:
    try:
        return RuleSet.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name}: bukan berkas TOML ({error})") from error


if __name__ == "__main__":
    main(prog_name="python -m cat.seleksi")
