"""How are posts filled that stay empty after the final ranking? By the steps of the rule set.

PermenPANRB 23/2019 and 6/2024: the best of those who were not placed move to an empty post of the
same instansi, jabatan and kualifikasi pendidikan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.pengisian import LangkahPindah
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.nilai_akhir import sort_words
from cat.seleksi.peringkat_akhir import (
    Contenders,
    FinalRanking,
    blocks_of_equals,
    order_before_ipk,
)

Ints = NDArray[np.int64]
Claims = NDArray[np.bool_]

JENIS_INSTANSI = ("pusat", "daerah")


@dataclass(frozen=True, eq=False)
class Needs:
    """The formasi; all arrays (G,).

    kebutuhan : posts. group : number of the (instansi, jabatan, kualifikasi) that it belongs to.
    lokasi : number of the lokasi. jenis : place in `jenis_names` of the jenis kebutuhan.
    instansi : place in JENIS_INSTANSI of the kind of agency.
    """

    kebutuhan: Ints
    group: Ints
    lokasi: Ints
    jenis: Ints
    instansi: Ints
    jenis_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Moves:
    """Who was moved; all arrays (J,).

    target : formasi whose post the person gets, -1 for nobody moved.
    step : place of the step in rules.optimalisasi, -1 for nobody moved.
    undecided : people who stand equal where there are posts for some of them only; those posts
        stay empty until a person decides.
    """

    target: Ints
    step: Ints
    undecided: Claims


def fill_empty(
    formasi: NDArray[np.integer],
    people: Contenders,
    ranking: FinalRanking,
    reaches_umum: Claims,
    needs: Needs,
    rules: RuleSet,
) -> Moves:
    """Offer empty posts to the best who were not placed, step by step.

    In each step the formasi are taken in the order given; each takes its best candidates, final
    value first and then the whole order among equals. Who has been moved is not moved again.

    formasi : (J,) index of the own formasi. ranking : of `rank_final`.
    reaches_umum : (J,) whether the SKD reaches the minimums of "umum"; the own ones are reached by
        everybody who is ranked.

    Raises BadInput for an index outside its bounds.
    Source: `rules.optimalisasi`, each step with its own.
    """
    _check(needs)
    waiting = (ranking.rank > 0) & ~ranking.placed & ~ranking.undecided
    target, step_of = np.full((2, len(formasi)), -1, dtype=np.int64)
    undecided = np.zeros(len(formasi), dtype=np.bool_)
    empty = _empty_posts(formasi, ranking, needs)
    # Only groups with somebody waiting and with an empty post are looked at.
    wanted = np.zeros(int(needs.group.max(initial=-1)) + 1, dtype=np.bool_)
    wanted[needs.group[empty > 0]] = True
    who = np.flatnonzero(waiting & wanted[needs.group[formasi]])
    market = _Market(who, formasi[who], people.only(who), reaches_umum[who], needs, empty, rules)
    for number, step in enumerate(rules.optimalisasi):
        market.offer(number, step)
    sorted_who = who[market.order]
    target[sorted_who], step_of[sorted_who] = market.target, market.step
    undecided[sorted_who] = market.undecided
    return Moves(target, step_of, undecided)


def _empty_posts(formasi: NDArray[np.integer], ranking: FinalRanking, needs: Needs) -> Ints:
    taken = np.bincount(formasi[ranking.placed], minlength=len(needs.kebutuhan))
    empty = needs.kebutuhan - taken
    empty[formasi[ranking.undecided]] = 0  # they are kept for those a person has to decide on
    return np.asarray(empty)


class _Market:
    """Candidates in the order of their worth, group after group, and the posts still empty."""

    def __init__(
        self,
        who: Ints,
        formasi: NDArray[np.integer],
        people: Contenders,
        reaches_umum: Claims,
        needs: Needs,
        empty: Ints,
        rules: RuleSet,
    ) -> None:
        self.needs, self.empty, self.rule = needs, empty, rules.integrasi
        words = sort_words(people.pembilang, people.penyebut)
        group = needs.group[formasi]
        order, block = order_before_ipk(group, people, words, self.rule)
        self.order, self.block = order, block
        self.people, self.words = people.only(order), [word[order] for word in words]
        self.formasi, self.reaches_umum = formasi[order], reaches_umum[order]
        self.jenis, self.lokasi = needs.jenis[self.formasi], needs.lokasi[self.formasi]
        groups = np.arange(int(needs.group.max(initial=-1)) + 2)
        self.bounds = np.searchsorted(group[order], groups)
        self.is_open = np.ones(len(who), dtype=np.bool_)
        self.target, self.step = np.full((2, len(who)), -1, dtype=np.int64)
        self.undecided = np.zeros(len(who), dtype=np.bool_)

    def offer(self, number: int, step: LangkahPindah) -> None:
        """Let each formasi with empty posts take candidates by one step."""
        allows = _table(step, self.needs.jenis_names)
        bounds, needs = self.bounds, self.needs
        has_candidates = bounds[needs.group + 1] > bounds[needs.group]
        for formasi in np.flatnonzero((self.empty > 0) & has_candidates).tolist():
            group = needs.group[formasi]
            here = slice(bounds[group], bounds[group + 1])
            same = (self.lokasi[here] == needs.lokasi[formasi]).astype(np.int64)
            legal = allows[self.jenis[here], needs.jenis[formasi], same, needs.instansi[formasi]]
            legal &= self.is_open[here] & (self.formasi[here] != formasi)
            if step.ambang_batas == "umum":
                legal &= self.reaches_umum[here]
            if legal.any():
                self._take(np.flatnonzero(legal) + here.start, formasi, number)

    def _take(self, candidates: Ints, formasi: int, number: int) -> None:
        """Place the best of the candidates, given in order; stop where equals cannot be told."""
        posts = int(self.empty[formasi])
        chosen = candidates[:posts]
        if (
            len(candidates) > posts
            and self.block[candidates[posts - 1]] == (self.block[candidates[posts]])
        ):
            chosen = self._told_apart(candidates, posts)
        self.target[chosen], self.step[chosen] = formasi, number
        self.is_open[chosen] = False
        self.empty[formasi] -= len(chosen)
        if len(chosen) < min(posts, len(candidates)):
            self.empty[formasi] = 0

    def _told_apart(self, candidates: Ints, posts: int) -> Ints:
        """Those who surely get a post; those equal at the cut are set aside for a person."""
        words = [word[candidates] for word in self.words]
        some = self.people.only(candidates)
        one_group = np.zeros(len(some), dtype=np.int64)
        order, starts, sizes = blocks_of_equals(one_group, some, words, self.rule)
        last = int(np.searchsorted(starts, posts, side="right")) - 1
        begin = int(starts[last])
        if begin == posts:
            return np.asarray(candidates[order[:posts]])
        equal = candidates[order[begin : begin + sizes[last]]]
        self.undecided[equal], self.is_open[equal] = True, False
        return np.asarray(candidates[order[:begin]])


def _table(step: LangkahPindah, names: tuple[str, ...]) -> Claims:
    """Whether the step allows donor jenis, sasaran jenis, same lokasi (0, 1), kind of agency."""
    return np.array(
        [
            [
                [
                    [
                        step.allows(donor, sasaran, same_lokasi=same, jenis_instansi=kind)
                        for kind in JENIS_INSTANSI
                    ]
                    for same in (False, True)
                ]
                for sasaran in names
            ]
            for donor in names
        ]
    )


def _check(needs: Needs) -> None:
    count = needs.kebutuhan.shape
    arrays = (needs.group, needs.lokasi, needs.jenis, needs.instansi)
    if any(each.shape != count for each in arrays) or len(count) != 1:
        raise BadInput("kebutuhan, group, lokasi, jenis and instansi must all be (G,)")
    limits = ((needs.jenis, len(needs.jenis_names)), (needs.instansi, len(JENIS_INSTANSI)))
    for values, limit in limits:
        if values.size and not (values.min() >= 0 and values.max() < limit):
            raise BadInput(f"jenis and instansi must lie in [0, {limit})")
