"""What the exposure came to: how often each item was seen, and how much two people share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.irt.arguments import count, numbers, whole_numbers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Exposure:
    """Exposure of I items over J persons, in a few numbers.

    maximum, mean : of the exposure rates.
    never_used, used_share : items nobody was given; share of the items that somebody was given.
    overlap : share of the items of one person that another one, drawn at random, was given too.
    skewness : sum over items of squared distances between rate and mean rate, over the mean rate;
        0 when all items are used alike. Chang & Ying (1999), Applied Psychological Measurement 23,
        211-222.
    """

    maximum: float
    mean: float
    never_used: int
    used_share: float
    overlap: float
    skewness: float


def summary(given: Ints, items: int) -> Exposure:
    """The exposure of a cohort in a few numbers.

    given : (J, n) positions of the items that each person was given, negative for none; J >= 2.
    items : how many there are.

    Raises BadInput.
    """
    overlap = overlap_rate(given, items)
    rate = exposure_rate(given, items)
    mean = float(rate.mean())
    return Exposure(
        maximum=float(rate.max()),
        mean=mean,
        never_used=int((rate == 0).sum()),
        used_share=float((rate > 0).mean()),
        overlap=overlap,
        skewness=float(((rate - mean) ** 2).sum() / mean),
    )


def tally(given: Ints, group: Ints, groups: int, items: int) -> Ints:
    """(G, I) persons of each group who were given each item.

    given : (J, n) positions, negative for none, each at most once a person; group : (J,) from 0.
    groups, items : G and I, how many there are.

    Raises BadInput, naming the person.
    """
    given, group = _checked(given, items), whole_numbers("group", group, "(J,)")
    count("groups", groups, least=1)
    if group.shape != given.shape[:1] or not ((group >= 0) & (group < groups)).all():
        raise BadInput(f"group must be ({len(given)},) numbers in 0..{groups - 1}")
    cell = (group[:, None] * items + given)[given >= 0]
    return np.asarray(np.bincount(cell, minlength=groups * items).reshape(groups, items))


def exposure_rate(given: Ints, items: int) -> Floats:
    """(I,) share of the persons who were given each item.

    given : (J, n) as in `summary`, J >= 1; items : I. Raises BadInput.
    """
    given = whole_numbers("given", given, "(J, n)")
    if not len(given):
        raise BadInput("an exposure rate needs at least 1 person; got 0")
    everybody = np.zeros(len(given), dtype=np.int64)
    return np.asarray(exposure_rate_by_group(given, everybody, 1, items)[0])


def exposure_rate_by_group(given: Ints, group: Ints, groups: int, items: int) -> Floats:
    """(G, I) share of each group's persons who were given each item; NaN for an empty group.

    given, group, groups, items : as for `tally`. Raises BadInput.
    """
    counts = tally(given, group, groups, items)
    group = whole_numbers("group", group, "(J,)")
    persons = np.bincount(group, minlength=groups)[:, None]
    rate = np.full(counts.shape, np.nan)
    return np.asarray(np.divide(counts, persons, out=rate, where=persons > 0))


def overlap_rate(given: Ints, items: int) -> float:
    """Items that two persons share, averaged over all pairs, as a share of the mean test length.

    given : (J, n) as in `summary`, J >= 2; items : I.

    An item given to m persons is shared by m (m - 1) / 2 pairs, so no pair needs to be looked at.
    Raises BadInput. Chen, Ankenmann & Spray (2003), Journal of Educational Measurement 40, 129-145.
    """
    persons = len(whole_numbers("given", given, "(J, n)"))
    if persons < 2:
        raise BadInput(f"overlap needs at least 2 persons; got {persons}")
    times = tally(given, np.zeros(persons, dtype=np.int64), 1, items)[0].astype(np.float64)
    if not times.any():
        raise BadInput("overlap needs persons who were given items; nobody was given any")
    return float((times * (times - 1)).sum() / ((persons - 1) * times.sum()))


def expected_overlap(rate: Floats) -> float:
    """The overlap rate that exposure rates lead to in a large cohort.

    rate : (I,) in [0, 1], positive somewhere.

    With the variance over items S2, the mean length n = sum of rates and I items it is
    I S2 / n + n / I. Raises BadInput, naming the item. Chen, Ankenmann & Spray (2003).
    """
    rate = numbers("rate", rate, "(I,)")
    if not (legal := (rate >= 0) & (rate <= 1)).all():
        item = int(np.argmin(legal))
        raise BadInput(f"rate must lie in [0, 1]; item {item} has {rate[item]}", item=item)
    length = rate.sum()
    if not length > 0:
        raise BadInput("rate must be positive for some item; it is 0 for all")
    return float(len(rate) * rate.var() / length + length / len(rate))


def _checked(given: Ints, items: int) -> Ints:
    given = whole_numbers("given", given, "(J, n)")
    count("items", items, least=1)
    if (given >= items).any():
        person, place = np.argwhere(given >= items)[0].tolist()
        raise BadInput(
            f"positions must be below {items}, the number of items; person {person} has"
            f" {given[person, place]}",
            person=person,
        )
    in_order = np.sort(given, axis=1)
    twice = (in_order[:, 1:] == in_order[:, :-1]) & (in_order[:, 1:] >= 0)
    if twice.any():
        person, place = np.argwhere(twice)[0].tolist()
        raise BadInput(
            f"nobody is given an item twice; person {person} has {in_order[person, place]}",
            person=person,
        )
    return given
