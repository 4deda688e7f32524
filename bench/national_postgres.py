"""500,000 people decided from PostgreSQL to PostgreSQL.

Run it with `python -m bench.national_postgres --json out/bench/national_postgres.json`. People,
sittings, results and SKB nilai lie in the platform's own tables. Timed is a process that starts,
reads the year through COPY, decides all of it, and stores the SKD list of everybody and the final
list of those who went on to SKB in the table of announcements (constraints and triggers on).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import polars as pl
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench import machine, processes, report
from bench.invented import LENGTHS, Nation, invent
from bench.scratch_postgres import Database, fill, scratch
from cat.ketentuan.ruleset import RuleSet
from cat.scoring.scale_many import PointsCurve
from cat.seleksi.berkas import Table
from cat.seleksi.nasional import decide
from seeds.ketentuan_files import read_rule_sets
from web.operations.pools import find_rules
from web.operations.seleksi_nasional import hitung
from web.tables import Pengumuman

PEOPLE, FORMASI, TAHUN = 500_000, 20_000, 2024
ROOM = 500  # people in one sesi
WANTED_SECONDS = 60.0


@click.group(invoke_without_command=True)
@click.option("--people", default=PEOPLE, show_default=True)
@click.option("--formasi", default=FORMASI, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
@click.pass_context
def main(context: click.Context, people: int, formasi: int, path: Path | None) -> None:
    """Fill a scratch PostgreSQL, decide the year, and print the time."""
    if context.invoked_subcommand:
        return
    facts = machine.describe(("numpy", "polars", "psycopg"))
    rules = next(each for each in read_rule_sets() if each.kode == "cpns-2024")
    with scratch() as database, tempfile.TemporaryDirectory() as folder:
        facts["postgresql"] = database.version
        report.show_facts("Machine", facts)
        click.echo("filling the tables", err=True)
        _fill_tables(database, invent(people, formasi, rules), rules)
        command = [sys.executable, "-m", "bench.national_postgres", "measured", database.url]
        spent = processes.run(command, Path(folder), beside=[database.pid])
    rows = [
        ("seconds", f"{spent.wall:.1f}", f"{WANTED_SECONDS:.0f}"),
        ("processor seconds, PostgreSQL's included", f"{spent.cpu:.1f}", ""),
        ("peak memory of the process, GiB", f"{spent.gib:.2f}", ""),
        ("people a second", f"{people / spent.wall:,.0f}", ""),
    ]
    title = f"{people:,} people, {formasi:,} formasi, from and to PostgreSQL"
    report.show(title, ("", "measured", "wanted: at most"), rows)
    if path:
        figures = {"seconds": spent.wall, "cpu": spent.cpu, "gib": spent.gib, "people": people}
        report.save(path, {"machine": facts, **figures})


@main.command()
@click.argument("url")
def measured(url: str) -> None:
    """Decide the year in the database at URL and store what came of it."""
    with Session(create_engine(url)) as session, session.begin():
        rules = find_rules(session, "cpns-2024")
        decided = hitung.decide_year(session, TAHUN, rules)
        final = _final_rows(decided)
        for kode, tahap, rows in (
            ("SKD-2024-001", "skd", hitung.skd_rows(decided)),
            ("AKHIR-2024-001", "akhir", final),
        ):
            head = Pengumuman(
                kode=kode, tahap=tahap, tahun=TAHUN, rules_digest=rules.digest, drawn_at=0,
                drawn_by="bangku", row_count=rows.height, digest="0" * 64, signature="", dasar={},
            )  # fmt: skip
            session.add(head)
            session.flush()
            hitung.store_rows(session, head.id, rows)
        click.echo(f"stored {decided.result.height:,} SKD rows and {final.height:,} final rows")


def _final_rows(decided: hitung.Keputusan) -> pl.DataFrame:
    """The final list as rows of announcements, with the figures of the integration."""
    everyone = decided.read.people.frame.select("peserta_id", "formasi_id").hstack(decided.result)
    shown = ("skd_100", "skb_100", "akhir")
    figures = [pl.format('"{}": "{}"', pl.lit(each), pl.col(each)) for each in shown]
    inside = pl.concat_list(figures).list.drop_nulls().list.join(", ")
    rank = pl.col("peringkat_akhir").fill_null(0)
    return (
        everyone.filter(pl.col("ikut_skb"))
        .sort("formasi", rank == 0, rank, "nomor")
        .select(
            "peserta_id",
            "formasi_id",
            pl.int_range(1, pl.len() + 1).over("formasi").alias("urut"),
            *("twk", "tiu", "tkp", "total"),
            rank.alias("rank"),
            pl.col("kode_akhir").fill_null("").alias("kode"),
            (pl.lit("{") + inside + pl.lit("}")).alias("data"),
        )
    )


def _fill_tables(database: Database, nation: Nation, rules: RuleSet) -> None:
    """People, exams with their results, and SKB nilai of those who went on."""
    needs, places = _needs(nation.needs)
    people = nation.people.with_row_index("id", offset=1).join(
        places, left_on="formasi", right_on="kode", maintain_order="left"
    )
    nilai = {
        part.part: PointsCurve(part.reference_form).nilai(
            people[f"theta_{part.part}"].fill_null(0.0).to_numpy(),
            people[f"dijawab_{part.part}"].fill_null(0).to_numpy().astype(np.int64),
            people[f"butir_{part.part}"].to_numpy().astype(np.int64),
        )
        for part in database.pool.parts
    }
    scored = people.with_columns(pl.Series(name, points) for name, points in nilai.items())
    goes_on = decide(Table("peserta", scored), Table("formasi", nation.needs), rules)["ikut_skb"]
    with database.loading() as connection:
        for table, frame in (needs | _exams(scored, database.pool.digest, rules)).items():
            fill(connection, table, frame)
        plans, parts = _plans(nation.needs, places)
        fill(connection, "rencana_skb", plans)
        fill(connection, "bagian_rencana", parts)
        fill(connection, "nilai_skb", _skb(scored.filter(goes_on), plans, parts))


def _needs(needs: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Tables of agencies, positions and formasi; and code -> ids of each formasi."""
    instansi = needs.select("instansi", "jenis_instansi").unique().sort("instansi")
    instansi = instansi.with_row_index("id", offset=1)
    jabatan = needs.select("jabatan").unique().sort("jabatan").with_row_index("id", offset=1)
    rows = (
        needs.with_row_index("id", offset=1)
        .join(instansi.select("instansi", instansi_id="id"), on="instansi", maintain_order="left")
        .join(jabatan.select("jabatan", jabatan_id="id"), on="jabatan", maintain_order="left")
    )
    columns = ("id", "kode", "instansi_id", "jabatan_id", "kualifikasi", "lokasi")
    tables = {
        "instansi": instansi.select(
            "id", pl.col("instansi").alias("kode"), pl.col("instansi").alias("nama"),
            pl.col("jenis_instansi").alias("jenis"), pl.lit("umum").alias("bidang"),
        ),
        "jabatan": jabatan.select(
            "id", pl.col("jabatan").alias("kode"), pl.col("jabatan").alias("nama")
        ),
        "formasi": rows.select(
            *columns, "jenis_kebutuhan", "kebutuhan", pl.lit(TAHUN).alias("tahun")
        ),
    }  # fmt: skip
    return tables, rows.select("kode", "instansi_id", "jabatan_id", formasi_id="id")


