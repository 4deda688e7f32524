"""catcpns seleksi: a whole year's selection from the database, without changing it."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console

from cat.seleksi import nasional
from cat.seleksi.audit import audit_tables, write_audit
from cat.seleksi.report import show
from web import clock
from web.db import db
from web.operations.pools import find_rules
from web.operations.seleksi_nasional import hitung as nation

seleksi = AppGroup("seleksi", help="Seleksi satu tahun: menghitung seluruhnya sekaligus.")
_talk = Console(stderr=True)


@seleksi.command("hitung")
@click.argument("tahun", type=int)
@click.option("--rules", "kode", required=True, help="Kode ketentuan, misalnya cpns-2024.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Berkas hasil (Parquet); kolomnya di docs/seleksi-nasional.md.",
)
@click.option(
    "--audit",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder untuk CSV pemeriksaan ulang dengan SQL; lihat docs/audit.",
)
@click.option("--dry-run", is_flag=True, help="Hitung dan sebutkan, tanpa menulis berkas.")
def hitung(tahun: int, kode: str, out: Path, audit: Path | None, dry_run: bool) -> None:
    """Hitung peringkat SKD, nilai akhir, kelulusan, dan optimalisasi satu TAHUN.

    Basis data hanya dibaca; pengumuman tetap disusun dan disetujui dua orang di web.
    """
    session = db.session()
    rules = find_rules(session, kode, clock.today())
    decided = nation.decide_year(session, tahun, rules)
    if not decided.result.height:
        raise click.UsageError(f"belum ada peserta yang selesai ujian pada tahun {tahun}")
    if not dry_run:
        nasional.write_whole(decided.result, out)
        if audit:
            read = decided.read
            tables = audit_tables(read.people, read.needs, rules, decided.result)
            write_audit(tables, audit)
    show(nasional.summary(decided.result), rules)
    if decided.read.unfinished:
        _talk.print(f"{decided.read.unfinished} peserta belum selesai ujian dan tidak dihitung")
    if waiting := nation.without_entry(decided):
        _talk.print(f"{waiting} peserta SKB belum lengkap nilainya: peringkat akhir dapat berubah")
