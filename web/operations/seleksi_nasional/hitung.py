"""The selection of a year decided at once, and its lists as an announcement stores them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy.orm import Session

from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import kolom, nasional
from cat.seleksi.berkas import parts_of
from web.operations.bulk import insert_frame
from web.operations.seleksi.baris import NILAI_LAMA, UJIAN
from web.operations.seleksi_nasional.bacaan import Bacaan, read_year
from web.tables import Hasil


@dataclass(frozen=True, eq=False)
class Keputusan:
    """What was read, and what it came to; `result` has the rows of `read.people` in their order."""

    read: Bacaan
    result: pl.DataFrame


def decide_year(session: Session, tahun: int, rules: RuleSet) -> Keputusan:
    """Decide the selection of a year from the tables; nothing is written.

    Raises BadTable naming the participant or formasi that breaks a rule.
    """
    read = read_year(session, tahun, rules)
    return Keputusan(read, nasional.decide(read.people, read.needs, rules))


def skd_rows(decided: Keputusan) -> pl.DataFrame:
    """The SKD list of every formasi, row by row as `web.operations.seleksi.baris` composes it.

    Returns the columns of Hasil but pengumuman_id, `data` as JSON text, in printed order.
    """
    people, result = decided.read.people.frame, decided.result
    own = people.select(
        "peserta_id",
        "formasi_id",
        "ujian",
        "tahun_asal",
        "nilai_lama",
        "hadir",
        "status_skd",
        "usul",
    )
    skd = result.select(
        "nomor", "formasi", *PARTS, "total", "peringkat_skd", "di_depan", "kode_skd"
    )
    frame = own.hstack(skd).with_columns(
        rank=pl.col("peringkat_skd").fill_null(0),
        usul=pl.when(pl.col("status_skd").is_not_null()).then("usul"),
    )
    is_unranked, fewest_last = pl.col("rank") == 0, -pl.col("total").fill_null(0)
    ordered = frame.sort("formasi", is_unranked, "rank", ~pl.col("hadir"), fewest_last, "nomor")
    return ordered.select(
        "peserta_id",
        "formasi_id",
        pl.int_range(1, pl.len() + 1).over("formasi").alias("urut"),
        *PARTS,
        "total",
        "rank",
        pl.col("kode_skd").alias("kode"),
        _skd_data().alias("data"),
    )


def store_rows(session: Session, pengumuman_id: int, rows: pl.DataFrame) -> None:
    """Store the rows of an announcement in bulk. rows : as `skd_rows` gives them."""
    insert_frame(
        session,
        Hasil.__table__,  # type: ignore[arg-type]
        rows.with_columns(pl.lit(pengumuman_id).alias("pengumuman_id")),
    )


def without_entry(decided: Keputusan) -> int:
    """How many people who go on to SKB have a planned test for which nothing was entered yet."""
    parts = parts_of(decided.read.needs)
    if not parts:
        return 0
    needs = decided.read.needs.frame
    planned = pl.sum_horizontal(
        pl.col(kolom.skb_plan(number)[0].name).is_not_null() for number in range(1, parts + 1)
    )
    expected = needs.select(pl.col("kode").alias("formasi"), planned.alias("planned"))
    people = decided.read.people.frame.filter(decided.result["ikut_skb"])
    return (
        people.join(expected, on="formasi")
        .filter(pl.col("entered").fill_null(0) < pl.col("planned"))
        .height
    )


def _skd_data() -> pl.Expr:
    """What Hasil.data holds of the SKD, as JSON text."""
    fields = {
        "sumber": pl.when("nilai_lama")
        .then(pl.lit(f'"{NILAI_LAMA}"'))
        .otherwise(pl.lit(f'"{UJIAN}"')),
        "tahun_asal": pl.when("nilai_lama").then(pl.col("tahun_asal").cast(pl.String)),
        "ujian": pl.when(~pl.col("nilai_lama")).then(pl.format('"{}"', "ujian")),
        "di_atasnya": pl.col("di_depan").cast(pl.String),
        "usul": pl.col("usul").cast(pl.String),
    }
    present = [pl.format('"{}": {}', pl.lit(name), value) for name, value in fields.items()]
    inside = pl.concat_list(present).list.drop_nulls().list.join(", ")
    return pl.lit("{") + inside + pl.lit("}")
