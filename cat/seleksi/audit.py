"""A selection as plain tables of whole numbers, for an auditor who ranks it again in SQL.

The statements stand in docs/audit; their tables are named and laid out in docs/audit/tabel.sql.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from cat.ketentuan.ambang_batas import MinimumTable
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.pasal import OUTCOMES
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.section import broken
from cat.seleksi import kolom
from cat.seleksi.berkas import Rule, Table, parts_of, thousandths
from cat.seleksi.kolom import Final
from cat.seleksi.nilai_akhir import rounded

# What the statements have room for.
MOST_PARTS = 4
_MOST = 2**63 - 1
MISSING = -1
_SKD = ("total", "tkp", "tiu", "twk")
_ORDER = {"pemeringkatan": _SKD, "integrasi": ("akhir", *_SKD, "ipk", "usia")}


def audit_tables(
    people: Table, needs: Table, rules: RuleSet, result: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables under their names; the order of their columns is that of tabel.sql.

    people, needs : accepted tables. result : what `cat.seleksi.nasional.decide` made of them.

    Raises BadTable for an SKB that 64-bit integers in SQL cannot hold: over four parts, full marks
    that are no whole points or too large together. Raises BadRules for rules with another order
    among equals than that of the statements.
    """
    orders = {"pemeringkatan": rules.pemeringkatan.urutan, "integrasi": rules.integrasi.urutan}
    for name, order in orders.items():
        if order != _ORDER[name]:
            rule = f"SQL untuk pemeriksa memakai urutan {', '.join(_ORDER[name])}"
            raise broken(f"{rules.kode}: {name}: urutan", ", ".join(order), rule)
    return {
        "aturan": _rules(rules),
        "ambang_batas": _minimums(rules),
        "formasi": _needs(needs, rules),
        "peserta": _people(people, parts_of(needs), rules, result),
        "hasil_sistem": _result(needs, result),
    }