def _exams(people: pl.DataFrame, pool: str, rules: RuleSet) -> dict[str, pl.DataFrame]:
    """Tables of persons, participants, sesi, sittings and results of the parts."""
    serial = pl.col("id").cast(pl.String)
    sitting = pl.lit("bangku-") + serial.str.zfill(29)
    sesi = (pl.col("id") - 1) // ROOM + 1
    present = people.filter("hadir")
    lengths = {part: pl.lit(length) for part, length in LENGTHS.items()}
    return {
        "person": people.select(
            "id", (pl.lit("99") + serial.str.zfill(14)).alias("nik"),
            (pl.lit("Peserta Contoh ") + serial).alias("nama"), "tanggal_lahir",
            pl.lit("P").alias("jenis_kelamin"),
        ),
        "peserta": people.select(
            "id", "nomor", pl.col("id").alias("person_id"), "formasi_id",
            pl.lit(False).alias("netra"), "jenjang", "ipk",
        ),
        "titik_lokasi": pl.DataFrame({"id": [1], "nama": ["Bangku"], "zona": ["Asia/Jakarta"]}),
        "sesi": people.select(sesi.alias("id").unique().sort()).with_columns(
            (pl.lit("Sesi ") + pl.col("id").cast(pl.String)).alias("nama"),
            pl.lit(1).alias("titik_lokasi_id"), pl.lit("A").alias("ruang"),
            pl.lit(0).alias("starts_at"), pl.lit(True).alias("is_closed"),
        ),
        "sitting": people.select(
            sitting.alias("id"), sesi.alias("sesi_id"), pl.col("id").alias("peserta_id"),
            ((pl.col("id") - 1) % ROOM + 1).alias("seat"), pl.lit("-").alias("pin_hash"),
            pl.lit(pool).alias("pool_digest"),
            pl.lit(rules.digest).alias("rules_digest"), pl.lit("adaptif").alias("mode"),
            pl.col("id").alias("seed"), pl.lit(6000).alias("seconds"),
            pl.when("hadir").then(pl.lit("finished")).otherwise(pl.lit("waiting")).alias("phase"),
            pl.lit(0).alias("event_count"), pl.lit(0).alias("answered"),
            pl.col("id").alias("last_at"), pl.lit("-").alias("seal"),
        ),
        "part_result": pl.concat(
            present.select(
                sitting.alias("sitting_id"), pl.lit(part).alias("part"),
                pl.lit(position).alias("position"), pl.col(f"theta_{part}").alias("theta"),
                pl.lit(0.3).alias("se"), pl.col(part).alias("nilai"),
                pl.lit(9.5).alias("nilai_se"),
                pl.lit(rules.get_bagian(part).nilai_maks).alias("maximum"),
                pl.col(f"dijawab_{part}").alias("answered"), lengths[part].alias("length"),
                pl.lit(1).alias("reason"),
            )
            for position, part in enumerate(LENGTHS)
        ),
    }  # fmt: skip


