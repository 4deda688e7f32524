"""An invented nation that applies: people and formasi as tables, the same for every run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.ketentuan.ruleset import RuleSet

# Shares of the jenis kebutuhan among formasi; agencies, positions and places are codes only.
_JENIS = {"umum": 0.80, "cumlaude": 0.06, "disabilitas": 0.06, "papua": 0.05, "diaspora": 0.03}
_INSTANSI, _JABATAN, _KUALIFIKASI, _LOKASI = 600, 400, 3, 4
_LEVELS = ("D3", "S1", "S2")
# Items of each adaptive part, answered when nobody breaks off.
LENGTHS = {"twk": 20, "tiu": 24, "tkp": 30}
# SKB plans: full marks and weights of up to three parts; the last knocks out below 40 points.
_PLANS = (
    ((550, 100), (None, None), (None, None)),
    ((500, 60), (100, 40), (None, None)),
    ((550, 50), (100, 35), (100, 15)),
)
_KNOCK_OUT = 40


@dataclass(frozen=True)
class Nation:
    """people, needs : the tables; see `cat.seleksi.kolom`."""

    people: pl.DataFrame
    needs: pl.DataFrame


def invent(persons: int, formasi: int, rules: RuleSet, seed: int = 2024) -> Nation:
    """People who apply, most for few popular formasi, some absent or withdrawn.

    The people table holds theta of each part, with the items answered, to be scored.
    """
    rng = np.random.default_rng(seed)
    needs = _needs(formasi, rules, rng)
    own = np.minimum(rng.pareto(0.9, persons) * formasi / 60, formasi - 1).astype(np.int64)
    own = rng.permutation(formasi)[own % formasi]
    return Nation(_people(own, needs, rng), needs)


def _needs(count: int, rules: RuleSet, rng: np.random.Generator) -> pl.DataFrame:
    known = {row.jenis_kebutuhan for row in rules.ambang_batas}
    jenis = [name for name in _JENIS if name in known]
    share = np.array([_JENIS[name] for name in jenis])
    # What one agency needs in one position is spread over some six formasi: places and jenis.
    group = rng.integers(0, max(1, count // 6), count)
    instansi, jabatan, kualifikasi = group % _INSTANSI, group // 7 % _JABATAN, group % _KUALIFIKASI
    plan = (instansi + 7 * jabatan) % len(_PLANS)  # one SKB for a position of an agency
    columns: dict[str, object] = {
        "kode": [f"F{number:07}" for number in range(count)],
        "jenis_kebutuhan": rng.choice(jenis, count, p=share / share.sum()),
        "kebutuhan": rng.choice([1, 2, 3, 5, 10], count, p=[0.6, 0.2, 0.1, 0.07, 0.03]),
        "instansi": _codes("I", instansi),
        "jenis_instansi": np.where(instansi % 4 == 0, "pusat", "daerah"),
        "jabatan": _codes("J", jabatan),
        "kualifikasi": _codes("K", kualifikasi),
        "lokasi": _codes("L", rng.integers(0, _LOKASI, count)),
    }
    for part in range(3):
        maks = pl.Series([_PLANS[each][part][0] for each in plan], dtype=pl.Decimal(9, 3))
        columns[f"skb_{part + 1}_maks"] = maks
        columns[f"skb_{part + 1}_bobot"] = [_PLANS[each][part][1] for each in plan]
        knocks = [part == 2 and _PLANS[each][part][0] is not None for each in plan]
        least = pl.Series([_KNOCK_OUT if each else None for each in knocks])
        columns[f"skb_{part + 1}_minimum"] = least.cast(pl.Decimal(9, 3))
    return pl.DataFrame(columns)


def _people(own: NDArray[np.int64], needs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    count = len(own)
    general = rng.normal(0.3, 0.8, count)
    present = rng.random(count) < 0.9
    columns: dict[str, pl.Series] = {
        "nomor": pl.select(
            pl.format("24{}", pl.int_range(count).cast(pl.String).str.zfill(12))
        ).to_series(),
        "formasi": needs["kode"].gather(own.astype(np.uint32)),
        "hadir": pl.Series(present),
        "status_akhir": _text(rng.random(count) < 0.002, "APS"),
        "jenjang": pl.Series(_LEVELS).gather(rng.integers(0, 3, count).astype(np.uint32)),
        "ipk": _decimal(rng.integers(275, 401, count) * 10),
        "tanggal_lahir": pl.Series(rng.integers(7_000, 13_000, count, dtype=np.int32)).cast(
            pl.Date
        ),
    }
    for part, length in LENGTHS.items():
        short = (rng.random(count) < 0.03) * rng.integers(0, length, count)
        theta = general + rng.normal(0, 0.5, count)
        columns[f"theta_{part}"] = _shown(present, pl.Series(theta))
        columns[f"dijawab_{part}"] = _shown(present, pl.Series((length - short).astype(np.int16)))
        columns[f"butir_{part}"] = pl.repeat(length, count, dtype=pl.Int16, eager=True)
    for part in range(3):
        maks = needs[f"skb_{part + 1}_maks"].gather(own.astype(np.uint32))
        most = maks.cast(pl.Float64).fill_null(0).to_numpy()
        # Results in steps of half a point, so that many stand equal.
        points = np.rint(most * np.clip(rng.normal(0.6, 0.15, count), 0, 1) * 2) * 500
        sat = maks.is_not_null().to_numpy() & (rng.random(count) < 0.99)
        columns[f"skb_{part + 1}"] = _shown(sat, _decimal(points.astype(np.int64)))
    return pl.DataFrame(columns)


def _codes(letter: str, numbers: NDArray[np.int64]) -> list[str]:
    return [f"{letter}{number:03}" for number in numbers.tolist()]


def _decimal(thousandths: NDArray[np.int64]) -> pl.Series:
    return (pl.Series(thousandths).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(9, 3))


def _text(shown: NDArray[np.bool_], text: str) -> pl.Series:
    return _shown(shown, pl.repeat(text, len(shown), eager=True))


def _shown(shown: NDArray[np.bool_], values: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(shown)).then(values)).to_series()
