"""Participants of the final ranking as the arrays that `cat.seleksi` compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.mengapa_akhir import deciding
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.nilai_akhir import (
    NO_MINIMUM,
    NO_PART,
    THOUSANDTHS,
    SKBPlans,
    final_weights,
)
from cat.seleksi.peringkat_akhir import UNKNOWN, Contenders, FinalRanking, rank_final
from web.tables import BagianRencana, Formasi, RencanaSKB

if TYPE_CHECKING:
    from web.operations.seleksi.akhir import Akhir

Ints = NDArray[np.int64]
IPK_STEPS = 100


def contenders(
    rows: Sequence[Akhir], plans: Mapping[int, RencanaSKB], rules: RuleSet
) -> Contenders:
    """The arrays of all rows; those who do not contend have 0 as value."""
    used = {plan.id: plan for plan in plans.values()}
    number = {plan_id: place for place, plan_id in enumerate(used)}
    weights = final_weights(_plans(list(used.values())), rules.integrasi) if used else None
    value, below = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=np.int64)
    for place, row in enumerate(rows):
        plan = plans.get(row.skd.formasi_id)
        if plan is None or weights is None:
            continue
        which = number[plan.id]
        below[place] = weights.penyebut[which]
        if row.contends:
            points = [_thousandths(test.hasil.nilai) for test in row.tests]
            worth = weights.skb[which, : len(points)]
            value[place] = weights.skd[which] * (row.skd.total or 0) + int(worth @ points)
    levels = {name: place for place, name in enumerate(sorted({_level(row) for row in rows}))}
    return Contenders(
        pembilang=value,
        penyebut=below,
        nilai=_array([[row.nilai[part] or 0 for part in PARTS] for row in rows]).reshape(-1, 3),
        jenjang=_array([levels[_level(row)] if row.peserta.jenjang else UNKNOWN for row in rows]),
        ipk=_array([_ipk(row.peserta.ipk) for row in rows]),
        lahir=_array([row.peserta.person.tanggal_lahir.toordinal() for row in rows]),
        putusan=np.zeros(len(rows), dtype=np.int64),
    )


def with_places(people: Contenders, places: Ints) -> Contenders:
    """The same people with orders that were given to them."""
    return replace(people, putusan=places)


def rank(
    rows: Sequence[Akhir], formasi: Sequence[Formasi], people: Contenders, rules: RuleSet
) -> FinalRanking:
    """The final ranking of all rows, each in its formasi."""
    contends = np.array([row.contends for row in rows], dtype=np.bool_)
    posts = _array([each.kebutuhan for each in formasi])
    return rank_final(places_of(rows, formasi), people, contends, posts, rules.integrasi)


def places_of(rows: Sequence[Akhir], formasi: Sequence[Formasi]) -> Ints:
    """(J,) place of each row's formasi among those given."""
    place = {each.id: number for number, each in enumerate(formasi)}
    return _array([place[row.skd.formasi_id] for row in rows])


def undecided_blocks(
    rows: Sequence[Akhir],
    formasi: Sequence[Formasi],
    people: Contenders,
    places: Ints,
    rules: RuleSet,
) -> list[list[int]]:
    """Positions of people who stand equal at the last post, group by group."""
    ranking = rank(rows, formasi, with_places(people, places), rules)
    groups: dict[tuple[int, int], list[int]] = {}
    for number in np.flatnonzero(ranking.undecided).tolist():
        key = (rows[number].skd.formasi_id, int(ranking.rank[number]))
        groups.setdefault(key, []).append(number)
    return list(groups.values())


def explain_ties(rows: Sequence[Akhir], rules: RuleSet) -> None:
    """Note beside each of two neighbours of equal nilai akhir what put one first."""
    ranked = sorted(
        (row for row in rows if row.rank), key=lambda row: (row.skd.formasi_id, row.rank)
    )
    for first, second in pairwise(ranked):
        same_list = first.skd.formasi_id == second.skd.formasi_id
        one, other = first.contender, second.contender
        if not same_list or one.akhir != other.akhir or first.rank == second.rank:
            continue
        try:
            second.tie = deciding(other, one, rules.integrasi)
            first.tie = first.tie or deciding(one, other, rules.integrasi)
        except BadInput:
            continue  # IPK could not decide: an order was given


def _plans(plans: Sequence[RencanaSKB]) -> SKBPlans:
    widest = max(len(plan.bagian) for plan in plans)

    def table(value: Callable[[BagianRencana], int], blank: int) -> Ints:
        return _array(
            [
                [*(value(part) for part in plan.bagian), *[blank] * (widest - len(plan.bagian))]
                for plan in plans
            ]
        )

    return SKBPlans(
        maks=table(lambda part: _thousandths(part.maks), NO_PART),
        bobot=table(lambda part: part.bobot, 0),
        minimum=table(_minimum, NO_MINIMUM),
    )


def _minimum(part: BagianRencana) -> int:
    if not part.menggugurkan or part.minimum is None:
        return NO_MINIMUM
    return _thousandths(part.minimum)


def _thousandths(value: Decimal | int | None) -> int:
    return int((value or 0) * THOUSANDTHS)


def _level(row: Akhir) -> str:
    return row.peserta.jenjang or ""


def _ipk(value: Decimal | None) -> int:
    return UNKNOWN if value is None else int(value * IPK_STEPS)


def _array(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.int64)
