"""python -m cat.assembly plan.toml: assemble the parallel forms that a plan describes."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from cat.assembly import feasibility
from cat.assembly.form_file import write_forms
from cat.assembly.form_report import report
from cat.assembly.forms import assemble_forms
from cat.assembly.plan import Plan, read_plan
from cat.assembly.rows import compile_rows
from cat.errors import BadInput, CatError
from cat.irt.items import information
from cat.itembank.constraints import ConstraintTable
from cat.itembank.item_file import read_items

MISUSE = 2


@click.command()
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Rakit dan tampilkan saja, tanpa menulis berkas.")
def main(plan: Path, dry_run: bool) -> None:
    """Rakit paket tes linear yang sejajar menurut berkas PLAN (TOML).

    Tiap paket memenuhi semua kendala kisi-kisi, dan fungsi informasinya sedekat mungkin dengan
    sasaran. Paket ditulis ke berkas CSV; tabel ringkasannya tampil di sini. Isian PLAN: butir,
    kendala, panjang, paket, theta, target, tumpang_tindih, pemakaian, celah, batas_detik, keluaran.
    """
    try:
        _assemble(read_plan(plan), dry_run)
    except CatError as error:
        click.echo(f"Galat: {error}", err=True)
        sys.exit(MISUSE)


def _assemble(plan: Plan, dry_run: bool) -> None:
    file = read_items(plan.items)
    try:
        table = ConstraintTable.read_csv(plan.constraints)
    except OSError as error:
        rule = f"tidak dapat dibaca ({error.strerror})"
        raise BadInput(f"{plan.constraints}: {rule}") from error
    rows = compile_rows(table, file.attributes, plan.length)
    # Names the constraints in conflict when not even one form is possible.
    feasibility.check(rows, table)
    talk = Console(stderr=True)
    with talk.status(f"merakit {plan.count} paket, paling lama {plan.seconds:g} detik"):
        forms = assemble_forms(
            rows,
            information(plan.theta, file.items).T,
            plan.count,
            plan.target,
            overlap=plan.overlap,
            uses=plan.uses,
            gap=plan.gap,
            time_limit_seconds=plan.seconds,
        )
    Console(width=None if talk.is_terminal else 120).print(report(forms, plan.theta))
    if dry_run:
        return
    try:
        write_forms(plan.output, forms, file.attributes)
    except OSError as error:
        raise BadInput(f"{plan.output}: tidak dapat ditulis ({error.strerror})") from error
    click.echo(f"ditulis: {plan.output}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m cat.assembly")
