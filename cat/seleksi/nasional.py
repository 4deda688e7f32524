"""A whole selection from table to table: score, pass, rank, integrate, give out every post."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.ruleset import RuleSet
from cat.scoring.scale import ReferenceForm
from cat.seleksi.berkas import Table, parts_of
from cat.seleksi.kolom import Final
from cat.seleksi.pemeriksaan import check_needs, check_people, own_formasi
from cat.seleksi.tahap_akhir import Akhir, decide_final
from cat.seleksi.tahap_skd import SKD, decide_skd

Ints = NDArray[np.int64]

# Outcomes after SKB -> the role of the code that a year prints for them.
_ROLES = {
    Final.LULUS: "lulus_akhir",
    Final.TIDAK_LULUS: "tidak_lulus_akhir",
    Final.GUGUR_SKB: "gugur_skb",
    Final.SKB_TIDAK_LENGKAP: "tidak_hadir",
}


def check(people: Table, needs: Table, rules: RuleSet) -> Ints:
    """Check both tables cell by cell.

    Returns (J,) row number of each person's formasi. Raises BadTable, naming the first bad cell.
    """
    check_needs(needs, rules)
    check_people(people, parts_of(needs), rules)
    return own_formasi(people, needs)


def decide(
    people: Table,
    needs: Table,
    rules: RuleSet,
    forms: Mapping[str, ReferenceForm] | None = None,
) -> pl.DataFrame:
    """What the selection comes to for everybody, in the order of the people table.

    people, needs : with the columns of `cat.seleksi.kolom`; the final columns appear where the
        formasi plan SKB parts.
    forms : part -> reference form, where the people table holds theta instead of nilai.

    Raises BadTable, naming column, row, value and rule; BadInput where a form is missing.
    """
    own = check(people, needs, rules)
    skd = decide_skd(people, own, needs, rules, forms)
    result = _skd_columns(people, skd)
    if not parts_of(needs):
        return result
    akhir = decide_final(people, skd, needs, rules)
    return result.hstack(_final_columns(people, needs, skd, akhir, rules))


def write_whole(result: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file so that others see the old content or the new one, never half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        result.write_parquet(unfinished, compression="zstd", compression_level=1)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def summary(result: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many people there are under each code: column -> code -> people."""
    names = [name for name in ("kode_skd", "hasil_akhir", "kode_akhir") if name in result.columns]
    return {
        name: dict(result[name].drop_nulls().cast(pl.String).value_counts(sort=True).iter_rows())
        for name in names
    }


def _skd_columns(people: Table, skd: SKD) -> pl.DataFrame:
    present = pl.Series(skd.present)
    points = {part: _where(present, skd.nilai[:, i]) for i, part in enumerate(PARTS)}
    ranked = pl.Series(skd.rank > 0)
    return pl.DataFrame(
        {
            "nomor": people.frame["nomor"],
            "formasi": people.frame["formasi"],
            **points,
            "total": _where(present, skd.nilai.sum(axis=1)),
            "lulus_ambang_batas": skd.passes,
            "peringkat_skd": _where(ranked, skd.rank),
            "di_depan": _where(ranked, skd.ahead),
            "ikut_skb": skd.goes_on,
            "kode_skd": skd.kode,
        }
    )


def _final_columns(
    people: Table, needs: Table, skd: SKD, akhir: Akhir, rules: RuleSet
) -> pl.DataFrame:
    """Made for those who went on to SKB, then spread over everybody."""
    complete, ranked = pl.Series(akhir.complete), pl.Series(akhir.ranking.rank > 0)
    places = rules.integrasi.desimal_tampil
    formasi = np.where(akhir.ranking.placed, skd.own[akhir.who], akhir.moves.target)
    placed = pl.Series(formasi >= 0)
    codes = needs.frame["kode"].cast(pl.String)
    some = pl.DataFrame(
        {
            "skd_100": _decimal(complete, akhir.skd_100, places),
            "skb_100": _decimal(complete, akhir.skb_100, places),
            "akhir": _decimal(complete, akhir.akhir, places),
            "akhir_pembilang": _where(complete, akhir.contenders.pembilang, pl.Int64),
            "akhir_penyebut": _where(complete, akhir.contenders.penyebut, pl.Int64),
            "peringkat_akhir": _where(ranked, akhir.ranking.rank),
            "hasil_akhir": pl.Series(list(Final), dtype=pl.Enum(Final)).gather(
                akhir.outcome.astype(np.uint32)
            ),
            "formasi_akhir": _masked(placed, codes.gather(np.maximum(formasi, 0))),
            "kode_akhir": _final_codes(people, akhir, rules),
        }
    )
    at = np.full(people.frame.height, len(akhir.who), dtype=np.uint32)
    at[akhir.who] = np.arange(len(akhir.who))
    nobody = pl.DataFrame(
        {"hasil_akhir": [Final.TIDAK_IKUT_SKB]}, schema={"hasil_akhir": pl.Enum(Final)}
    )
    everyone = pl.concat([some, nobody], how="diagonal")[at]
    ended_before = pl.col("hasil_akhir") == Final.TIDAK_IKUT_SKB.value
    kode = pl.when(ended_before).then(skd.kode).otherwise(pl.col("kode_akhir"))
    return everyone.with_columns(kode_akhir=kode)


def _final_codes(people: Table, akhir: Akhir, rules: RuleSet) -> pl.Series:
    """The printed code: of the outcome, of the step that moved the person, or the one given."""
    by_role = {row.peran: row.kode for row in rules.kode_hasil if row.peran}
    of_outcome = pl.Series([by_role.get(_ROLES.get(each, "")) for each in Final], dtype=pl.String)
    steps = pl.Series([None, *(step.kode for step in rules.optimalisasi)], dtype=pl.String)
    columns = [
        steps.gather((akhir.moves.step + 1).astype(np.uint32)),
        of_outcome.gather(akhir.outcome.astype(np.uint32)),
    ]
    if people.has("status_akhir"):
        given = people.frame["status_akhir"].cast(pl.String)
        columns.insert(0, given.gather(akhir.who.astype(np.uint32)))
    return pl.select(pl.coalesce(columns)).to_series()


def _where(shown: pl.Series, values: Ints, kind: type[pl.DataType] = pl.Int32) -> pl.Series:
    return _masked(shown, pl.Series(values).cast(kind))


def _masked(shown: pl.Series, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(shown).then(values)).to_series()


def _decimal(shown: pl.Series, units: Ints, places: int) -> pl.Series:
    """Whole units of the last place as a decimal column."""
    whole = pl.Series(units).cast(pl.Decimal(18, places)) / 10**places
    return _masked(shown, whole.cast(pl.Decimal(places + 3, places)))