def _plans(needs: pl.DataFrame, places: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tables of the SKB plans and of their parts."""
    keys = ["instansi_id", "jabatan_id"]
    chosen = needs.join(places, on="kode").unique(keys, keep="first").sort(keys)
    chosen = chosen.with_row_index("id", offset=1)
    stamped = {"tahun": TAHUN, "dasar": "Contoh", "saved_by": "bangku", "saved_at": 0}
    plans = chosen.select("id", *keys).with_columns(
        pl.lit(value).alias(name) for name, value in stamped.items()
    )
    parts = pl.concat(
        chosen.filter(pl.col(f"skb_{n}_maks").is_not_null()).select(
            pl.col("id").alias("rencana_id"), pl.lit(n).alias("urut"),
            pl.lit(f"tes_{n}").alias("jenis"), pl.lit(f"Tes {n}").alias("nama"),
            pl.col(f"skb_{n}_maks").alias("maks"), pl.col(f"skb_{n}_bobot").alias("bobot"),
            pl.col(f"skb_{n}_minimum").is_not_null().alias("menggugurkan"),
            pl.col(f"skb_{n}_minimum").alias("minimum"),
        )
        for n in (1, 2, 3)
    ).with_row_index("id", offset=1)  # fmt: skip
    return plans, parts


def _skb(people: pl.DataFrame, plans: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """The nilai of every test that was planned for somebody; absence is a row without nilai."""
    keys = ["instansi_id", "jabatan_id"]
    of_plan = plans.select(*keys, rencana_id="id")
    return pl.concat(
        people.select("id", *keys, pl.col(f"skb_{n}").alias("nilai"))
        .join(of_plan, on=keys)
        .join(parts.filter(pl.col("urut") == n).select("rencana_id", bagian_id="id"), "rencana_id")
        .select(
            pl.col("id").alias("peserta_id"), "bagian_id", pl.lit(1).alias("versi"), "nilai",
            pl.lit("bangku").alias("entered_by"), pl.lit(0).alias("entered_at"),
        )
        for n in (1, 2, 3)
    )  # fmt: skip


if __name__ == "__main__":
    main()
