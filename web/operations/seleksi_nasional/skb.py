"""The SKB of a year in bulk: what is planned, and the last version of every nilai."""

from __future__ import annotations

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.seleksi import kolom
from web.operations.bulk import AnySelect, read_frame
from web.tables import BagianRencana, Formasi, NilaiSKB, Peserta, RencanaSKB

DECIMAL = pl.Decimal(9, 3)


def plans_of_year(session: Session, tahun: int) -> pl.DataFrame:
    """One row for each part of each plan, numbered from 1 in its plan."""
    chosen = (
        select(
            RencanaSKB.instansi_id,
            RencanaSKB.jabatan_id,
            BagianRencana.id,
            BagianRencana.urut,
            BagianRencana.maks,
            BagianRencana.bobot,
            BagianRencana.menggugurkan,
            BagianRencana.minimum,
        )
        .join(BagianRencana.rencana)
        .where(RencanaSKB.tahun == tahun)
    )
    schema = {
        "instansi_id": pl.Int64,
        "jabatan_id": pl.Int64,
        "bagian_id": pl.Int64,
        "urut": pl.Int64,
        "maks": DECIMAL,
        "bobot": pl.Int64,
        "menggugurkan": pl.Boolean,
        "minimum": DECIMAL,
    }
    plan = ["instansi_id", "jabatan_id"]
    rows = read_frame(session, chosen, schema).sort(*plan, "urut", "bagian_id")
    return rows.with_columns(
        urut=pl.int_range(1, pl.len() + 1).over(plan),
        minimum=pl.when("menggugurkan").then(pl.col("minimum").fill_null(0)),
    )


def numbers(plans: pl.DataFrame) -> list[int]:
    """The numbers that parts have in any plan."""
    return plans["urut"].unique().sort().to_list()


def with_plans(needs: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """The formasi with the columns of what is planned for each part."""
    keys = ["instansi_id", "jabatan_id"]
    for number in numbers(plans):
        names = [column.name for column in kolom.skb_plan(number)]
        own = plans.filter(pl.col("urut") == number).select(
            *keys,
            *(pl.col(c).alias(n) for c, n in zip(("maks", "bobot", "minimum"), names, strict=True)),
        )
        needs = needs.join(own, on=keys, how="left", maintain_order="left")
    return needs


def skb_of_year(session: Session, tahun: int) -> pl.DataFrame:
    """The last version of every nilai, one column for each part."""
    chosen = of_year(
        select(NilaiSKB.peserta_id, NilaiSKB.bagian_id, NilaiSKB.versi, NilaiSKB.nilai).join(
            NilaiSKB.peserta
        ),
        tahun,
    )
    schema = {
        "peserta_id": pl.Int64,
        "bagian_id": pl.Int64,
        "versi": pl.Int64,
        "nilai": DECIMAL,
    }
    rows = (
        read_frame(session, chosen, schema)
        .sort("versi")
        .unique(["peserta_id", "bagian_id"], keep="last")
        .join(plans_of_year(session, tahun).select("bagian_id", "urut"), on="bagian_id")
    )
    found = rows.group_by("peserta_id").agg(entered=pl.len())
    for (number,), own in sorted(rows.partition_by("urut", as_dict=True).items()):
        points = own.select("peserta_id", pl.col("nilai").alias(kolom.skb_points(number).name))
        found = found.join(points, on="peserta_id", how="left")
    return found


def of_year(statement: AnySelect, tahun: int) -> AnySelect:
    """A statement that joins Peserta, for the people of one year."""
    return statement.join(Peserta.formasi).where(Formasi.tahun == tahun)
