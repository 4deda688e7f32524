"""What a test-wise candidate could exploit in a set of items, and which items are alike."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.figures import is_uploaded, look

Strategy = Callable[[ItemContent], int]


@dataclass(frozen=True)
class StrategyYield:
    """What a blind strategy earns over a set of items, beside what blind chance earns.

    mean, chance : points per item.
    z : (mean - chance) / standard error under chance; beyond about 3 the strategy works.
    """

    name: str
    items: int
    mean: float
    chance: float
    z: float


def longest_option(item: ItemContent) -> int:
    """Position of the option with most characters; the first one of equals."""
    lengths = [len(text) for text in item.options]
    return lengths.index(max(lengths))


def shortest_option(item: ItemContent) -> int:
    """Position of the option with fewest characters; the first one of equals."""
    lengths = [len(text) for text in item.options]
    return lengths.index(min(lengths))


def constant(position: int) -> Strategy:
    """The strategy of always marking one letter."""
    return lambda item: position


STRATEGIES: dict[str, Strategy] = {
    "opsi terpanjang": longest_option,
    "opsi terpendek": shortest_option,
    **{f"selalu {letter}": constant(index) for index, letter in enumerate(LETTERS)},
}


def strategy_yield(items: Sequence[ItemContent], name: str) -> StrategyYield:
    """Points per item that a named blind strategy earns, tested against picking at random."""
    choose = STRATEGIES[name]
    earned = [item.points[choose(item)] for item in items]
    means = [sum(item.points) / len(item.points) for item in items]
    variances = [
        sum((p - mean) ** 2 for p in item.points) / len(item.points)
        for item, mean in zip(items, means, strict=True)
    ]
    z = (sum(earned) - sum(means)) / math.sqrt(sum(variances))
    return StrategyYield(name, len(items), sum(earned) / len(items), sum(means) / len(items), z)


def similar_pairs(
    items: Sequence[ItemContent], threshold: float = 0.6
) -> Iterator[tuple[str, str, float]]:
    """Pairs of codes of items that share more than `threshold` of what they show.

    Similarity is the Jaccard index of the items' traits; it is 0 between pictures and words.
    """
    known = {item.code: traits(item) for item in items}
    for one, other in combinations(items, 2):
        first, second = known[one.code], known[other.code]
        shared = len(first & second) / max(1, len(first | second))
        if shared > threshold:
            yield one.code, other.code, shared


def traits(item: ItemContent) -> Set[Hashable]:
    """What is compared of an item: the looks of its drawings or, without any, its word triples.

    Items with drawings of one kind all have the same words: those tell nothing about them. Brought
    pictures only add their names to the triples of successive words.
    """
    drawn = [figure for figure in item.figures.values() if not is_uploaded(figure)]
    if drawn:
        return {look(figure) for figure in drawn}
    words = re.findall(r"\w+", " ".join((item.shown_stem, *item.options)).lower())
    triples: set[Hashable] = {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
    return triples | {figure["nama"] for figure in item.figures.values()}


def key_counts(items: Sequence[ItemContent]) -> Counter[str]:
    """How often each letter is the key, or carries the highest points."""
    return Counter(LETTERS[item.points.index(max(item.points))] for item in items)
