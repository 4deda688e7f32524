"""SKD and SKB together: final values, final ranking, and the posts filled that stayed empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.ambang_batas import MinimumTable, reaches_many
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import kolom
from cat.seleksi.berkas import Table, parts_of, thousandths
from cat.seleksi.kolom import Final
from cat.seleksi.nilai_akhir import (
    NO_MINIMUM,
    NO_PART,
    SKBPlans,
    Weights,
    final_weights,
    rounded,
    skb_weights,
)
from cat.seleksi.optimalisasi import JENIS_INSTANSI, Moves, Needs, fill_empty
from cat.seleksi.peringkat_akhir import UNKNOWN, Contenders, FinalRanking, rank_final
from cat.seleksi.tahap_skd import SKD

Ints = NDArray[np.int64]
Claims = NDArray[np.bool_]

MISSING = -1


@dataclass(frozen=True, eq=False)
class Akhir:
    """What the selection came to for those who went on to SKB; arrays with one row for each.

    who : (M,) row number of the person.
    complete : whether every part has points; without it the three values are not shown.
    """

    who: Ints
    complete: Claims
    skd_100: Ints
    skb_100: Ints
    akhir: Ints
    contenders: Contenders
    ranking: FinalRanking
    moves: Moves
    outcome: NDArray[np.int8]


def decide_final(people: Table, skd: SKD, needs: Table, rules: RuleSet) -> Akhir:
    """Integrate SKD and SKB, rank, give out the posts and fill those that stay empty.

    people, needs : accepted tables with SKB columns. skd : what `decide_skd` gave.

    Raises BadTable for SKB points beyond the full marks of the plan.
    Source: `rules.integrasi` and `rules.optimalisasi`, each with its own.
    """
    who = np.flatnonzero(skd.goes_on)
    some = Table(people.source, people.frame[who.astype(np.uint32)])
    own, nilai = skd.own[who], skd.nilai[who]
    plans, plan_of = read_plans(needs)
    plan = plan_of[own]
    points = _points(people, some, who, plans, plan)
    planned, has_points = plans.parts[plan], points >= 0
    unplanned = np.asarray(~planned.any(axis=1))
    complete = np.asarray((has_points | ~planned).all(axis=1) & ~unplanned)
    # Who misses a test that knocks out has failed it.
    too_low = planned & (points < plans.minimum[plan])
    knocked_out = np.asarray(too_low.any(axis=1))
    excluded = _excluded(some)

    known = np.where(has_points, points, 0)
    weights, alone = _final_weights(needs, plans, plan_of, rules), skb_weights(plans)
    total = nilai.sum(axis=1)
    value = weights.numerators(plan, total, known)
    contenders = _contenders(people, some, who, nilai, value, weights.penyebut[plan])
    posts = needs.frame["kebutuhan"].cast(pl.Int64).to_numpy()
    contends = complete & ~knocked_out & ~excluded
    ranking = rank_final(own, contenders, contends, posts, rules.integrasi)
    umum = _reaches_umum(nilai, rules)
    moves = fill_empty(own, contenders, ranking, umum, _needs(needs, posts, rules), rules)
    places = rules.integrasi.desimal_tampil
    maks = np.full(len(who), rules.integrasi.skd_maks)
    return Akhir(
        who=who,
        complete=complete,
        skd_100=rounded(total * 100, maks, places),
        skb_100=rounded(alone.numerators(plan, total, known), alone.penyebut[plan], places),
        akhir=rounded(contenders.pembilang, contenders.penyebut, places),
        contenders=contenders,
        ranking=ranking,
        moves=moves,
        outcome=_outcome(unplanned, complete, knocked_out, excluded, ranking, moves),
    )


def read_plans(needs: Table) -> tuple[SKBPlans, Ints]:
    """The different SKB plans of the formasi, and (G,) which of them each formasi follows."""
    numbers = range(1, parts_of(needs) + 1)
    names = [kolom.skb_plan(number) for number in numbers]
    columns = [
        *(thousandths(maks.name).fill_null(NO_PART) for maks, _, _ in names),
        *(pl.col(bobot.name).cast(pl.Int64).fill_null(0) for _, bobot, _ in names),
        *(thousandths(minimum.name).fill_null(NO_MINIMUM) for _, _, minimum in names),
    ]
    table = needs.frame.select(columns).to_numpy().astype(np.int64)
    rows, plan_of = np.unique(table, axis=0, return_inverse=True)
    maks, bobot, minimum = np.split(rows, 3, axis=1)
    return SKBPlans(maks, bobot, minimum), plan_of.reshape(-1).astype(np.int64)


def _final_weights(needs: Table, plans: SKBPlans, plan_of: Ints, rules: RuleSet) -> Weights:
    try:
        return final_weights(plans, rules.integrasi)
    except BadInput as error:
        row = int(np.argmax(plan_of == error.evidence["plan"]))
        rule = "nilai penuh tes-tes SKB tidak mempunyai ukuran bersama yang cukup kecil"
        raise needs.at("skb_1_maks", row, rule) from error


def _points(people: Table, some: Table, who: Ints, plans: SKBPlans, plan: Ints) -> Ints:
    """(M, K) thousandths, MISSING where empty; raises BadTable beyond the plan's full marks."""
    count = plans.maks.shape[1]
    points = np.full((len(who), count), MISSING, dtype=np.int64)
    for number in range(count):
        name = kolom.skb_points(number + 1).name
        column = some.frame.select(thousandths(name).fill_null(MISSING)).to_series().to_numpy()
        beyond = column > plans.maks[plan, number]
        if beyond.any():
            first = int(np.argmax(beyond))
            most = plans.maks[plan[first], number] / 1000
            rule = f"paling besar {most:g}" if most else "formasi ini tidak mempunyai tes itu"
            raise people.at(name, int(who[first]), rule)
        points[:, number] = column
    return points


