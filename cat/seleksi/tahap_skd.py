"""The SKD of everybody at once: nilai, ambang batas, peringkat, and who goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.ambang_batas import MinimumTable, reaches_many
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.peringkat import rank_skd
from cat.ketentuan.ruleset import RuleSet
from cat.scoring.scale import ReferenceForm
from cat.scoring.scale_many import PointsCurve
from cat.seleksi.berkas import Table

Ints = NDArray[np.int64]
Claims = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SKD:
    """What the SKD came to; all arrays (J,) but nilai.

    own : row number of the formasi. nilai : (J, 3) points, 0 for the absent.
    goes_on : to SKB. kode : printed code, a text column.
    """

    own: Ints
    nilai: Ints
    present: Claims
    passes: Claims
    rank: Ints
    ahead: Ints
    goes_on: Claims
    kode: pl.Series


def decide_skd(
    people: Table,
    own: Ints,
    needs: Table,
    rules: RuleSet,
    forms: Mapping[str, ReferenceForm] | None = None,
) -> SKD:
    """Nilai, ambang batas and ranking of everybody.

    people, needs : tables that `cat.seleksi.pemeriksaan` has accepted.
    own : (J,) row number of each person's formasi.
    forms : part -> reference form, needed where the table holds theta instead of nilai.

    Raises BadInput where a form is missing or gives more points than the rules know.
    """
    present = people.frame["hadir"].to_numpy()
    nilai = np.zeros((len(own), len(PARTS)), dtype=np.int64)
    for column, part in enumerate(PARTS):
        nilai[:, column] = _nilai(people, part, present, rules, forms or {})
    table = MinimumTable.of(rules)
    rows = table.rows(needs.frame["jenis_kebutuhan"].cast(pl.String).to_numpy())
    passes = present & (reaches_many(nilai, rows[own], table) | _counts_as_reached(people, rules))
    status = _status(people, "status_skd")
    stays = status.is_null().to_numpy()
    posts = needs.frame["kebutuhan"].cast(pl.Int64).to_numpy()
    ranking = rank_skd(own, nilai, passes, present & stays, posts, rules)
    kode = pl.Series(ranking.kode) if stays.all() else _given(ranking.kode, status)
    # "1, 1, 3": the place in the list, not the number of different results before it.
    place = np.where(ranking.rank > 0, ranking.ahead + 1, 0)
    return SKD(own, nilai, present, passes, place, ranking.ahead, ranking.goes_on, kode)


def _nilai(
    people: Table,
    part: str,
    present: Claims,
    rules: RuleSet,
    forms: Mapping[str, ReferenceForm],
) -> Ints:
    if people.has(part):
        given = people.frame[part].cast(pl.Int64).fill_null(0).to_numpy()
        return np.asarray(np.where(present, given, 0))
    if part not in forms:
        raise BadInput(f"{people.source}: theta_{part} memerlukan pool dengan paket acuan {part}")
    most = rules.get_bagian(part).nilai_maks
    if forms[part].maximum > most:
        raise BadInput(f"paket acuan {part} bernilai {forms[part].maximum}, ketentuan {most}")
    names = (f"theta_{part}", f"dijawab_{part}", f"butir_{part}")
    theta, answered, length = (people.frame[name].to_numpy()[present] for name in names)
    found = np.zeros(len(present), dtype=np.int64)
    found[present] = PointsCurve(forms[part]).nilai(
        theta.astype(np.float64), answered.astype(np.int64), length.astype(np.int64)
    )
    return found


def _counts_as_reached(people: Table, rules: RuleSet) -> Claims | bool:
    """Who uses an earlier SKD in a year that does not hold it against its own minimums."""
    rule = rules.nilai_lama
    if rule is None or rule.penuhi_ambang_batas or not people.has("nilai_lama"):
        return False
    return people.frame["nilai_lama"].fill_null(False).to_numpy()


def _status(people: Table, name: str) -> pl.Series:
    if people.has(name):
        return people.frame[name].cast(pl.String)
    return pl.repeat(None, people.frame.height, dtype=pl.String, eager=True)


def _given(kode: NDArray[np.str_], status: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(status, pl.Series(kode))).to_series()
