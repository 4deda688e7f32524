"""Who stands where among those who want the same posts, and who goes on to SKB?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import OUTCOMES, RuleSet

Integers = NDArray[np.integer]
Claims = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Where each person stands in their formasi; all arrays (J,), read-only, in the order given.

    rank : 1 is best; persons equal in everything compared share a rank and the next rank follows
        without a gap; 0 where the person is absent or below the ambang batas.
    ahead : how many persons stand strictly before; -1 where not ranked.  A person goes on exactly
        when `ahead` is less than faktor_kebutuhan times the posts: this is the reason to show.
    goes_on : whether the person goes on to SKB.
    kode : result code of the rule set.
    """

    rank: NDArray[np.int64]
    ahead: NDArray[np.int64]
    goes_on: Claims
    kode: NDArray[np.str_]


def rank_skd(
    formasi: Integers,
    nilai: Integers,
    passes: Claims,
    present: Claims,
    kebutuhan: Integers,
    rules: RuleSet,
) -> Ranking:
    """Rank everyone within their formasi and let faktor_kebutuhan times the posts go on.

    All who are equal at the cut go on, so the list may be longer than that; it is shorter where
    fewer pass. Age, IPK and names play no part here.

    formasi : (J,) index of the formasi, 0 to G - 1.
    nilai : (J, 3) points >= 0, columns twk, tiu, tkp; rows of those not ranked are not looked at.
    passes : (J,) whether the ambang batas of the own jenis kebutuhan is reached.
    present : (J,) whether the person sat the test (or validly reuses an earlier nilai).
    kebutuhan : (G,) posts of each formasi, >= 0.

    Raises BadInput for shapes, indices, points or posts outside these bounds.
    Source: `rules.pemeringkatan.dasar_hukum`.
    """
    _check(formasi, nilai, passes, present, kebutuhan)
    ranked = np.flatnonzero(passes & present)
    keys = _keys(nilai[ranked], rules.pemeringkatan.urutan)
    dense, before = _standing(formasi[ranked], keys)

    rank = np.zeros(len(formasi), dtype=np.int64)
    ahead = np.full(len(formasi), -1, dtype=np.int64)
    rank[ranked], ahead[ranked] = dense, before
    quota = rules.pemeringkatan.faktor_kebutuhan * kebutuhan.astype(np.int64)
    goes_on = (rank > 0) & (ahead < quota[formasi])
    ranking = Ranking(rank, ahead, goes_on, _kode(goes_on, rank > 0, present, rules))
    for each in (ranking.rank, ranking.ahead, ranking.goes_on, ranking.kode):
        each.flags.writeable = False
    return ranking


def _keys(nilai: Integers, urutan: tuple[str, ...]) -> list[NDArray[np.int64]]:
    """What is compared, first things first, as numbers where smaller is better."""
    columns = dict(zip(PARTS, nilai.T.astype(np.int64), strict=True))
    columns[TOTAL] = nilai.sum(axis=1, dtype=np.int64)
    return [-columns[name] for name in urutan]


def _standing(
    formasi: Integers, keys: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Dense rank from 1, and number of persons strictly before, both within the formasi."""
    order = np.lexsort((*reversed(keys), formasi))
    opens_formasi = _differs_from_previous(formasi[order])
    opens_rank = opens_formasi.copy()
    for key in keys:
        opens_rank |= _differs_from_previous(key[order])

    place = np.arange(len(order))
    first_of_formasi = np.maximum.accumulate(np.where(opens_formasi, place, 0))
    first_of_rank = np.maximum.accumulate(np.where(opens_rank, place, 0))
    ranks_so_far = np.cumsum(opens_rank)

    dense, before = np.empty_like(place), np.empty_like(place)
    dense[order] = ranks_so_far - ranks_so_far[first_of_formasi] + 1
    before[order] = first_of_rank - first_of_formasi
    return dense, before


def _differs_from_previous(values: Integers) -> Claims:
    differs = np.ones(len(values), dtype=np.bool_)
    differs[1:] = values[1:] != values[:-1]
    return differs


def _kode(goes_on: Claims, ranked: Claims, present: Claims, rules: RuleSet) -> NDArray[np.str_]:
    codes = np.array([rules.kode_for(outcome) for outcome in OUTCOMES])
    which = np.select(
        [~present, goes_on, ranked],
        [OUTCOMES.index(name) for name in ("tidak_hadir", "lanjut", "lulus_di_luar_kuota")],
        default=OUTCOMES.index("tidak_lulus"),
    )
    printed: NDArray[np.str_] = codes[which]
    return printed


def _check(
    formasi: Integers, nilai: Integers, passes: Claims, present: Claims, kebutuhan: Integers
) -> None:
    people = formasi.shape
    if formasi.ndim != 1 or passes.shape != people or present.shape != people:
        raise BadInput("formasi, passes and present must all be (J,)")
    if nilai.shape != (*people, len(PARTS)) or kebutuhan.ndim != 1:
        raise BadInput(f"nilai must be (J, 3) and kebutuhan (G,); nilai is {nilai.shape}")
    if passes.dtype != np.bool_ or present.dtype != np.bool_:
        raise BadInput(f"passes and present must be bool; got {passes.dtype}, {present.dtype}")
    if any(each.dtype.kind not in "iu" for each in (formasi, nilai, kebutuhan)):
        raise BadInput("formasi, nilai and kebutuhan must be integers: points carry no fractions")
    if len(formasi) and not (formasi.min() >= 0 and formasi.max() < len(kebutuhan)):
        raise BadInput(f"formasi must lie in [0, {len(kebutuhan)})")
    if (kebutuhan < 0).any():
        raise BadInput(f"kebutuhan must be >= 0; formasi {int(np.argmin(kebutuhan))} has less")
    if (nilai[passes & present] < 0).any():
        raise BadInput("nilai must be >= 0 for everyone who is ranked")