def _excluded(some: Table) -> Claims:
    if not some.has("status_akhir"):
        return np.zeros(some.frame.height, dtype=np.bool_)
    return some.frame["status_akhir"].is_not_null().to_numpy()


def _contenders(
    people: Table, some: Table, who: Ints, nilai: Ints, pembilang: Ints, penyebut: Ints
) -> Contenders:
    born = some.frame["tanggal_lahir"]
    if born.null_count():
        row = int(who[born.is_null().arg_max() or 0])
        raise people.at("tanggal_lahir", row, "wajib diisi bagi yang ikut SKB")
    decided = some.frame["putusan"] if some.has("putusan") else pl.zeros(len(born), eager=True)
    return Contenders(
        pembilang=pembilang,
        penyebut=penyebut,
        nilai=nilai,
        jenjang=_numbered(some.frame, "jenjang"),
        ipk=some.frame.select(thousandths("ipk").fill_null(UNKNOWN)).to_series().to_numpy(),
        lahir=born.to_physical().cast(pl.Int64).to_numpy(),
        putusan=decided.cast(pl.Int64).fill_null(0).to_numpy(),
    )


def _numbered(frame: pl.DataFrame, *names: str) -> Ints:
    """Rows with the same texts get the same number from 0; UNKNOWN where one is empty."""
    texts = pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator="\0")
    numbers = frame.select((texts.rank("dense").cast(pl.Int64) - 1).fill_null(UNKNOWN))
    return numbers.to_series().to_numpy()


def _reaches_umum(nilai: Ints, rules: RuleSet) -> Claims:
    table = MinimumTable.of(rules)
    return reaches_many(nilai, np.repeat(table.rows(["umum"]), len(nilai)), table)


def _needs(needs: Table, posts: Ints, rules: RuleSet) -> Needs:
    frame = needs.frame
    jenis = tuple(row.jenis_kebutuhan for row in rules.ambang_batas)
    return Needs(
        kebutuhan=posts,
        group=_numbered(frame, "instansi", "jabatan", "kualifikasi"),
        lokasi=_numbered(frame, "lokasi"),
        jenis=_places(frame["jenis_kebutuhan"], jenis),
        instansi=_places(frame["jenis_instansi"], JENIS_INSTANSI),
        jenis_names=jenis,
    )


def _places(column: pl.Series, names: tuple[str, ...]) -> Ints:
    """Place of each text in the names."""
    return column.cast(pl.Enum(names)).to_physical().cast(pl.Int64).to_numpy()


def _outcome(
    unplanned: Claims,
    complete: Claims,
    knocked_out: Claims,
    excluded: Claims,
    ranking: FinalRanking,
    moves: Moves,
) -> NDArray[np.int8]:
    """Place in `Final` of what the selection came to."""
    order = list(Final)
    cases = (
        (excluded, Final.DIKELUARKAN),
        (unplanned, Final.MENUNGGU_SKB),
        (knocked_out, Final.GUGUR_SKB),
        (~complete, Final.SKB_TIDAK_LENGKAP),
        (ranking.placed, Final.LULUS),
        (moves.target >= 0, Final.LULUS_PINDAH),
        (ranking.undecided | moves.undecided, Final.MENUNGGU_PUTUSAN),
    )
    found = np.select(
        [case for case, _ in cases],
        [order.index(outcome) for _, outcome in cases],
        default=order.index(Final.TIDAK_LULUS),
    )
    return found.astype(np.int8)
