"""Item eligibility: chances that correct themselves while people are being tested, no rehearsal.

An item that has been given more often than wanted is closed to more of the next persons; one that
has been given less is opened again. Counts may fade, so that the control follows a bank or a
population that changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import count, numbers, real, truths, whole_numbers
from cat.selection.exposure.admission import Admission, check_edges
from cat.selection.exposure.rates import tally
from cat.selection.exposure.targets import checked_r_max

Floats = NDArray[np.float64]

# A closed item can never show that it is no longer overused: leave a crack.
_LEAST_OPEN = 2.0**-20
_SHAPES = {"administered": "(G, I)", "eligible": "(G, I)", "persons": "(G,)", "feasible": "(G,)"}


@dataclass(frozen=True)
class Observed:
    """What the next persons showed, in each of G groups by ability.

    administered : (G, I) persons who were given the item.
    eligible : (G, I) persons to whom it was open: admitted, or the person's test could not be
        completed from admitted items alone, so that all were opened.
    persons : (G,) persons.
    feasible : (G,) persons whose test could be completed from admitted items alone.
    """

    administered: NDArray[np.int64]
    eligible: NDArray[np.int64]
    persons: NDArray[np.int64]
    feasible: NDArray[np.int64]


@dataclass(frozen=True)
class Eligibility:
    """What has been counted so far, older persons faded.

    edges : (G - 1,) abilities that part the groups, logits, ascending.
    administered, eligible : (G, I); persons, feasible : (G,); as in `Observed`.
    """

    edges: Floats
    administered: Floats
    eligible: Floats
    persons: Floats
    feasible: Floats


def start(items: int, edges: ArrayLike = ()) -> Eligibility:
    """Nothing counted yet: every item is open.

    items : I, >= 1; edges : (G - 1,) logits, ascending. Returns Eligibility. Raises BadInput.
    """
    edges = numbers("edges", edges, "(G - 1,)")
    check_edges(edges)
    groups = len(edges) + 1
    by_item, by_group = np.zeros((groups, count("items", items, least=1))), np.zeros(groups)
    return Eligibility(edges, by_item, by_item, by_group, by_group)


def observe(
    group: NDArray[np.int64],
    given: NDArray[np.int64],
    admitted: NDArray[np.bool_],
    feasible: NDArray[np.bool_],
    groups: int,
) -> Observed:
    """The counts of J persons whose tests are over.

    group : (J,) group by ability that each person is counted in, from 0.
    given : (J, n) positions of the items administered, negative for none.
    admitted : (J, I) items that the lottery opened to the person in that group.
    feasible : (J,) whether the test could be completed from those; else all were opened.
    groups : G, how many groups there are.

    Raises BadInput.
    """
    group = whole_numbers("group", group, "(J,)")
    admitted, feasible = (
        truths("admitted", admitted, "(J, I)"),
        truths("feasible", feasible, "(J,)"),
    )
    for name, array in (("admitted", admitted), ("feasible", feasible)):
        if len(array) != len(group):
            raise BadInput(f"{name} must be of {len(group)} persons, as group is; got {len(array)}")
    open_to = admitted | ~feasible[:, None]
    return Observed(
        administered=tally(given, group, groups, admitted.shape[1]),
        eligible=np.array([open_to[group == g].sum(axis=0) for g in range(groups)]),
        persons=np.bincount(group, minlength=groups),
        feasible=np.bincount(group[feasible], minlength=groups),
    )


def adjust(state: Eligibility, observed: Observed, fading: float = 1.0) -> Eligibility:
    """The counts after more persons.

    state : what was counted before; observed : what the next persons showed.
    fading : weight that a person keeps with each person of the same group who follows, in (0, 1];
        1 forgets nothing, 0.999 remembers about the last thousand. Persons counted together do not
        fade each other: pass them one at a time for the published rule, or in batches much smaller
        than 1 / (1 - fading).

    Raises BadInput. van der Linden & Veldkamp (2007), Journal of Educational and Behavioral
    Statistics 32, 398-418.
    """
    if not 0 < real("fading", fading) <= 1:
        raise BadInput(f"fading must lie in (0, 1]; got {fading}")
    _check(state, observed)
    kept = fading**observed.persons
    return Eligibility(
        edges=state.edges,
        administered=state.administered * kept[:, None] + observed.administered,
        eligible=state.eligible * kept[:, None] + observed.eligible,
        persons=state.persons * kept + observed.persons,
        feasible=state.feasible * kept + observed.feasible,
    )


def admission(state: Eligibility, r_max: ArrayLike) -> Admission:
    """The chances for the next persons.

    state : what has been counted.
    r_max : greatest exposure rate wanted, one number or (G,), in (0, 1].

    With counts n of persons, f of feasible ones, e of eligible and a of administered items:
    P(eligible) = 1 - n/f + r_max (e/a)(n/f), at most 1, which is r_max e/a where every test was
    feasible; 1 while a or f is 0. Raises BadInput.
    van der Linden & Veldkamp (2004), Journal of Educational and Behavioral Statistics 29, 273-291;
    conditional on ability: (2007), 32, 398-418.
    """
    _check_counts("state", state)
    targets = checked_r_max(r_max, len(state.persons))
    share = np.ones(state.administered.shape)
    given = state.administered > 0
    np.divide(state.eligible, state.administered, out=share, where=given)
    rarity = np.ones(len(state.persons))
    np.divide(state.persons, state.feasible, out=rarity, where=state.feasible > 0)
    probability = 1 - rarity[:, None] * (1 - targets * share)
    probability[~given | (state.feasible == 0)[:, None]] = 1.0
    return Admission(state.edges, np.clip(probability, _LEAST_OPEN, 1.0))


def _check_counts(what: str, counted: Eligibility | Observed) -> None:
    """Refuse counts that are not finite, negative, or not of one G and one I."""
    shape: tuple[int, ...] = ()
    for name, words in _SHAPES.items():
        if not hasattr(counted, name):
            raise BadInput(f"{what} must have counts of {name}; got {type(counted).__name__}")
        counts = numbers(f"{what}.{name}", getattr(counted, name), words)
        shape = shape or counts.shape
        if counts.shape != shape[: counts.ndim]:
            raise BadInput(f"{what}.{name} must be {shape[: counts.ndim]}; got {counts.shape}")
        if not ((counts >= 0) & (counts < np.inf)).all():
            raise BadInput(f"{what}.{name} must be finite and >= 0 everywhere")


def _check(state: Eligibility, observed: Observed) -> None:
    _check_counts("state", state)
    _check_counts("observed", observed)
    for name in ("administered", "eligible", "persons", "feasible"):
        shape, given = getattr(state, name).shape, getattr(observed, name).shape
        if given != shape:
            raise BadInput(f"{name} must be {shape}; got {given}")
    if (observed.feasible > observed.persons).any():
        group = int(np.argmax(observed.feasible > observed.persons))
        raise BadInput(
            f"feasible <= persons must hold; group {group} has {observed.feasible[group]} and"
            f" {observed.persons[group]}",
            group=group,
        )
    wrong = (observed.administered > observed.eligible) | (
        observed.eligible > observed.persons[:, None]
    )
    if wrong.any():
        group, item = np.argwhere(wrong)[0].tolist()
        raise BadInput(
            "administered <= eligible <= persons must hold;"
            f" group {group}, item {item} has {observed.administered[group, item]},"
            f" {observed.eligible[group, item]}, {observed.persons[group]}",
            group=group,
            item=item,
        )
