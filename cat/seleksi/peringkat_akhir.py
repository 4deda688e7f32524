"""Who gets the posts of each formasi after SKB, and where must a person decide between equals?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import Integrasi

Ints = NDArray[np.int64]
Claims = NDArray[np.bool_]

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Contenders:
    """The people who are compared, all arrays with J rows.

    pembilang, penyebut : final value as a fraction; see `cat.seleksi.nilai_akhir`.
    nilai : (J, 3) SKD points of twk, tiu, tkp.
    jenjang : number of the education level whose scale `ipk` is on; UNKNOWN where not on file.
    ipk : IPK in whole units of its smallest step; UNKNOWN where not on file.
    lahir : day of birth as a day number.
    putusan : order that people have given to those otherwise equal, the lower first; else 0. It
        counts only where everybody who stands equal has one.
    """

    pembilang: Ints
    penyebut: Ints
    nilai: Ints
    jenjang: Ints
    ipk: Ints
    lahir: Ints
    putusan: Ints

    def __len__(self) -> int:
        return len(self.pembilang)

    def only(self, which: NDArray[np.integer] | Claims) -> Contenders:
        """Some of the people."""
        return Contenders(*(getattr(self, each.name)[which] for each in fields(self)))

    def keys(self, names: Sequence[str], akhir: Sequence[Ints]) -> list[Ints]:
        """What is compared, first things first, as numbers where smaller is better.

        names : from rule.urutan. akhir : words that order the final values, higher is better.
        """
        plain = dict(zip(PARTS, self.nilai.T, strict=True))
        plain[TOTAL] = self.nilai.sum(axis=1)
        found: list[Ints] = []
        for name in names:
            if name == "akhir":
                found.extend(-word for word in akhir)
            elif name == "usia":
                found.append(self.lahir)
            else:
                found.append(-(self.ipk if name == "ipk" else plain[name]))
        return found


@dataclass(frozen=True, eq=False)
class FinalRanking:
    """The final order in each formasi; all arrays (J,), read-only, in the order given.

    rank : 1 is best, equals share a rank and the next is skipped (1, 1, 3); 0 for those who do
        not contend.
    placed : whether the person gets one of the posts.
    undecided : people whom the rules cannot tell apart while there are posts for some of them
        only: equal in everything, or IPK must decide and is unknown or of different jenjang.
        None of them is placed until `putusan` says in which order they stand.
    """

    rank: Ints
    placed: Claims
    undecided: Claims


def rank_final(
    formasi: NDArray[np.integer],
    people: Contenders,
    contends: Claims,
    kebutuhan: NDArray[np.integer],
    rule: Integrasi,
) -> FinalRanking:
    """Rank those who contend within their formasi and give out the posts.

    formasi : (J,) index of the formasi, 0 to G - 1; all of one share a denominator.
    contends : (J,) whether the person completed the SKB, was not knocked out and not excluded.
    kebutuhan : (G,) posts.

    Raises BadInput for shapes and indices outside these bounds.
    Source: `rule.dasar_hukum`, order among equals.
    """
    _check(formasi, people, contends, kebutuhan)
    who = np.flatnonzero(contends)
    group, some = formasi[who], people.only(who)
    order, starts, sizes = blocks_of_equals(group, some, [some.pembilang], rule)
    opens = np.flatnonzero(_opens([group[order]]))
    first_of_group = np.repeat(opens, np.diff(np.append(opens, len(order))))
    ahead = np.repeat(starts, sizes) - first_of_group
    posts = kebutuhan[group[order]]
    size = np.repeat(sizes, sizes)

    rank = np.zeros(len(formasi), dtype=np.int64)
    placed, undecided = np.zeros((2, len(formasi)), dtype=np.bool_)
    rank[who[order]] = ahead + 1
    placed[who[order]] = ahead + size <= posts
    undecided[who[order]] = (ahead < posts) & (posts < ahead + size)
    for each in (rank, placed, undecided):
        each.flags.writeable = False
    return FinalRanking(rank, placed, undecided)


def blocks_of_equals(
    group: NDArray[np.integer], people: Contenders, akhir: Sequence[Ints], rule: Integrasi
) -> tuple[Ints, Ints, Ints]:
    """People sorted by group, then best first, and where each block of equals begins.

    akhir : words that order the final values inside a group, higher is better.

    Returns the order (J,), and the place where each block begins with its size.
    """
    order, block = order_before_ipk(group, people, akhir, rule)
    after = _around_ipk(rule)[1]
    keys = np.zeros((len(after), len(people)), dtype=np.int64)
    if after:
        keys[:] = people.keys(after, [])
    if "ipk" in after:
        keys[:, order[_not_comparable(people.only(order), block)]] = 0
    order = _sorted_inside(order, block, keys)
    block = np.cumsum(_opens([block, *keys[:, order]])) - 1
    decided = np.zeros(len(people), dtype=np.int64)
    decided[order] = _for_whole_blocks(people.putusan[order], block)
    order = _sorted_inside(order, block, decided[None, :])
    opens = np.flatnonzero(_opens([block, decided[order]]))
    return order, opens, np.diff(np.append(opens, len(order)))


def _sorted_inside(order: Ints, block: Ints, keys: Ints) -> Ints:
    """The order with the people of each block sorted by keys (K, J), given by person."""
    # Only those equal so far can change places.
    tied = np.flatnonzero(np.bincount(block)[block] > 1) if len(block) else block
    among, result = order[tied], order.copy()
    result[tied] = among[np.lexsort((*keys[::-1][:, among], block[tied]))]
    return result


def order_before_ipk(
    group: NDArray[np.integer], people: Contenders, akhir: Sequence[Ints], rule: Integrasi
) -> tuple[Ints, Ints]:
    """People sorted by group, then best first by what counts before IPK.

    Returns the order (J,), and for each place of it the number of the block of equals, from 0.
    """
    keys = [np.asarray(group), *people.keys(_around_ipk(rule)[0], akhir)]
    order = np.lexsort(keys[::-1])
    return order, np.cumsum(_opens([key[order] for key in keys])) - 1


def _around_ipk(rule: Integrasi) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names compared before IPK comes into play, and those from IPK on."""
    cut = rule.urutan.index("ipk") if "ipk" in rule.urutan else len(rule.urutan)
    return rule.urutan[:cut], rule.urutan[cut:]


