"""Invented selections in which many people stand equal, at every step of the chain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import nasional
from cat.seleksi.audit import audit_tables
from cat.seleksi.berkas import Table
from seeds.ketentuan_files import read_rule_sets

RULES: RuleSet = read_rule_sets()[-1]
AUDIT = Path(__file__).resolve().parents[3] / "docs" / "audit"
JENIS = ("umum", "umum", "umum", "cumlaude", "disabilitas", "papua")
# Full marks, weight, least points; several plans so that formasi differ in their denominators.
PLANS: tuple[tuple[tuple[int, int, int | None], ...], ...] = (
    ((550, 100, None),),
    ((500, 60, None), (100, 40, None)),
    ((550, 50, None), (677, 35, None), (100, 15, 40)),
)
DECIMAL = pl.Decimal(9, 3)


def create_needs(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Formasi from what differs from a plain one; `rencana` numbers one of PLANS."""
    parts = max(map(len, PLANS))
    columns: dict[str, list[Any]] = {}
    for number, row in enumerate(rows):
        plan = PLANS[row.get("rencana", 0)]
        full = {
            "kode": f"F{number:04}",
            "jenis_kebutuhan": "umum",
            "kebutuhan": 1,
            "instansi": "I1",
            "jenis_instansi": "daerah",
            "jabatan": "J1",
            "kualifikasi": "S-1 Contoh",
            "lokasi": "L1",
            **{name: value for name, value in row.items() if name != "rencana"},
        }
        for part in range(parts):
            maks, bobot, minimum = plan[part] if part < len(plan) else (None, None, None)
            full[f"skb_{part + 1}_maks"] = maks
            full[f"skb_{part + 1}_bobot"] = bobot
            full[f"skb_{part + 1}_minimum"] = minimum
        for name, value in full.items():
            columns.setdefault(name, []).append(value)
    decimals = {f"skb_{n}_{what}": DECIMAL for n in range(1, 4) for what in ("maks", "minimum")}
    whole = {"kebutuhan": pl.Int64, **{f"skb_{n}_bobot": pl.Int64 for n in range(1, 4)}}
    return pl.DataFrame(columns, schema_overrides=decimals | whole)


def create_people(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """People from what differs from somebody who sat everything and passed."""
    plain: dict[str, Any] = {
        "formasi": "F0000",
        "hadir": True,
        "twk": 100,
        "tiu": 110,
        "tkp": 190,
        "nilai_lama": False,
        "status_skd": None,
        "status_akhir": None,
        "jenjang": "S1",
        "ipk": Decimal("3.50"),
        "tanggal_lahir": date(1995, 8, 5),
        "putusan": None,
        "skb_1": Decimal(300),
        "skb_2": None,
        "skb_3": None,
    }
    kinds: dict[str, Any] = {
        "nomor": pl.String,
        "formasi": pl.String,
        "hadir": pl.Boolean,
        **dict.fromkeys(("twk", "tiu", "tkp", "putusan"), pl.Int64),
        "nilai_lama": pl.Boolean,
        **dict.fromkeys(("status_skd", "status_akhir", "jenjang"), pl.String),
        **dict.fromkeys(("ipk", "skb_1", "skb_2", "skb_3"), DECIMAL),
        "tanggal_lahir": pl.Date,
    }
    full = [{"nomor": f"P{number:05}", **plain, **row} for number, row in enumerate(rows)]
    return pl.DataFrame(full, schema=kinds)


def tied_world(people: int, formasi: int, seed: int) -> tuple[Table, Table]:
    """So few different results that most people have equals, with all that can befall them."""
    rng = np.random.default_rng(seed)

    def choose(values: list[Any], count: int, chances: list[float] | None = None) -> list[Any]:
        return [values[i] for i in rng.choice(len(values), count, p=chances)]

    plan = rng.integers(0, len(PLANS), formasi).tolist()
    needs = create_needs(
        [
            {"rencana": p, "kebutuhan": k, "jenis_kebutuhan": j, "lokasi": place, "instansi": i}
            for p, k, j, place, i in zip(
                plan,
                choose([0, 1, 2, 5], formasi),
                choose(list(JENIS), formasi),
                choose(["L1", "L2"], formasi),
                choose([f"I{n}" for n in range(max(1, formasi // 4))], formasi),
                strict=True,
            )
        ]
    )
    own = rng.integers(0, formasi, people).tolist()
    halves = [Decimal(step) / 2 for step in range(100, 140, 13)]
    rows = [
        {
            "formasi": f"F{own[n]:04}",
            "hadir": sat,
            "twk": twk if sat else None,
            "tiu": tiu if sat else None,
            "tkp": tkp if sat else None,
            "nilai_lama": old,
            "status_skd": first,
            "status_akhir": later,
            "jenjang": level,
            "ipk": ipk,
            "tanggal_lahir": born,
            "putusan": order,
            **{
                f"skb_{part + 1}": (points[part] if part < len(PLANS[plan[own[n]]]) else None)
                for part in range(3)
            },
        }
        for n, (
            sat,
            twk,
            tiu,
            tkp,
            old,
            first,
            later,
            level,
            ipk,
            born,
            order,
            *points,
        ) in enumerate(
            zip(
                choose([True, False], people, [0.95, 0.05]),
                choose([60, 70, 75], people),
                choose([80, 85, 90], people),
                choose([160, 170, 175], people),
                choose([True, False], people, [0.1, 0.9]),
                choose([None, "DIS"], people, [0.98, 0.02]),
                choose([None, "APS"], people, [0.97, 0.03]),
                choose(["S1", "D3", None], people, [0.85, 0.1, 0.05]),
                choose([Decimal("3.10"), Decimal("3.20"), None], people, [0.45, 0.45, 0.1]),
                choose([date(1995, 8, 5), date(1996, 1, 1)], people),
                choose([None, 1, 2], people),
                choose([*halves, None], people),
                choose([*halves, None], people),
                choose([Decimal("39.9"), Decimal(40), Decimal(60), None], people),
                strict=True,
            )
        )
    ]
    return Table("peserta", create_people(rows)), Table("formasi", needs)


def as_rows(people: Table, needs: Table) -> dict[str, list[tuple[Any, ...]]]:
    """What the auditor's tables hold, beside what the arrays made of it."""
    result = nasional.decide(people, needs, RULES)
    tables = audit_tables(people, needs, RULES, result)
    tables["peserta"] = tables["peserta"].with_columns(pl.col("lahir").cast(pl.String))
    return {name: table.rows() for name, table in tables.items()}
