"""Who goes on to SKB for posts that stay empty because too few reach the ambang batas?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cat.ketentuan.ambang_batas import MinimumTable, reaches_many
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.peringkat import Claims, Integers, Ranking, rank_skd
from cat.ketentuan.ruleset import RuleSet


def rank_reserve(
    formasi: Integers,
    jenis: NDArray[np.str_],
    nilai: Integers,
    passes: Claims,
    present: Claims,
    kebutuhan: Integers,
    rules: RuleSet,
) -> Ranking:
    """Rank those who fail the ambang batas but reach the lower minimums kept in reserve.

    Of each formasi as many posts are empty as it has more posts than people who pass; for each of
    them the best `terbaik_per_kebutuhan` go on, and all who equal the last of these.

    formasi, nilai, present, kebutuhan : as for `rank_skd`.
    jenis : (J,) jenis kebutuhan; those without a reserve row are not ranked.
    passes : (J,) whether the ordinary ambang batas is reached: they go on by `rank_skd`.

    Raises BadInput as `rank_skd`.  PermenPANRB 61/2018 for the rows that ship with 2018.
    """
    rows = rules.ambang_cadangan
    table = MinimumTable(
        kode=rules.kode,
        jenis_kebutuhan=tuple(row.jenis_kebutuhan for row in rows),
        minimum=np.array(
            [[row.minimums.get(part, 0) for part in (*PARTS, TOTAL)] for row in rows],
            dtype=np.int64,
        ).reshape(-1, len(PARTS) + 1),
    )
    eligible = np.isin(jenis, table.jenis_kebutuhan) & present & ~passes
    reached = np.zeros(len(formasi), dtype=np.bool_)
    reached[eligible] = reaches_many(nilai[eligible], table.rows(jenis[eligible]), table)

    passing = np.bincount(formasi[passes & present], minlength=len(kebutuhan))
    best = {row.jenis_kebutuhan: row.terbaik_per_kebutuhan for row in rows}
    places = np.zeros(len(kebutuhan), dtype=np.int64)
    places[formasi[eligible]] = [best[str(name)] for name in jenis[eligible]]
    places *= np.maximum(kebutuhan - passing, 0)
    plain = replace(rules, pemeringkatan=replace(rules.pemeringkatan, faktor_kebutuhan=1))
    return rank_skd(formasi, nilai, reached, present, places, plain)