def _not_comparable(people: Contenders, block: Ints) -> Claims:
    """Whether IPK cannot decide in the person's block: one is unknown, or jenjang differ."""
    blocks = int(block[-1]) + 1 if len(block) else 0
    lowest = np.full(blocks, np.iinfo(np.int64).max)
    highest = np.full(blocks, np.iinfo(np.int64).min)
    level = np.where(people.ipk == UNKNOWN, UNKNOWN, people.jenjang)
    np.minimum.at(lowest, block, level)
    np.maximum.at(highest, block, level)
    return np.asarray(((lowest != highest) | (lowest == UNKNOWN))[block])


def _for_whole_blocks(putusan: Ints, block: Ints) -> Ints:
    """Orders given by people, 0 in blocks where somebody has none: they did not look at all."""
    if not putusan.any():
        return putusan
    least = np.minimum.reduceat(putusan, np.flatnonzero(_opens([block])))
    return np.where(least[block] > 0, putusan, 0)


def _opens(keys: Sequence[NDArray[np.integer]]) -> Claims:
    """Whether each row differs from the row before it in any of the keys."""
    opens = np.zeros(len(keys[0]), dtype=np.bool_)
    opens[:1] = True
    for key in keys:
        opens[1:] |= key[1:] != key[:-1]
    return opens


def _check(
    formasi: NDArray[np.integer],
    people: Contenders,
    contends: Claims,
    kebutuhan: NDArray[np.integer],
) -> None:
    count = len(people)
    for each in fields(people):
        values = getattr(people, each.name)
        wanted = (count, len(PARTS)) if each.name == "nilai" else (count,)
        if values.shape != wanted or values.dtype.kind != "i":
            raise BadInput(f"{each.name} must be signed integers of shape {wanted}")
    if formasi.shape != (count,) or contends.shape != (count,) or contends.dtype != np.bool_:
        raise BadInput(f"formasi and contends must be ({count},), contends of bool")
    if kebutuhan.ndim != 1 or (kebutuhan < 0).any():
        raise BadInput("kebutuhan must be (G,) and >= 0")
    if count and not (formasi.min() >= 0 and formasi.max() < len(kebutuhan)):
        raise BadInput(f"formasi must lie in [0, {len(kebutuhan)})")
