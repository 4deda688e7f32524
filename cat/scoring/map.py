"""Maximum a posteriori ability: the mode of the posterior under a normal prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import LARGEST, numbers
from cat.irt.items import Items
from cat.irt.responses import checked_responses
from cat.scoring import mode
from cat.scoring.estimate import Estimate, Information, check_information, in_blocks, with_error
from cat.scoring.likelihood import log_likelihood, rise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Wider priors say nothing, narrower ones leave nothing to say.
WIDEST = 1e6


def score(
    responses: ArrayLike,
    items: Items,
    mean: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    information: Information = "fisher",
) -> Estimate:
    """Posterior mode of each person and its standard error.

    responses : (J, I) categories, -1 where not presented.
    items : the I items, of any models.
    mean, sd : of the normal prior, logits; one number for all, or (J,).
    information : what stands in for the answers' share in the bend of the log posterior, to which
        the prior adds 1 / sd**2: Fisher information at the mode, or the observed bend.

    Returns Estimate, always finite; without answers it is the prior. Raises BadInput,
    DidNotConverge. Samejima (1969), Psychometrika Monograph 17.
    """
    check_information(information)
    answers = checked_responses(responses, items)
    mean, sd = _prior(mean, sd, len(answers))
    nodes = mode.search_nodes(items, rugged=mode.has_asymptotes(items))
    nodes = _with_prior(nodes, mean, sd)
    return in_blocks(
        answers,
        items,
        len(nodes),
        lambda some, presented, rows: _score(
            some, presented, nodes, mean[rows], sd[rows], information
        ),
    )


def _score(
    answers: Ints, items: Items, nodes: Floats, mean: Floats, sd: Floats, kind: Information
) -> Estimate:
    def slope(here: Floats, who: Ints) -> tuple[Floats, Floats]:
        first, second = rise(here, answers[who], items)
        return first - (here - mean[who]) / sd[who] ** 2, second - 1 / sd[who] ** 2

    prior = -(((nodes - mean[:, None]) / sd[:, None]) ** 2) / 2
    theta = mode.highest(log_likelihood(answers, items, nodes) + prior, nodes, slope)
    mode.require_found(theta, np.ones(len(theta), dtype=np.bool_))
    return with_error(theta, answers, items, kind, prior=1 / sd**2)


def _with_prior(nodes: Floats, mean: Floats, sd: Floats) -> Floats:
    """The nodes with more of them where the priors are, so that no mode lies outside."""
    reach = np.linspace(-8.0, 8.0, 17)
    low, high = (mean + reach[0] * sd).min(initial=0.0), (mean + reach[-1] * sd).max(initial=0.0)
    return np.union1d(nodes, np.linspace(low, high, len(reach)))


def _prior(mean: ArrayLike, sd: ArrayLike, persons: int) -> tuple[Floats, Floats]:
    found = []
    for name, value in (("mean", mean), ("sd", sd)):
        array = numbers(name, value)
        if array.shape not in ((), (persons,)):
            raise BadInput(f"{name} must be one number or ({persons},); got shape {array.shape}")
        found.append(np.broadcast_to(array, (persons,)))
    for name, rule, legal, array in (
        ("mean", "must be finite", np.isfinite(found[0]), found[0]),
        ("mean", f"must be at most {LARGEST:g} in size", np.abs(found[0]) <= LARGEST, found[0]),
        ("sd", "must be positive", np.isfinite(found[1]) & (found[1] > 0), found[1]),
        ("sd", f"must lie between {1 / WIDEST:g} and {WIDEST:g}", _usable(found[1]), found[1]),
    ):
        if not legal.all():
            person = int(np.argmin(legal))
            raise BadInput(f"{name} {rule}; person {person} has {array[person]}", person=person)
    return found[0], found[1]


def _usable(sd: Floats) -> NDArray[np.bool_]:
    return np.asarray((sd >= 1 / WIDEST) & (sd <= WIDEST))
