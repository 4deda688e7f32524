"""Sympson-Hetter: rehearse the test, and open each item just so often that it is not overused.

A criterion selects, a lottery with chance K decides whether the selected item is administered. Each
round of the set-up simulates the test with the present chances and sets new ones:

    admission = Admission.of_everything(items, edges)
    while excess(observed := rehearse(admission), r_max).max() > tolerance:
        admission = adjust(admission, observed, r_max, length)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import count, numbers, whole_numbers
from cat.selection.exposure.admission import Admission
from cat.selection.exposure.rates import tally
from cat.selection.exposure.targets import checked_r_max

Floats = NDArray[np.float64]

_SHAPES = {"selected": "(G, I)", "administered": "(G, I)", "persons": "(G,)"}


@dataclass(frozen=True)
class Observed:
    """What a rehearsal with J simulees showed, in each of G groups by ability.

    selected : (G, I) persons for whom the item came up, whether or not the lottery admitted it.
    administered : (G, I) persons who were given it.
    persons : (G,) persons.
    """

    selected: NDArray[np.int64]
    administered: NDArray[np.int64]
    persons: NDArray[np.int64]


def observe(
    group: NDArray[np.int64],
    selected: NDArray[np.int64],
    given: NDArray[np.int64],
    admission: Admission,
) -> Observed:
    """The counts of a rehearsal under this admission.

    group : (J,) group of each simulee, from 0.
    selected, given : (J, n) positions that came up and that were administered, negative for none.

    Raises BadInput.
    """
    _require_admission(admission)
    selected = whole_numbers("selected", selected, "(J, n)")
    groups, items = admission.probability.shape
    return Observed(
        selected=tally(selected, group, groups, items),
        administered=tally(given, group, groups, items),
        persons=np.bincount(whole_numbers("group", group, "(J,)"), minlength=groups),
    )


def adjust(admission: Admission, observed: Observed, r_max: ArrayLike, length: int) -> Admission:
    """Chances for the next round: r_max / P(selected) for items selected too often, else 1.

    admission : chances under which the rehearsal ran; observed : what it showed.
    r_max : greatest exposure rate wanted, one number or (G,), in (0, 1].
    length : items in the test; the most open ones, so many in each group, are opened to all, lest
        a person run out of items.

    A group in which nobody was seen keeps its chances. Raises BadInput.
    Sympson & Hetter (1985), Proceedings of the 27th Annual Meeting of the Military Testing
    Association, 973-977; by groups of ability: Stocking & Lewis (1998), Journal of Educational and
    Behavioral Statistics 23, 57-75.
    """
    _check(admission, observed)
    groups, items = admission.probability.shape
    length = count("length", length)
    if not 1 <= length <= items:
        raise BadInput(f"length must lie in 1..{items}, the items there are; got {length}")
    targets = checked_r_max(r_max, groups)
    if (short := targets * items < length).any():
        group = int(np.argmax(short))
        raise BadInput(
            f"r_max must be at least length / items = {length / items:.4f}, or tests cannot be"
            f" filled; group {group} has {targets[group, 0]}",
            group=group,
        )
    selected = _rate(observed.selected, observed.persons)
    probability = targets / np.maximum(selected, targets)
    opened = np.argsort(-probability, axis=1, kind="stable")[:, :length]
    np.put_along_axis(probability, opened, 1.0, axis=1)
    unseen = observed.persons == 0
    probability[unseen] = admission.probability[unseen]
    return Admission(admission.edges, probability)


def excess(observed: Observed, r_max: ArrayLike) -> Floats:
    """By how much the most exposed item of each group exceeds its target.

    observed : what a rehearsal showed.
    r_max : greatest exposure rate wanted, one number or (G,), in (0, 1].

    Returns (G,); the set-up has converged when rounds no longer lower it. Raises BadInput.
    """
    _check_counts(observed)
    targets = checked_r_max(r_max, len(observed.persons))
    return np.asarray((_rate(observed.administered, observed.persons) - targets).max(axis=1))


def _rate(counts: NDArray[np.int64], persons: NDArray[np.int64]) -> Floats:
    return np.asarray(counts / np.maximum(persons, 1)[:, None])


def _require_admission(admission: object) -> None:
    if not isinstance(admission, Admission):
        raise BadInput(f"admission must be an Admission; got {type(admission).__name__}")


def _check_counts(observed: Observed) -> None:
    """Refuse counts that are not finite, negative, or not of one G."""
    for name, words in _SHAPES.items():
        if not hasattr(observed, name):
            raise BadInput(f"observed must have counts of {name}; got {type(observed).__name__}")
        counts = numbers(name, getattr(observed, name), words)
        if not ((counts >= 0) & (counts < np.inf)).all():
            raise BadInput(f"{name} must be finite and >= 0 everywhere")
    if not len(observed.selected) == len(observed.administered) == len(observed.persons):
        raise BadInput("selected, administered and persons must be of the same groups")


def _check(admission: Admission, observed: Observed) -> None:
    _require_admission(admission)
    _check_counts(observed)
    shape = admission.probability.shape
    for name in ("selected", "administered"):
        if getattr(observed, name).shape != shape:
            raise BadInput(f"{name} must be {shape}; got {getattr(observed, name).shape}")
    if observed.persons.shape != shape[:1]:
        raise BadInput(f"persons must be {shape[:1]}; got {observed.persons.shape}")
    wrong = (observed.administered > observed.selected) | (
        observed.selected > observed.persons[:, None]
    )
    if wrong.any():
        group, item = np.argwhere(wrong)[0].tolist()
        raise BadInput(
            "administered <= selected <= persons must hold;"
            f" group {group}, item {item} has {observed.administered[group, item]},"
            f" {observed.selected[group, item]}, {observed.persons[group]}",
            group=group,
            item=item,
        )