def write_audit(tables: dict[str, pl.DataFrame], folder: Path) -> None:
    """Write each table as CSV with a line of column names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")


def _rules(rules: RuleSet) -> pl.DataFrame:
    numbers = {
        "faktor_kebutuhan": rules.pemeringkatan.faktor_kebutuhan,
        "bobot_skd": rules.integrasi.bobot_skd,
        "bobot_skb": rules.integrasi.bobot_skb,
        "skd_maks": rules.integrasi.skd_maks,
    }
    names = ("kode_lanjut", "kode_di_luar", "kode_tidak_lulus", "kode_tidak_hadir")
    codes = dict(zip(names, map(rules.kode_for, OUTCOMES), strict=True))
    return pl.DataFrame([numbers | codes])


def _minimums(rules: RuleSet) -> pl.DataFrame:
    table = MinimumTable.of(rules)
    points = pl.DataFrame(table.minimum, schema=[*PARTS, "total"])
    return pl.DataFrame({"jenis_kebutuhan": table.jenis_kebutuhan}).hstack(points)


def _needs(needs: Table, rules: RuleSet) -> pl.DataFrame:
    parts = parts_of(needs)
    if parts > MOST_PARTS:
        name = kolom.skb_plan(MOST_PARTS + 1)[0].name
        raise needs.problem(name, None, None, f"paling banyak {MOST_PARTS} tes SKB")
    plan: list[pl.Expr] = []
    marks: list[pl.Expr] = []
    for number in range(1, MOST_PARTS + 1):
        maks, bobot, minimum = (column.name for column in kolom.skb_plan(number))
        if number > parts:
            plan += [pl.lit(0).alias(f"{each}_{number}") for each in ("maks", "bobot", "minimum")]
            continue
        needs.check([Rule(maks, thousandths(maks) % 1000 == 0, "harus poin bulat untuk SQL")])
        marks.append((thousandths(maks) // 1000).fill_null(0))
        plan += [
            marks[-1].alias(f"maks_{number}"),
            pl.col(bobot).cast(pl.Int64).fill_null(0).alias(f"bobot_{number}"),
            thousandths(minimum).fill_null(0).alias(f"minimum_{number}"),
        ]
    if marks:
        # 100 x the common denominator of peringkat_akhir.sql, as floats far enough from the limit.
        scale = pl.lit(100.0 * 100 * 1000 * rules.integrasi.skd_maks)
        for mark in marks:
            scale = scale * pl.max_horizontal(mark, 1).cast(pl.Float64)
        needs.check([Rule("skb_1_maks", scale < _MOST / 2, "nilai penuh terlalu besar untuk SQL")])
    return needs.frame.select("kode", "jenis_kebutuhan", "kebutuhan", *plan)


def _people(people: Table, parts: int, rules: RuleSet, result: pl.DataFrame) -> pl.DataFrame:
    frame = people.frame.with_columns(result[part] for part in PARTS)
    free = rules.nilai_lama is not None and not rules.nilai_lama.penuhi_ambang_batas

    def given(name: str, otherwise: pl.Expr, value: pl.Expr | None = None) -> pl.Expr:
        found = (pl.col(name) if value is None else value) if people.has(name) else otherwise
        return found.alias(name)

    reuses = pl.col("nilai_lama") if free and people.has("nilai_lama") else pl.lit(False)
    points = [
        (thousandths(f"skb_{n}").fill_null(MISSING) if n <= parts else pl.lit(MISSING)).alias(
            f"skb_{n}"
        )
        for n in range(1, MOST_PARTS + 1)
    ]
    nothing = pl.lit(None, dtype=pl.String)
    return frame.select(
        "nomor",
        "formasi",
        pl.col("hadir").cast(pl.Int8),
        reuses.fill_null(False).cast(pl.Int8).alias("bebas_ambang_batas"),
        given("status_skd", nothing),
        *(pl.col(part).fill_null(0) for part in PARTS),
        given("status_akhir", nothing),
        *points,
        given("jenjang", nothing),
        given("ipk", pl.lit(MISSING), thousandths("ipk").fill_null(MISSING)),
        given("tanggal_lahir", nothing).alias("lahir"),
        given("putusan", pl.lit(0), pl.col("putusan").fill_null(0)),
    )


def _result(needs: Table, result: pl.DataFrame) -> pl.DataFrame:
    has_final = "akhir" in result.columns
    posts = needs.frame.select(formasi="kode", kebutuhan="kebutuhan")
    frame = result.join(posts, on="formasi", how="left", maintain_order="left")
    if not has_final:
        frame = frame.with_columns(peringkat_akhir=0, hasil_akhir=pl.lit(""))
    rank = pl.col("peringkat_akhir").fill_null(0)
    has_post = pl.col("hasil_akhir").cast(pl.String) == Final.LULUS.value
    # Equals at the cut of the own formasi; optimalisasi has others that SQL does not look at.
    waits = (rank > 0) & (rank <= pl.col("kebutuhan")) & ~has_post
    return frame.select(
        "nomor",
        pl.col("peringkat_skd").fill_null(0),
        pl.col("ikut_skb").cast(pl.Int8),
        "kode_skd",
        _exact(result) if has_final else pl.lit(MISSING).alias("akhir"),
        rank,
        has_post.cast(pl.Int8).alias("lulus"),
        waits.cast(pl.Int8).alias("menunggu_putusan"),
    )


def _exact(result: pl.DataFrame) -> pl.Series:
    """The final value in thousandths, whatever number of decimals the rules show."""
    shown = result["akhir_pembilang"].is_not_null()
    above, below = (
        result[name].fill_null(1).to_numpy() for name in ("akhir_pembilang", "akhir_penyebut")
    )
    units = pl.Series(rounded(above, below, 3))
    return pl.select(pl.when(shown).then(units).otherwise(MISSING).alias("akhir")).to_series()
